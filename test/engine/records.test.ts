import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExecutionFilter, ExecutionStatistics } from "../../server/engine/engine.ts";
import { RecordKeeper } from "../../server/engine/records/record-keeper.ts";
import { rollUp } from "../../server/store/sql/roll-up.ts";
import { createEngines, endOf, makeMachine } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
});
afterAll(() => engines.close());

const hourMs = 3_600_000;
const byInput = {
  StartAt: "Choose",
  States: {
    Choose: {
      Type: "Choice",
      Choices: [
        { Variable: "$", StringEquals: "fail", Next: "Fail" },
        { Variable: "$", StringEquals: "wait", Next: "Rest" },
        { Variable: "$", StringEquals: "branch", Next: "Both" },
      ],
      Default: "Done",
    },
    Fail: { Type: "Fail", Error: "Order.Lost", Cause: "no stock" },
    Rest: { Type: "Wait", Seconds: 3600, Next: "Done" },
    Both: {
      Type: "Parallel",
      Next: "Done",
      Branches: [
        { StartAt: "Inner", States: { Inner: { Type: "Wait", Seconds: 3600, End: true } } },
      ],
    },
    Done: { Type: "Succeed" },
  },
};

async function start(
  stateMachine: string,
  input: string,
  more: { name?: string; labels?: Record<string, string> } = {},
): Promise<string> {
  const request = { stateMachine, input: JSON.stringify(input), ...more };
  return (await engine.startExecution(request)).execution.id;
}

const codeOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => "OK",
    (error: { reason?: string }) => error.reason ?? "no reason",
  );

describe("a filter finds the same executions in a list and in a count", () => {
  let machine: string;
  const ids = new Map<string, string>();
  beforeAll(async () => {
    machine = await makeMachine(engine, byInput);
    ids.set("lost", await start(machine, "fail", { name: "order-1", labels: { tenant: "a" } }));
    ids.set("done", await start(machine, "go", { name: "order-2", labels: { tenant: "b" } }));
    ids.set("unnamed", await start(machine, "go"));
    ids.set("waiting", await start(machine, "wait", { name: "Order_3" }));
    ids.set("branching", await start(machine, "branch", { name: "x-4" }));
    for (const key of ["lost", "done", "unnamed"]) await endOf(engine, ids.get(key)!);
  });

  const cases: readonly (readonly [string, () => ExecutionFilter, readonly string[]])[] = [
    ["all", () => ({}), ["branching", "waiting", "unnamed", "done", "lost"]],
    ["FAILED", () => ({ status: "FAILED" }), ["lost"]],
    ["TIMED_OUT", () => ({ status: "TIMED_OUT" }), []],
    ["SUCCEEDED", () => ({ status: "SUCCEEDED" }), ["unnamed", "done"]],
    ["RUNNING", () => ({ status: "RUNNING" }), ["branching", "waiting"]],
    ["error", () => ({ error: "Order.Lost" }), ["lost"]],
    ["another error", () => ({ error: "Order.Found" }), []],
    ["a name", () => ({ name: "order-2" }), ["done"]],
    ["a name that Pawl made", () => ({ name: ids.get("unnamed")! }), ["unnamed"]],
    ["an id that is no name", () => ({ name: ids.get("done")! }), []],
    ["a prefix", () => ({ namePrefix: "order-" }), ["done", "lost"]],
    ["a prefix in other letters", () => ({ namePrefix: "Order_3" }), ["waiting"]],
    ["a prefix with what LIKE takes for any letter", () => ({ namePrefix: "x_" }), []],
    ["a prefix of an id", () => ({ namePrefix: ids.get("unnamed")!.slice(0, 30) }), ["unnamed"]],
    ["a label", () => ({ labels: { tenant: "a" } }), ["lost"]],
    ["a state", () => ({ currentState: "Rest" }), ["waiting"]],
    ["a state in a branch", () => ({ currentState: "Inner" }), ["branching"]],
    ["a state around a branch", () => ({ currentState: "Both" }), ["branching"]],
    ["a state that a closed one was in", () => ({ currentState: "Fail" }), []],
    ["closed ones in a state", () => ({ currentState: "Rest", status: "FAILED" }), []],
    [
      "an end in the past hour",
      () => ({ endedAfterMs: Date.now() - hourMs }),
      ["unnamed", "done", "lost"],
    ],
    ["an end before that", () => ({ endedBeforeMs: Date.now() - hourMs }), []],
    [
      "a start in the past hour and a label",
      () => ({ startedAfterMs: Date.now() - hourMs, labels: { tenant: "b" } }),
      ["done"],
    ],
  ];
  test.each(cases)("%s", async (_, filter, found) => {
    const of = { stateMachine: machine, ...filter() };
    const { items } = await engine.listExecutions(of);
    const keys = items.map(({ id }) => [...ids].find(([, each]) => each === id)![0]);
    expect(keys).toEqual(found);
    expect(await engine.countExecutions(of, 100)).toEqual({
      count: found.length,
      isLimited: false,
    });
    const everywhere = await engine.listExecutions(filter());
    expect(everywhere.items.map(({ id }) => id)).toEqual(items.map(({ id }) => id));
  });

  test("a count that no statistics are kept for stops at its limit and says so", async () => {
    const labelled = { stateMachine: machine, namePrefix: "order-" };
    expect(await engine.countExecutions(labelled, 1)).toEqual({ count: 1, isLimited: true });
    expect(await engine.countExecutions(labelled, 2)).toEqual({ count: 2, isLimited: false });
  });

  test("a page goes on with its filter only", async () => {
    const query = { stateMachine: machine, namePrefix: "order-", pageSize: 1 };
    const { nextPageToken } = await engine.listExecutions(query);
    const pageToken = nextPageToken!;
    const next = await engine.listExecutions({ ...query, pageToken });
    expect(next.items.map(({ id }) => id)).toEqual([ids.get("lost")]);
    const other = engine.listExecutions({ ...query, pageToken, error: "Order.Lost" });
    expect(await codeOf(other)).toBe("PAGE_TOKEN");
  });
});

describe("statistics", () => {
  let machine: string;
  const firstMs = Math.floor((Date.now() - 64 * hourMs) / hourMs) * hourMs + 1;
  /** When the day after so many others begins. */
  const dayMs = (days: number): number => (Math.floor(firstMs / 24 / hourMs) + days) * 24 * hourMs;
  /** 600 executions over 60 hours, a sixth of them failed; number n took n milliseconds. */
  beforeAll(async () => {
    machine = await makeMachine(engine, byInput);
    await engine.store.pool.query(
      `insert into executions (id, state_machine_id, state_machine_name, revision_id, name, status, rev, next_event_id,
         next_scope_id, facts, input, error, labels, started_at, stopped_at)
       select gen_random_uuid(), m.id, m.name, m.revision_id, 'old-' || n,
         case when n % 6 = 0 then 'FAILED' else 'SUCCEEDED' end, 1, 2, 1, '{}', '{}',
         case when n % 6 = 0 then 'E' || n % 12 end, json_build_object('third', (n % 3)::text), at, at + n * interval '1 ms'
       from state_machines m, generate_series(1, 600) n,
         lateral (select to_timestamp($2::float8 / 1000) + (n - 1) * interval '6 min' as at) t
       where m.name = $1`,
      [machine, firstMs],
    );
  });

  const queries: readonly (readonly [
    string,
    Omit<ExecutionStatistics, "filter">,
    ExecutionFilter,
  ])[] = [
    ["of all", { groupBy: [] }, {}],
    ["by status", { groupBy: ["status"] }, {}],
    ["by error and status", { groupBy: ["error.error", "status"] }, { status: "FAILED" }],
    ["by label", { groupBy: ["labels.third"] }, {}],
    ["by day", { groupBy: ["status"], bucketMs: 24 * hourMs }, {}],
    ["by half an hour", { groupBy: [], bucketMs: hourMs / 2 }, {}],
    [
      "of a time cut within hours",
      { groupBy: [], fromMs: firstMs + 90 * 60_000, toMs: firstMs + 5.5 * hourMs },
      {},
    ],
    [
      "of a time cut within days",
      { groupBy: ["status"], fromMs: dayMs(0) + 5 * hourMs, toMs: dayMs(2) + 3 * hourMs },
      {},
    ],
    ["of whole days", { groupBy: ["status"], fromMs: dayMs(1), toMs: dayMs(2) }, {}],
    [
      "of starts between two times",
      { groupBy: [] },
      { startedAfterMs: firstMs + 1, startedBeforeMs: firstMs + 7 * hourMs + 5 },
    ],
    ["of an error", { groupBy: [] }, { error: "E6" }],
  ];
  const answers = async () => {
    const all = [];
    for (const [, query, filter] of queries) {
      const of = { stateMachine: machine, ...filter };
      const { rows } = await engine.executionStatistics({ ...query, filter: of });
      all.push({ rows, count: await engine.countExecutions(of, 1_000) });
    }
    return all;
  };
  test("counts, extremes and mean are exact, percentiles within 2.6 %", async () => {
    const filter = { stateMachine: machine };
    const { rows } = await engine.executionStatistics({ filter, groupBy: [] });
    expect(rows).toMatchObject([{ count: 600, keys: [], durations: { minMs: 1, maxMs: 600 } }]);
    const { avgMs, p50Ms, p95Ms, p99Ms } = rows[0]!.durations!;
    expect(avgMs).toBeCloseTo(300.5, 3);
    for (const [found, exact] of [
      [p50Ms, 300],
      [p95Ms, 570],
      [p99Ms, 594],
    ] as const)
      expect(Math.abs(found / exact - 1)).toBeLessThan(0.026);
    expect(rows[0]!.lastMs - rows[0]!.firstMs).toBeCloseTo(599 * 6 * 60_000, 0);
  });

  test("an hour says the same before and after it is rolled up, and after it has changed", async () => {
    const computed = await answers();
    expect(computed[1]!.rows.map(({ keys, count }) => [...keys, count])).toEqual([
      ["FAILED", 100],
      ["SUCCEEDED", 500],
    ]);
    await rollUp(engine.store.pool);
    const { rows } = await engine.store.pool.query<{ hours: number; days: number }>(
      "select count(distinct hour)::integer as hours, (select count(distinct day)::integer from execution_day_rollups) as days from execution_rollups",
    );
    expect(rows[0]!.hours).toBe(60);
    // Of which one or two are whole; the first is, too, as nothing is older.
    expect(rows[0]!.days).toBeGreaterThanOrEqual(2);
    expect(await answers()).toEqual(computed);

    await engine.store.pool.query(
      `update executions set status = 'RUNNING', stopped_at = null, error = null where name = 'old-66' and state_machine_name = $1`,
      [machine],
    );
    await engine.store.pool.query(
      `delete from executions where name in ('old-67', 'old-301') and state_machine_name = $1`,
      [machine],
    );
    const changed = await answers();
    expect(changed[1]!.rows.map(({ keys, count }) => [...keys, count])).toEqual([
      ["FAILED", 99],
      ["RUNNING", 1],
      ["SUCCEEDED", 498],
    ]);
    await rollUp(engine.store.pool);
    expect(await answers()).toEqual(changed);
    await engine.store.pool.query(
      `update executions set status = 'ABORTED', stopped_at = started_at + interval '1 s' where name = 'old-66' and state_machine_name = $1`,
      [machine],
    );
    expect((await answers())[1]!.rows.map(({ keys, count }) => [...keys, count])).toEqual([
      ["ABORTED", 1],
      ["FAILED", 99],
      ["SUCCEEDED", 498],
    ]);
  });

  test("by state_name they are those of visits to states, in branches and items too", async () => {
    const loop = await makeMachine(engine, {
      StartAt: "Count",
      States: {
        Count: {
          Type: "Pass",
          Parameters: { "left.$": "States.MathAdd($.left, -1)" },
          Next: "Rest",
        },
        Rest: { Type: "Wait", Seconds: 1, Next: "More" },
        More: {
          Type: "Choice",
          Choices: [{ Variable: "$.left", NumericGreaterThan: 0, Next: "Count" }],
          Default: "Each",
        },
        Each: {
          Type: "Map",
          ItemsPath: "$$.Execution.Input.items",
          ItemProcessor: { StartAt: "Item", States: { Item: { Type: "Pass", End: true } } },
          Next: "Lose",
        },
        Lose: { Type: "Fail", Error: "Lost" },
      },
    });
    const { execution } = await engine.startExecution({
      stateMachine: loop,
      input: '{"left":2,"items":[1,2,3]}',
    });
    await endOf(engine, execution.id);
    const { rows } = await engine.executionStatistics({
      filter: { stateMachine: loop },
      groupBy: ["status", "state_name"],
    });
    expect(rows.map(({ keys, count }) => [...keys, count])).toEqual([
      ["FAILED", "Count", 2],
      ["FAILED", "Each", 1],
      ["FAILED", "Item", 3],
      ["FAILED", "Lose", 1],
      ["FAILED", "More", 2],
      ["FAILED", "Rest", 2],
    ]);
    const rest = rows.at(-1)!;
    expect(rest.durations!.minMs).toBeGreaterThanOrEqual(1_000);
    expect(rest.lastMs - rest.firstMs).toBeGreaterThanOrEqual(1_000);
    // Nothing leaves a Fail state.
    expect(rows[3]).not.toHaveProperty("durations");
  });

  test("histories are read of so many executions only", async () => {
    const many = await makeMachine(engine, byInput);
    await engine.store.pool.query(
      `with started as (
         insert into executions (id, state_machine_id, state_machine_name, revision_id, name, status, rev, next_event_id,
           next_scope_id, facts, input, started_at, stopped_at)
         select gen_random_uuid(), m.id, m.name, m.revision_id, 'many-' || n, 'SUCCEEDED', 1, 2, 1, '{}', '{}', now(), now()
         from state_machines m, generate_series(1, 5001) n where m.name = $1 returning id
       ) insert into history (execution_id, first_event_id, last_event_id, events)
       select id, 1, 1, '[{"id":1,"type":"PassStateEntered","stateName":"P","timestampMs":1}]' from started`,
      [many],
    );
    const query = { filter: { stateMachine: many }, groupBy: ["state_name"] } as const;
    expect(await codeOf(engine.executionStatistics(query))).toBe("TOO_MANY_EXECUTIONS");
  });

  test("a machine without executions has no rows", async () => {
    const filter = { stateMachine: await makeMachine(engine, byInput) };
    expect((await engine.executionStatistics({ filter, groupBy: [] })).rows).toEqual([]);
  });
});

describe("removal", () => {
  const distributed = {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        End: true,
        ItemProcessor: {
          ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
          StartAt: "Item",
          States: { Item: { Type: "Pass", End: true } },
        },
      },
    },
  };
  const rowsOf = async (id: string): Promise<number> => {
    const { rows } = await engine.store.pool.query<{ count: number }>(
      `select ((select count(*) from executions where id = $1) + (select count(*) from history where execution_id = $1)
         + (select count(*) from scopes where execution_id = $1) + (select count(*) from map_runs where execution_id = $1))::integer as count`,
      [id],
    );
    return rows[0]!.count;
  };

  test("a closed execution goes with its history, and its name can be used again", async () => {
    const machine = await makeMachine(engine, byInput);
    const id = await start(machine, "fail", { name: "once" });
    await endOf(engine, id);
    expect(await engine.deleteExecution(`${machine}/once`)).toMatchObject({ id, status: "FAILED" });
    expect(await rowsOf(id)).toBe(0);
    expect(await codeOf(engine.deleteExecution(id))).toBe("EXECUTION_DOES_NOT_EXIST");
    expect(await codeOf(engine.describeExecution(id))).toBe("EXECUTION_DOES_NOT_EXIST");
    const again = await start(machine, "go", { name: "once" });
    expect(await endOf(engine, again)).toMatchObject({ id, status: "SUCCEEDED" });
  });

  test("one that runs is refused", async () => {
    const id = await start(await makeMachine(engine, byInput), "wait");
    expect(await codeOf(engine.deleteExecution(id))).toBe("EXECUTION_RUNNING");
    expect((await engine.describeExecution(id)).status).toBe("RUNNING");
  });

  test("children of a Map Run go with the execution that has the Map, and not alone", async () => {
    const machine = await makeMachine(engine, distributed);
    const { execution } = await engine.startExecution({ stateMachine: machine, input: "[1,2,3]" });
    await endOf(engine, execution.id);
    const { items: runs } = await engine.listMapRuns(execution.id, {});
    const { items: children } = await engine.listExecutions({ mapRun: runs[0]!.id });
    expect(children).toHaveLength(3);
    expect(await codeOf(engine.deleteExecution(children[0]!.id))).toBe("EXECUTION_OF_MAP_RUN");
    const ids = [execution, ...children].map(({ id }) => id);
    // A start never changes, so no trigger hears of this.
    await engine.store.pool.query(
      `with moved as (
         update executions set started_at = started_at - interval '3 hours' where id = any($1::uuid[]) returning started_at
       ) insert into execution_rollup_changes (hour) select date_trunc('hour', started_at, 'UTC') from moved`,
      [ids],
    );
    await rollUp(engine.store.pool);
    expect(await engine.countExecutions({ mapRun: runs[0]!.id }, 10)).toMatchObject({ count: 3 });
    expect(await engine.countExecutions({ stateMachine: machine }, 10)).toMatchObject({ count: 1 });
    await engine.deleteExecution(execution.id);
    for (const id of ids) expect(await rowsOf(id)).toBe(0);
  });

  test("a retention archives and removes what closed before it, and nothing else", async () => {
    const machine = await makeMachine(engine, byInput);
    const keeping = await makeMachine(engine, byInput);
    const old = await start(machine, "fail", { name: "old", labels: { tenant: "a" } });
    const open = await start(machine, "wait");
    const fresh = await start(machine, "go");
    const kept = await start(keeping, "go");
    for (const id of [old, fresh, kept]) await endOf(engine, id);
    await engine.store.pool.query(
      `update executions set started_at = started_at - interval '2 days', stopped_at = stopped_at - interval '2 days'
       where id = any($1::uuid[])`,
      [[old, open, kept]],
    );
    await engine.changeRetention(machine, 86_400);
    expect(await engine.describeStateMachine(machine)).toMatchObject({ retentionSeconds: 86_400 });

    const directory = await mkdtemp(join(tmpdir(), "pawl-archive-"));
    try {
      const onError = (error: unknown): never => {
        throw error;
      };
      const keeper = new RecordKeeper({
        sql: engine.store.pool,
        archiveDirectory: directory,
        batchRetentionSeconds: 0,
        onError,
      });
      await keeper.look();
      await keeper.look();
      const files = await readdir(join(directory, machine));
      const text = await readFile(join(directory, machine, files[0]!), "utf8");
      expect(
        text
          .trimEnd()
          .split("\n")
          .map((line) => JSON.parse(line) as unknown),
      ).toMatchObject([
        {
          id: old,
          stateMachine: machine,
          name: "old",
          status: "FAILED",
          input: "fail",
          error: "Order.Lost",
          labels: { tenant: "a" },
          events: [
            { type: "ExecutionStarted" },
            { type: "ChoiceStateEntered" },
            { type: "ChoiceStateExited" },
            { type: "FailStateEntered" },
            { type: "ExecutionFailed" },
          ],
        },
      ]);
    } finally {
      await rm(directory, { recursive: true });
    }
    expect(await rowsOf(old)).toBe(0);
    for (const id of [open, fresh, kept]) expect(await rowsOf(id)).toBeGreaterThan(1);
    await engine.changeRetention(machine, undefined);
    expect(await engine.describeStateMachine(machine)).not.toHaveProperty("retentionSeconds");
  });

  test("a batch goes so long after its end with its items, and its executions stay", async () => {
    const machine = await makeMachine(engine, byInput);
    const create = (values: readonly string[]) =>
      engine.createBatch({
        operation: { kind: "Start", stateMachine: machine },
        items: { kind: "Inline", values },
      });
    const [old, fresh] = [await create(['"go"', '"go"']), await create(['"go"'])];
    const isOver = async ({ id }: { readonly id: string }): Promise<boolean> =>
      (await engine.describeBatch(id)).endedAtMs !== undefined;
    await expect.poll(() => isOver(old)).toBe(true);
    await expect.poll(() => isOver(fresh)).toBe(true);
    await engine.store.pool.query(
      "update batches set ended_at = ended_at - interval '2 minutes' where id = $1",
      [old.id],
    );
    // More items than one statement removes.
    await engine.store.pool.query(
      "insert into batch_items (batch_id, index, status) select $1, n, 'SUCCEEDED' from generate_series(2, 12000) n",
      [old.id],
    );
    const keeper = new RecordKeeper({
      sql: engine.store.pool,
      archiveDirectory: undefined,
      batchRetentionSeconds: 60,
      onError: (error) => {
        throw error;
      },
    });
    await keeper.look();
    const { items } = await engine.listBatches({});
    expect(items.map(({ id }) => id)).toContain(fresh.id);
    expect(items.map(({ id }) => id)).not.toContain(old.id);
    const { rows } = await engine.store.pool.query(
      "select count(*)::integer as count from batch_items where batch_id = $1",
      [old.id],
    );
    expect(rows).toEqual([{ count: 0 }]);
    const count = await engine.countExecutions({ stateMachine: machine }, 10);
    expect(count).toEqual({ count: 3, isLimited: false });
  });

  test.each([0, -1, 1.5, 3_153_600_001])("a retention of %d s is refused", async (seconds) => {
    const machine = await makeMachine(engine, byInput);
    expect(await codeOf(engine.changeRetention(machine, seconds))).toBe("RETENTION_RANGE");
  });
});
