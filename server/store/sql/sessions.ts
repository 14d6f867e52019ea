import type pg from "pg";

export interface SessionRow {
  readonly id: string;
  readonly serverId: string;
  readonly workerId: string;
  readonly identity: string;
  /** Pools, labels, runtime, build: for listings. */
  readonly facts: object;
}

export async function insertSession(sql: pg.Pool, session: SessionRow): Promise<void> {
  await sql.query({
    name: "insert-session",
    text: "insert into sessions (id, server_id, worker_id, identity, facts) values ($1, $2, $3, $4, $5)",
    values: [
      session.id,
      session.serverId,
      session.workerId,
      session.identity,
      JSON.stringify(session.facts),
    ],
  });
}

/**
 * Which of a server's open sessions the database knows. One that another server took for lost, while
 * this one could not reach the database, is open again.
 */
export async function keepSessions(
  sql: pg.Pool,
  sessionIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ id: string }>({
    name: "keep-sessions",
    text: `
with reopened as (
  update sessions set closed_at = null where id = any($1::uuid[]) and closed_at is not null
)
select id from sessions where id = any($1::uuid[])`,
    values: [sessionIds],
  });
  return new Set(rows.map(({ id }) => id));
}

/** The stream has ended. Tasks of the session wait for the grace; none left: the session is forgotten. */
export async function closeSession(sql: pg.Pool, sessionId: string): Promise<void> {
  await sql.query({
    name: "close-session",
    text: "update sessions set closed_at = coalesce(closed_at, clock_timestamp()), last_seen_at = clock_timestamp() where id = $1",
    values: [sessionId],
  });
}
