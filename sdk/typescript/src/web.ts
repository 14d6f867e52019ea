/**
 * Client for browsers: the same calls over the Connect protocol (HTTP/1.1 or 2, `fetch`).
 *
 * No pipelined starts and no worker: those need a stream in both directions.
 */
import { BatchClient } from "./batch-client.ts";
import type { ClientBaseOptions } from "./client-base.ts";
import { ConnectTransport } from "./connect-transport.ts";

/** Where the server is, and how calls behave. */
export interface WebClientOptions extends ClientBaseOptions {
  /** For example `https://pawl.example.com`; default the page's own origin. */
  readonly baseUrl?: string;
  /** Sent with every call, for example `{ authorization: "Bearer ..." }`. */
  readonly headers?: Readonly<Record<string, string>> | (() => Readonly<Record<string, string>>);
}

/**
 * A client of Pawl over Connect.
 *
 * ```ts
 * const client = new Client();
 * for await (const update of client.watchExecution(id)) show(update);
 * ```
 */
export class Client extends BatchClient {
  constructor(options: WebClientOptions = {}) {
    super(new ConnectTransport(options.baseUrl ?? pageOrigin(), options.headers), options);
  }
}

function pageOrigin(): string {
  const { location } = globalThis as { location?: { origin: string } };
  if (location === undefined)
    throw new TypeError("baseUrl is missing, and there is no page to take it from");
  return location.origin;
}

export type * from "./batch.ts";
export type { BatchFilter } from "./batch-filter.ts";
export type { BatchUpdate, WatchBatchOptions } from "./watch-batch.ts";
export type { ClientBaseOptions, ServerInfo } from "./client-base.ts";
export type { StateMachineChange } from "./state-machine-client.ts";
export { PawlError } from "./errors.ts";
export type { FieldViolation, PawlErrorCode, PawlErrorDetails } from "./errors.ts";
export { isTerminal } from "./execution.ts";
export type * from "./execution.ts";
export type { ExecutionFilter } from "./execution-filter.ts";
export { JsonText } from "./json.ts";
export type { Json } from "./json.ts";
export type { MessageWait, MessageWaitFilter, SendMessage, SentMessage } from "./message.ts";
export type { ListOptions } from "./pages.ts";
export type { RetryOptions } from "./retry.ts";
export type { StartExecution } from "./start-execution.ts";
export type * from "./state-machine.ts";
export type { CallOptions } from "./transport.ts";
export type { ExecutionUpdate, WatchOptions } from "./watch.ts";
export type { WorkerInfo } from "./worker-info.ts";
