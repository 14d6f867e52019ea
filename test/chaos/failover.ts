/**
 * Failover: one of the servers dies, again and again, under load; how much later does what it had under
 * way come to its end than what no death has touched?
 *
 * Everything is seen from a client: from the start's call to the end that it is told, reconnecting included.
 */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { Cluster } from "./cluster.ts";
import { kinds, SteadyLoad } from "./steady-load.ts";

export interface FailoverOptions {
  readonly rounds: number;
  readonly servers: number;
  readonly onProgress: (line: string) => void;
}

/** Milliseconds that the deaths of their server have added. */
export interface AddedLatency {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export interface FailoverResult {
  /** By what waited. */
  readonly added: ReadonlyMap<string, AddedLatency>;
  /** Errors that reached the caller. */
  readonly errors: readonly string[];
}

/** A server's death, and what it had under way then. */
interface Death {
  readonly atMs: number;
  readonly owned: ReadonlySet<string>;
}

/** Long enough for everything of before to have ended, and shorter than the grace of lost workers. */
const downMs = 9_000;
const quietMs = 3_000;

export async function runFailover(options: FailoverOptions): Promise<FailoverResult> {
  const cluster = new Cluster();
  try {
    // The product's own grace: nothing that must be quick may depend on it.
    const env = { PAWL_RECONNECT_GRACE_MS: "10000" };
    await cluster.start({ servers: options.servers, workers: 0, env });
    const load = new SteadyLoad(cluster.addresses);
    await load.begin();
    const sql = new pg.Pool({ connectionString: cluster.databaseUrl });
    const deaths: Death[] = [];
    for (let round = 1; round <= options.rounds; round += 1) {
      const victim = round % options.servers;
      await sleep(quietMs);
      const owned = await ownedBy(sql, cluster.addresses[victim]!);
      deaths.push({ atMs: performance.now(), owned });
      const killed = cluster.killServer(victim, downMs);
      await sleep(downMs);
      await cluster.serverReady(victim);
      options.onProgress(
        `round ${round}/${options.rounds}: killed ${killed}, which had ${owned.size} under way; ${load.samples.length} ended`,
      );
    }
    await load.finish();
    await sql.end();
    return { added: addedLatencies(load, deaths), errors: load.errors };
  } finally {
    await cluster.stop();
  }
}

/** Executions and batches that the server has under way. */
async function ownedBy(sql: pg.Pool, address: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql.query<{ id: string }>(
    `with victim as (select id from servers where address like '%/' || $1)
     select id::text from executions where status = 'RUNNING' and owner in (table victim)
     union all select id::text from batches where ended_at is null and owner in (table victim)`,
    [address],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Of what was a dead server's, against the median of what no death has touched. */
function addedLatencies(
  { samples }: SteadyLoad,
  deaths: readonly Death[],
): FailoverResult["added"] {
  const byKind = kinds.map(({ name }): [string, AddedLatency] => {
    const all = samples.filter(({ kind }) => kind === name);
    const undisturbed = all.filter(
      ({ fromMs, toMs }) => !deaths.some(({ atMs }) => fromMs < atMs && atMs < toMs),
    );
    const usualMs = quantile(undisturbed.map(tookMs), 0.5);
    const added = all
      .filter(({ id }) => deaths.some(({ owned }) => owned.has(id)))
      .map((sample) => Math.max(0, tookMs(sample) - usualMs));
    const figures = { p50: quantile(added, 0.5), p99: quantile(added, 0.99) };
    return [name, { count: added.length, ...figures, max: quantile(added, 1) }];
  });
  return new Map(byKind);
}

function tookMs({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }): number {
  return toMs - fromMs;
}

function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return Math.round(sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? NaN);
}
