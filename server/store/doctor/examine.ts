/**
 * What is wrong with a database of Pawl, and mending what can be mended safely.
 *
 * Asks the database alone: it works with all servers down, and beside servers that run.
 */
import type { Client } from "pg";
import { migrationsTable, pendingMigrations } from "../migrate.ts";
import { migrations } from "../migrations/index.ts";
import type { Check, CheckTime, Finding } from "./check.ts";
import { rowChecks } from "./row-checks.ts";
import { clockCheck, serverChecks } from "./server-checks.ts";
import { threadCheck } from "./threads.ts";
import { unservedCheck } from "./unserved.ts";

export interface Examination {
  /** In the order of the checks. */
  readonly findings: readonly Finding[];
  readonly openExecutions: number;
  /** Servers that beat. */
  readonly servers: number;
  /** Workers whose stream is open. */
  readonly workers: number;
  readonly databaseBytes: number;
}

const checks: readonly Check[] = [
  threadCheck,
  ...rowChecks,
  unservedCheck,
  ...serverChecks,
  clockCheck,
];

/** Looks at everything in one snapshot, and at times as of that snapshot (`now()`); changes nothing. */
export async function examine(client: Client, time: CheckTime): Promise<Examination> {
  const schema = await schemaFindings(client);
  if (schema.some(({ severity }) => severity === "ERROR"))
    return { findings: schema, openExecutions: 0, servers: 0, workers: 0, databaseBytes: 0 };
  await client.query("begin isolation level repeatable read read only");
  try {
    const findings = [...schema];
    for (const check of checks) findings.push(...(await check.find(client, time)));
    return { findings, ...(await facts(client)) };
  } finally {
    await client.query("rollback");
  }
}

/**
 * Makes every repair whose check finds something. Each looks again at what it changes, so it is safe
 * beside running servers, and making it twice is making it once.
 */
export async function repair(client: Client, time: CheckTime): Promise<void> {
  for (const check of checks) {
    if (check.repair === undefined || (await check.find(client, time)).length === 0) continue;
    await check.repair(client);
  }
}

/** Migrations that the database lacks, or that this version does not know. */
async function schemaFindings(client: Client): Promise<readonly Finding[]> {
  const pending = await pendingMigrations(client);
  if (pending.length > 0)
    return [
      {
        code: "OLD_SCHEMA",
        severity: "ERROR",
        message: `${pending.length} migrations have not run; nothing else was looked at`,
        count: pending.length,
        examples: pending,
        advice: "Run pawl migrate",
      },
    ];
  const { rows } = await client.query<{ name: string }>(
    `select name from ${migrationsTable} where name <> all($1)`,
    [migrations.map(({ name }) => name)],
  );
  if (rows.length === 0) return [];
  return [
    {
      code: "NEW_SCHEMA",
      severity: "WARNING",
      message: "the database was migrated by a newer Pawl",
      count: rows.length,
      examples: rows.map(({ name }) => name),
      advice: "Use that version's pawl doctor",
    },
  ];
}

async function facts(client: Client): Promise<Omit<Examination, "findings">> {
  const { rows } = await client.query<Omit<Examination, "findings">>(
    `select (select count(*)::int from executions where status = 'RUNNING') as "openExecutions",
       (select count(*)::int from servers where heartbeat_at > now() - interval '3 s') as servers,
       (select count(*)::int from sessions where closed_at is null and facts -> 'isNative' is null) as workers,
       pg_database_size(current_database())::float8 as "databaseBytes"`,
  );
  return rows[0]!;
}
