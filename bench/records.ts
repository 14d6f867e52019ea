/**
 * Lists, counts and statistics over a million closed executions with 300,000 links, as the SDK sees
 * them, and how long a retention takes to remove a twentieth. Prints a JSON line for each. Run by bench/main.ts.
 */
import { readFileSync } from "node:fs";
import { Client } from "@pawl/sdk";
import pg from "pg";
import { RecordKeeper } from "../server/engine/records/record-keeper.ts";
import { rollUp } from "../server/store/sql/roll-up.ts";
import { answerTime } from "./answer-time.ts";

const { address, databaseUrl, executions, rounds } = JSON.parse(process.argv[2] ?? "{}") as {
  readonly address: string;
  readonly databaseUrl: string;
  readonly executions: number;
  readonly rounds: number;
};
const machines = 20;
const sql = new pg.Pool({ connectionString: databaseUrl });
const script = readFileSync(new URL("million-executions.sql", import.meta.url), "utf8")
  .replaceAll("$MACHINES", String(machines))
  .replaceAll("$EXECUTIONS", String(executions));
for (const statement of script.split(/;\n/)) await sql.query(statement);
await rollUp(sql);
await sql.query("vacuum analyze execution_rollups, execution_day_rollups");

const client = new Client({ address });
const dayMs = 86_400_000;
const daysAgo = (days: number): Date => new Date(Date.now() - days * dayMs);
const middle = executions / 2;
const filters = {
  all: {},
  machine: { stateMachine: "machine-3" },
  SUCCEEDED: { status: "SUCCEEDED" },
  FAILED: { status: "FAILED" },
  RUNNING: { status: "RUNNING" },
  "machine and TIMED_OUT": { stateMachine: "machine-8", status: "TIMED_OUT" },
  "machine without any TIMED_OUT": { stateMachine: "machine-3", status: "TIMED_OUT" },
  error: { error: "Payment.Declined" },
  "unknown error": { error: "Nobody.Knows" },
  name: { name: `order-${middle}` },
  "name prefix": { namePrefix: `order-${middle}`.slice(0, -2) },
  "wide name prefix": { namePrefix: "order-" },
  label: { labels: { tenant: "tenant-100" } },
  "unknown label": { labels: { tenant: "nobody" } },
  "current state": { currentState: "Work" },
  "ten days of starts": { startedAfter: daysAgo(20), startedBefore: daysAgo(10) },
  "a day of ends": { endedAfter: daysAgo(20), endedBefore: daysAgo(19) },
  "the last hour's ends": { endedAfter: daysAgo(1 / 24) },
  linked: { linked: {} },
  "not linked": { notLinked: {} },
  "linked to a machine": { linked: { targetStateMachine: "machine-4" } },
  "linked from a machine": { linked: { sourceStateMachine: "machine-3" } },
  "linked by a state": { linked: { sourceState: "Charge" } },
  "linked by a transformer": { linked: { transformer: "invoice" } },
  "linked by an unknown transformer": { linked: { transformer: "nobody" } },
  "linked ten days ago": { linked: { createdAfter: daysAgo(10), createdBefore: daysAgo(9) } },
  "FAILED and linked": { status: "FAILED", linked: {} },
  "SUCCEEDED and linked": { status: "SUCCEEDED", linked: {} },
  "machine and linked": { stateMachine: "machine-3", linked: {} },
  "machine not linked to a machine": {
    stateMachine: "machine-3",
    notLinked: { targetStateMachine: "machine-4" },
  },
  "not linked by a transformer": { notLinked: { transformer: "invoice" } },
} as const;
for (const [name, filter] of Object.entries(filters)) {
  await report(`list ${name}`, async () => {
    for await (const _ of client.listExecutions({ ...filter, pageSize: 100, limit: 100 }));
  });
  await report(`count ${name}`, () => client.countExecutions(filter));
}
const someLink = (await client.listExecutionLinks({ limit: 1 }).next()).value!;
const links = {
  all: {},
  "from an execution": { sourceExecution: someLink.sourceExecution },
  "to an execution": { targetExecution: someLink.targetExecution },
  "from a machine": { sourceStateMachine: "machine-3" },
  "to a machine": { targetStateMachine: "machine-4" },
  "of a state": { sourceState: "Charge" },
  "of outputs": { sourceState: "" },
  "with a transformer": { transformer: "invoice" },
  "with an unknown transformer": { transformer: "nobody" },
  "of a day": { createdAfter: daysAgo(10), createdBefore: daysAgo(9) },
  "from SUCCEEDED": { sourceStatus: "SUCCEEDED" },
  "from TIMED_OUT": { sourceStatus: "TIMED_OUT" },
  "from RUNNING": { sourceStatus: "RUNNING" },
} as const;
for (const [name, filter] of Object.entries(links)) {
  await report(`links ${name}`, async () => {
    for await (const _ of client.listExecutionLinks({ ...filter, pageSize: 100, limit: 100 }));
  });
  await report(`count links ${name}`, () => client.countExecutionLinks(filter));
}
const statistics = {
  all: {},
  "by status": { groupBy: ["status"] },
  "by machine and status, a row a day": { groupBy: ["state_machine", "status"], bucketMs: dayMs },
  "of failures by error": { status: "FAILED", groupBy: ["error.error"] },
  "of a machine": { stateMachine: "machine-3", groupBy: ["status"] },
  "of a label": { labels: { tenant: "tenant-100" } },
  "of a machine by label": { stateMachine: "machine-3", groupBy: ["labels.tenant"] },
  "of five days by label": { from: daysAgo(5), groupBy: ["labels.tenant"] },
  "of a machine's two days by state": {
    stateMachine: "machine-3",
    from: daysAgo(2),
    groupBy: ["state_name"],
  },
} as const;
for (const [name, query] of Object.entries(statistics))
  await report(`statistics ${name}`, () => client.getExecutionStatistics(query));
client.close();
await measureRetention();
await sql.end();

function report(what: string, ask: () => Promise<unknown>): Promise<void> {
  return answerTime(what, rounds, ask);
}

/** A twentieth of the executions are too old all at once; the room they leave is used again. */
async function measureRetention(): Promise<void> {
  await sql.query("update state_machines set retention_seconds = 1 where name = 'machine-3'");
  const keeper = new RecordKeeper({
    sql,
    archiveDirectory: undefined,
    batchRetentionSeconds: 0,
    onError: (error) => {
      throw error;
    },
  });
  const began = performance.now();
  await keeper.look();
  const seconds = (performance.now() - began) / 1_000;
  const { rows } = await sql.query<{ count: number }>(
    "select count(*)::integer as count from executions where state_machine_name = 'machine-3'",
  );
  const removed = executions / machines - rows[0]!.count;
  const note = `${removed} executions in ${seconds.toFixed(1)} s, ${(removed / seconds).toFixed(0)} a second`;
  process.stdout.write(`${JSON.stringify({ what: "retention", note })}\n`);
}
