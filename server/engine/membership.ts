import type pg from "pg";
import { beatServer, isServerAlive, removeServer, replaceServer } from "../store/sql/servers.ts";
import type { Clock } from "./clock.ts";
import { monotonicMs } from "./clock.ts";

/** A server beats this often, and is taken for dead after this long without a beat. */
const beatMs = 1_000;
export const serverStaleMs = 3_000;

export interface MembershipOptions {
  readonly sql: pg.Pool;
  readonly serverId: string;
  readonly version: string;
  /** Host name and listening address: no two living servers share it. Undefined when the port is any free one. */
  readonly address: string | undefined;
  readonly clock: Clock;
  /** A server came or went. */
  readonly onChange: () => void;
  /** This server was away for so long that others may have taken it for dead. */
  readonly onReturned: () => void;
  readonly onError: (error: unknown, message: string) => void;
}

/** Which servers share the database. An optimisation: every write is guarded by `rev`, whoever is thought alive. */
export class Membership {
  readonly #options: MembershipOptions;
  #alive: ReadonlySet<string> = new Set();
  #beatAtMs = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: MembershipOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    if (this.#options.address !== undefined)
      await replaceServer(this.#options.sql, this.#options.address);
    await this.#beat();
    this.#timer = setInterval(
      () =>
        void this.#beat().catch((error: unknown) =>
          this.#options.onError(error, "the server's heartbeat failed"),
        ),
      beatMs,
    );
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await removeServer(this.#options.sql, this.#options.serverId).catch((error: unknown) =>
      this.#options.onError(error, "could not sign off"),
    );
  }

  /** A server that is not known may have come since the last beat: the database is asked. */
  async isAlive(serverId: string): Promise<boolean> {
    if (this.#alive.has(serverId)) return true;
    if (!(await isServerAlive(this.#options.sql, serverId, serverStaleMs))) return false;
    this.#alive = new Set([...this.#alive, serverId]);
    this.#options.onChange();
    return true;
  }

  get hasPeers(): boolean {
    return this.#alive.size > 0;
  }

  /** Whether the database answered lately. */
  get isHealthy(): boolean {
    return monotonicMs() - this.#beatAtMs < serverStaleMs;
  }

  async #beat(): Promise<void> {
    const { sql, serverId: id, version, address, clock } = this.#options;
    const { nowMs, alive } = await beatServer(sql, {
      id,
      version,
      address: address ?? "",
      staleMs: serverStaleMs,
    });
    clock.sample(nowMs);
    const isChanged =
      alive.length !== this.#alive.size || alive.some((peer) => !this.#alive.has(peer));
    this.#alive = new Set(alive);
    if (isChanged) this.#options.onChange();
    const isReturned = this.#beatAtMs > 0 && !this.isHealthy;
    this.#beatAtMs = monotonicMs();
    if (isReturned) this.#options.onReturned();
  }
}
