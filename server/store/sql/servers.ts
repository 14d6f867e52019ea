/** Which servers there are: a row is a server that nobody has found to be gone. */
import type pg from "pg";

/** Another server, as its row and its lock are now. */
export interface Peer {
  readonly id: string;
  /** Its last heartbeat: another text is another beat. */
  readonly heartbeat: string;
  readonly heartbeatAgeMs: number;
  /**
   * It has said that it holds its lock, and nobody holds it: its process has ended or its connection
   * was cut. A beat that follows says which.
   */
  readonly isLockLost: boolean;
}

export interface Beat {
  readonly nowMs: number;
  /** There was no row: it is this server's first beat, or it was buried. */
  readonly isNew: boolean;
  readonly peers: readonly Peer[];
}

/** Registers this server or refreshes its heartbeat, and says how the others are. */
export async function beatServer(
  sql: pg.Pool,
  server: {
    readonly id: string;
    readonly version: string;
    readonly address: string;
    readonly holdsLock: boolean;
    readonly timeoutMs: number;
  },
): Promise<Beat> {
  const { rows } = await sql.query<Beat>({
    name: "beat-server",
    text: beatText,
    values: [server.id, server.version, server.address, server.holdsLock],
    query_timeout: server.timeoutMs,
  } as pg.QueryConfig);
  return rows[0]!;
}

/** The session-level lock that a server shares with nobody but its own earlier connections. */
function lockKey(serverId: string): string {
  return `hashtextextended('pawl server ' || ${serverId}, 0)`;
}

// The lock is tried for, exclusively, and given back at the end of the statement.
const beatText = `
with mine as (
  insert into servers (id, version, address, holds_lock) values ($1, $2, $3, $4)
  on conflict (id) do update set heartbeat_at = clock_timestamp(), holds_lock = $4
  returning xmax = 0 as is_new
), peers as (
  select id, heartbeat_at::text as heartbeat,
    (extract(epoch from clock_timestamp() - heartbeat_at) * 1000)::float8 as "heartbeatAgeMs",
    holds_lock and pg_try_advisory_xact_lock(${lockKey("id::text")}) as "isLockLost"
  from servers where id <> $1
)
select (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs", is_new as "isNew",
  coalesce((select json_agg(peers) from peers), '[]') as peers
from mine`;

/** Takes the server's lock for as long as the connection lives. The connections of one server share it. */
export async function holdServerLock(client: pg.Client, serverId: string): Promise<void> {
  await client.query(`select pg_advisory_lock_shared(${lockKey("$1")})`, [serverId]);
}

/** Forgets servers that have not beaten since: what they owned is anybody's from then on. Tells all servers. */
export async function buryServers(
  sql: pg.Pool,
  dead: readonly Pick<Peer, "id" | "heartbeat">[],
): Promise<void> {
  await sql.query({
    name: "bury-servers",
    text: `with gone as (
        delete from servers v using unnest($1::uuid[], $2::timestamptz[]) d(id, heartbeat)
        where v.id = d.id and v.heartbeat_at = d.heartbeat returning v.id)
      select ${notifyText} from gone`,
    values: [dead.map(({ id }) => id), dead.map(({ heartbeat }) => heartbeat)],
  });
}

/** Leaves: what this server owns is anybody's at once. */
export async function removeServer(sql: pg.Pool, serverId: string): Promise<void> {
  await sql.query(
    `with gone as (delete from servers where id = $1 returning id) select ${notifyText} from gone`,
    [serverId],
  );
}

/** A server starts where another one was: the earlier one is gone. */
export async function replaceServer(sql: pg.Pool, address: string): Promise<void> {
  await sql.query(
    `with gone as (delete from servers where address = $1 returning id) select ${notifyText} from gone`,
    [address],
  );
}

const notifyText = "pg_notify('pawl_servers', id::text)";

export async function isServerKnown(sql: pg.Pool, serverId: string): Promise<boolean> {
  const { rows } = await sql.query({
    name: "server-known",
    text: "select from servers where id = $1",
    values: [serverId],
  });
  return rows.length > 0;
}

/** SQL: what `owner` names belongs to the server that `self` names, or to nobody who is there. */
export function isFreeFor(self: string, owner: string): string {
  return `(${owner} is null or ${owner} = ${self} or not exists (select from servers v where v.id = ${owner}))`;
}
