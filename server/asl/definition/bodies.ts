import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject } from "../json.ts";
import { pointerSegment } from "../json-scan.ts";

/** A machine, branch or item processor, and where it is. */
export interface BodyPlace {
  /** Its states by name, with the pointer of each. */
  readonly states: readonly StatePlace[];
  /** The bodies around it, the next one last. */
  readonly around: readonly BodyPlace[];
}

export interface StatePlace {
  readonly name: string;
  readonly state: JsonObject;
  readonly pointer: string;
}

/** Every body of a valid definition, outer ones first. */
export function bodiesOf(
  body: Json | undefined,
  pointer = "",
  around: readonly BodyPlace[] = [],
): readonly BodyPlace[] {
  if (!isObject(body) || !isObject(body["States"])) return [];
  const states = Object.entries(body["States"]).flatMap(([name, state]) =>
    isObject(state) ? [{ name, state, pointer: `${pointer}/States/${pointerSegment(name)}` }] : [],
  );
  const place = { states, around };
  const inner = states.flatMap(({ state, pointer: at }) => {
    const branches = isArray(state["Branches"]) ? state["Branches"] : [];
    return [
      ...branches.flatMap((branch, index) =>
        bodiesOf(branch, `${at}/Branches/${index}`, [...around, place]),
      ),
      ...["ItemProcessor", "Iterator"].flatMap((field) =>
        bodiesOf(state[field], `${at}/${field}`, [...around, place]),
      ),
    ];
  });
  return [place, ...inner];
}
