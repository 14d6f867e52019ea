import { Client } from "pg";
import type { Config } from "../../server/config.ts";
import type { HistoryEvent } from "../../server/asl/index.ts";
import { createEngine } from "../../server/engine/create-engine.ts";
import type { RunningEngine } from "../../server/engine/create-engine.ts";
import type { Execution } from "../../server/engine/engine.ts";
import { silentLog } from "../../server/observe/log.ts";
import { openStore } from "../../server/store/open-store.ts";
import type { Store } from "../../server/store/open-store.ts";
import { createTestDatabase } from "./database.ts";

export interface TestEngine extends RunningEngine {
  readonly store: Store;
  /** Ends the engine and its connections as a crash would: nothing is said to anyone, no row is tidied up. */
  crash(): Promise<void>;
  shutDown(): Promise<void>;
}

/** Engines on one fresh database. */
export interface Engines {
  readonly url: string;
  /** Another engine on the same database. @param url another way to it, such as a proxy's. */
  open(config?: Partial<Config>, url?: string): Promise<TestEngine>;
  /** Closes what is open and drops the database. @throws Error when closed executions have left rows. */
  close(): Promise<void>;
}

/** Short leases, so that tests see them end. */
const defaults: Config = {
  isEphemeral: false,
  host: "127.0.0.1",
  port: 0,
  awsRegion: "us-east-1",
  awsAccountId: "000000000000",
  awsSignIn: "off",
  payloadBytesMax: 262_144,
  historyEventsMax: 25_000,
  reconnectGraceMs: 600,
  deliveryLeaseMs: 500,
  drainTimeoutMs: 1_000,
  databasePoolMax: 6,
  allowUnsafeDatabase: true,
  logLevel: "silent",
  isS3PathStyle: false,
  mapConcurrencyMax: 1_000,
  batchRetentionSeconds: 0,
  isDevelopment: false,
};

export async function createEngines(): Promise<Engines> {
  const database = await createTestDatabase();
  const open = new Set<TestEngine>();
  return {
    url: database.url,
    open: async (overrides = {}, url = database.url) => {
      const config: Config = { ...defaults, databaseUrl: url, ...overrides };
      const store = await openStore(config, silentLog);
      const engine = await createEngine({ store, config, log: silentLog, version: "test" });
      await engine.start();
      const end = async (close: () => Promise<void>): Promise<void> => {
        if (!open.delete(testEngine)) return;
        await close();
        await store.close();
      };
      const testEngine: TestEngine = {
        ...engine,
        isReady: () => engine.isReady(),
        store,
        shutDown: () => end(() => engine.close()),
        crash: () => end(() => crash(engine, store)),
      };
      open.add(testEngine);
      return testEngine;
    },
    close: async () => {
      for (const engine of open) await engine.shutDown().catch(() => undefined);
      const left = await leftovers(database.url);
      await database.drop();
      if (left.length > 0) throw new Error(`closed executions left rows: ${left.join(", ")}`);
    },
  };
}

/** What a killed process leaves: its rows in `servers` and `sessions` as they are, its heartbeat growing old. */
async function crash(engine: RunningEngine, store: Store): Promise<void> {
  const [server, sessions] = await Promise.all([
    store.pool.query("select * from servers where id = $1", [engine.serverId]),
    store.pool.query("select id from sessions where server_id = $1 and closed_at is null", [
      engine.serverId,
    ]),
  ]);
  await engine.close();
  for (const { id, version, address, started_at, heartbeat_at, holds_lock } of server.rows) {
    await store.pool.query(
      "insert into servers (id, version, address, started_at, heartbeat_at, holds_lock) values ($1, $2, $3, $4, $5, $6)",
      [id, version, address, started_at, heartbeat_at, holds_lock],
    );
  }
  await store.pool.query("update sessions set closed_at = null where id = any($1::uuid[])", [
    sessions.rows.map(({ id }) => id),
  ]);
}

let machines = 0;

/** Creates a machine of these states and returns its name. */
export async function makeMachine(engine: RunningEngine, definition: object): Promise<string> {
  const name = `machine-${(machines += 1)}`;
  await engine.createStateMachine({ name, definition: JSON.stringify(definition) });
  return name;
}

/** A machine of one Task. */
export function oneTask(resource: string, more: object = {}): object {
  return {
    StartAt: "Work",
    States: { Work: { Type: "Task", Resource: resource, End: true, ...more } },
  };
}

export function endOf(
  engine: RunningEngine,
  executionId: string,
  withinMs = 20_000,
): Promise<Execution> {
  return engine.waitForExecution(executionId, AbortSignal.timeout(withinMs));
}

export async function historyOf(
  store: Pick<Store, "pool">,
  executionId: string,
): Promise<readonly HistoryEvent[]> {
  const { rows } = await store.pool.query<{ events: string }>(
    "select events from history where execution_id = $1 order by first_event_id",
    [executionId],
  );
  return rows.flatMap(({ events }) => JSON.parse(events) as HistoryEvent[]);
}

/** Rows that should not be: wake rows of executions that are closed, scopes of those that no redrive may take up. */
async function leftovers(url: string): Promise<readonly string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ left: string }>(
      [
        ["tasks", "e.status <> 'RUNNING'"],
        ["timers", "e.status <> 'RUNNING'"],
        ["inbox", "e.status <> 'RUNNING'"],
        ["message_waits", "e.status <> 'RUNNING'"],
        ["scopes", "e.status <> 'RUNNING' and e.state is null"],
      ]
        .map(
          ([table, isClosed]) =>
            `select '${table} of ' || t.execution_id as left from ${table} t join executions e on e.id = t.execution_id where ${isClosed}`,
        )
        .join(" union all "),
    );
    return rows.map(({ left }) => left);
  } finally {
    await client.end();
  }
}

/** Waits until `condition` gives something. */
export async function until<Result>(
  condition: () => Promise<Result | undefined | false> | Result | undefined | false,
  withinMs = 10_000,
): Promise<Result> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const result = await condition();
    if (result !== undefined && result !== false) return result;
    if (performance.now() > deadline)
      throw new Error(`not so after ${withinMs} ms: ${condition.toString()}`);
    await pause(10);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
