/** Lines to a driver: test/parity/README.md says what each one means. */
export type Command = { readonly id: number } & Request;

export type Request =
  | { readonly op: "hello" }
  | OpenWorker
  | { readonly op: "worker.close"; readonly worker: string; readonly graceMs?: number }
  | ReleaseTask
  | OpenClient
  | { readonly op: "client.close"; readonly client: string }
  | ClientCall
  | { readonly op: "cancel"; readonly target: number }
  | InteropCase;

export interface OpenWorker {
  readonly op: "worker.open";
  readonly worker: string;
  /** `host:port`, or several with commas between them. */
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly identity?: string;
  /** Slots of each shared pool. */
  readonly pools?: Readonly<Record<string, number>>;
  readonly concurrency?: number;
  readonly maxInlineInputBytes?: number;
  readonly tasks: readonly RegisteredTask[];
  /** No task.start and task.end. */
  readonly quiet?: boolean;
}

export interface RegisteredTask {
  readonly resource: string;
  readonly handler: HandlerName;
  readonly concurrency?: number;
  readonly pool?: string;
  readonly autoHeartbeat?: boolean;
}

export type HandlerName =
  | "echo"
  | "noop"
  | "sleep"
  | "busy"
  | "hold"
  | "fail"
  | "throw"
  | "large"
  | "size"
  | "describe"
  | "token";

export interface ReleaseTask {
  readonly op: "task.release";
  readonly taskId: string;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

export interface OpenClient {
  readonly op: "client.open";
  readonly client: string;
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export interface ClientCall {
  readonly op: "client.call";
  readonly client: string;
  readonly method: string;
  readonly args: Readonly<Record<string, unknown>>;
  readonly callTimeoutMs?: number;
}

export interface InteropCase {
  readonly op: "interop";
  readonly case: string;
  readonly address: string;
  readonly stateMachine?: string;
  readonly execution?: string;
  readonly bytes?: number;
  readonly timeoutMs?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Lines from a driver. */
export type Answer =
  | { readonly id: number; readonly ok: object }
  | { readonly id: number; readonly error: Failure }
  | { readonly id: number; readonly next: object }
  | DriverEvent;

export interface Failure {
  /** gRPC's name; INTERNAL_DRIVER_ERROR for a mistake of the driver. */
  readonly code: string;
  readonly reason: string;
  readonly message: string;
  readonly retryAfterMs?: number;
  readonly fieldViolations: readonly { readonly field: string; readonly description: string }[];
}

export type DriverEvent = TaskStart | TaskEnd | OutcomeEvent | SessionEvent;

export interface TaskStart {
  readonly event: "task.start";
  readonly worker: string;
  readonly handler: HandlerName;
  readonly resource: string;
  readonly taskId: string;
  readonly execution: string;
  readonly attempt: number;
  /** JSON text, when it has less than 2 KB. */
  readonly input?: string;
  /** Base64; of the handler `token` only. */
  readonly taskToken?: string;
}

export interface TaskEnd {
  readonly event: "task.end";
  readonly worker: string;
  readonly taskId: string;
  readonly as: "output" | "error" | "cancelled";
  /** Why it was cancelled, as the proto names it. */
  readonly reason?: string;
}

export interface OutcomeEvent {
  readonly event: "outcome";
  readonly worker: string;
  readonly execution: string;
  readonly resource: string;
  /** How the server took an outcome: RECORDED, LEASE_LOST ... */
  readonly status: string;
}

export interface SessionEvent {
  readonly event: "session";
  readonly worker: string;
  readonly state: "connected" | "disconnected";
}

/** An execution as drivers tell it. */
export interface DriverExecution {
  readonly id: string;
  readonly name: string;
  readonly stateMachine: string;
  readonly status: string;
  /** JSON text. */
  readonly output: string | null;
  readonly error: { readonly error: string; readonly cause: string } | null;
}
