import type { Pool } from "pg";

/** A Message state that waits. Times in milliseconds since the epoch. */
export interface MessageWaitRecord {
  readonly executionId: string;
  readonly waitId: number;
  readonly statePath: string;
  readonly correlationKey: string;
  readonly correlationValue: string;
  readonly sinceMs: number;
  readonly timeoutAtMs: number | null;
  /** Where a page that ends with it is continued: microseconds as text. */
  readonly since: string;
}

export interface MessageWaitsFilter {
  readonly stateMachineId: string | undefined;
  readonly correlationKey: string | undefined;
  /** Key and value. */
  readonly correlation: string | undefined;
}

/** Longest wait first. @param after exclusive: since, execution id, wait id. */
export async function listMessageWaits(
  sql: Pool,
  { stateMachineId, correlationKey, correlation }: MessageWaitsFilter,
  {
    after,
    limit,
  }: { readonly after: readonly (string | number)[] | undefined; readonly limit: number },
): Promise<readonly MessageWaitRecord[]> {
  const [since, executionId, waitId] = after ?? [];
  const { rows } = await sql.query<MessageWaitRecord>({
    text: `
      select w.execution_id as "executionId", wait_id as "waitId", state_path as "statePath",
        correlation_key as "correlationKey", correlation_value as "correlationValue",
        (extract(epoch from since) * 1000)::float8 as "sinceMs",
        (extract(epoch from timeout_at) * 1000)::float8 as "timeoutAtMs",
        (extract(epoch from since) * 1000000)::bigint::text as since
      from message_waits w
      where ($1::uuid is null or exists (
          select from executions e where e.id = w.execution_id and e.state_machine_id = $1::uuid))
        and ($2::text is null or correlation_key = $2)
        and ($3::uuid is null or correlation = $3::uuid)
        and ($4::float8 is null or (since, execution_id, wait_id)
          > (timestamptz 'epoch' + $4::float8 * interval '1 microsecond', $5::uuid, $6::integer))
      order by since, execution_id, wait_id limit $7`,
    values: [
      stateMachineId ?? null,
      correlationKey ?? null,
      correlation ?? null,
      since ?? null,
      executionId ?? null,
      waitId ?? null,
      limit,
    ],
  });
  return rows;
}
