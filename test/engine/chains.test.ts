import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChainSource } from "../../server/engine/engine.ts";
import { EngineWorker, failWith, succeed } from "../support/engine-worker.ts";
import {
  createEngines,
  endOf,
  historyOf,
  makeMachine,
  oneTask,
  pause,
  until,
} from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
let other: TestEngine;
/** Puts out `{"sum": 3}` after its state Add has put out 1, then 2. */
let source: string;
let target: string;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
  other = await engines.open();
  source = await makeMachine(engine, {
    StartAt: "Add",
    States: {
      Add: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)" }, Next: "Again" },
      Again: {
        Type: "Choice",
        Choices: [{ Variable: "$.n", NumericLessThan: 2, Next: "Add" }],
        Default: "Sum",
      },
      Sum: { Type: "Pass", Result: { sum: 3 }, End: true },
    },
  });
  target = await makeMachine(engine, {
    StartAt: "P",
    States: { P: { Type: "Pass", Parameters: { "in.$": "$$.Execution.Input" }, End: true } },
  });
  await pause(1_100); // both have seen the other
});
afterAll(() => engines.close());

const closedSource = async (): Promise<string> => {
  const { execution } = await engine.startExecution({ stateMachine: source, input: '{"n":0}' });
  return (await endOf(engine, execution.id)).id;
};
/** Runs until its task `done-<n>` is reported. */
let tasks = 0;
const openSource = async (): Promise<{ id: string; resource: string }> => {
  const resource = `chain-source-${(tasks += 1)}`;
  const stateMachine = await makeMachine(engine, oneTask(resource));
  return { id: (await engine.startExecution({ stateMachine })).execution.id, resource };
};
const chained = (chain: ChainSource, by: TestEngine = engine, stateMachine = target) =>
  by.startExecution({ stateMachine, chain });
const inputOf = async (id: string): Promise<unknown> => {
  const { status, output, failure } = await endOf(engine, id);
  expect({ status, failure }).toEqual({ status: "SUCCEEDED", failure: undefined });
  return (JSON.parse(output!) as { in: unknown }).in;
};
const linksOf = async (sourceExecution: string) =>
  (await engine.listExecutionLinks({ sourceExecution })).items;

describe("of a source that has closed", () => {
  test.each<[string, Omit<ChainSource, "execution">, unknown]>([
    ["its output", {}, { sum: 3 }],
    ["a state's last output", { state: "Add" }, { n: 2 }],
    [
      "what a JSONata expression makes of it",
      { transformer: { kind: "JSONata", text: '$states.input.sum & "/" & $count($states.input)' } },
      "3/1",
    ],
    ["its output, waited for", { waitsForSource: true }, { sum: 3 }],
  ])("the input is %s", async (_, chain, input) => {
    const execution = await closedSource();
    const { execution: started, created } = await chained({ execution, ...chain });
    expect(created).toBe(true);
    expect(await inputOf(started.id)).toEqual(input);
    const described = await engine.describeExecution(started.id);
    expect(JSON.parse(described.input!)).toEqual(input);
    expect(described.chain).toMatchObject({ execution });
    expect((await historyOf(engine.store, started.id))[0]).toMatchObject({
      id: 1,
      type: "ExecutionStarted",
      details: { input: JSON.stringify(input) },
    });
    expect(await linksOf(execution)).toEqual([
      {
        sourceExecutionId: execution,
        sourceStateMachineName: source,
        sourceState: chain.state ?? "",
        transformer: chain.transformer?.text ?? "",
        targetExecutionId: started.id,
        targetStateMachineName: target,
        createdAtMs: started.startedAtMs,
      },
    ]);
  });

  test("a state inside a branch is found by its name, and one of a failed source, too", async () => {
    const machine = await makeMachine(engine, {
      StartAt: "Both",
      States: {
        Both: {
          Type: "Parallel",
          Branches: [
            {
              StartAt: "Inner",
              States: { Inner: { Type: "Pass", Result: "kept", Next: "F" }, F: { Type: "Fail" } },
            },
          ],
          End: true,
        },
      },
    });
    const { execution } = await engine.startExecution({ stateMachine: machine });
    await endOf(engine, execution.id);
    const { execution: started } = await chained({ execution: execution.id, state: "Inner" });
    expect(await inputOf(started.id)).toBe("kept");
    await expect(chained({ execution: execution.id })).rejects.toMatchObject({
      code: "SourceNotUsable",
      reason: "SOURCE_FAILED",
    });
  });

  test.each<[string, Omit<ChainSource, "execution">, object]>([
    ["a state that it never left", { state: "No" }, { reason: "STATE_NEVER_LEFT" }],
    [
      "an expression that fails on its output",
      { transformer: { kind: "JSONata", text: "$states.input.sum()" } },
      { reason: "TRANSFORMER_FAILED" },
    ],
    [
      "an expression that never ends",
      { transformer: { kind: "JSONata", text: "($f := function(){$f()}; $f())" } },
      { reason: "TRANSFORMER_FAILED" },
    ],
    [
      "an expression that is none",
      { transformer: { kind: "JSONata", text: "1 +" } },
      { code: "ValidationException", reason: "JSONATA_SYNTAX" },
    ],
    [
      "an expression that makes too much",
      { transformer: { kind: "JSONata", text: '$pad("", 300000, "x")' } },
      { code: "InvalidExecutionInput", reason: "INPUT_TOO_LARGE" },
    ],
  ])("%s is refused, and nothing starts", async (_, chain, refusal) => {
    const execution = await closedSource();
    await expect(chained({ execution, ...chain })).rejects.toMatchObject(refusal);
    expect(await linksOf(execution)).toEqual([]);
  });

  test("no such source, and one that still runs, are refused", async () => {
    await expect(chained({ execution: `${source}/none` })).rejects.toMatchObject({
      code: "ExecutionDoesNotExist",
    });
    const { id } = await openSource();
    for (const chain of [{}, { state: "Work" }])
      await expect(chained({ execution: id, ...chain })).rejects.toMatchObject({
        reason: "SOURCE_NOT_CLOSED",
      });
    await engine.stopExecution(id, {});
  });

  test("the same start again is the same execution", async () => {
    const execution = await closedSource();
    const start = () =>
      engine.startExecution({
        stateMachine: target,
        name: `again-${execution}`,
        chain: { execution, transformer: { kind: "JSONata", text: "$millis()" } },
        conflictPolicy: "USE_EXISTING",
      });
    const first = await start();
    const second = await start();
    expect([first.created, second.created]).toEqual([true, false]);
    expect(second.execution.id).toBe(first.execution.id);
    expect(await linksOf(execution)).toHaveLength(1);
  });
});

describe("that waits for its source", () => {
  test.each(["engine", "other"])("starts when the source succeeds (through %s)", async (door) => {
    const by = door === "engine" ? engine : other;
    const { id, resource } = await openSource();
    const { execution } = await chained({ execution: id, waitsForSource: true }, by);
    expect(execution).toMatchObject({ status: "RUNNING", eventCount: 0 });
    const waiting = await by.describeExecution(execution.id);
    expect(waiting.activeStates).toMatchObject([{ kind: "Task", stateName: "" }]);
    await EngineWorker.open(engine, [resource], { work: () => succeed({ late: true }) });
    expect(await inputOf(execution.id)).toEqual({ late: true });
    expect((await engine.describeExecution(execution.id)).input).toBe('{"late":true}');
    expect(await linksOf(id)).toHaveLength(1);
  });

  test("fails when the source does, and its link is gone", async () => {
    const { id } = await openSource();
    const { execution } = await chained({ execution: id, waitsForSource: true, isUnique: true });
    expect(await linksOf(id)).toHaveLength(1);
    await engine.stopExecution(id, {});
    const end = await endOf(engine, execution.id);
    expect(end).toMatchObject({
      status: "FAILED",
      failure: {
        error: "Pawl.SourceNotUsableException",
        cause: expect.stringContaining("is ABORTED and has no output"),
      },
    });
    expect(await linksOf(id)).toEqual([]);
    expect((await historyOf(engine.store, end.id)).map(({ type }) => type)).toEqual([
      "ExecutionFailed",
    ]);
    expect(end.redrive.refusal).toBeDefined();
  });

  test("can be stopped, and its link is gone", async () => {
    const { id } = await openSource();
    const { execution } = await chained({ execution: id, waitsForSource: true });
    expect(await other.stopExecution(execution.id, { error: "No" })).toMatchObject({
      status: "ABORTED",
    });
    expect(await linksOf(id)).toEqual([]);
    await engine.stopExecution(id, {});
  });

  test("has its TimeoutSeconds from when it starts", async () => {
    const { id, resource } = await openSource();
    const slow = await makeMachine(engine, { ...oneTask("nobody"), TimeoutSeconds: 1 });
    const { execution } = await chained({ execution: id, waitsForSource: true }, engine, slow);
    await pause(1_300);
    expect((await engine.describeExecution(execution.id)).status).toBe("RUNNING");
    await EngineWorker.open(engine, [resource], { work: () => succeed() });
    expect((await endOf(engine, execution.id)).status).toBe("TIMED_OUT");
  });

  test("starts although the server that took it dies, and its source's too", async () => {
    const dying = await engines.open();
    const resource = `chain-source-${(tasks += 1)}`;
    const machine = await makeMachine(engine, oneTask(resource));
    const { execution: running } = await dying.startExecution({ stateMachine: machine });
    const { execution } = await chained({ execution: running.id, waitsForSource: true }, dying);
    await dying.crash();
    await EngineWorker.open(engine, [resource], { work: () => succeed("survived") });
    expect(await inputOf(execution.id)).toBe("survived");
  });
});

describe("with a transformer that workers serve", () => {
  test("starts with what the worker makes of the output", async () => {
    const execution = await closedSource();
    const transformer = { kind: "Resource", text: "to-invoice" } as const;
    const { execution: started } = await chained({ execution, transformer });
    expect(started.status).toBe("RUNNING");
    await EngineWorker.open(engine, ["to-invoice"], {
      work: ({ input }) => succeed({ total: JSON.parse(input).sum }),
    });
    expect(await inputOf(started.id)).toEqual({ total: 3 });
    expect(await linksOf(execution)).toMatchObject([{ transformer: "to-invoice" }]);
  });

  test("fails with the worker's error", async () => {
    const { id, resource } = await openSource();
    const transformer = { kind: "Resource", text: "broken" } as const;
    const { execution } = await chained({ execution: id, transformer, waitsForSource: true });
    await EngineWorker.open(engine, [resource], { work: () => succeed() });
    await EngineWorker.open(other, ["broken"], { work: () => failWith("Bad", "luck") });
    expect(await endOf(engine, execution.id)).toMatchObject({
      status: "FAILED",
      failure: { error: "Bad", cause: "luck" },
    });
    expect(await linksOf(id)).toEqual([]);
  });
});

describe("a unique chain", () => {
  test("has one target for a source, state, transformer and machine", async () => {
    const execution = await closedSource();
    const unique = { execution, isUnique: true };
    const first = await chained(unique);
    expect(await chained(unique)).toMatchObject({
      created: false,
      execution: { id: first.execution.id },
    });
    await expect(
      engine.startExecution({ stateMachine: target, chain: unique, conflictPolicy: "FAIL" }),
    ).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
    const elsewhere = [
      chained({ ...unique, state: "Add" }),
      chained({ ...unique, transformer: { kind: "JSONata", text: "1" } }),
      chained(unique, engine, await makeMachine(engine, oneTask("x", { TimeoutSeconds: 1 }))),
      chained({ execution }),
    ];
    for (const { created } of await Promise.all(elsewhere)) expect(created).toBe(true);
  });

  test("finds a target that was not unique", async () => {
    const execution = await closedSource();
    const first = await chained({ execution });
    expect(await chained({ execution, isUnique: true })).toMatchObject({
      created: false,
      execution: { id: first.execution.id },
    });
  });

  test("lets go of a target that is deleted: it can be chained anew", async () => {
    const from = await closedSource();
    const chain: ChainSource = { execution: from, isUnique: true };
    const { execution } = await chained(chain);
    await endOf(engine, execution.id);
    await engine.deleteExecution(execution.id);
    const again = await chained(chain);
    expect(again.created).toBe(true);
    expect(await inputOf(again.execution.id)).toEqual({ sum: 3 });
  });

  test("has one target when two servers race for it", async () => {
    for (let round = 0; round < 10; round += 1) {
      const execution = await closedSource();
      const started = await Promise.all(
        [engine, other, engine, other].map((by) => chained({ execution, isUnique: true }, by)),
      );
      expect(started.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(started.map(({ execution: { id } }) => id)).size).toBe(1);
      expect(await linksOf(execution)).toHaveLength(1);
    }
  });
});

describe("lists", () => {
  test("links are listed newest first, page by page, and counted, by every filter", async () => {
    const [a, b] = [await closedSource(), await closedSource()];
    const machine = await makeMachine(engine, oneTask("nobody", { TimeoutSeconds: 1 }));
    const starts = [
      await chained({ execution: a }, engine, machine),
      await chained({ execution: b, state: "Add" }, engine, machine),
      await chained(
        { execution: b, transformer: { kind: "JSONata", text: "$states.input" } },
        engine,
        machine,
      ),
    ];
    const ids = starts.map(({ execution }) => execution.id).toReversed();
    const list = async (filter: object): Promise<number[]> => {
      const found: string[] = [];
      let pageToken = "";
      do {
        const page = await other.listExecutionLinks({
          targetStateMachine: machine,
          ...filter,
          pageSize: 1,
          pageToken,
        });
        found.push(...page.items.map(({ targetExecutionId }) => targetExecutionId));
        pageToken = page.nextPageToken ?? "";
      } while (pageToken !== "");
      const all = { targetStateMachine: machine, ...filter };
      expect(await other.countExecutionLinks(all, 3)).toEqual({
        count: found.length,
        isLimited: false,
      });
      return found.map((id) => ids.indexOf(id));
    };
    const middle = starts[1]!.execution.startedAtMs;
    expect(await list({})).toEqual([0, 1, 2]);
    expect(await list({ sourceExecution: b })).toEqual([0, 1]);
    expect(await list({ sourceStateMachine: source })).toEqual([0, 1, 2]);
    expect(await list({ sourceStateMachine: machine })).toEqual([]);
    expect(await list({ sourceState: "Add" })).toEqual([1]);
    expect(await list({ sourceState: "" })).toEqual([0, 2]);
    expect(await list({ transformer: "$states.input" })).toEqual([0]);
    expect(await list({ targetExecution: ids[2] })).toEqual([2]);
    expect(await list({ sourceStatus: "SUCCEEDED" })).toEqual([0, 1, 2]);
    expect(await list({ sourceStatus: "FAILED" })).toEqual([]);
    expect(await list({ sourceStatus: "RUNNING" })).toEqual([]);
    expect(await other.countExecutionLinks({ targetStateMachine: machine }, 2)).toEqual({
      count: 2,
      isLimited: true,
    });
    expect(await list({ createdAfterMs: middle - 0.5, createdBeforeMs: middle + 0.5 })).toContain(
      1,
    );
    expect(await list({ createdBeforeMs: starts[0]!.execution.startedAtMs })).toEqual([]);
    expect(await list({ createdAfterMs: starts[2]!.execution.startedAtMs + 1 })).toEqual([]);
  });

  test("executions are listed by whether they are the source of a link", async () => {
    const here = await makeMachine(engine, {
      StartAt: "P",
      States: { P: { Type: "Pass", End: true } },
    });
    const [a, b, c] = await Promise.all(
      [1, 2, 3].map(async () => {
        const { execution } = await engine.startExecution({ stateMachine: here });
        return (await endOf(engine, execution.id)).id;
      }),
    );
    await chained({ execution: a! });
    await chained({ execution: b!, state: "P" });
    const list = async (isLinked: boolean, by: object): Promise<string[]> => {
      const { items } = await engine.listExecutions({
        stateMachine: here,
        linked: { isLinked, by },
      });
      return items.map(({ id }) => id).toSorted();
    };
    expect(await list(true, {})).toEqual([a!, b!].toSorted());
    expect(await list(false, {})).toEqual([c!]);
    expect(await list(false, { sourceState: "P" })).toEqual([a!, c!].toSorted());
    expect(await list(true, { targetStateMachine: target, sourceState: "" })).toEqual([a!]);
    expect(await list(false, { targetStateMachine: source })).toHaveLength(3);
    const linked = { isLinked: true, by: { sourceStateMachine: here } };
    const { items: anywhere } = await engine.listExecutions({ linked });
    expect(anywhere.map(({ id }) => id).toSorted()).toEqual([a!, b!].toSorted());
    expect(await engine.countExecutions({ linked }, 9)).toEqual({ count: 2, isLimited: false });
  });
});

test("a server that has acknowledged many waiting starts loses none when it dies", async () => {
  const dying = await engines.open();
  const { id, resource } = await openSource();
  const started = await Promise.all(
    Array.from({ length: 50 }, () => chained({ execution: id, waitsForSource: true }, dying)),
  );
  await dying.crash();
  await EngineWorker.open(engine, [resource], { work: () => succeed(1) });
  for (const { execution } of started) expect(await inputOf(execution.id)).toBe(1);
  await until(async () => (await linksOf(id)).length === 50);
});
