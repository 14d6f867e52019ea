import { startPawl, type PawlServer } from "../../cli/support/pawl-process.ts";
import { createTestDatabase } from "../../support/database.ts";

/** A server in a process of its own, on a database of its own. */
export interface ParityServer {
  readonly address: string;
  /** kill -9. */
  kill(): Promise<void>;
  /** Starts it again at the same address. */
  restart(): Promise<void>;
  /** Ends it, and drops its database. */
  stop(): Promise<void>;
}

/** Longer than the scenarios of one SDK take. */
const livesMsMax = 600_000;

export async function startParityServer(): Promise<ParityServer> {
  const database = await createTestDatabase();
  const start = (port: number): Promise<PawlServer> =>
    startPawl(["serve", "--port", String(port), "--log-level", "error"], {
      env: { DATABASE_URL: database.url, PAWL_ALLOW_UNSAFE_DATABASE: "true" },
      livesMsMax,
    });
  let server = await start(0);
  return {
    address: `127.0.0.1:${server.port}`,
    kill: async () => {
      await server.stop("SIGKILL");
    },
    restart: async () => {
      server = await start(server.port);
    },
    stop: async () => {
      await server.stop("SIGKILL");
      await database.drop();
    },
  };
}
