import type { Pool } from "pg";
import type { HistoryEvent } from "../../asl/index.ts";

export interface HistoryPage {
  readonly executionId: string;
  /** Exclusive: events after it, or before it in reverse. Absent: from the beginning, or the end. */
  readonly from: number | undefined;
  readonly isReverse: boolean;
  /** Events at most; at least 1. */
  readonly limit: number;
}

/** Characters of events a page holds; the first event is always there. */
const pageCharactersMax = 3_000_000;

/**
 * A page of an execution's record: oldest first, or newest first in reverse. Fewer than `limit` events
 * where they are large; none: there are no more.
 */
export async function readHistoryPage(
  sql: Pool,
  { executionId, from, isReverse, limit }: HistoryPage,
): Promise<readonly HistoryEvent[]> {
  const { rows } = await sql.query<{ events: string }>({
    name: isReverse ? "history-page-reverse" : "history-page",
    text: isReverse ? reverseText : forwardText,
    values: [executionId, from ?? (isReverse ? eventIdMax : 0), limit, pageCharactersMax],
  });
  const page: HistoryEvent[] = [];
  let characters = 0;
  for (const row of rows) {
    const events = JSON.parse(row.events) as HistoryEvent[];
    for (const event of isReverse ? events.toReversed() : events) {
      if (from !== undefined && (isReverse ? event.id >= from : event.id <= from)) continue;
      characters += JSON.stringify(event).length;
      if (page.length === limit || (characters > pageCharactersMax && page.length > 0)) return page;
      page.push(event);
    }
  }
  return page;
}

const eventIdMax = 2_147_483_647;

// A row holds one turn's events. Rows are found by their first event's id, the primary key: the one
// that holds the first event wanted is the last that begins at or before it.
const forwardText = `
  select events from (
    select events, first_event_id, sum(octet_length(events)) over (order by first_event_id) - octet_length(events) as before
    from (
      select events, first_event_id from history
      where execution_id = $1 and first_event_id >= coalesce(
        (select max(first_event_id) from history where execution_id = $1 and first_event_id <= $2::integer + 1), 0)
      order by first_event_id limit $3::integer + 1) near) sized
  where before < $4 order by first_event_id`;

const reverseText = `
  select events from (
    select events, first_event_id, sum(octet_length(events)) over (order by first_event_id desc) - octet_length(events) as before
    from (
      select events, first_event_id from history where execution_id = $1 and first_event_id < $2::integer
      order by first_event_id desc limit $3) near) sized
  where before < $4 order by first_event_id desc`;
