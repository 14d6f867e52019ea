import { afterAll, beforeAll, expect, test } from "vitest";
import { EngineWorker, succeed } from "../support/engine-worker.ts";
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
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
  // What the database refuses: any row of history that says "poison".
  await engine.store.pool.query(`
    create function refuse() returns trigger language plpgsql as
    $$ begin if new.events like '%poison%' then raise exception 'refused' using errcode = '22023'; end if; return new; end $$`);
  await engine.store.pool.query(
    "create trigger refuse before insert on history for each row execute function refuse()",
  );
});
afterAll(() => engines.close());

const start = async (stateMachine: string, input: unknown): Promise<string> =>
  (await engine.startExecution({ stateMachine, input: JSON.stringify(input) })).execution.id;
const pass = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };

test("a turn that the database refuses ends its own execution, with a reason, and no neighbour's", async () => {
  const machine = await makeMachine(engine, oneTask("refused"));
  const worker = await EngineWorker.open(engine, ["refused"], { credit: 100 });
  const ids = await Promise.all(Array.from({ length: 40 }, (_, n) => start(machine, n)));
  await until(() => worker.tasks.length === 40);
  const acks = await engine.reportTasks(
    worker.tasks.map(({ taskToken, input }) => ({
      taskToken,
      result: succeed(Number(input) % 10 === 3 ? "poison" : "fine"),
    })),
  );
  for (const [n, id] of ids.entries()) {
    const execution = await endOf(engine, id);
    const ended = {
      status: "ABORTED",
      failure: { error: "States.Runtime", cause: expect.stringContaining("database refused") },
    };
    expect(execution).toMatchObject(
      n % 10 === 3 ? ended : { status: "SUCCEEDED", output: '"fine"' },
    );
  }
  expect(acks.filter(({ status }) => status === "RECORDED")).toHaveLength(36);
  expect(acks.filter(({ status }) => status === "EXECUTION_CLOSED")).toHaveLength(4);
  worker.session.close(true);
});

test("a refused outcome that came through another server ends its execution, too, and nothing is tried for ever", async () => {
  const machine = await makeMachine(engine, oneTask("refused-there"));
  const other = await engines.open();
  await pause(1_100);
  const worker = await EngineWorker.open(other, ["refused-there"]);
  const id = await start(machine, 1);
  const task = await worker.nextTask();
  expect(await worker.report(task, succeed("poison"))).toMatchObject({ status: "RECORDED" });
  expect(await endOf(engine, id, 5_000)).toMatchObject({
    status: "ABORTED",
    failure: { error: "States.Runtime" },
  });
  const { rows } = await engine.store.pool.query("select 1 from inbox");
  expect(rows).toEqual([]);
  await other.shutDown();
});

test("a refused start takes no neighbour down", async () => {
  const machine = await makeMachine(engine, pass);
  const results = await Promise.allSettled(
    Array.from({ length: 40 }, (_, n) => start(machine, n === 7 ? "poison" : n)),
  );
  expect(results.map(({ status }) => status)).toEqual(
    Array.from({ length: 40 }, (_, n) => (n === 7 ? "rejected" : "fulfilled")),
  );
});

test("a turn computed from what is no longer so is done anew on what is", async () => {
  const machine = await makeMachine(engine, oneTask("conflict"));
  const worker = await EngineWorker.open(engine, ["conflict"], { credit: 100 });
  const ids = await Promise.all(Array.from({ length: 20 }, (_, n) => start(machine, n)));
  await until(() => worker.tasks.length === 20);
  worker.session.accept(worker.tasks.map(({ taskToken }) => taskToken));
  await engine.store.pool.query("update executions set rev = rev + 1 where id = any($1::uuid[])", [
    ids,
  ]);
  const acks = await engine.reportTasks(
    worker.tasks.map(({ taskToken }) => ({ taskToken, result: succeed() })),
  );
  expect(acks.map(({ status }) => status)).toEqual(Array<string>(20).fill("RECORDED"));
  for (const id of ids) {
    expect((await endOf(engine, id)).status).toBe("SUCCEEDED");
    const events = await historyOf(engine.store, id);
    expect(events.map((event) => event.id)).toEqual(events.map((_, index) => index + 1));
  }
  worker.session.close(true);
});

test("an execution that can not be loaded keeps no other one's timer waiting", async () => {
  const wait = await makeMachine(engine, {
    StartAt: "W",
    States: { W: { Type: "Wait", Seconds: 1, End: true } },
  });
  const broken = await start(wait, "broken");
  await engine.store.pool.query(
    "update executions set revision_id = gen_random_uuid(), rev = rev + 1 where id = $1",
    [broken],
  );
  await pause(1_200);
  const id = await start(wait, "sound");
  const { startedAtMs, stoppedAtMs } = await endOf(engine, id);
  expect(stoppedAtMs! - startedAtMs).toBeLessThan(3_500);
  const later = await start(wait, "later");
  expect((await endOf(engine, later, 5_000)).status).toBe("SUCCEEDED");
});

test("an engine that is closed amid work stops trying", async () => {
  const machine = await makeMachine(engine, oneTask("closing"));
  const closing = await engines.open();
  const worker = await EngineWorker.open(closing, ["closing"], { credit: 20 });
  await Promise.all(
    Array.from({ length: 20 }, () => closing.startExecution({ stateMachine: machine })),
  );
  await until(() => worker.tasks.length === 20);
  for (const { taskToken } of worker.tasks)
    void closing.reportTasks([{ taskToken, result: succeed() }]);
  await closing.shutDown();
  const next = await EngineWorker.open(engine, ["closing"], { credit: 20, work: () => succeed() });
  const isDone = async (): Promise<boolean> =>
    (await engine.store.pool.query("select 1 from tasks where queue = 'closing'")).rowCount === 0;
  expect(await until(isDone, 8_000)).toBe(true);
  next.session.close(true);
});
