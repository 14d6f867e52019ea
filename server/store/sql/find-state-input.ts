import type pg from "pg";

/** What a state outside any Parallel or Map was given when it was entered last, as JSON text; undefined: it never was. */
export async function findStateInput(
  sql: pg.Pool,
  executionId: string,
  stateName: string,
): Promise<string | undefined> {
  const { rows } = await sql.query<{ input: string }>({
    name: "find-state-input",
    text,
    values: [executionId, stateName],
  });
  return rows[0]?.input;
}

const text = `
select event -> 'details' ->> 'input' as input
from history h, json_array_elements(h.events::json) as event
where h.execution_id = $1 and event ->> 'stateName' = $2 and event ->> 'within' is null
  and event ->> 'type' like '%StateEntered'
order by (event ->> 'id')::int desc limit 1`;
