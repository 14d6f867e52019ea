/**
 * From a state's input to what it works on, and from its result to its output.
 *
 * ASL § Input and Output Processing: InputPath, Parameters, ResultSelector, ResultPath, OutputPath.
 */
import { contextOf } from "./context-of.ts";
import { emptyPayload, Payload } from "./payload.ts";
import { StatesError } from "./states-error.ts";
import type {
  Evaluation,
  Expression,
  ReferencePath,
  ResultFields,
  StateBase,
} from "./definition/definition.ts";
import type { MapItem } from "./context-of.ts";
import type { Json } from "./json.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/** Variables come with Assign. */
const noVariables: ReadonlyMap<string, Json> = new Map();

/** What an expression of the scope's state sees, with `input` as its `$`. */
export function evaluationOf(
  progress: Progress,
  scope: Scope,
  input: Payload,
  mapItem?: MapItem,
): Evaluation {
  return {
    get input() {
      return input.value;
    },
    context: () => contextOf(progress, scope, mapItem),
    variables: noVariables,
    turn: progress.turn,
  };
}

/** ASL § InputPath. */
export async function selectedInput(
  progress: Progress,
  scope: Scope,
  state: StateBase,
): Promise<Payload> {
  return await selected(progress, scope, state.inputPath, scope.input);
}

/** ASL § InputPath and Parameters: what the state works on. */
export async function effectiveInput(
  progress: Progress,
  scope: Scope,
  state: StateBase & { readonly parameters?: Expression },
): Promise<Payload> {
  const input = await selectedInput(progress, scope, state);
  if (state.parameters === undefined) return input;
  return Payload.of(await state.parameters.evaluate(evaluationOf(progress, scope, input)));
}

/**
 * What leaves the state. ASL § ResultSelector, ResultPath, OutputPath.
 *
 * @throws StatesError also States.DataLimitExceeded when the output is too large.
 */
export async function outputOf(
  progress: Progress,
  scope: Scope,
  state: StateBase & Partial<ResultFields>,
  result: Payload,
): Promise<Payload> {
  const selection =
    state.resultSelector === undefined
      ? result
      : Payload.of(await state.resultSelector.evaluate(evaluationOf(progress, scope, result)));
  const combined = combine(scope.input, selection, state.resultPath);
  const output = await selected(progress, scope, state.outputPath, combined);
  return withinLimit(progress, output.compact(), scope.stateName);
}

/** ASL § ResultPath: the state's input with the result put in, the result alone, or the input alone. */
export function combine(
  input: Payload,
  result: Payload,
  resultPath: ReferencePath | "discard" | undefined,
): Payload {
  if (resultPath === undefined) return result;
  if (resultPath === "discard") return input;
  return Payload.of(resultPath.put(input.value, result.value));
}

/**
 * The payload, if it is not too large.
 *
 * @param name the state or the task's resource, as AWS names it.
 * @throws StatesError States.DataLimitExceeded
 */
export function withinLimit(progress: Progress, payload: Payload, name: string): Payload {
  if (payload.exceeds(progress.turn.limits.payloadBytesMax)) {
    throw new StatesError(
      "States.DataLimitExceeded",
      `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  }
  return payload;
}

async function selected(
  progress: Progress,
  scope: Scope,
  path: Expression | "discard" | undefined,
  input: Payload,
): Promise<Payload> {
  if (path === undefined) return input;
  if (path === "discard") return emptyPayload;
  return Payload.of(await path.evaluate(evaluationOf(progress, scope, input)));
}
