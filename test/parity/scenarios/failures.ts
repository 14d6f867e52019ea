import { expect } from "vitest";
import type { Stage, Scenario } from "../support/stage.ts";

/** Handlers that fail, and handlers that are told to stop. */
export const failures: readonly Scenario[] = [
  {
    name: "error mapping: a TaskError fails the task by its name and cause",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const worker = await stage.worker([{ resource: stateMachine, handler: "fail" }]);
      const failure = { error: "Payment.Declined", cause: 'card "4711" — abgelaufen' };
      const execution = await stage.run(stateMachine, failure);
      expect(execution).toMatchObject({ status: "FAILED", error: failure });
      expect((await worker.outcome(execution.id)).status).toBe("RECORDED");
      expect(worker.ends).toMatchObject([{ as: "error" }]);
    },
  },
  {
    name: "error mapping: a plain exception has AWS Lambda's shape in its cause",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      await stage.worker([{ resource: stateMachine, handler: "throw" }]);
      const message = "no such order: Ωmega";
      const { status, error } = await stage.run(stateMachine, { message });
      expect(status).toBe("FAILED");
      const cause = JSON.parse(error!.cause) as Record<string, unknown>;
      expect(cause).toMatchObject({ errorMessage: message, errorType: error!.error });
      expect(cause["stackTrace"]).toBeInstanceOf(Array);
      expect(error!.error).toMatch(/^\S+$/);
    },
  },
  {
    name: "error mapping: Retry takes the error, and a later attempt succeeds",
    run: async (stage) => {
      const Retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 3 }];
      const stateMachine = await stage.applyTask({ Retry });
      const worker = await stage.worker([{ resource: stateMachine, handler: "fail" }]);
      const { output } = await stage.run(stateMachine, { error: "Busy", times: 2 });
      expect(output).toEqual({ attempt: 3 });
      expect(worker.starts.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    },
  },
  {
    name: "error mapping: a non-retryable TaskError skips Retry and reaches Catch",
    run: async (stage) => {
      const stateMachine = await stage.apply({
        A: {
          Type: "Task",
          Resource: stage.prefix,
          Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 60 }],
          Catch: [{ ErrorEquals: ["Card.Expired"], Next: "B" }],
          End: true,
        },
        B: { Type: "Pass", End: true },
      });
      const worker = await stage.worker([{ resource: stage.prefix, handler: "fail" }]);
      const failure = { error: "Card.Expired", cause: "12/24", nonRetryable: true };
      const { output } = await stage.run(stateMachine, failure);
      expect(output).toEqual({ Error: "Card.Expired", Cause: "12/24" });
      expect(worker.starts.length).toBe(1);
    },
  },
  {
    name: "retry-after replaces the Retrier's interval once",
    run: async (stage) => {
      const Retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: 300, MaxAttempts: 1 }];
      const stateMachine = await stage.applyTask({ Retry });
      await stage.worker([{ resource: stateMachine, handler: "fail" }]);
      const began = performance.now();
      const input = { error: "Busy", times: 1, retryAfterMs: 1_200 };
      expect((await stage.run(stateMachine, input)).output).toEqual({ attempt: 2 });
      const tookMs = performance.now() - began;
      expect(tookMs).toBeGreaterThan(1_100);
      expect(tookMs).toBeLessThan(15_000);
    },
  },
  {
    name: "cancel: a stopped execution's handler is told to stop",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const worker = await stage.worker([
        { resource: stateMachine, handler: "sleep", concurrency: 1 },
      ]);
      const client = await stage.client();
      const execution = await stage.start(stateMachine, { ms: 60_000 });
      const { taskId } = await worker.started(execution);
      const stop = { execution, error: "Enough", cause: "of it" };
      await client.call("stopExecution", stop);
      expect(await worker.ended(taskId)).toMatchObject({
        as: "cancelled",
        reason: "EXECUTION_STOPPED",
      });
      expect(await stage.end(execution)).toMatchObject({
        status: "ABORTED",
        error: { error: "Enough", cause: "of it" },
      });
      await expectSlotFree(stage, stateMachine);
    },
  },
  {
    name: "cancel: a handler is told when TimeoutSeconds are over",
    run: async (stage) => {
      const stateMachine = await stage.applyTask({ TimeoutSeconds: 1 });
      const worker = await stage.worker([{ resource: stateMachine, handler: "hold" }]);
      const execution = await stage.start(stateMachine);
      const { taskId } = await worker.started(execution);
      expect(await worker.ended(taskId)).toMatchObject({
        as: "cancelled",
        reason: "TASK_TIMED_OUT",
      });
      expect(await stage.end(execution)).toMatchObject({ error: { error: "States.Timeout" } });
    },
  },
  {
    name: "cancel: a handler that does not heartbeat is told when HeartbeatSeconds are over",
    run: async (stage) => {
      const stateMachine = await stage.applyTask({ HeartbeatSeconds: 1 });
      const worker = await stage.worker([
        { resource: stateMachine, handler: "hold", autoHeartbeat: false },
      ]);
      const execution = await stage.start(stateMachine);
      const { taskId } = await worker.started(execution);
      expect(await worker.ended(taskId)).toMatchObject({
        as: "cancelled",
        reason: "HEARTBEAT_TIMED_OUT",
      });
      expect((await stage.end(execution)).error?.error).toMatch(/^States\.(Heartbeat)?Timeout$/);
    },
  },
  {
    name: "cancel: a handler is told when its sibling has failed",
    run: async (stage) => {
      const [first, second] = [stage.name("first"), stage.name("second")];
      const stateMachine = await stage.applyParallel([first, second]);
      const worker = await stage.worker(
        [first, second].map((resource) => ({ resource, handler: "hold" })),
      );
      const execution = await stage.start(stateMachine);
      const [held, sibling] = await Promise.all([
        worker.startedOf(first, execution),
        worker.startedOf(second, execution),
      ]);
      await worker.release(sibling, { error: "Sibling.Failed", cause: "" });
      expect(await worker.ended(held.taskId)).toMatchObject({
        as: "cancelled",
        reason: "BRANCH_FAILED",
      });
      expect((await stage.end(execution)).error?.error).toBe("Sibling.Failed");
    },
  },
  {
    name: "large output: refused clearly as the task's failure, whatever its size, and the worker goes on",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const worker = await stage.worker([{ resource: stateMachine, handler: "large" }]);
      for (const bytes of [300_000, 6_000_000]) {
        const { status, error } = await stage.run(stateMachine, { bytes });
        expect([status, error?.error]).toEqual(["FAILED", "States.DataLimitExceeded"]);
        expect(error?.cause).toMatch(/bytes/);
      }
      expect((await stage.run(stateMachine, { bytes: 1_000 })).output).toBe("x".repeat(1_000));
      expect(new Set(worker.starts.map(({ attempt }) => attempt))).toEqual(new Set([1]));
    },
  },
];

/** A cancelled task leaves its slot. */
async function expectSlotFree(stage: Stage, stateMachine: string): Promise<void> {
  expect((await stage.run(stateMachine, { ms: 1 })).status).toBe("SUCCEEDED");
}
