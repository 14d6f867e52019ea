/** One thread of control: the execution's root, a branch of a Parallel, or an item of a Map. */
import type { Json } from "./json.ts";
import type { Failure } from "./states-error.ts";

/** Plain JSON data: stored as `JSON.stringify(scope)`, restored by `parseJson`. */
export interface Scope {
  readonly id: number;
  /** Absent at the root. */
  readonly parent?: { readonly scopeId: number; readonly index: number };
  // The asl room fills this in: current state, its input, entered event, position, retries, variables.
  readonly [field: string]: Json | Failure | undefined | object;
}
