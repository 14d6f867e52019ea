import { Client } from "pg";
import type { ClientConfig } from "pg";
import { StoreError } from "./store-error.ts";

/** What every connection of a server has, pooled or dedicated. Milliseconds. */
export const connectionSettings = {
  application_name: "pawl",
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  // No statement of Pawl takes long; what hangs gives its locks back.
  statement_timeout: 30_000,
  // Nor does its answer, unless the way back is gone.
  query_timeout: 35_000,
  lock_timeout: 10_000,
  idle_in_transaction_session_timeout: 30_000,
} satisfies ClientConfig;

/**
 * Opens one connection.
 *
 * @throws StoreError one line, without the password.
 */
export async function connect(config: ClientConfig): Promise<Client> {
  let client: Client;
  try {
    client = new Client({ ...connectionSettings, ...config });
  } catch (error) {
    throw new StoreError(
      "DATABASE_URL is not a PostgreSQL URL (postgresql://user@host:5432/database)",
      { cause: error },
    );
  }
  // Without a listener, an error between two queries would end the process. The next query rejects anyway.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw new StoreError(connectProblem(error, client), { cause: error });
  }
}

function connectProblem(error: unknown, client: Client): string {
  const where = `PostgreSQL at ${client.host}:${client.port}`;
  const problem = firstError(error);
  switch (problem.code) {
    case "28P01":
      return `${where} refused the password of user ${client.user}`;
    case "28000":
      return `${where} refused user ${client.user}: ${problem.message}`;
    case "3D000":
      return `${where} has no database ${client.database}`;
    case "53300":
      return `${where} has no connection left: ${problem.message}`;
    case "ECONNREFUSED":
      return `${where} can not be reached: connection refused`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return `${where} can not be reached: there is no such host`;
    default:
      if (problem.message.includes("password must be a string"))
        return `${where} asks for a password and DATABASE_URL has none`;
      return `${where} can not be used: ${problem.message.split("\n")[0]}`;
  }
}

/** Node tries every address of a host and reports all failures in an AggregateError without a message. */
function firstError(error: unknown): { code?: string; message: string } {
  if (error instanceof AggregateError) return firstError(error.errors[0]);
  return error instanceof Error ? error : { message: String(error) };
}
