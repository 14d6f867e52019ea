import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import type { Scenario } from "../support/stage.ts";

/** By then a beat has been written: there is nothing that says when. */
const beatMs = 500;

/** What becomes of tasks while nothing goes wrong. */
export const tasks: readonly Scenario[] = [
  {
    name: "happy path: a task's input goes to its handler, and the output comes back",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const worker = await stage.worker([{ resource: stateMachine, handler: "echo" }]);
      const client = await stage.client();
      const input = '{"order":7}';
      const { execution } = await client.call("runExecution", { stateMachine, input });
      expect(execution).toMatchObject({
        stateMachine,
        status: "SUCCEEDED",
        output: input,
        error: null,
      });
      expect(await worker.outcome(execution.id)).toMatchObject({
        resource: stateMachine,
        status: "RECORDED",
      });
      expect(worker.starts).toMatchObject([
        { handler: "echo", resource: stateMachine, execution: execution.id, attempt: 1, input },
      ]);
    },
  },
  {
    name: "1,000 tasks with 50 slots: each runs once, never more than 50 at a time",
    run: async (stage) => {
      const [tasksCount, slots] = [1_000, 50];
      const stateMachine = await stage.applyTask();
      const worker = await stage.worker([
        { resource: stateMachine, handler: "sleep", concurrency: slots },
      ]);
      const client = await stage.client();
      const { outcomes } = await client.call("startExecutions", {
        stateMachine,
        inputs: Array.from({ length: tasksCount }, () => '{"ms":10}'),
        follow: true,
      });
      expect(outcomes.filter(({ ended }) => ended?.status === "SUCCEEDED").length).toBe(tasksCount);
      const executions = new Set(worker.starts.map(({ execution }) => execution));
      expect([worker.starts.length, executions.size]).toEqual([tasksCount, tasksCount]);
      let [running, most] = [0, 0];
      for (const { event } of worker.events) {
        if (event === "task.start") running += 1;
        else if (event === "task.end") running -= 1;
        most = Math.max(most, running);
      }
      expect(most).toBeLessThanOrEqual(slots);
      expect(most).toBeGreaterThan(slots / 2);
      expect(new Set(worker.outcomes.map(({ status }) => status))).toEqual(new Set(["RECORDED"]));
    },
  },
  {
    name: "tasks of one pool share its slots, and a prefix serves all names that begin so",
    run: async (stage) => {
      const { prefix } = stage;
      const resources = [`${prefix}:a`, `${prefix}:b`, `${prefix}-c`];
      const stateMachine = await stage.applyParallel(resources);
      const pool = "narrow";
      const worker = await stage.worker(
        [
          { resource: `${prefix}:*`, handler: "hold", pool },
          { resource: `${prefix}-c`, handler: "hold", pool },
        ],
        { pools: { [pool]: 1 } },
      );
      const execution = await stage.start(stateMachine);
      for (const count of [1, 2, 3]) {
        const begun = await worker.nth(count);
        await worker.release(begun, { output: "1" });
        await worker.ended(begun.taskId);
      }
      expect((await stage.end(execution)).status).toBe("SUCCEEDED");
      expect(worker.starts.map(({ resource }) => resource).toSorted()).toEqual(
        resources.toSorted(),
      );
      const kinds = worker.events.map(({ event }) => event).filter((event) => event !== "outcome");
      const [start, end] = ["task.start", "task.end"];
      expect(kinds.filter((kind) => kind !== "session")).toEqual([
        start,
        end,
        start,
        end,
        start,
        end,
      ]);
    },
  },
  {
    name: "a handler learns everything about its task, the trace context included",
    run: async (stage) => {
      const stateMachine = await stage.applyTask({ TimeoutSeconds: 60 });
      await stage.worker([{ resource: stateMachine, handler: "describe" }]);
      const client = await stage.client();
      const traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
      const labels = { team: "Zürich" };
      const before = Date.now();
      const { execution } = await client.call("runExecution", {
        stateMachine,
        labels,
        traceparent,
      });
      const context = JSON.parse(execution.output!) as Record<string, string>;
      expect(context).toMatchObject({
        attempt: 1,
        execution: execution.id,
        executionArn: expect.stringContaining(`:execution:${stateMachine}:`),
        stateMachine,
        stateName: "A",
        statePath: "/States/A",
        resource: stateMachine,
        rawResource: stateMachine,
        taskId: expect.stringMatching(/./),
        idempotencyKey: expect.stringContaining(execution.id),
        lastError: null,
        lastHeartbeatDetails: null,
        labels,
      });
      expect(context["traceparent"]).toContain("4bf92f3577b34da6a3ce929d0e0e4736");
      const deadlineMs = Date.parse(context["deadline"]!);
      expect(deadlineMs - before).toBeGreaterThan(55_000);
      expect(deadlineMs - before).toBeLessThan(65_000);
    },
  },
  {
    name: "the next attempt learns why the one before failed, and has its idempotency key",
    run: async (stage) => {
      const stateMachine = await stage.applyTask({
        Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 1, MaxAttempts: 1 }],
      });
      const first = await stage.worker([{ resource: stateMachine, handler: "hold" }]);
      const execution = await stage.start(stateMachine);
      const begun = await first.started(execution);
      await first.release(begun, { error: "Busy", cause: "one" });
      await first.outcome(execution);
      await first.close(0);
      await stage.worker([{ resource: stateMachine, handler: "describe" }]);
      expect((await stage.end(execution)).output).toMatchObject({
        attempt: 2,
        idempotencyKey: expect.stringContaining(execution),
        lastError: { error: "Busy", cause: "one" },
      });
    },
  },
  {
    name: "whoever gets a task that was handed back learns what its last heartbeat said",
    run: async (stage) => {
      const stateMachine = await stage.applyTask({ HeartbeatSeconds: 60 });
      const first = await stage.worker([{ resource: stateMachine, handler: "hold" }]);
      const details = '{"seen":[1,2],"to":"Ω"}';
      const execution = await stage.start(stateMachine, { details });
      await first.started(execution);
      await sleep(beatMs);
      await first.close(0);
      await stage.worker([{ resource: stateMachine, handler: "describe" }]);
      expect((await stage.end(execution)).output).toMatchObject({
        attempt: 1,
        lastHeartbeatDetails: JSON.parse(details),
      });
    },
  },
  {
    name: "a slow handler is kept by heartbeats in the background",
    run: async (stage) => {
      const stateMachine = await stage.applyTask({ HeartbeatSeconds: 1 });
      const worker = await stage.worker([{ resource: stateMachine, handler: "sleep" }]);
      const { id, status } = await stage.run(stateMachine, { ms: 2_500 });
      expect(status).toBe("SUCCEEDED");
      expect(worker.starts.map(({ attempt }) => attempt)).toEqual([1]);
      expect((await worker.outcome(id)).status).toBe("RECORDED");
    },
  },
  {
    name: "a busy handler does not stop heartbeats, its own or others'",
    run: async (stage) => {
      const busy = await stage.applyTask({ HeartbeatSeconds: 1 });
      const slow = await stage.applyTask({ HeartbeatSeconds: 1 });
      const worker = await stage.worker([
        { resource: busy, handler: "busy" },
        { resource: slow, handler: "sleep" },
      ]);
      const executions = await Promise.all([
        stage.start(busy, { ms: 2_500 }),
        stage.start(busy, { ms: 2_500, spin: true }),
        stage.start(slow, { ms: 2_500 }),
      ]);
      const ends = await Promise.all(executions.map((execution) => stage.end(execution)));
      expect(ends.map(({ status }) => status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
      expect(ends[0]!.output).toEqual({ busy: 2_500 });
      expect(worker.starts.map(({ attempt }) => attempt)).toEqual([1, 1, 1]);
    },
  },
  {
    name: "two workers of different languages work on one execution, and share a name between them",
    run: async (stage) => {
      const [mine, theirs, shared] = [
        stage.name("mine"),
        stage.name("theirs"),
        stage.name("shared"),
      ];
      const task = (Resource: string, more: object): object => ({
        Type: "Task",
        Resource,
        ...more,
      });
      const branch = (name: string): object => ({
        StartAt: name,
        States: { [name]: task(shared, { End: true }) },
      });
      const stateMachine = await stage.apply({
        A: task(mine, { Next: "B" }),
        B: task(theirs, { Next: "Both" }),
        Both: { Type: "Parallel", Branches: [branch("C"), branch("D")], End: true },
      });
      const hold = { resource: shared, handler: "hold", concurrency: 1 } as const;
      const workers = await Promise.all([
        stage.worker([{ resource: mine, handler: "echo" }, hold]),
        stage.worker([{ resource: theirs, handler: "echo" }, hold], { driver: stage.partner }),
      ]);
      const input = { by: "two" };
      const execution = await stage.start(stateMachine, input);
      await Promise.all(
        workers.map(async (worker, index) => {
          const echoed = await worker.started(execution);
          expect(JSON.parse(echoed.input!)).toEqual(input);
          const held = await worker.startedOf(shared, execution);
          await worker.release(held, { output: String(index) });
        }),
      );
      const { status, output } = await stage.end(execution);
      expect([status, output]).toEqual(["SUCCEEDED", expect.arrayContaining([0, 1])]);
    },
  },
  {
    name: "task by token: another process completes, fails and heartbeats it",
    run: async (stage) => {
      const resource = stage.name("token");
      const stateMachine = await stage.applyTask({
        Resource: `${resource}.waitForTaskToken`,
        Parameters: { "token.$": "$$.Task.Token" },
      });
      const worker = await stage.worker([{ resource, handler: "token" }]);
      const client = await stage.client();
      const tokenOf = async (execution: string): Promise<string> => {
        const { input, taskToken } = await worker.started(execution);
        expect(taskToken).toMatch(/^[\w+/]+=*$/);
        await worker.outcome(execution);
        const { token } = JSON.parse(input!) as { token: string };
        return Buffer.from(token, "base64url").toString("base64");
      };
      const completed = await stage.start(stateMachine);
      const failed = await stage.start(stateMachine);
      const taskToken = await tokenOf(completed);
      await client.call("heartbeatTask", { taskToken });
      await client.call("completeTask", { taskToken, output: '{"big":12345678901234567890}' });
      const refused = { taskToken: await tokenOf(failed), error: "Refused", cause: "too dear" };
      await client.call("failTask", refused);
      expect(await stage.end(completed)).toMatchObject({
        status: "SUCCEEDED",
        outputText: '{"big":12345678901234567890}',
      });
      expect(await stage.end(failed)).toMatchObject({
        status: "FAILED",
        error: { error: "Refused", cause: "too dear" },
      });
      await expect(client.call("heartbeatTask", { taskToken })).rejects.toMatchObject({
        code: "FAILED_PRECONDITION",
      });
      await expect(
        client.call("completeTask", { taskToken: "bm9uc2Vuc2U=", output: "1" }),
      ).rejects.toMatchObject({ code: "INVALID_ARGUMENT", reason: "INVALID_TOKEN" });
    },
  },
];
