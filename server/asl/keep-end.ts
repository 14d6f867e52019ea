import type { Progress } from "./progress.ts";
import type { Ended, Scope } from "./scope.ts";

/** The execution is paused: what the state's work has come to waits for it to go on. */
export function keepEnd(progress: Progress, scope: Scope, end: Omit<Ended, "kind">): void {
  scope.position = { kind: "Ended", ...end };
  progress.makeReady(scope);
}
