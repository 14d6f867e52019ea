import type { ExecutionState } from "./execution-state.ts";

/** Whether a chained execution has not started: its input is not known yet. */
export function awaitsInput({ scopes }: ExecutionState): boolean {
  return scopes.get(0)?.position.kind === "Input";
}
