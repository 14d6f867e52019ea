import type { Client, Execution } from "@pawl/sdk";

/** The closed execution; or, when `signal` aborts first, the execution as it is then. */
export async function waitForEnd(
  client: Client,
  execution: string,
  signal: AbortSignal | undefined,
): Promise<Execution> {
  try {
    return await client.waitForExecution(execution, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted !== true) throw error;
    return client.getExecution(execution);
  }
}
