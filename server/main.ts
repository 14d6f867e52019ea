/**
 * The composition root: config -> store -> engine -> api, and back in reverse.
 *
 * It knows every room and holds no decision of its own.
 */
import { listen } from "./api/server.ts";
import { productVersion } from "./cli/product-version.ts";
import type { Config } from "./config.ts";
import { createEngine } from "./engine/create-engine.ts";
import type { Log } from "./observe/log.ts";
import { openStore } from "./store/open-store.ts";

export interface RunningServer {
  /** `http://host:port`: gRPC, Connect, JSON and the AWS door all answer here. */
  readonly url: string;
  readonly port: number;
  /**
   * Drains and closes: no new calls, workers are told to go elsewhere, turns under way are committed.
   * Takes at most about `config.drainTimeoutMs`. Idempotent.
   */
  close(): Promise<void>;
}

/**
 * Starts a server in this process.
 *
 * @throws what the first room that could not open threw; the rooms that were open are closed again.
 */
export async function startServer(config: Config, log: Log): Promise<RunningServer> {
  const version = productVersion();
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (let closeNext = closers.pop(); closeNext !== undefined; closeNext = closers.pop()) {
      await closeNext().catch((error: unknown) => log.error({ err: error }, "closing failed"));
    }
  };

  try {
    const store = await openStore(config, log);
    closers.push(() => store.close());

    const engine = await createEngine({ store, config, log, version });
    closers.push(() => engine.close());
    await engine.start();

    const server = await listen({ engine, config, log, version, isReady: () => engine.isReady() });
    // Together: clients are sent elsewhere at once, while workers change over and turns are committed.
    closers.push(async () => {
      await Promise.all([server.close(config.drainTimeoutMs), engine.drain()]);
    });

    let closing: Promise<void> | undefined;
    return { url: server.url, port: server.port, close: () => (closing ??= close()) };
  } catch (error) {
    await close();
    throw error;
  }
}
