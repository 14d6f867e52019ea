import { Pool } from "pg";
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
import { proxyDatabase } from "../support/tcp-proxy.ts";

let engines: Engines;
let proxy: Awaited<ReturnType<typeof proxyDatabase>>;
let sql: Pool;
/** Reaches the database by itself, and watches the other. */
let peer: TestEngine;
/** Reaches it through a proxy that breaks. */
let shaky: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  proxy = await proxyDatabase(engines.url);
  sql = new Pool({ connectionString: engines.url, max: 2 });
  peer = await engines.open();
  shaky = await engines.open({}, proxy.url);
  await pause(1_100); // both have seen the other
});
afterAll(async () => {
  proxy.heal();
  await sql.end();
  await engines.close();
  await proxy.close();
});

/** Since when the server has had its row; undefined: it is buried. */
async function memberSince({ serverId }: TestEngine): Promise<number | undefined> {
  const text = "select started_at from servers where id = $1";
  const { rows } = await sql.query<{ started_at: Date }>(text, [serverId]);
  return rows[0]?.started_at.getTime();
}

test("a server that has lost its lock and beats is left alone, and takes the lock again", async () => {
  const since = await memberSince(shaky);
  const { rowCount } = await sql.query(
    `select pg_terminate_backend(l.pid) from pg_locks l
     join servers s on s.id = $1 and hashtextextended('pawl server ' || s.id, 0) = (l.classid::int8 << 32) | l.objid::int8
     where l.locktype = 'advisory'`,
    [shaky.serverId],
  );
  expect(rowCount).toBe(1);
  await pause(2_500);
  expect(await memberSince(shaky)).toBe(since);
  const { rows } = await sql.query("select holds_lock from servers where id = $1", [
    shaky.serverId,
  ]);
  expect(rows).toEqual([{ holds_lock: true }]);
});

test("a server that is cut off for two seconds keeps what it has", async () => {
  const since = await memberSince(shaky);
  const machine = await makeMachine(peer, oneTask("short-cut"));
  const worker = await EngineWorker.open(shaky, ["short-cut"]);
  const { execution } = await shaky.startExecution({ stateMachine: machine });
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  proxy.blackhole();
  await pause(2_000);
  proxy.heal();
  expect(await worker.report(task, succeed("kept"))).toMatchObject({ status: "RECORDED" });
  expect((await endOf(peer, execution.id)).output).toBe('"kept"');
  expect(await memberSince(shaky)).toBe(since);
  expect(worker.tasks).toHaveLength(1);
  worker.session.close(true);
});

test("one that is taken for dead while it lives does no damage, and is back as soon as it can be", async () => {
  const wait = await makeMachine(peer, {
    StartAt: "W",
    States: { W: { Type: "Wait", Seconds: 2, End: true } },
  });
  const machine = await makeMachine(peer, oneTask("long-cut"));
  const worker = await EngineWorker.open(shaky, ["long-cut"]);
  const [timer, held] = [
    (await shaky.startExecution({ stateMachine: wait })).execution.id,
    (await shaky.startExecution({ stateMachine: machine })).execution.id,
  ];
  const task = await worker.nextTask();
  worker.session.accept([task.taskToken]);
  proxy.blackhole();
  await until(async () => (await memberSince(shaky)) === undefined, 6_000);
  expect((await endOf(peer, timer, 3_000)).status).toBe("SUCCEEDED");
  proxy.heal();
  await until(async () => (await memberSince(shaky)) !== undefined, 6_000);
  expect(["RECORDED", "LEASE_LOST"]).toContain((await worker.report(task, succeed(1))).status);
  const again = await EngineWorker.open(peer, ["long-cut"], { work: () => succeed(2) });
  expect((await endOf(peer, held)).status).toBe("SUCCEEDED");
  for (const [id, type] of [
    [timer, "WaitStateExited"],
    [held, "TaskSucceeded"],
  ] as const) {
    const history = await historyOf({ pool: sql }, id);
    expect(history.filter((event) => event.type === type)).toHaveLength(1);
  }
  for (const { session } of [worker, again]) session.close(true);
}, 30_000);
