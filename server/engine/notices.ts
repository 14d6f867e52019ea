import type pg from "pg";
import { holdServerLock } from "../store/sql/servers.ts";

export interface NoticesOptions {
  readonly connect: () => Promise<pg.Client>;
  readonly sql: pg.Pool;
  readonly serverId: string;
  readonly onInbox: (executionId: string) => void;
  readonly onReady: (queue: string) => void;
  readonly onServerGone: () => void;
  readonly onError: (error: unknown, message: string) => void;
}

const reconnectMs = 1_000;

/**
 * Hints between servers (LISTEN/NOTIFY). A lost hint costs time, never correctness: sweeps stand behind.
 *
 * The connection that hears them also holds the server's lock, which PostgreSQL frees when the process is gone.
 */
export class Notices {
  readonly #options: NoticesOptions;
  #client: pg.Client | undefined;
  #isStopped = false;
  #holdsLock = false;

  constructor(options: NoticesOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const client = await this.#options.connect();
    this.#client = client;
    client.on("notification", ({ channel, payload = "" }) => this.#heard(channel, payload));
    client.on("error", (error) => this.#lost(client, error));
    client.on("end", () => this.#lost(client, undefined));
    await client.query("listen pawl_inbox; listen pawl_ready; listen pawl_servers");
    await holdServerLock(client, this.#options.serverId);
    this.#holdsLock = this.#client === client;
  }

  /** Whether others can see by the server's lock that it lives. */
  get holdsLock(): boolean {
    return this.#holdsLock;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#client?.end().catch(() => undefined);
  }

  /** Tells the other servers that queues have tasks this server has no credit for. */
  ready(queues: readonly string[]): void {
    this.#options.sql
      .query({
        name: "notify-ready",
        text: "select pg_notify('pawl_ready', q) from unnest($1::text[]) q",
        values: [queues.filter((queue) => queue.length < payloadMax)],
      })
      .catch((error: unknown) =>
        this.#options.onError(error, "could not tell other servers of ready tasks"),
      );
  }

  #heard(channel: string, payload: string): void {
    if (channel === "pawl_ready") this.#options.onReady(payload);
    else if (channel === "pawl_servers") this.#options.onServerGone();
    else if (payload.startsWith(this.#options.serverId))
      this.#options.onInbox(payload.slice(this.#options.serverId.length + 1));
  }

  #lost(client: pg.Client, error: Error | undefined): void {
    if (this.#client !== client || this.#isStopped) return;
    this.#client = undefined;
    this.#holdsLock = false;
    if (error !== undefined)
      this.#options.onError(error, "lost the connection that hears other servers");
    client.end().catch(() => undefined);
    const again = (): void => {
      if (this.#isStopped) return;
      this.start().catch(() => setTimeout(again, reconnectMs).unref());
    };
    setTimeout(again, reconnectMs).unref();
  }
}

/** NOTIFY's payload is under 8,000 bytes. */
const payloadMax = 2_000;
