import { status } from "@grpc/grpc-js";
import { expect } from "vitest";
import {
  ExecutionService,
  ExecutionStatus,
} from "../../../sdk/typescript/src/gen/pawl/v1/execution_service_pb.ts";
import { failure } from "../../support/fake-worker-service.ts";
import type { Update } from "../support/staged-client.ts";
import type { Scenario } from "../support/stage.ts";

const { getExecution, watchExecution } = ExecutionService.method;

/** What clients do. */
export const calls: readonly Scenario[] = [
  {
    name: "refusals carry code, reason and violated fields; a name is taken once",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const client = await stage.client();
      await expect(client.call("getExecution", { execution: "no/such" })).rejects.toMatchObject({
        code: "NOT_FOUND",
        reason: expect.stringMatching(/^[A-Z_]+$/),
        message: expect.stringMatching(/./),
      });
      const start = { stateMachine, name: stage.name("taken"), input: "1" };
      const first = await client.call("startExecution", start);
      expect(await client.call("startExecution", start)).toMatchObject({
        created: false,
        execution: { id: first.execution.id },
      });
      expect(first.created).toBe(true);
      await expect(client.call("startExecution", { ...start, input: "2" })).rejects.toMatchObject({
        code: "ALREADY_EXISTS",
        reason: "EXECUTION_ALREADY_EXISTS",
      });
      const wrong = { ...start, input: "{ no JSON" };
      await expect(client.call("startExecution", wrong)).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
        fieldViolations: [{ field: "input", description: expect.stringMatching(/./) }],
      });
    },
  },
  {
    name: "a call is tried again after UNAVAILABLE, and after the time that RetryInfo names",
    run: async (stage) => {
      const fake = await stage.fakeServer();
      const client = await stage.client({ address: fake.address });
      const [id, callsAt] = ["5b0d4a5e-0000-7000-8000-000000000000", [] as number[]];
      fake.on(getExecution, ({ send, fail }) => {
        callsAt.push(performance.now());
        if (callsAt.length === 1) fail(failure(status.UNAVAILABLE, "starting"));
        else if (callsAt.length === 2)
          fail(failure(status.RESOURCE_EXHAUSTED, "too much", { retryAfterMs: 400 }));
        else send({ execution: { id, name: "n", stateMachine: "m" } });
      });
      const { execution } = await client.call("getExecution", { execution: id });
      expect([execution.id, callsAt.length]).toEqual([id, 3]);
      expect(callsAt[2]! - callsAt[1]!).toBeGreaterThanOrEqual(395);
    },
  },
  {
    name: "a call is cancelled by the language's own means, and so is a watch",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const client = await stage.client();
      const execution = await stage.start(stateMachine);
      const wait = client.call("waitForExecution", { execution });
      const seen = Promise.withResolvers<void>();
      const watch = client.call("watchExecution", { execution }, { onNext: () => seen.resolve() });
      await seen.promise;
      await stage.cancel(wait);
      await expect(wait).rejects.toMatchObject({ code: "CANCELLED" });
      await stage.cancel(watch);
      const code = await watch.then(
        () => "OK",
        (error: { code: string }) => error.code,
      );
      expect(["OK", "CANCELLED"]).toContain(code);
    },
  },
  {
    // With Node's own limit of resets a second, which Pawl's server has raised.
    name: "four thousand ends are waited for over one connection, and no watch that has ended is reset",
    run: async (stage) => {
      const fake = await stage.fakeServer();
      const client = await stage.client({ address: fake.address });
      const execution = "5b0d4a5e-0000-7000-8000-000000000000";
      let watches = 0;
      fake.on(watchExecution, ({ send, end }) => {
        const value = { id: execution, stateMachine: "m", status: ExecutionStatus.SUCCEEDED };
        send({ update: { case: "snapshot", value }, terminal: true, resumeToken: "r" });
        // With the response or in a packet of its own: either way nothing is left to be reset.
        if ((watches += 1) % 2 === 0) setImmediate(end);
        else setTimeout(end, 5);
      });
      const statuses = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const each: string[] = [];
          while (each.length < 200)
            each.push((await client.call("waitForExecution", { execution })).execution.status);
          return each;
        }),
      );
      expect(statuses.flat()).toEqual(Array.from({ length: 4_000 }, () => "SUCCEEDED"));
    },
  },
  {
    name: "start, wait, stop and redrive",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const client = await stage.client();
      const { execution: started } = await client.call("startExecution", {
        stateMachine,
        input: '{"error":"Once","times":0}',
      });
      const execution = started.id;
      const waiting = client.call("waitForExecution", { execution });
      const stopped = await client.call("stopExecution", { execution, error: "E", cause: "c" });
      expect(stopped.execution.status).toBe("ABORTED");
      expect((await waiting).execution).toMatchObject({
        status: "ABORTED",
        output: null,
        error: { error: "E", cause: "c" },
      });
      await expect(client.call("stopExecution", { execution })).rejects.toMatchObject({
        code: "FAILED_PRECONDITION",
      });
      await client.call("redriveExecution", { execution });
      await stage.worker([{ resource: stateMachine, handler: "fail" }]);
      expect((await client.call("waitForExecution", { execution })).execution.status).toBe(
        "SUCCEEDED",
      );
    },
  },
  {
    name: "pipelined starts under names: results by index, and again nothing starts twice",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      await stage.worker([{ resource: stateMachine, handler: "echo" }]);
      const client = await stage.client();
      const inputs = Array.from({ length: 100 }, (_, index) => JSON.stringify({ index }));
      const request = { stateMachine, inputs, namePrefix: stage.name("n"), follow: true };
      const { outcomes } = await client.call("startExecutions", request);
      expect(outcomes.map(({ name }) => name)).toEqual(
        inputs.map((_, index) => `${request.namePrefix}${index}`),
      );
      expect(outcomes.map(({ ended }) => ended?.output)).toEqual(inputs);
      const again = await client.call("startExecutions", { ...request, follow: false });
      // Closed executions keep their names, as AWS has it: no input is compared any more.
      expect(again.outcomes.map(({ error, id }) => error?.code ?? id)).toEqual(
        again.outcomes.map((_, index) =>
          again.outcomes[index]!.error === undefined ? outcomes[index]!.id : "ALREADY_EXISTS",
        ),
      );
    },
  },
  {
    name: "message: it wakes who waits, and is kept for who will",
    run: async (stage) => {
      const key = stage.name("key");
      const stateMachine = await stage.apply({
        A: { Type: "Message", CorrelationKey: key, CorrelationValuePath: "$.id", End: true },
      });
      const client = await stage.client();
      const send = (id: unknown, more: object = {}) =>
        client.call("sendMessage", {
          correlationKey: key,
          correlationValue: JSON.stringify(id),
          data: '{"paid":9007199254740993}',
          ...more,
        });
      const waiting = await stage.start(stateMachine, { id: "Ö-1" });
      await expect.poll(async () => (await send("Ö-1")).executions).toEqual([waiting]);
      expect((await stage.end(waiting)).outputText).toBe('{"paid":9007199254740993}');
      expect(await send("nobody")).toEqual({ executions: [], buffered: false });
      const kept = { messageId: stage.name("message"), timeToLiveMs: 60_000 };
      expect(await send(42, kept)).toEqual({ executions: [], buffered: true });
      await send(42, kept);
      const later = await stage.run(stateMachine, { id: 42 });
      expect(later.outputText).toBe('{"paid":9007199254740993}');
    },
  },
  {
    name: "chain: an execution starts from another one's output",
    run: async (stage) => {
      const source = await stage.applyTask();
      const target = await stage.applyTask();
      const worker = await stage.worker([
        { resource: source, handler: "hold" },
        { resource: target, handler: "echo" },
      ]);
      const client = await stage.client();
      const execution = await stage.start(source);
      const chain = { execution, waitForSource: true, jsonata: "{'n': $states.input.n + 1}" };
      const start = { stateMachine: target, chain };
      await expect(
        client.call("startExecution", { stateMachine: target, chain: { execution } }),
      ).rejects.toMatchObject({ code: "FAILED_PRECONDITION" });
      const { execution: chained } = await client.call("startExecution", start);
      await worker.release(await worker.started(execution), { output: '{"n":41}' });
      const ended = await client.call("waitForExecution", { execution: chained.id });
      expect(ended.execution).toMatchObject({ status: "SUCCEEDED", output: '{"n":42}' });
      const [unique, same] = [
        await client.call("startExecution", { ...start, chain: { ...chain, unique: true } }),
        await client.call("startExecution", { ...start, chain: { ...chain, unique: true } }),
      ];
      expect(same.execution.id).toBe(unique.execution.id);
    },
  },
  {
    name: "batch with progress: each item is told, outputs come in the order of their index",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      await stage.worker([{ resource: stateMachine, handler: "echo" }]);
      const client = await stage.client();
      const inputs = Array.from(
        { length: 60 },
        (_, index) => `{"i":${index},"big":9007199254740993}`,
      );
      const create = { stateMachine, inputs, namePrefix: stage.name("b"), maxConcurrency: 10 };
      const { batch } = await client.call("createBatch", create);
      expect(batch.counts).toMatchObject({ total: 60 });
      const updates: Update[] = [];
      const onNext = (update: Update): void => void updates.push(update);
      await client.call("watchBatch", { batch: batch.id }, { onNext });
      const done = updates.filter((update) => update.status === "SUCCEEDED");
      const indexes = done.flatMap(({ type, index }) => (type === "item" ? [index!] : []));
      expect(indexes.toSorted((a, b) => a - b)).toEqual(inputs.map((_, index) => index));
      expect(updates.findLast(({ type }) => type === "batch")?.status).toBe("SUCCEEDED");
      const { items } = await client.call("listBatchItems", { batch: batch.id });
      expect(items.map(({ index }) => index)).toEqual(inputs.map((_, index) => index));
      expect(items.map(({ output }) => output)).toEqual(inputs);
    },
  },
  {
    name: "batch: a progress that breaks goes on where it was",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      await stage.worker([{ resource: stateMachine, handler: "sleep" }]);
      const proxy = await stage.proxy();
      const client = await stage.client(proxy);
      const inputs = Array.from({ length: 40 }, () => '{"ms":100}');
      const { batch } = await client.call("createBatch", {
        stateMachine,
        inputs,
        maxConcurrency: 4,
      });
      const done: number[] = [];
      let breaks = 0;
      const onNext = ({ type, index, status: told }: Update): void => {
        if (type === "item" && told === "SUCCEEDED") done.push(index!);
        if (breaks >= 2 || done.length < 10 * (breaks + 1)) return;
        breaks += 1;
        proxy.down();
        proxy.heal();
      };
      await client.call("watchBatch", { batch: batch.id }, { onNext });
      expect(done.toSorted((a, b) => a - b)).toEqual(inputs.map((_, index) => index));
      expect(breaks).toBe(2);
    },
  },
  {
    name: "list over pages: every execution once, newest first, and no more than asked for",
    run: async (stage) => {
      const stateMachine = await stage.apply({ A: { Type: "Succeed" } });
      const client = await stage.client();
      const names = Array.from({ length: 25 }, (_, index) => `n${index}`);
      for (const name of names) await stage.observer.runExecution({ stateMachine, name });
      const list = (more: object) => client.call("listExecutions", { stateMachine, ...more });
      expect((await list({ pageSize: 7 })).names).toEqual(names.toReversed());
      expect((await list({ pageSize: 7, limit: 9 })).names).toEqual(names.toReversed().slice(0, 9));
      expect((await list({ status: "SUCCEEDED", pageSize: 100 })).names.length).toBe(25);
      expect((await list({ status: "RUNNING" })).names).toEqual([]);
    },
  },
];
