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

/** The stream has ended. Tasks of the session wait for the grace; none left: the session is forgotten. */
export async function closeSession(sql: pg.Pool, sessionId: string): Promise<void> {
  await sql.query({
    name: "close-session",
    text: "update sessions set closed_at = coalesce(closed_at, clock_timestamp()), last_seen_at = clock_timestamp() where id = $1",
    values: [sessionId],
  });
}
