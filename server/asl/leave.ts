import { outputDetails } from "./text-details.ts";
import { assignVariables } from "./variables.ts";
import type { State } from "./definition/definition.ts";
import type { HistoryEventType } from "./history-event.ts";
import type { Exit } from "./data-flow.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

const exited = {
  Choice: "ChoiceStateExited",
  Map: "MapStateExited",
  Message: "MessageStateExited",
  Parallel: "ParallelStateExited",
  Pass: "PassStateExited",
  Succeed: "SucceedStateExited",
  Task: "TaskStateExited",
  Wait: "WaitStateExited",
} as const satisfies { readonly [Type in Exclude<State["type"], "Fail">]: HistoryEventType };

/**
 * The state is done: on to the next one, or, where there is none, the scope has succeeded.
 *
 * @throws StatesError States.DataLimitExceeded when its variables are too large; it is not left then.
 */
export function leave(
  progress: Progress,
  scope: Scope,
  { output, assigned }: Exit,
  next: string | undefined,
): void {
  const { type } = progress.stateOf(scope);
  if (type === "Fail") throw new Error("a Fail state is not left");
  const assignedVariables = assignVariables(progress, scope, assigned);
  progress.advance(scope, exited[type], {
    details: {
      name: scope.stateName,
      ...outputDetails(output),
      ...(assignedVariables !== undefined && {
        assignedVariables,
        assignedVariablesDetails: { truncated: false },
      }),
    },
  });
  scope.input = output;
  if (next === undefined) {
    scope.position = { kind: "Succeeded" };
  } else {
    scope.stateName = next;
    scope.enteredEventId = 0;
    scope.position = { kind: "Turn" };
  }
  progress.makeReady(scope);
}
