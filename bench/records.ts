/**
 * Lists, counts and statistics over a million closed executions, as the SDK sees them. Prints a JSON
 * line for each question. Run by bench/main.ts.
 */
import { readFileSync } from "node:fs";
import { Client } from "@pawl/sdk";
import pg from "pg";
import { rollUp } from "../server/store/sql/roll-up.ts";

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
await sql.end();

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
} as const;
for (const [name, filter] of Object.entries(filters)) {
  await report(`list ${name}`, async () => {
    for await (const _ of client.listExecutions({ ...filter, pageSize: 100, limit: 100 }));
  });
  await report(`count ${name}`, () => client.countExecutions(filter));
}
const statistics = {
  all: {},
  "by status": { groupBy: ["status"] },
  "by machine and status, a row a day": { groupBy: ["state_machine", "status"], bucketMs: dayMs },
  "of failures by error": { status: "FAILED", groupBy: ["error.error"] },
  "of a machine": { stateMachine: "machine-3", groupBy: ["status"] },
  "of a label": { labels: { tenant: "tenant-100" } },
} as const;
for (const [name, query] of Object.entries(statistics))
  await report(`statistics ${name}`, () => client.getExecutionStatistics(query));
client.close();

async function report(what: string, ask: () => Promise<unknown>): Promise<void> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await ask();
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.ceil(took.length * share) - 1]!;
  process.stdout.write(`${JSON.stringify({ what, p50Ms: at(0.5), p95Ms: at(0.95) })}\n`);
}
