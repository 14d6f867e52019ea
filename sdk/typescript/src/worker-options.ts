import type { ChannelOptions } from "./channel.ts";
import type { Log } from "./log.ts";
import type { TaskContext } from "./task-context.ts";

/** Where a worker connects, and what it tells about itself. */
export interface WorkerOptions extends ChannelOptions {
  /** For humans; default `pid@host`. */
  readonly identity?: string;
  /** Version of the worker's code, shown beside it. */
  readonly buildId?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** Slots of the pools that tasks share by `TaskOptions.pool`. */
  readonly pools?: Readonly<Record<string, { readonly concurrency: number }>>;
  /** Default for each task; default 100. */
  readonly concurrency?: number;
  /** Inputs over this size are fetched by a call of their own instead of coming on the stream; default 64 KiB. */
  readonly maxInlineInputBytes?: number;
  /** Default: warnings, errors and connections on standard error. */
  readonly log?: Log;
  /** Told of the server's answer to each outcome: for metrics, and for tests that compare what was acknowledged. */
  readonly onOutcome?: (outcome: ReportedOutcome) => void;
}

/** How the server took an outcome. */
export interface ReportedOutcome {
  readonly taskToken: Uint8Array;
  readonly resource: string;
  readonly execution: string;
  /** `RECORDED`, `ALREADY_RECORDED`, `LEASE_LOST`, `TIMED_OUT`, `EXECUTION_CLOSED`, `INVALID` or `RETRY`. */
  readonly status: string;
}

/** How one kind of task is worked on. */
export interface TaskOptions {
  /** Most at one time; default the worker's. A task that shares a pool has the pool's. */
  readonly concurrency?: number;
  /** Shares its slots with the other tasks of this pool; default a pool of its own. */
  readonly pool?: string;
  /**
   * Beat in the background, at a third of HeartbeatSeconds, for as long as the handler runs; default true.
   * Turn it off where a handler can hang: then only `ctx.heartbeat()` keeps the task.
   */
  readonly autoHeartbeat?: boolean;
}

/**
 * Works on one task. What it returns (any JSON value, or a {@link JsonText}) is the task's result; what it
 * throws is its failure: a {@link TaskError} by its name, any other error by its `name`.
 */
export type TaskHandler<Input, Output> = (
  input: Input,
  ctx: TaskContext,
) => Output | Promise<Output>;

/** How a worker goes. */
export interface CloseOptions {
  /** How long running handlers may go on; then they are aborted and their tasks handed back. Default 30,000. */
  readonly graceMs?: number;
}
