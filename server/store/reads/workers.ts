import type { Pool } from "pg";

/** A worker's session as any server sees it. Times in milliseconds since the epoch. */
export interface WorkerRecord {
  readonly sessionId: string;
  readonly serverId: string;
  readonly workerId: string;
  readonly identity: string;
  /** What it said of itself: pools, labels, runtime, buildId, remoteAddress. */
  readonly facts: Readonly<Record<string, unknown>>;
  readonly connectedAtMs: number;
  readonly lastSeenAtMs: number;
  /** Its stream has ended; its tasks wait for it to come back. */
  readonly isClosed: boolean;
  readonly isServerAlive: boolean;
}

/** Newest session first, without the servers' own workers. @param afterSessionId exclusive. */
export async function listWorkers(
  sql: Pool,
  {
    afterSessionId,
    limit,
  }: { readonly afterSessionId: string | undefined; readonly limit: number },
): Promise<readonly WorkerRecord[]> {
  const { rows } = await sql.query<WorkerRecord>({
    name: "list-workers",
    text: `
      select s.id as "sessionId", server_id as "serverId", worker_id as "workerId", identity, facts,
        (extract(epoch from connected_at) * 1000)::float8 as "connectedAtMs",
        (extract(epoch from last_seen_at) * 1000)::float8 as "lastSeenAtMs",
        closed_at is not null as "isClosed",
        v.id is not null as "isServerAlive"
      from sessions s left join servers v on v.id = s.server_id
      where ($1::uuid is null or s.id < $1::uuid)
        and s.facts -> 'isNative' is null
        and coalesce(s.closed_at > clock_timestamp() - interval '1 minute', true)
      order by s.id desc limit $2`,
    values: [afterSessionId ?? null, limit],
  });
  return rows;
}
