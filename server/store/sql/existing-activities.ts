import type pg from "pg";

/** Which of these activities there are. */
export async function existingActivities(
  sql: pg.Pool,
  names: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ name: string }>({
    name: "existing-activities",
    text: "select name from activities where name = any($1::text[])",
    values: [names],
  });
  return new Set(rows.map(({ name }) => name));
}
