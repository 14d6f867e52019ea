import type pg from "pg";
import type { HistoryEvent } from "../../asl/index.ts";

/** Turns' rows one read takes, and about how many characters of events. */
const rowsMax = 200;

/** Events after `afterEventId` in order, as many as one read gives; empty: none yet. */
export async function readHistory(
  sql: pg.Pool,
  executionId: string,
  afterEventId: number,
): Promise<readonly HistoryEvent[]> {
  const { rows } = await sql.query<{ events: string }>({
    name: "read-history",
    text,
    values: [executionId, afterEventId, rowsMax],
  });
  const events = rows.flatMap((row) => JSON.parse(row.events) as HistoryEvent[]);
  return events.filter(({ id }) => id > afterEventId);
}

const text = `
select events from (
  select events, first_event_id, sum(length(events)) over (order by first_event_id) - length(events) as before
  from history where execution_id = $1 and last_event_id > $2
  order by first_event_id limit $3) as page
where before < 4000000 order by first_event_id`;
