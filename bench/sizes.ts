import type pg from "pg";

interface Size {
  readonly what: string;
  readonly note: string;
}

/** What the rows of an execution take, and each index: after a vacuum, what is kept free for updates included. */
export async function bytesAnExecution(
  sql: pg.Client,
  tables: readonly string[],
  executions: number,
): Promise<readonly Size[]> {
  for (const table of tables) await sql.query(`vacuum analyze ${table}`);
  const { rows } = await sql.query<{ name: string; bytes: number }>(
    `select name, bytes::float8 as bytes from unnest($1::text[]) with ordinality as t (table_name, at),
       lateral (select table_name as name, pg_table_size(table_name::regclass) as bytes
         union all select indexname, pg_relation_size(indexname::regclass) from pg_indexes where tablename = table_name) s
     order by at, bytes desc`,
    [tables],
  );
  return rows.map(({ name, bytes }) => ({
    what: name,
    note: `${(bytes / executions).toFixed(1)} bytes an execution`,
  }));
}
