import type pg from "pg";

/** Registers this server or refreshes its heartbeat, forgets the long dead, and says who is alive. */
export async function beatServer(
  sql: pg.Pool,
  server: {
    readonly id: string;
    readonly version: string;
    readonly address: string;
    readonly staleMs: number;
  },
): Promise<{ readonly nowMs: number; readonly alive: readonly string[] }> {
  const { rows } = await sql.query<{ nowMs: number; alive: readonly string[] }>({
    name: "beat-server",
    text,
    values: [server.id, server.version, server.address, server.staleMs],
    query_timeout: server.staleMs,
  } as pg.QueryConfig);
  return rows[0]!;
}

const text = `
with mine as (
  insert into servers (id, version, address) values ($1, $2, $3)
  on conflict (id) do update set heartbeat_at = clock_timestamp()
), gone as (
  delete from servers where heartbeat_at < clock_timestamp() - interval '1 hour' and id <> $1
)
select (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs",
  coalesce((select json_agg(id) from servers where heartbeat_at > clock_timestamp() - $4 * interval '1 ms' and id <> $1), '[]') as alive`;

/** Whether a server has beaten lately. */
export async function isServerAlive(
  sql: pg.Pool,
  serverId: string,
  staleMs: number,
): Promise<boolean> {
  const { rows } = await sql.query({
    name: "server-alive",
    text: "select 1 from servers where id = $1 and heartbeat_at > clock_timestamp() - $2 * interval '1 ms'",
    values: [serverId, staleMs],
  });
  return rows.length > 0;
}

/** Leaves: executions of this server are anybody's at once, its sessions are closed. */
export async function removeServer(sql: pg.Pool, serverId: string): Promise<void> {
  await sql.query(
    "update sessions set closed_at = clock_timestamp() where server_id = $1 and closed_at is null",
    [serverId],
  );
  await sql.query("delete from servers where id = $1", [serverId]);
}

/**
 * A server starts where another one was: the earlier one is gone, its executions are anybody's at
 * once, and its sessions' grace begins now.
 */
export async function replaceServer(sql: pg.Pool, address: string): Promise<void> {
  await sql.query(
    `with gone as (delete from servers where address = $1 returning id)
     update sessions set closed_at = clock_timestamp() where closed_at is null and server_id in (select id from gone)`,
    [address],
  );
}
