/** ASL § Assign: the variables of a scope, seen from inside and changed when a state is left. */
import { isObject, setKey, stringifyJson } from "./json.ts";
import { StatesError } from "./states-error.ts";
import { utf8Length } from "./utf8-length.ts";
import type { Json, JsonObject } from "./json.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/** Bytes of JSON that one variable may have, and all that one Assign sets; AWS's limit. */
export const assignedBytesMax = 262_144;
/** Bytes of JSON that all variables a state can see may have; AWS's limit for an execution. */
export const variablesBytesMax = 10_485_760;

const none: ReadonlyMap<string, Json> = new Map();

/** Variables of the scope and of those around it; the inner one of two with the same name. */
export function variablesOf(progress: Progress, scope: Scope): ReadonlyMap<string, Json> {
  let found: Map<string, Json> | undefined;
  for (let at: Scope | undefined = scope; at !== undefined; at = progress.parentOf(at)) {
    if (at.variables === undefined) continue;
    found ??= new Map();
    for (const [name, value] of Object.entries(at.variables))
      if (!found.has(name)) found.set(name, value);
  }
  return found ?? none;
}

/**
 * Sets variables of the scope.
 *
 * @returns their JSON texts by name, as StateExited shows them; `undefined` if none is set.
 * @throws StatesError States.DataLimitExceeded; nothing is changed then.
 */
export function assignVariables(
  progress: Progress,
  scope: Scope,
  assigned: Json | undefined,
): JsonObject | undefined {
  if (!isObject(assigned) || Object.keys(assigned).length === 0) return undefined;
  const texts: { [key: string]: Json } = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(assigned)) {
    const text = stringifyJson(value);
    bytes += utf8Length(text);
    setKey(texts, name, text);
    if (bytes > assignedBytesMax) throw tooLarge(`the variables assigned in '${scope.stateName}'`);
  }
  let own = (scope.variablesBytes ?? 0) + bytes;
  for (const name of Object.keys(assigned)) own -= bytesOf(scope.variables, name);
  let visible = own;
  for (let at = progress.parentOf(scope); at !== undefined; at = progress.parentOf(at))
    visible += at.variablesBytes ?? 0;
  if (visible > variablesBytesMax) throw tooLarge("all variables together");
  scope.variables = { ...scope.variables, ...assigned };
  scope.variablesBytes = own;
  return texts;
}

function bytesOf(variables: JsonObject | undefined, name: string): number {
  if (variables === undefined || !Object.hasOwn(variables, name)) return 0;
  return utf8Length(stringifyJson(variables[name] ?? null));
}

function tooLarge(what: string): StatesError {
  return new StatesError(
    "States.DataLimitExceeded",
    `The size of ${what} exceeds the maximum number of bytes service limit.`,
  );
}
