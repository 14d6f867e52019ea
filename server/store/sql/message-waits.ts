import type pg from "pg";

export interface FoundWait {
  readonly executionId: string;
  readonly waitId: number;
}

export interface WaitQuery {
  readonly correlation: string;
  readonly stateMachineId?: string;
  /** Only those that waited at this time already: what a message may wake is settled when it is sent. */
  readonly waitingAt?: Date;
  readonly limit: number;
}

/** Who waits for messages with this key and value, longest first. */
export async function findMessageWaits(
  sql: pg.Pool,
  { correlation, stateMachineId, waitingAt, limit }: WaitQuery,
): Promise<readonly FoundWait[]> {
  const { rows } = await sql.query<FoundWait>({
    name: "find-message-waits",
    text: `
select w.execution_id as "executionId", w.wait_id as "waitId" from message_waits w
where w.correlation = $1
  and ($2::uuid is null or exists (
    select from executions e where e.id = w.execution_id and e.state_machine_id = $2::uuid))
  and ($3::timestamptz is null or w.since <= $3::timestamptz)
order by w.since, w.execution_id, w.wait_id limit $4`,
    values: [correlation, stateMachineId ?? null, waitingAt ?? null, limit],
  });
  return rows;
}
