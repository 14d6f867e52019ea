/** Where the parts of the language meet: redrives of what waits outside, Map Runs in fan-outs, callbacks in children. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import {
  createEngines,
  endOf,
  historyOf,
  makeMachine,
  oneTask,
  until,
} from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
});
afterAll(() => engines.close());

let states = 0;
/** A body of one state, whose name no other has. */
const body = (state: object): object => {
  const name = `S${(states += 1)}`;
  return { StartAt: name, States: { [name]: { End: true, ...state } } };
};
const distributed = (Item: object, more: object = {}): object => ({
  Type: "Map",
  ItemProcessor: {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    ...body(Item),
  },
  ...more,
});
const start = async (definition: object, input: unknown = {}): Promise<string> => {
  const stateMachine = await makeMachine(engine, definition);
  const request = { stateMachine, input: JSON.stringify(input) };
  return (await engine.startExecution(request)).execution.id;
};
const run = async (definition: object, input: unknown) =>
  await endOf(engine, await start(definition, input));
const tokenOf = (input: string): Uint8Array =>
  new Uint8Array(Buffer.from((JSON.parse(input) as { token: string }).token, "base64url"));
const ask = { Type: "Task", Parameters: { "token.$": "$$.Task.Token" } };
const runsOf = async (id: string) => (await engine.listMapRuns(id, {})).items;

describe("a Map Run", () => {
  test("in each branch of a Parallel; one that fails gives up the other's", async () => {
    const worker = await EngineWorker.open(engine, ["endless"], { credit: 10 });
    const Branches = [
      body(distributed({ Type: "Task", Resource: "endless" })),
      body(distributed({ Type: "Fail", Error: "Bad", End: undefined })),
    ];
    const id = await start(body({ Type: "Parallel", Branches }), [1]);
    expect((await endOf(engine, id)).failure?.error).toBe("States.ExceedToleratedFailureThreshold");
    const runs = await until(async () => {
      const found = await runsOf(id);
      return found.every(({ status }) => status !== "RUNNING") && found;
    });
    expect(runs.map(({ status }) => status).toSorted()).toEqual(["ABORTED", "FAILED"]);
    worker.session.close(true);
  });

  test("of each item of an inline Map, and of each item of another Map Run", async () => {
    const inner = (): object => distributed({ Type: "Pass" });
    const items = [[1, 2], [], [3]];
    const inline = { Type: "Map", ItemProcessor: body(inner()) };
    expect((await run(body(inline), items)).output).toBe(JSON.stringify(items));
    expect((await run(body(distributed(inner())), items)).output).toBe(JSON.stringify(items));
  });

  test("says that it waits for children; a callback that it waits for a token", async () => {
    const worker = await EngineWorker.open(engine, ["token"], { work: () => succeed(null) });
    const id = await start(body(distributed({ ...ask, Resource: "token.waitForTaskToken" })), [1]);
    const [child] = await until(async () => {
      const [found] = await runsOf(id);
      const { items } = await engine
        .listExecutions({ mapRun: found?.id ?? "" })
        .catch(() => ({ items: [] }));
      return items.length === 1 && worker.acks.length === 1 && items;
    });
    const [outer] = (await engine.describeExecution(id)).activeStates ?? [];
    expect(outer).toMatchObject({ type: "Map", kind: "Task" });
    const [inner] = (await engine.describeExecution(child!.id)).activeStates ?? [];
    expect(inner).toMatchObject({ type: "Task", awaitsCallback: true });
    const taskToken = tokenOf(worker.tasks[0]!.input);
    await engine.reportTasks([{ taskToken, result: succeed("called") }]);
    expect((await endOf(engine, id)).output).toBe('["called"]');
    worker.session.close(true);
  });

  test("of a machine that is being deleted goes on to its end", async () => {
    const worker = await EngineWorker.open(engine, ["late"], { credit: 10 });
    const stateMachine = await makeMachine(
      engine,
      body(distributed({ Type: "Task", Resource: "late" }, { MaxConcurrency: 1 })),
    );
    const { execution } = await engine.startExecution({ stateMachine, input: "[1,2]" });
    const first = await worker.nextTask();
    await engine.deleteStateMachine(stateMachine);
    await worker.report(first, succeed(1));
    await worker.report(await worker.nextTask(), succeed(2));
    expect((await endOf(engine, execution.id)).output).toBe("[1,2]");
    worker.session.close(true);
  });

  test("of 2,000 children is stopped with its execution", async () => {
    const id = await start(
      body(distributed({ Type: "Wait", Seconds: 600 })),
      Array.from({ length: 2_000 }, (_, n) => n),
    );
    const { id: mapRun } = await until(async () => (await runsOf(id))[0]);
    const counts = async () => (await engine.describeMapRun(mapRun)).executionCounts;
    await until(async () => (await counts()).running >= 1_000);
    await engine.stopExecution(id, {});
    await until(async () => (await counts()).running === 0, 20_000);
    const { aborted, pending } = await counts();
    expect({ all: aborted + pending, isBegun: aborted >= 1_000 }).toEqual({
      all: 2_000,
      isBegun: true,
    });
  }, 40_000);
});

describe("a redrive of an execution", () => {
  test("whose nested one failed starts another one", async () => {
    const child = await makeMachine(engine, oneTask("inner"));
    const worker = await EngineWorker.open(engine, ["inner"]);
    const Resource = "arn:aws:states:::states:startExecution.sync:2";
    const id = await start(
      oneTask(Resource, { Parameters: { StateMachineArn: child }, OutputPath: "$.Output" }),
    );
    await worker.report(await worker.nextTask(), failWith("Bad"));
    expect((await endOf(engine, id)).status).toBe("FAILED");
    await engine.redriveExecution({ execution: id });
    await worker.report(await worker.nextTask(), succeed("good"));
    expect((await endOf(engine, id)).output).toBe('"good"');
    const { items } = await engine.listExecutions({ stateMachine: child });
    expect(items.map(({ status }) => status).toSorted()).toEqual(["FAILED", "SUCCEEDED"]);
    worker.session.close(true);
  });

  test("that awaited a callback gives another token; the old one is refused", async () => {
    const worker = await EngineWorker.open(engine, ["call"], { work: () => succeed(null) });
    const id = await start(body({ ...ask, Resource: "call.waitForTaskToken" }));
    await until(() => worker.acks.length === 1);
    await engine.stopExecution(id, {});
    await engine.redriveExecution({ execution: id });
    await until(() => worker.acks.length === 2);
    const report = async (at: number) =>
      (
        await engine.reportTasks([
          { taskToken: tokenOf(worker.tasks[at]!.input), result: succeed(at) },
        ])
      )[0]?.status;
    expect(await report(0)).not.toBe("RECORDED");
    expect(await report(1)).toBe("RECORDED");
    expect((await endOf(engine, id)).output).toBe("1");
    worker.session.close(true);
  });

  test("that awaited a message awaits it again", async () => {
    const wait = { Type: "Message", CorrelationKey: "join", CorrelationValuePath: "$.id" };
    const id = await start(body(wait), { id: "m" });
    await engine.stopExecution(id, {});
    const message = {
      correlationKey: "join",
      correlationValue: '"m"',
      data: '"hello"',
      match: "ALL",
    } as const;
    expect((await engine.sendMessage(message)).executions).toEqual([]);
    await engine.redriveExecution({ execution: id });
    expect((await engine.sendMessage(message)).executions).toHaveLength(1);
    expect((await endOf(engine, id)).output).toBe('"hello"');
  });

  test("that waited for a retry begins its task at once, with all its retries", async () => {
    const Retry = [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 600, MaxAttempts: 1 }];
    const worker = await EngineWorker.open(engine, ["retried"]);
    const id = await start(oneTask("retried", { Retry }));
    await worker.report(await worker.nextTask(), failWith("Bad"));
    await until(
      async () => (await engine.describeExecution(id)).activeStates?.[0]?.kind === "Retry",
    );
    await engine.stopExecution(id, {});
    await engine.redriveExecution({ execution: id });
    const again = await worker.nextTask();
    expect(again.attempt).toBe(1);
    await worker.report(again, succeed("good"));
    expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
    expect((await historyOf(engine.store, id)).map(({ type }) => type)).toContain(
      "ExecutionRedriven",
    );
    worker.session.close(true);
  });

  test("started through an alias keeps the version that it was routed to", async () => {
    const machine = await makeMachine(engine, oneTask("first"));
    const worker = await EngineWorker.open(engine, ["first", "second"]);
    const { version } = await engine.publishStateMachineVersion({ reference: machine });
    const routes = [{ version: version!, weight: 100 }];
    const alias = await engine.createStateMachineAlias({
      stateMachine: machine,
      name: "live",
      routes,
    });
    const { execution } = await engine.startExecution({ stateMachine: alias.arn });
    await worker.report(await worker.nextTask(), failWith("Bad"));
    await endOf(engine, execution.id);
    await engine.updateStateMachine({
      reference: machine,
      definition: JSON.stringify(oneTask("second")),
    });
    await engine.redriveExecution({ execution: execution.id });
    const again = await worker.nextTask();
    expect(again.resource).toBe("first");
    await worker.report(again, succeed(1));
    expect((await endOf(engine, execution.id)).stateMachineAliasArn).toBe(alias.arn);
    worker.session.close(true);
  });
});
