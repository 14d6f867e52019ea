import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../observe/log.ts";
import { embeddedAccount } from "./embedded/account.ts";
import { embeddedBinaries } from "./embedded/binaries.ts";
import { folderPassword, openFolder } from "./embedded/folder.ts";
import { embeddedUrl, initCluster } from "./embedded/init-cluster.ts";
import { startPostmaster } from "./embedded/postmaster.ts";
import type { Postmaster, PostmasterOptions } from "./embedded/postmaster.ts";

/** A PostgreSQL of our own, on a port of 127.0.0.1. */
export interface EmbeddedPostgres {
  /** Of the database `postgres`; holds the password. */
  readonly connectionString: string;
  /** Where it keeps its data. */
  readonly path: string;
  /** Of its main process; another one after a crash. */
  readonly pid: number;
  /** Stops it; an ephemeral one is removed with all its data. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  /** Absent: see `openFolder`. Ignored when ephemeral. */
  readonly dataDir?: string;
  readonly isEphemeral: boolean;
  /** Over {@link embeddedSettings}. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A durable and quick server for one machine that it shares with its clients. */
export const embeddedSettings: Readonly<Record<string, string>> = {
  listen_addresses: "127.0.0.1",
  unix_socket_directories: "",
  max_connections: "100",
  // Never other than on: what is acknowledged is on disk.
  fsync: "on",
  full_page_writes: "on",
  synchronous_commit: "on",
  shared_buffers: "256MB",
  // Nobody replicates from it; without replication less is written.
  wal_level: "minimal",
  max_wal_senders: "0",
  max_wal_size: "4GB",
  min_wal_size: "256MB",
  wal_compression: "pglz",
  checkpoint_timeout: "15min",
  checkpoint_completion_target: "0.9",
  // Every statement is short; compiling it costs more than running it.
  jit: "off",
  random_page_cost: "1.1",
  // Hot rows have many dead versions: clean early, in small bites.
  autovacuum_naptime: "10s",
  autovacuum_vacuum_scale_factor: "0.05",
  autovacuum_vacuum_cost_delay: "1ms",
  // No helper processes: reads come from memory nearly always.
  io_method: "sync",
  max_parallel_workers_per_gather: "0",
  max_logical_replication_workers: "0",
  log_checkpoints: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/**
 * Starts PostgreSQL from the npm package, in well under two seconds.
 *
 * @throws StoreError when the folder is in use, can not be entered, or PostgreSQL does not start.
 */
export async function startEmbeddedPostgres(
  options: EmbeddedPostgresOptions,
  log: Log,
): Promise<EmbeddedPostgres> {
  const account = await embeddedAccount();
  const binaries = await embeddedBinaries(account);
  const folder = await openFolder(options.dataDir, options.isEphemeral, account);
  try {
    const password = await folderPassword(folder);
    await initCluster(binaries, folder, account, password);
    const settings = { ...embeddedSettings, ...options.settings };
    const startOptions = { binaries, folder, account, settings };
    const kept = keepRunning(await startPostmaster(startOptions), startOptions, log);
    return {
      connectionString: embeddedUrl(password, kept.port),
      path: folder.path,
      get pid() {
        return kept.current().pid;
      },
      stop: async () => {
        await kept.stop();
        await folder.release();
      },
    };
  } catch (error) {
    await folder.release();
    throw error;
  }
}

interface Kept {
  readonly port: number;
  current(): Postmaster;
  stop(): Promise<void>;
}

/** Starts it again on the same port when it ends and nobody asked it to: a crash or a kill is no end of service. */
function keepRunning(first: Postmaster, options: PostmasterOptions, log: Log): Kept {
  const stopping = new AbortController();
  let current = first;
  const watched = (async () => {
    for (;;) {
      await current.ended;
      let delayMs = 100;
      for (let isDown = true; isDown; delayMs = Math.min(delayMs * 2, 5_000)) {
        if (stopping.signal.aborted) return;
        log.error(
          { port: first.port },
          "the embedded PostgreSQL has ended unexpectedly; starting it again",
        );
        try {
          current = await startPostmaster({ ...options, port: first.port });
          isDown = false;
        } catch (error) {
          log.error({ err: error }, "the embedded PostgreSQL does not start");
          await sleep(delayMs, undefined, { signal: stopping.signal, ref: false }).catch(
            () => undefined,
          );
        }
      }
      if (stopping.signal.aborted) return;
    }
  })();
  return {
    port: first.port,
    current: () => current,
    stop: async () => {
      stopping.abort();
      await current.stop();
      await watched;
      // It may have come back just before it was told to stop.
      await current.stop();
    },
  };
}
