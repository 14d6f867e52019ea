import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exitCode } from "../../server/cli/exit-code.ts";
import { runCli } from "../../server/cli/run-cli.ts";
import { createTestDatabase } from "../support/database.ts";
import { createEngines, endOf, makeMachine, oneTask } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";
import { capturedIo } from "./support/captured-io.ts";
import { pawl, startPawl } from "./support/pawl-process.ts";

let engines: Engines;
let engine: TestEngine;

beforeEach(async () => {
  engines = await createEngines();
  engine = await engines.open();
});

afterEach(() => engines.close());

interface Report {
  readonly healthy: boolean;
  readonly openExecutions: number;
  readonly findings: readonly { code: string; severity: string; examples: string[] }[];
  readonly repaired: readonly { code: string }[];
}

async function doctor(...options: readonly string[]): Promise<Report & { code: number }> {
  const { io, stdout } = capturedIo();
  const code = await runCli(["doctor", "--json", "--database-url", engines.url, ...options], io);
  return { code, ...(JSON.parse(stdout()) as Report) };
}

/** Codes of what was found, but for what the test's PostgreSQL is set to. */
function codesOf({ findings }: Report): string[] {
  return findings
    .map(({ code }) => code)
    .filter((code) => !["UNSAFE_SETTINGS", "SLOW_SETTINGS", "CONNECTIONS"].includes(code));
}

async function open(definition: object): Promise<string> {
  const stateMachine = await makeMachine(engine, definition);
  const { execution } = await engine.startExecution({ stateMachine, name: "one", input: "{}" });
  return execution.id;
}

const waiting = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 2, End: true } } };
const message = {
  StartAt: "M",
  States: { M: { Type: "Message", CorrelationKey: "k", End: true } },
};

const distributed = {
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        ...message,
      },
      End: true,
    },
  },
};

function sql(text: string, ...values: unknown[]): Promise<unknown> {
  return engine.store.pool.query(text, values);
}

test("a Map Run, and what a stop leaves of it, are as they should be", async () => {
  const stateMachine = await makeMachine(engine, distributed);
  const { execution } = await engine.startExecution({ stateMachine, name: "one", input: "[1, 2]" });
  await expect.poll(async () => (await doctor()).openExecutions).toBe(3);
  expect(codesOf(await doctor())).toEqual([]);
  await engine.stopExecution(execution.id, {});
  await expect.poll(async () => (await doctor()).openExecutions).toBe(0);
  expect(codesOf(await doctor())).toEqual([]);
});

test("a database where everything goes on has no findings, whatever its executions wait for", async () => {
  await open(waiting);
  await open(message);
  await open(oneTask("nobody"));
  await open({
    StartAt: "P",
    States: {
      P: {
        Type: "Parallel",
        Branches: [waiting, message, oneTask("nobody")],
        End: true,
      },
    },
  });
  const report = await doctor();
  expect(report).toMatchObject({ code: exitCode.ok, healthy: true, openExecutions: 4 });
  expect(codesOf(report)).toEqual([]);
});

test("one that is paused is named, and is not stuck although nothing will wake it", async () => {
  const id = await open({ ...waiting, States: { W: { ...waiting.States.W, Seconds: 1 } } });
  await engine.pauseExecution(id, { reason: "an audit" });
  const timers = async (): Promise<unknown> => {
    const left = await engine.store.pool.query("select from timers where execution_id = $1", [id]);
    return left.rowCount;
  };
  await expect.poll(timers, { timeout: 5_000 }).toBe(0);
  const report = await doctor("--repair");
  expect(report).toMatchObject({ code: exitCode.ok, healthy: true, repaired: [] });
  expect(codesOf(report)).toEqual(["PAUSED"]);
  const found = report.findings.find(({ code }) => code === "PAUSED");
  expect(found?.examples).toEqual([expect.stringMatching(/\/one: an audit$/)]);
  await engine.resumeExecution(id, {});
  expect(await endOf(engine, id)).toMatchObject({ status: "SUCCEEDED" });
});

describe("an execution that lost the row that would move it is found, and goes on after --repair", () => {
  test.each([
    ["a Wait's timer is set again", waiting, "timers", ["SUCCEEDED", undefined]],
    ["a lost task counts as timed out", oneTask("nobody"), "tasks", ["FAILED", "States.Timeout"]],
    [
      "a lost task that is caught goes to its Catcher",
      {
        StartAt: "Work",
        States: {
          Work: {
            Type: "Task",
            Resource: "nobody",
            Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Done" }],
            End: true,
          },
          Done: { Type: "Succeed" },
        },
      },
      "tasks",
      ["SUCCEEDED", undefined],
    ],
    [
      "a branch beside others that have theirs",
      {
        StartAt: "P",
        States: { P: { Type: "Parallel", Branches: [waiting, oneTask("nobody")], End: true } },
      },
      "tasks",
      ["FAILED", "States.Timeout"],
    ],
  ])("%s", async (_rule, definition, table, outcome) => {
    const id = await open(definition);
    await sql(`delete from ${table} where execution_id = $1`, id);
    const before = await doctor();
    expect(before).toMatchObject({ code: exitCode.failed, healthy: false, repaired: [] });
    expect(codesOf(before)).toEqual(["STUCK"]);
    expect(before.findings[0]!.examples[0]).toContain(id);
    const after = await doctor("--repair");
    expect(after).toMatchObject({ code: exitCode.ok, repaired: [{ code: "STUCK" }] });
    const end = await endOf(engine, id);
    expect([end.status, end.failure?.error]).toEqual(outcome);
  });

  test("but a message wait, which can not be made up, is left to its operator", async () => {
    const id = await open(message);
    await sql("delete from message_waits where execution_id = $1", id);
    const report = await doctor("--repair");
    expect(report).toMatchObject({ code: exitCode.failed, repaired: [] });
    expect(codesOf(report)).toEqual(["STUCK"]);
    await engine.stopExecution(id, {});
  });
});

test("a task that is held by a session that is not there is offered again", async () => {
  const id = await open(oneTask("nobody"));
  await sql("update tasks set session_id = gen_random_uuid() where execution_id = $1", id);
  expect(codesOf(await doctor())).toEqual(["LOST_SESSION"]);
  expect(await doctor("--repair")).toMatchObject({
    healthy: true,
    repaired: [{ code: "LOST_SESSION" }],
  });
  const { rows } = await engine.store.pool.query("select session_id from tasks");
  expect(rows).toEqual([{ session_id: null }]);
});

test("rows of executions that are over or gone are deleted, and those of open ones are not", async () => {
  await open(waiting);
  await sql(
    "insert into timers (execution_id, timer_id, scope_id, due_at) values (gen_random_uuid(), 1, 0, now() + interval '1 day')",
  );
  await sql(
    "insert into scopes (execution_id, scope_id, state) values (gen_random_uuid(), 1, '{}')",
  );
  expect(codesOf(await doctor())).toEqual(["ORPHANED_ROWS", "ORPHANED_ROWS"]);
  expect(await doctor("--repair")).toMatchObject({ healthy: true, openExecutions: 1 });
  const { rows } = await engine.store.pool.query("select count(*)::int as timers from timers");
  expect(rows).toEqual([{ timers: 1 }]);
});

test("a task that nobody serves is a warning with the name that a worker would have to register", async () => {
  const id = await open(oneTask("arn:aws:lambda:::process:order"));
  await sql(
    "update tasks set scheduled_at = now() - interval '1 hour' where execution_id = $1",
    id,
  );
  const report = await doctor();
  expect(report.code).toBe(exitCode.ok);
  expect(report.findings.find(({ code }) => code === "UNSERVED")!.examples[0]).toMatch(
    /^process:order \(1 since /,
  );
});

test("what is due while no server runs is an error until one runs again", async () => {
  const id = await open(waiting);
  await engine.crash();
  const client = new Client({ connectionString: engines.url });
  await client.connect();
  await client.query("update timers set due_at = now() - interval '1 hour'");
  await client.query("update servers set heartbeat_at = now() - interval '10 s'");
  await client.end();
  expect(codesOf(await doctor())).toEqual(["NO_SERVER", "OVERDUE"]);
  engine = await engines.open();
  await endOf(engine, id);
  expect(codesOf(await doctor())).toEqual([]);
});

test("what dead servers left is named, and forgotten with --repair", async () => {
  await open(waiting);
  await sql(
    "insert into servers (id, version, address, heartbeat_at) values (gen_random_uuid(), 'test', 'gone:7300', now() - interval '10 min')",
  );
  await sql(
    `insert into sessions (id, server_id, worker_id, identity, facts, connected_at)
     values (gen_random_uuid(), gen_random_uuid(), 'w', 'w', '{}', now() - interval '10 min')`,
  );
  const before = await doctor();
  expect(before.healthy).toBe(true);
  expect(codesOf(before)).toContain("SILENT_SERVERS");
  await doctor("--repair");
  expect(codesOf(await doctor())).toEqual([]);
});

test("a chained execution waits for its source, and not for one that has closed", async () => {
  const source = await open(message);
  const stateMachine = await makeMachine(engine, waiting);
  const chain = { execution: source, waitsForSource: true };
  const { execution } = await engine.startExecution({ stateMachine, name: "after", chain });
  const longAgo = "now() - interval '1 minute'";
  await sql(`update tasks set scheduled_at = ${longAgo} where execution_id = $1`, execution.id);
  expect(codesOf(await doctor())).toEqual([]);
  // As if the server that waits for it had not heard of its end.
  await sql(
    `update executions set status = 'SUCCEEDED', stopped_at = ${longAgo} where id = $1`,
    source,
  );
  await sql("delete from message_waits where execution_id = $1", source);
  const report = await doctor();
  expect(codesOf(report)).toEqual(["CHAIN_WAITS"]);
  const { examples } = report.findings.find(({ code }) => code === "CHAIN_WAITS")!;
  expect(examples).toEqual([expect.stringContaining(`/after (for ${source})`)]);
});

test("the database of a pawl dev is found by its folder", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pawl-doctor-"));
  await chmod(folder, 0o755); // run by root, PostgreSQL is another user
  const run = () =>
    pawl(["doctor", "--data-dir", join(folder, ".pawl"), "--json"], { cwd: folder });
  try {
    expect(await run()).toMatchObject({ code: exitCode.usage });
    const server = await startPawl(["dev", "--port", "0"], { cwd: folder });
    const [named, found] = [await run(), await pawl(["doctor", "--json"], { cwd: folder })];
    await server.stop();
    for (const { code, stdout } of [named, found]) {
      expect(code).toBe(exitCode.ok);
      expect(JSON.parse(stdout)).toMatchObject({ healthy: true, servers: 1 });
    }
    const { code, stderr } = await run();
    expect(code).toBe(exitCode.usage);
    expect(stderr).toContain("pawl doctor needs a database");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("a Map Run whose state is gone is aborted", async () => {
  await sql(
    `insert into map_runs (id, arn, execution_id, task_id, revision_id, status, max_concurrency, started_at)
     values (gen_random_uuid(), 'arn:lost', gen_random_uuid(), 1, gen_random_uuid(), 'RUNNING', 0, now())`,
  );
  expect(codesOf(await doctor())).toEqual(["LOST_MAP_RUN"]);
  expect(await doctor("--repair")).toMatchObject({
    healthy: true,
    repaired: [{ code: "LOST_MAP_RUN" }],
  });
});

test("a database without its migrations is said, and nothing else is asked of it", async () => {
  const database = await createTestDatabase({ migrated: false });
  const { io, stdout } = capturedIo();
  const code = await runCli(["doctor", "--database-url", database.url], io);
  await database.drop();
  expect(code).toBe(exitCode.failed);
  expect(stdout()).toMatch(/^error OLD_SCHEMA \d+ migrations have not run/);
});

test("people read each finding with what to do about it", async () => {
  const id = await open(waiting);
  await sql("delete from timers where execution_id = $1", id);
  const { io, stdout } = capturedIo();
  await runCli(["doctor", "--database-url", engines.url], io);
  expect(stdout()).toMatch(
    /^error STUCK 1 open executions have a state that nothing will move\n {2}machine-\d+\/one \(.*\) lacks timer \d+\n/,
  );
  expect(stdout()).toContain("With --repair lost timers are set again");
  await runCli(["doctor", "--repair", "--database-url", engines.url], capturedIo().io);
});
