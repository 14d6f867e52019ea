import type { Pool } from "pg";
import type { ExecutionStatus } from "../../asl/index.ts";
import {
  executionConditions,
  isAfter,
  type ExecutionPosition,
  type ListExecutionsFilter,
} from "./execution-conditions.ts";

/** An execution as lists show it. Times in milliseconds since the epoch. */
export interface ExecutionRecord {
  readonly id: string;
  readonly stateMachineName: string;
  readonly revisionId: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly nextEventId: number;
  /** ExecutionFacts without the input, as JSON text. */
  readonly facts: string;
  /** Null where payloads were not asked for. */
  readonly input: string | null;
  readonly output: string | null;
  readonly error: string | null;
  readonly cause: string | null;
  readonly labels: Readonly<Record<string, string>> | null;
  readonly trace: string | null;
  readonly startedAtMs: number;
  readonly stoppedAtMs: number | null;
  /** JSON of Redrives; null: never redriven. */
  readonly redrive: string | null;
  /** JSON of Pause; null: it is not paused. */
  readonly pause: string | null;
  /** Whether there is something that a redrive could take up. */
  readonly hasState: boolean;
  /** Null: its state machine is gone. */
  readonly stateMachineStatus: string | null;
  /** Where the list goes on after this one. */
  readonly position: ExecutionPosition;
}

export interface ExecutionsPage {
  readonly after: ExecutionPosition | undefined;
  readonly limit: number;
  readonly includePayloads: boolean;
}

/** Characters of payloads one page holds; the first execution is always there. */
const payloadBytesMax = 3_000_000;

/**
 * Executions newest first, by keyset: a page costs the same wherever it is. At most `limit`, and fewer
 * where payloads would make the page too large: it has ended only when it is empty.
 */
export async function listExecutions(
  sql: Pool,
  filter: ListExecutionsFilter,
  page: ExecutionsPage,
): Promise<readonly ExecutionRecord[]> {
  const values: unknown[] = [];
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const where = executionConditions(filter, bound);
  if (page.after !== undefined) where.push(isAfter(page.after, bound));
  const payloads = page.includePayloads ? "input, output" : "null as input, null as output";
  const text = `
    with page as (
      select id, sum(${page.includePayloads ? sizeOf : "0"}) over newest - ${page.includePayloads ? sizeOf : "0"} as before
      from (
        select id, started_at, input, output from executions
        where ${where.length === 0 ? "true" : where.join(" and ")}
        order by started_at desc, id desc limit ${bound(page.limit)}
      ) e window newest as (order by started_at desc, id desc)
    )
    select id, state_machine_name as "stateMachineName", revision_id as "revisionId", name, status,
      next_event_id as "nextEventId", facts, ${payloads}, error, cause, labels, trace,
      redrive, pause, state is not null as "hasState",
      (select m.status from state_machines m where m.id = state_machine_id) as "stateMachineStatus",
      (extract(epoch from started_at) * 1000)::float8 as "startedAtMs",
      (extract(epoch from stopped_at) * 1000)::float8 as "stoppedAtMs",
      json_build_object('startedAt', (extract(epoch from started_at) * 1000000)::bigint::text, 'id', id) as position
    from executions join page using (id)
    where before < ${payloadBytesMax}
    order by started_at desc, id desc`;
  const { rows } = await sql.query<ExecutionRecord>(text, values);
  return rows;
}

/** Reads no payload: the length is in the row. */
const sizeOf = "(octet_length(input) + coalesce(octet_length(output), 0))";

/** Some of the running executions of a machine, oldest first; empty: there are none. */
export async function listRunning(sql: Pool, stateMachineId: string): Promise<readonly string[]> {
  const { rows } = await sql.query<{ id: string }>(
    `select id from executions where state_machine_id = $1 and status = 'RUNNING' order by started_at, id limit 500`,
    [stateMachineId],
  );
  return rows.map(({ id }) => id);
}

/** Those of the executions that no longer run. */
export async function closedExecutions(
  sql: Pool,
  ids: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await sql.query<{ id: string }>({
    name: "closed-executions",
    text: "select id from executions where id = any($1::uuid[]) and status <> 'RUNNING'",
    values: [ids],
  });
  return rows.map(({ id }) => id);
}

/** What a record of an execution is read with. */
export interface ExecutionHead {
  readonly id: string;
  readonly stateMachineName: string;
  readonly name: string;
  readonly revisionId: string;
  readonly facts: string;
  readonly nextEventId: number;
}

/**
 * The execution of one of these ids.
 *
 * @param named only if it is this machine's and has this name: an id of one machine is no name of another.
 */
export async function findExecutionHead(
  sql: Pool,
  ids: readonly string[],
  named?: { readonly stateMachineName: string; readonly name: string },
): Promise<ExecutionHead | undefined> {
  const { rows } = await sql.query<ExecutionHead>({
    name: "find-execution-head",
    text: `select id, state_machine_name as "stateMachineName", name, revision_id as "revisionId", facts, next_event_id as "nextEventId"
      from executions where id = any($1::uuid[]) and ($2::text is null or (state_machine_name = $2 and name = $3)) limit 1`,
    values: [ids, named?.stateMachineName ?? null, named?.name ?? null],
  });
  return rows[0];
}
