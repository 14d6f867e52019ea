import { Payload } from "./payload.ts";
import { inputDetails } from "./text-details.ts";
import type { Verdict } from "./event.ts";
import type { Progress } from "./progress.ts";
import type { Scope } from "./scope.ts";

/** ExecutionStarted precedes nothing: the first state's event has no predecessor either. */
export function start(progress: Progress): Verdict {
  const { definition, execution } = progress;
  if (execution.nextEventId > 1) return "Stale";
  const { roleArn, stateMachineAliasArn, stateMachineVersionArn } = execution.facts;
  const input = Payload.ofText(execution.facts.input);
  progress.noteExecution("ExecutionStarted", 0, {
    ...inputDetails(input),
    roleArn,
    ...(stateMachineAliasArn !== undefined && { stateMachineAliasArn }),
    ...(stateMachineVersionArn !== undefined && { stateMachineVersionArn }),
  });
  const root: Scope = {
    id: 0,
    path: "/States/",
    stateName: definition.startAt,
    input,
    enteredEventId: 0,
    enteredTimeMs: 0,
    lastEventId: 0,
    attempt: 1,
    position: { kind: "Turn" },
  };
  progress.addScope(root);
  progress.makeReady(root);
  return "Applied";
}
