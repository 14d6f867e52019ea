import type { Pool } from "pg";
import type { ExecutionStatus } from "../../asl/index.ts";
import { hasStatus } from "./execution-status.ts";

/** A chained execution and its source. */
export interface ExecutionLinkRecord {
  readonly sourceExecutionId: string;
  readonly sourceStateMachineName: string;
  /** Empty: the execution's output was taken. */
  readonly sourceState: string;
  /** Empty: none. */
  readonly transformer: string;
  readonly targetExecutionId: string;
  readonly targetStateMachineName: string;
  readonly createdAtMs: number;
  /** Microseconds since the epoch, as text: the database's own precision. */
  readonly createdAt: string;
}

/** All that is given must hold. */
export interface LinkConditions {
  readonly sourceExecutionId?: string;
  readonly sourceStateMachine?: string;
  readonly sourceState?: string;
  readonly transformer?: string;
  readonly targetExecutionId?: string;
  readonly targetStateMachine?: string;
  /** Exclusive, as the next. */
  readonly createdAfterMs?: number;
  readonly createdBeforeMs?: number;
}

export interface LinksFilter extends LinkConditions {
  /** Of the source, now. */
  readonly sourceStatus?: ExecutionStatus;
}

export interface LinkPosition {
  readonly createdAt: string;
  readonly targetExecutionId: string;
}

/** The target of a chain that stands for its key; the oldest if there are several. */
export async function findLinkTarget(
  sql: Pool,
  { sourceExecutionId, key }: { readonly sourceExecutionId: string; readonly key: string },
): Promise<string | undefined> {
  const { rows } = await sql.query<{ id: string }>({
    name: "find-link-target",
    text: `select target_execution_id as id from execution_links
      where source_execution_id = $1 and link_key = $2 order by created_at limit 1`,
    values: [sourceExecutionId, key],
  });
  return rows[0]?.id;
}

/** Newest first, by keyset. */
export async function listExecutionLinks(
  sql: Pool,
  filter: LinksFilter,
  { after, limit }: { readonly after: LinkPosition | undefined; readonly limit: number },
): Promise<readonly ExecutionLinkRecord[]> {
  const values: unknown[] = [];
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const where = filterConditions(filter, bound);
  if (after !== undefined)
    where.push(
      `(l.created_at, l.target_execution_id) < (timestamptz 'epoch' + ${bound(after.createdAt)}::float8 * interval '1 microsecond', ${bound(after.targetExecutionId)}::uuid)`,
    );
  const text = `
    select l.source_execution_id as "sourceExecutionId", l.source_state_machine_name as "sourceStateMachineName",
      l.source_state as "sourceState", l.transformer, l.target_execution_id as "targetExecutionId",
      l.target_state_machine_name as "targetStateMachineName",
      (extract(epoch from l.created_at) * 1000)::float8 as "createdAtMs",
      (extract(epoch from l.created_at) * 1000000)::bigint::text as "createdAt"
    from execution_links l
    where ${["true", ...where].join(" and ")}
    order by l.created_at desc, l.target_execution_id desc limit ${bound(limit)}`;
  const { rows } = await sql.query<ExecutionLinkRecord>(text, values);
  return rows;
}

/** How many there are; counting stops at `limit`. */
export async function countExecutionLinks(
  sql: Pool,
  filter: LinksFilter,
  limit: number,
): Promise<number> {
  const values: unknown[] = [];
  const bound = (value: unknown): string => `$${values.push(value)}`;
  const where = ["true", ...filterConditions(filter, bound)].join(" and ");
  const { rows } = await sql.query<{ count: number }>(
    `select count(*)::integer as count from (select from execution_links l where ${where} limit ${bound(limit)}) l`,
    values,
  );
  return rows[0]!.count;
}

/**
 * Whether a row of `executions` is the source of a link that fulfils the conditions.
 *
 * @param conditions `isOfMachine`: and no child of a Map Run.
 */
export function isLinkSource(
  { isOfMachine, ...conditions }: LinkConditions & { readonly isOfMachine: boolean },
  bound: (value: unknown) => string,
): string {
  const where = ["l.source_execution_id = executions.id", ...linkConditions(conditions, bound)];
  if (isOfMachine) where.push("strpos(l.source_state_machine_name, '/') = 0");
  return `exists (select from execution_links l where ${where.join(" and ")})`;
}

function filterConditions(
  { sourceStatus, ...conditions }: LinksFilter,
  bound: (value: unknown) => string,
): string[] {
  const where = linkConditions(conditions, bound);
  if (sourceStatus !== undefined)
    where.push(
      `l.source_execution_id in (select id from executions where ${hasStatus(sourceStatus, bound)})`,
    );
  return where;
}

function linkConditions(conditions: LinkConditions, bound: (value: unknown) => string): string[] {
  const columns = {
    source_execution_id: conditions.sourceExecutionId,
    source_state_machine_name: conditions.sourceStateMachine,
    source_state: conditions.sourceState,
    transformer: conditions.transformer,
    target_execution_id: conditions.targetExecutionId,
    target_state_machine_name: conditions.targetStateMachine,
  };
  const where = Object.entries(columns)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => `l.${column} = ${bound(value)}`);
  const { createdAfterMs, createdBeforeMs } = conditions;
  const moment = (ms: number): string =>
    `(timestamptz 'epoch' + ${bound(ms)}::float8 * interval '1 millisecond')`;
  if (createdAfterMs !== undefined) where.push(`l.created_at > ${moment(createdAfterMs)}`);
  if (createdBeforeMs !== undefined) where.push(`l.created_at < ${moment(createdBeforeMs)}`);
  return where;
}
