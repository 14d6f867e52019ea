/**
 * SQL of `live`: the visits of the executions in `chosen` (id, bucket, keys) to their states, from their
 * history: when each began, and how long it took, `ms`; null if the state was never left, as it failed,
 * was stopped or goes on. The state's name is the key at `position`, from 1.
 */
export function stateVisits(position: number): string {
  return `live as (
      select bucket, keys[:${position - 1}] || name || keys[${position + 1}:] as keys, to_timestamp(at_ms / 1000) as started_at,
        case when next_type like '%StateExited' then next_at_ms - at_ms end as ms
      from (
        select bucket, keys, "stateName" as name, type, "timestampMs" as at_ms,
          lead(type) over visits as next_type, lead("timestampMs") over visits as next_at_ms
        from chosen join history h on h.execution_id = chosen.id, json_to_recordset(h.events::json)
          as event (id integer, type text, "timestampMs" float8, "stateName" text, within text)
        where type like '%StateEntered' or type like '%StateExited'
        window visits as (partition by chosen.id, "stateName", within order by event.id)
      ) v where type like '%StateEntered'
    )`;
}
