import type pg from "pg";
import {
  beatServer,
  buryServers,
  isServerKnown,
  removeServer,
  replaceServer,
  type Peer,
} from "../store/sql/servers.ts";
import type { Clock } from "./clock.ts";
import { monotonicMs } from "./clock.ts";
import { Sweep } from "./sweep.ts";

const beatMs = 500;
/** A server whose lock is free is dead when no beat has followed for so long. */
const lockLostMs = 900;
/** A server is dead when it has not beaten for so long, whatever is with its lock: its network may be silent. */
const silentMs = 3_000;

export interface MembershipOptions {
  readonly sql: pg.Pool;
  readonly serverId: string;
  readonly version: string;
  /** Host name and listening address: no two living servers share it. Undefined when the port is any free one. */
  readonly address: string | undefined;
  readonly clock: Clock;
  /** Whether a connection of this server holds its lock. */
  readonly holdsLock: () => boolean;
  /** A server came or went since the start. */
  readonly onChange: () => void;
  /** This server was away for so long that others have taken it for dead, or may have. */
  readonly onReturned: () => void;
  readonly onError: (error: unknown, message: string) => void;
}

/**
 * Which servers share the database.
 *
 * Whoever finds a server dead buries it: its row goes, and with it its claim on what it owned, for all
 * servers at once. An optimisation: every write is guarded by `rev`, whoever is thought alive.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #sweep: Sweep;
  #alive: ReadonlySet<string> = new Set();
  /** When this server last saw each of the others beat. Monotonic. */
  #lastBeats = new Map<string, { readonly heartbeat: string; readonly seenAtMs: number }>();
  /** When the database last answered this server. Monotonic; 0: never. */
  #beatAtMs = 0;
  #wasAway = false;

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#sweep = new Sweep({
      look: () => this.#beat(),
      everyMs: beatMs,
      onError: (error) => {
        this.#wasAway = true;
        options.onError(error, "the server's heartbeat failed");
      },
    });
  }

  async start(): Promise<void> {
    if (this.#options.address !== undefined)
      await replaceServer(this.#options.sql, this.#options.address);
    await this.#beat();
    this.#sweep.start();
  }

  async stop(): Promise<void> {
    this.#sweep.stop();
    await removeServer(this.#options.sql, this.#options.serverId).catch((error: unknown) =>
      this.#options.onError(error, "could not sign off"),
    );
  }

  /** A server has gone, as another one says. */
  lookSoon(): void {
    this.#sweep.soon();
  }

  /** A server that is not known may have come since the last beat: the database is asked. */
  async isAlive(serverId: string): Promise<boolean> {
    if (this.#alive.has(serverId)) return true;
    if (!(await isServerKnown(this.#options.sql, serverId))) return false;
    this.#alive = new Set([...this.#alive, serverId]);
    this.#options.onChange();
    return true;
  }

  get hasPeers(): boolean {
    return this.#alive.size > 0;
  }

  /** Whether the database answered lately. */
  get isHealthy(): boolean {
    return monotonicMs() - this.#beatAtMs < silentMs;
  }

  async #beat(): Promise<void> {
    const { sql, serverId: id, version, address, clock, holdsLock } = this.#options;
    const { nowMs, isNew, peers } = await beatServer(sql, {
      id,
      version,
      address: address ?? "",
      holdsLock: holdsLock(),
      timeoutMs: silentMs,
    });
    clock.sample(nowMs);
    const dead = this.#deadOf(peers);
    if (dead.length > 0) await buryServers(sql, dead);
    const alive = new Set(peers.filter((peer) => !dead.includes(peer)).map((peer) => peer.id));
    const isChanged = dead.length > 0 || alive.symmetricDifference(this.#alive).size > 0;
    this.#alive = alive;
    const isFirst = this.#beatAtMs === 0;
    const isReturned = !isFirst && (isNew || !this.isHealthy);
    this.#beatAtMs = monotonicMs();
    this.#wasAway = false;
    if (isChanged && !isFirst) this.#options.onChange();
    if (isReturned) this.#options.onReturned();
  }

  /** While this server could not reach the database, the others may not have been able to, either: nobody's silence counts. */
  #deadOf(peers: readonly Peer[]): readonly Peer[] {
    const now = monotonicMs();
    const before = this.#wasAway ? new Map() : this.#lastBeats;
    const isFirst = this.#beatAtMs === 0;
    this.#lastBeats = new Map(
      peers.map(({ id, heartbeat, heartbeatAgeMs }) => {
        const last = before.get(id);
        if (last?.heartbeat === heartbeat) return [id, last];
        return [id, { heartbeat, seenAtMs: isFirst ? now - heartbeatAgeMs : now }];
      }),
    );
    return peers.filter(
      ({ id, isLockLost }) =>
        now - this.#lastBeats.get(id)!.seenAtMs >= (isLockLost ? lockLostMs : silentMs),
    );
  }
}
