/**
 * Messages that are kept: those with an id, so that the same one is not received twice, and those with
 * a time to live, which wait for someone to wait for them.
 *
 * PENDING: being sent. BUFFERED: waits. CLAIMED: on its way to one wait. SENT: done; kept to know its id.
 * `received_at` is set by the turn that receives it, in that turn's commit.
 */
import type pg from "pg";

export type MessageStatus = "PENDING" | "BUFFERED" | "CLAIMED" | "SENT";

export interface KeptMessage {
  readonly id: string;
  readonly correlation: string;
  readonly status: MessageStatus;
  /** JSON of how it is to be sent. */
  readonly request: string;
  readonly data: string;
  readonly targetExecutionId: string | null;
  readonly targetWaitId: number | null;
  readonly sentAt: Date;
  readonly isReceived: boolean;
}

const columns = `id, correlation, status, request, data, target_execution_id as "targetExecutionId",
  target_wait_id as "targetWaitId", sent_at as "sentAt", received_at is not null as "isReceived"`;

/**
 * Keeps a message as PENDING.
 *
 * @returns the message as kept; if one of this id was kept before, that one, with `isNew` false.
 */
export async function keepMessage(
  sql: pg.Pool,
  message: Pick<KeptMessage, "id" | "correlation" | "request" | "data">,
  keptMs: number,
): Promise<KeptMessage & { readonly isNew: boolean }> {
  const { id, correlation, request, data } = message;
  const { rows } = await sql.query<KeptMessage>({
    name: "keep-message",
    text: `
insert into messages (id, correlation, status, request, data, expires_at)
values ($1, $2, 'PENDING', $3, $4, clock_timestamp() + $5 * interval '1 ms')
on conflict (id) do update
set status = 'PENDING', request = excluded.request, data = excluded.data, sent_at = excluded.sent_at,
  looked_at = excluded.looked_at, received_at = null, expires_at = excluded.expires_at
where messages.expires_at <= clock_timestamp()
returning ${columns}`,
    values: [id, correlation, request, data, keptMs],
  });
  if (rows[0] !== undefined) return { ...rows[0], isNew: true };
  const before = await findMessage(sql, id);
  // Removed in between: it is as good as sent, and its sender may try again.
  return before === undefined ? keepMessage(sql, message, keptMs) : { ...before, isNew: false };
}

export async function findMessage(sql: pg.Pool, id: string): Promise<KeptMessage | undefined> {
  const { rows } = await sql.query<KeptMessage>({
    name: "find-message",
    text: `select ${columns} from messages where id = $1`,
    values: [id],
  });
  return rows[0];
}

export async function countBuffered(sql: pg.Pool, correlation: string): Promise<number> {
  const { rows } = await sql.query<{ count: number }>({
    name: "count-buffered-messages",
    text: "select count(*)::int as count from messages where correlation = $1 and status = 'BUFFERED'",
    values: [correlation],
  });
  return rows[0]!.count;
}

/** The sending is over. A message nobody received and that shall not wait is forgotten. */
export async function settleMessage(
  sql: pg.Pool,
  id: string,
  status: Extract<MessageStatus, "BUFFERED" | "SENT"> | "Forgotten",
): Promise<void> {
  await sql.query(
    status === "Forgotten"
      ? {
          name: "forget-message",
          text: "delete from messages where id = $1 and received_at is null",
          values: [id],
        }
      : {
          name: "settle-message",
          // What was received meanwhile does not go back into the buffer.
          text: `
update messages set status = case when received_at is null then $2 else 'SENT' end,
  data = case when received_at is null and $2 = 'BUFFERED' then data else '' end
where id = $1`,
          values: [id, status],
        },
  );
}

/** Of several that try, one gets it. */
export async function claimMessage(
  sql: pg.Pool,
  id: string,
  target: { readonly executionId: string; readonly waitId: number },
): Promise<boolean> {
  const { rowCount } = await sql.query({
    name: "claim-message",
    text: `
update messages set status = 'CLAIMED', target_execution_id = $2, target_wait_id = $3, looked_at = clock_timestamp()
where id = $1 and status = 'BUFFERED' and expires_at > clock_timestamp()`,
    values: [id, target.executionId, target.waitId],
  });
  return rowCount === 1;
}

/** Of these correlations, buffered messages, oldest first. */
export async function bufferedMessages(
  sql: pg.Pool,
  correlations: readonly string[],
): Promise<readonly Pick<KeptMessage, "id" | "correlation" | "data" | "request">[]> {
  const { rows } = await sql.query<Pick<KeptMessage, "id" | "correlation" | "data" | "request">>({
    name: "buffered-messages",
    text: `
select id, correlation, request, data from messages
where correlation = any($1::uuid[]) and status = 'BUFFERED' and expires_at > clock_timestamp()
order by sent_at limit 1000`,
    values: [correlations],
  });
  return rows;
}

/**
 * Messages whose sender or receiver has gone away in the middle, for whoever asks first; and
 * correlations that have both a buffered message and a wait, because nobody looked in time.
 */
export async function strandedMessages(
  sql: pg.Pool,
  strandedMs: number,
): Promise<{
  readonly underWay: readonly KeptMessage[];
  readonly correlations: readonly string[];
}> {
  const underWay = await sql.query<KeptMessage>({
    name: "stranded-messages",
    text: `
update messages set looked_at = clock_timestamp() where id in (
  select id from messages where status in ('PENDING', 'CLAIMED')
    and looked_at < clock_timestamp() - $1 * interval '1 ms'
  order by looked_at limit 100 for update skip locked)
returning ${columns}`,
    values: [strandedMs],
  });
  const matching = await sql.query<{ correlation: string }>({
    name: "overlooked-messages",
    text: `
select distinct m.correlation from messages m
where m.status = 'BUFFERED' and m.expires_at > clock_timestamp()
  and exists (select from message_waits w where w.correlation = m.correlation) limit 100`,
  });
  return {
    underWay: underWay.rows,
    correlations: matching.rows.map(({ correlation }) => correlation),
  };
}

/** Removes what has outlived its time. */
export async function removeExpiredMessages(sql: pg.Pool): Promise<void> {
  await sql.query({
    name: "remove-expired-messages",
    text: `
delete from messages where id in (
  select id from messages where expires_at < clock_timestamp() order by expires_at limit 1000 for update skip locked)`,
  });
}
