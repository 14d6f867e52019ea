import { chainQueue, mapRunQueue } from "../asl/index.ts";
import { nestedExecution } from "./nested-execution.ts";
import type { NativeHandler, NativeHandlers } from "./native-worker.ts";
import { sdkCalls } from "./sdk-calls.ts";
import type { Control, Executions, Task, Workers } from "./engine.ts";

/** What native tasks ask of the engine. */
export type NativeEngine = Pick<
  Executions,
  "startExecution" | "describeExecution" | "waitForExecution" | "stopExecution"
> &
  Pick<Workers, "reportTasks" | "heartbeatTasks"> &
  Pick<Control, "describeStateMachine"> & {
    /** The task waits for this execution, which is stopped when the task is withdrawn. */
    noteAwaited(executionId: string, task: Pick<Task, "taskToken">): Promise<void>;
  };

/** What Pawl does itself, by queue name: no other worker is given these tasks. */
export function nativeHandlers(
  engine: NativeEngine,
  runMap: NativeHandler,
  awaitSource: NativeHandler,
): NativeHandlers {
  return new Map<string, NativeHandler>([
    [mapRunQueue, runMap],
    [chainQueue, awaitSource],
    ["states:startExecution", nestedExecution(engine)],
    ...sdkCalls(engine),
  ]);
}
