import { checkPayload } from "./check-payload.ts";
import { closeFailed } from "./close.ts";
import { queueName } from "./definition/resource.ts";
import { start } from "./start.ts";
import { Payload } from "./payload.ts";
import type { Chained, TaskEvent, Verdict } from "./event.ts";
import type { Progress } from "./progress.ts";
import type { Position } from "./scope.ts";

/** Queue of the task that waits for the source of a chained execution; Pawl does it itself. */
export const chainQueue = "pawl:chain";

/** Ids of the tasks before the start: no event can have them. */
const sourceTaskId = 2 ** 31 - 2;
const transformTaskId = 2 ** 31 - 1;

/**
 * A chained execution that can not start yet. A task waits for its source; where a worker transforms
 * the output, another one follows. They stand behind the root scope like any task, so all that moves
 * tasks moves these; the history begins with the start.
 */
export function awaitInput(progress: Progress, { output }: Chained): Verdict {
  if (output === undefined)
    schedule(progress, sourceTaskId, chainQueue, JSON.stringify(progress.execution.facts.chain));
  else transform(progress, output);
  return "Applied";
}

export function applyToInput(
  progress: Progress,
  { taskId }: Extract<Position, { readonly kind: "Input" }>,
  event: TaskEvent,
): Verdict {
  const { chain } = progress.execution.facts;
  switch (event.type) {
    case "TaskStarted":
    case "TaskSubmitted":
      return "Stale";
    case "TaskLost":
      return "StillOpen";
    case "TaskFailed":
      progress.index.tasks.delete(taskId);
      closeFailed(progress, event.failure, 0);
      return "Applied";
    case "TaskTimedOut":
      progress.index.tasks.delete(taskId);
      closeFailed(progress, { error: "States.Timeout" }, 0);
      return "Applied";
    case "TaskSucceeded":
      progress.index.tasks.delete(taskId);
      if (taskId === sourceTaskId && chain?.transformer?.kind === "Resource")
        transform(progress, event.output);
      else begin(progress, event.output);
      return "Applied";
  }
}

function transform(progress: Progress, output: string): void {
  schedule(progress, transformTaskId, progress.execution.facts.chain!.transformer!.text, output);
}

function begin(progress: Progress, input: string): void {
  const problem = checkPayload(input, { bytesMax: progress.turn.limits.payloadBytesMax });
  if (problem !== undefined) {
    const error =
      problem.reason === "INPUT_TOO_LARGE" ? "States.DataLimitExceeded" : "States.Runtime";
    return closeFailed(progress, { error, cause: problem.message }, 0);
  }
  const { execution } = progress;
  execution.facts = { ...execution.facts, input };
  progress.effect({ type: "TakeInput", input });
  start(progress);
}

function schedule(progress: Progress, taskId: number, resource: string, input: string): void {
  progress.addScope({
    id: 0,
    path: "/States/",
    stateName: "",
    input: Payload.of({}),
    enteredEventId: 0,
    enteredTimeMs: 0,
    lastEventId: 0,
    attempt: 1,
    position: { kind: "Input", taskId },
  });
  progress.index.tasks.set(taskId, 0);
  progress.effect({
    type: "ScheduleTask",
    taskId,
    scopeId: 0,
    queue: queueName(resource),
    resource,
    input,
    stateName: "",
    statePath: "",
    attempt: 1,
    visit: resource,
  });
}
