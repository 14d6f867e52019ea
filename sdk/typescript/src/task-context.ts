import { timestampDate, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { create } from "@bufbuild/protobuf";
import { errorOf } from "./execution.ts";
import type { ExecutionError } from "./execution.ts";
import { LogLineSchema } from "./gen/pawl/v1/worker_service_pb.ts";
import type { LogLine, Task } from "./gen/pawl/v1/worker_service_pb.ts";
import { parseJsonText } from "./json.ts";
import type { Json } from "./json.ts";
import type { Log, LogFields } from "./log.ts";

/** What a handler knows about its task, and how it speaks to the server. */
export interface TaskContext {
  /**
   * Aborted when the result is no longer wanted: execution stopped, sibling failed, timeout, lease lost,
   * worker closed. Its reason is a {@link TaskCancelledError}.
   */
  readonly signal: AbortSignal;
  /** From 1. */
  readonly attempt: number;
  /** Which delivery of this attempt, from 1: more than 1 after a worker was lost or gave it back. */
  readonly delivery: number;
  /** The same for every attempt of this visit of the state: give it to whatever must act only once. */
  readonly idempotencyKey: string;
  /** The execution's id. */
  readonly execution: string;
  readonly executionArn: string;
  readonly stateMachine: string;
  readonly stateName: string;
  /** For example `/States/Each[3]/Charge`. */
  readonly statePath: string;
  /** The queue the task came from. */
  readonly resource: string;
  /** The Resource exactly as the definition spells it. */
  readonly rawResource: string;
  readonly taskId: string;
  /** Reports this task from elsewhere: another process, a callback. */
  readonly taskToken: Uint8Array;
  /** The input's own text, which keeps every digit of large numbers. */
  readonly inputText: string;
  /** Why the attempt before failed. */
  readonly lastError: ExecutionError | undefined;
  /** What the attempt before said in its last heartbeat. */
  readonly lastHeartbeatDetails: Json | undefined;
  /** By the server's clock; absent without TimeoutSeconds. */
  readonly deadline: Date | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** W3C trace context of the execution; empty when there is none. */
  readonly traceparent: string;
  /** The worker's log; its lines also travel with the outcome (16 KiB at most). */
  readonly log: Log;
  /**
   * Says that the task lives and how far it is. Cheap: many calls become one message.
   *
   * @param details any JSON value; the next attempt finds the last one.
   * @param progress 0 to 1.
   */
  heartbeat(details?: unknown, progress?: number): void;
}

/** What a context asks of the one who runs its task. */
export interface TaskContextHost {
  readonly task: Task;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly inputText: string;
  heartbeat(details: unknown, progress: number | undefined): void;
}

/** Characters of log that travel with an outcome. */
const logCharsMax = 16 * 1024;

/** Reads through to the task: nothing is computed that no handler asks for. */
export class HandlerContext implements TaskContext {
  readonly #host: TaskContextHost;
  #log: TaskLog | undefined;

  constructor(host: TaskContextHost) {
    this.#host = host;
  }

  get signal(): AbortSignal {
    return this.#host.signal;
  }
  get attempt(): number {
    return this.#host.task.attempt;
  }
  get delivery(): number {
    return this.#host.task.delivery;
  }
  get idempotencyKey(): string {
    return this.#host.task.idempotencyKey;
  }
  get execution(): string {
    return this.#host.task.execution;
  }
  get executionArn(): string {
    return this.#host.task.executionArn;
  }
  get stateMachine(): string {
    return this.#host.task.stateMachine;
  }
  get stateName(): string {
    return this.#host.task.stateName;
  }
  get statePath(): string {
    return this.#host.task.statePath;
  }
  get resource(): string {
    return this.#host.task.resource;
  }
  get rawResource(): string {
    return this.#host.task.rawResource;
  }
  get taskId(): string {
    return this.#host.task.taskId;
  }
  get taskToken(): Uint8Array {
    return this.#host.task.taskToken;
  }
  get inputText(): string {
    return this.#host.inputText;
  }
  get lastError(): ExecutionError | undefined {
    return errorOf(this.#host.task.lastError);
  }
  get lastHeartbeatDetails(): Json | undefined {
    return parseJsonText(this.#host.task.lastHeartbeatDetails);
  }
  get deadline(): Date | undefined {
    const { deadline } = this.#host.task;
    return deadline === undefined ? undefined : timestampDate(deadline);
  }
  get labels(): Readonly<Record<string, string>> {
    return this.#host.task.labels;
  }
  get traceparent(): string {
    return this.#host.task.trace?.traceparent ?? "";
  }
  get log(): Log {
    return (this.#log ??= new TaskLog(this.#host.log, {
      execution: this.execution,
      state: this.statePath,
      attempt: this.attempt,
    }));
  }

  heartbeat(details?: unknown, progress?: number): void {
    this.#host.heartbeat(details, progress);
  }

  /** What the handler logged, for its outcome. */
  get logLines(): readonly LogLine[] {
    return this.#log?.lines ?? [];
  }
}

class TaskLog implements Log {
  readonly lines: LogLine[] = [];
  readonly #log: Log;
  readonly #fields: LogFields;
  #chars = 0;

  constructor(log: Log, fields: LogFields) {
    this.#log = log;
    this.#fields = fields;
  }

  debug(message: string, fields?: LogFields): void {
    this.#log.debug(message, { ...this.#fields, ...fields });
  }
  info(message: string, fields?: LogFields): void {
    this.#log.info(message, { ...this.#fields, ...fields });
    this.#keep("info", message, fields);
  }
  warn(message: string, fields?: LogFields): void {
    this.#log.warn(message, { ...this.#fields, ...fields });
    this.#keep("warn", message, fields);
  }
  error(message: string, fields?: LogFields): void {
    this.#log.error(message, { ...this.#fields, ...fields });
    this.#keep("error", message, fields);
  }

  #keep(level: string, message: string, fields: LogFields | undefined): void {
    const text = fields === undefined ? message : `${message} ${JSON.stringify(fields)}`;
    this.#chars += text.length;
    if (this.#chars > logCharsMax) return;
    this.lines.push(
      create(LogLineSchema, { time: timestampFromMs(Date.now()), level, message: text }),
    );
  }
}
