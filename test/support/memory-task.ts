import type { Task } from "../../server/engine/engine.ts";

/** A task with all that a task needs. */
export function memoryTask(token: string, input = "{}"): Task {
  return {
    taskToken: Buffer.from(token),
    taskId: `task-${token}`,
    pool: "main",
    resource: "charge",
    rawResource: "arn:pawl:charge",
    input,
    isInputOmitted: false,
    inputBytes: Buffer.byteLength(input),
    attempt: 1,
    delivery: 1,
    executionId: "exec-0",
    executionArn: "arn:execution",
    stateMachineName: "orders",
    statePath: "/States/Charge",
    stateName: "Charge",
    scheduledAtMs: 1_700_000_000_500,
    idempotencyKey: "exec-0/Charge/1",
    labels: {},
  };
}
