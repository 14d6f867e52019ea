import type { Config } from "../config.ts";
import type { Io } from "./io.ts";
import { serveUntilSignal } from "./serve-until-signal.ts";
import { startFailure } from "./start-failure.ts";

/**
 * Starts a server with these settings over the environment's, prints one line when it is ready, and
 * resolves after it has drained.
 *
 * @throws CliError when it can not start.
 */
export async function serve(
  io: Io,
  options: { readonly json?: boolean },
  overrides: Partial<Config>,
): Promise<void> {
  const [{ readConfig }, { createLog }, { startServer }] = await Promise.all([
    import("../config.ts"),
    import("../observe/log.ts"),
    import("../main.ts"),
  ]);
  const config = readConfig(overrides);
  const log = createLog(config.logLevel);

  io.isServing = true;
  await serveUntilSignal(async () => {
    const server = await startServer(config, log).catch((error: unknown) => {
      log.debug({ err: error }, "start failed");
      throw startFailure(error, config);
    });
    if (options.json === true) io.json({ url: server.url, port: server.port, pid: process.pid });
    else io.line(`pawl is ready at ${server.url} (${databaseOf(config)}; stop with Ctrl-C)`);
    return server;
  }, log);
}

function databaseOf(config: Config): string {
  if (config.databaseUrl !== undefined) return "your PostgreSQL";
  return config.isEphemeral ? "temporary database" : `database in ${config.dataDir ?? ".pawl"}`;
}
