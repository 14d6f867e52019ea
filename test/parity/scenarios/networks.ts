import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { collected } from "../../items/collected.ts";
import type { Scenario, Stage } from "../support/stage.ts";

/** From the restart of a server until its workers are back and their results recorded. */
const backMsMax = 12_000;

/** Servers that die, and connections that break, hang or were never there. */
export const networks: readonly Scenario[] = [
  {
    name: "server killed and restarted mid-task: tasks are kept, results are recorded once",
    run: async (stage) => {
      const server = await stage.ownServer();
      const { address, observer } = server;
      const stateMachine = await stage.applyTask({}, observer);
      const worker = await stage.worker([{ resource: stateMachine, handler: "hold" }], { address });
      const executions = [
        await stage.start(stateMachine, {}, observer),
        await stage.start(stateMachine, {}, observer),
      ];
      const [early, late] = await Promise.all(executions.map((each) => worker.started(each)));
      await server.kill();
      await worker.release(early!, { output: '"while it was away"' });
      await worker.ended(early!.taskId);
      await server.restart();
      const first = await observer.waitForExecution(executions[0]!, { timeoutMs: backMsMax });
      await worker.release(late!, { output: '"when it was back"' });
      const second = await observer.waitForExecution(executions[1]!, { timeoutMs: backMsMax });
      expect([first.output, second.output]).toEqual(["while it was away", "when it was back"]);
      for (const execution of executions) {
        expect((await worker.outcome(execution)).status).toMatch(/^(ALREADY_)?RECORDED$/);
        const events = await collected(observer.listExecutionEvents(execution));
        expect(events.filter(({ type }) => type === "TASK_SUCCEEDED").length).toBe(1);
      }
      expect(worker.starts.length).toBe(2);
    },
  },
  {
    name: "unavailable server at start: worker and calls wait for it",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const proxy = await stage.proxy();
      proxy.down();
      const worker = await stage.worker([{ resource: stateMachine, handler: "echo" }], proxy);
      const client = await stage.client(proxy);
      const run = client.call("runExecution", { stateMachine, input: "[1]" });
      await sleep(1_000);
      proxy.heal();
      const { execution } = await run;
      expect([execution.output, worker.starts.length]).toEqual(["[1]", 1]);
    },
  },
  {
    name: "deadline: a call without an answer ends in time, whether its server is silent or away",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const proxy = await stage.proxy();
      const client = await stage.client(proxy);
      const execution = await stage.start(stateMachine);
      await client.call("getExecution", { execution });
      proxy.blackhole();
      await expectEndsWithin(() => client.call("getExecution", { execution }, { timeoutMs: 500 }), {
        code: /^DEADLINE_EXCEEDED$/,
        ms: [400, 5_000],
      });
      proxy.heal();
      proxy.down();
      await expectEndsWithin(() => client.call("getExecution", { execution }, { timeoutMs: 800 }), {
        code: /^(UNAVAILABLE|DEADLINE_EXCEEDED)$/,
        ms: [0, 5_000],
      });
      proxy.heal();
      await expectEndsWithin(
        () => client.call("waitForExecution", { execution }, { timeoutMs: 500 }),
        { code: /^DEADLINE_EXCEEDED$/, ms: [400, 5_000] },
      );
    },
  },
  {
    name: "a start whose answer is lost is sent again and starts once, with and without a name",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const proxy = await stage.proxy();
      const client = await stage.client(proxy);
      for (const named of [{}, { name: stage.name("once") }]) {
        const marker = stage.name("marker");
        const cut = proxy.cutAfterRequest(marker);
        const start = { stateMachine, input: JSON.stringify(marker), ...named };
        const [{ execution }] = await Promise.all([client.call("startExecution", start), cut]);
        expect(execution.status).toBe("RUNNING");
      }
      const made = await collected(stage.observer.listExecutions({ stateMachine }));
      expect(made.length).toBe(2);
    },
  },
  {
    name: "pipelined starts bring their results over a broken stream, and none starts twice",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      await stage.worker([{ resource: stateMachine, handler: "echo" }]);
      const proxy = await stage.proxy();
      const client = await stage.client(proxy);
      const marker = stage.name("marker");
      const inputs = Array.from({ length: 300 }, (_, index) => JSON.stringify([index, marker]));
      inputs[150] = "{ this is no JSON";
      const cut = proxy.cutAfterRequest(marker);
      const [{ outcomes }] = await Promise.all([
        client.call("startExecutions", { stateMachine, inputs, follow: true }),
        cut,
      ]);
      expect(outcomes[150]).toMatchObject({ error: { code: "INVALID_ARGUMENT" } });
      const outputs = outcomes.map(({ ended }) => ended?.output);
      expect(outputs.filter((output, index) => output === inputs[index]).length).toBe(299);
      const made = await collected(stage.observer.listExecutions({ stateMachine, pageSize: 500 }));
      expect(made.length).toBe(299);
    },
  },
  {
    name: "watch resumed over a broken connection: each event once and in order",
    run: async (stage) => {
      const stateMachine = await applySlow(stage);
      await stage.worker([{ resource: stateMachine, handler: "sleep" }]);
      const proxy = await stage.proxy();
      const client = await stage.client(proxy);
      const execution = await stage.start(stateMachine, { ms: 300 });
      const ids: number[] = [];
      let closed: string | undefined;
      const watch = client.call(
        "watchExecution",
        { execution, afterEventId: 1 },
        {
          onNext: ({ type, eventId, status }) => {
            if (type === "event") ids.push(eventId!);
            else if (type === "closed") closed = status;
            if (ids.length === 2 || ids.length === 7) {
              proxy.down();
              proxy.heal();
            }
          },
        },
      );
      await watch;
      const history = await collected(stage.observer.listExecutionEvents(execution));
      expect(ids).toEqual(history.slice(1).map(({ id }) => id));
      expect(ids.length).toBeGreaterThan(10);
      expect(closed ?? "SUCCEEDED").toBe("SUCCEEDED");
    },
  },
  {
    name: "a wait survives a broken connection and a server that restarts",
    run: async (stage) => {
      const server = await stage.ownServer();
      const { address, observer } = server;
      const stateMachine = await stage.applyTask({}, observer);
      const worker = await stage.worker([{ resource: stateMachine, handler: "hold" }], { address });
      const client = await stage.client({ address });
      const run = client.call("runExecution", { stateMachine, input: "{}" });
      const begun = await worker.started();
      await server.kill();
      await server.restart();
      await worker.release(begun, { output: '"kept"' });
      const restartedAt = performance.now();
      expect((await run).execution).toMatchObject({ status: "SUCCEEDED", output: '"kept"' });
      expect(performance.now() - restartedAt).toBeLessThan(backMsMax);
    },
  },
];

async function expectEndsWithin(
  call: () => Promise<object>,
  { code, ms: [least, most] }: { readonly code: RegExp; readonly ms: readonly [number, number] },
): Promise<void> {
  const began = performance.now();
  await expect(call()).rejects.toMatchObject({ code: expect.stringMatching(code) });
  const tookMs = performance.now() - began;
  expect(tookMs).toBeGreaterThanOrEqual(least);
  expect(tookMs).toBeLessThan(most);
}

/** Four tasks, one after the other, of one resource, which is the machine's name. */
async function applySlow(stage: Stage): Promise<string> {
  const Resource = stage.name("slow");
  const task = (more: object): object => ({
    Type: "Task",
    Resource,
    ResultPath: null,
    ...more,
  });
  const definition = {
    StartAt: "A",
    States: {
      A: task({ Next: "B" }),
      B: task({ Next: "C" }),
      C: task({ Next: "D" }),
      D: task({ End: true }),
    },
  };
  await stage.observer.applyStateMachine({ name: Resource, definition });
  return Resource;
}
