import type pg from "pg";

/** What a state, wherever it stands, put out when it was left last, as JSON text; undefined: it never was. */
export async function findStateOutput(
  sql: pg.Pool,
  executionId: string,
  stateName: string,
): Promise<string | undefined> {
  const { rows } = await sql.query<{ output: string }>({
    name: "find-state-output",
    text,
    values: [executionId, stateName],
  });
  return rows[0]?.output;
}

const text = `
select event -> 'details' ->> 'output' as output
from history h, json_array_elements(h.events::json) as event
where h.execution_id = $1 and event ->> 'stateName' = $2 and event ->> 'type' like '%StateExited'
order by (event ->> 'id')::int desc limit 1`;
