/** What workers do with the engine: the part of its interface that their streams and calls use. */
import type { Failure } from "../asl/index.ts";
import type { Labels, Page } from "./engine.ts";

export interface Workers {
  /** Opens a worker's session. Frames for the worker leave through `sink`; the caller closes the session when the stream ends. */
  openSession(hello: WorkerHello, sink: SessionSink): Promise<WorkerSession>;
  /** Long poll twin: resolves with at least one task, or none after `waitMs` or abort. */
  pollTasks(request: PollTasks): Promise<readonly Task[]>;
  /** Outcomes from any process; each verdict is after COMMIT. */
  reportTasks(outcomes: readonly TaskOutcome[]): Promise<readonly OutcomeAck[]>;
  heartbeatTasks(beats: readonly TaskHeartbeat[]): Promise<readonly HeartbeatReply[]>;
  releaseTasks(taskTokens: readonly Uint8Array[], redeliverAfterMs?: number): Promise<void>;
  /** @throws InvalidToken, TaskDoesNotExist */
  getTaskInput(taskToken: Uint8Array): Promise<string>;
  listWorkers(query: { pageSize?: number; pageToken?: string }): Promise<Page<WorkerInfo>>;
}

export interface WorkerHello {
  readonly workerId: string;
  readonly sessionIndex: number;
  readonly identity: string;
  /** The server's own worker: given what Pawl does itself, and only that; not shown to anyone. */
  readonly isNative?: boolean;
  readonly pools: readonly {
    readonly name: string;
    readonly resources: readonly string[];
    readonly slots: number;
  }[];
  readonly labels: Labels;
  readonly runtime: Readonly<Record<string, string>>;
  readonly buildId: string;
  readonly heldTaskTokens: readonly Uint8Array[];
  readonly maxInlineInputBytes: number;
  readonly remoteAddress: string;
}

export interface WorkerSession {
  readonly sessionId: string;
  /** Verdict on hello.heldTaskTokens, same order. */
  readonly held: readonly TaskTokenState[];
  readonly warnings: readonly string[];
  /** Cumulative number of tasks each pool may have been sent. Lower than before is ignored. */
  demand(limits: Readonly<Record<string, number>>): void;
  accept(taskTokens: readonly Uint8Array[]): void;
  release(taskTokens: readonly Uint8Array[], redeliverAfterMs?: number): void;
  /** Answers through `sink.heartbeatReplies`. */
  heartbeat(beats: readonly TaskHeartbeat[]): void;
  /** Answers through `sink.outcomeAcks`, each after COMMIT. */
  report(outcomes: readonly TaskOutcome[]): void;
  /** No more credit from now on; resolves with the number ever sent in this session, when none is on its way. */
  drain(): Promise<number>;
  /** Anything was received: the worker is alive. */
  touch(): void;
  /** By pool. */
  tasksSent(): Readonly<Record<string, number>>;
  /** The stream has ended. `clean` when the worker half-closed after a drain. */
  close(clean: boolean): void;
}

/** What the session tells its stream. Called in bursts: the stream joins what comes in one tick into one frame. */
export interface SessionSink {
  tasks(tasks: readonly Task[]): void;
  outcomeAcks(acks: readonly OutcomeAck[]): void;
  heartbeatReplies(replies: readonly HeartbeatReply[]): void;
  cancel(taskTokens: readonly Uint8Array[], reason: CancelReason): void;
  /** The server is going away: reconnect elsewhere. */
  serverDrain(reason: string, deadlineMs: number): void;
  /** The session is over (another stream took its worker id, ...). */
  end(error: Error): void;
}

export type CancelReason =
  | "EXECUTION_STOPPED"
  | "BRANCH_FAILED"
  | "TASK_TIMED_OUT"
  | "HEARTBEAT_TIMED_OUT"
  | "LEASE_LOST"
  | "OPERATOR";
export type TaskTokenState = "ACTIVE" | "CANCEL_REQUESTED" | "LEASE_LOST" | "FINISHED" | "UNKNOWN";

/** A task as handed to a worker. */
export interface Task {
  readonly taskToken: Uint8Array;
  readonly taskId: string;
  readonly pool: string;
  /** The queue name. */
  readonly resource: string;
  /** As the definition spells it. */
  readonly rawResource: string;
  /** Empty when `isInputOmitted`: over hello.maxInlineInputBytes. */
  readonly input: string;
  readonly isInputOmitted: boolean;
  readonly inputBytes: number;
  readonly attempt: number;
  /** Which delivery of this attempt, from 1. */
  readonly delivery: number;
  readonly executionId: string;
  readonly executionArn: string;
  readonly stateMachineName: string;
  readonly statePath: string;
  readonly stateName: string;
  readonly scheduledAtMs: number;
  readonly deadlineMs?: number;
  readonly heartbeatSeconds?: number;
  readonly lastHeartbeatDetails?: string;
  readonly lastFailure?: Failure;
  readonly idempotencyKey: string;
  readonly trace?: string;
  readonly labels: Labels;
}

export interface TaskOutcome {
  readonly taskToken: Uint8Array;
  readonly result:
    | { readonly kind: "Succeeded"; readonly output: string }
    | {
        readonly kind: "Failed";
        readonly failure: Failure;
        readonly nonRetryable?: boolean;
        readonly retryAfterMs?: number;
      }
    | { readonly kind: "Cancelled" };
}

export interface OutcomeAck {
  readonly taskToken: Uint8Array;
  readonly status:
    | "RECORDED"
    | "ALREADY_RECORDED"
    | "LEASE_LOST"
    | "TIMED_OUT"
    | "EXECUTION_CLOSED"
    | "INVALID"
    | "RETRY";
  readonly reason?: string;
  readonly message?: string;
}

export interface TaskHeartbeat {
  readonly taskToken: Uint8Array;
  readonly details?: string;
  readonly progress?: number;
}

export interface HeartbeatReply {
  readonly taskToken: Uint8Array;
  readonly state: TaskTokenState;
  readonly cancelReason?: CancelReason;
  readonly leaseEndMs?: number;
}

export interface PollTasks {
  readonly hello: Omit<WorkerHello, "heldTaskTokens">;
  /** Per pool. */
  readonly maxTasks: Readonly<Record<string, number>>;
  readonly waitMs: number;
  readonly signal: AbortSignal;
  /** GetActivityTask: no session and no lease; the task lives by its own TimeoutSeconds and HeartbeatSeconds. */
  readonly isLeaseless?: boolean;
}

export interface WorkerInfo {
  readonly workerId: string;
  readonly identity: string;
  readonly sessionId: string;
  readonly serverId: string;
  readonly status: "CONNECTED" | "DRAINING" | "LOST" | "GONE";
  readonly pools: WorkerHello["pools"];
  readonly runtime: Readonly<Record<string, string>>;
  readonly labels: Labels;
  readonly buildId: string;
  readonly connectedAtMs: number;
  readonly lastSeenAtMs: number;
  readonly remoteAddress: string;
  /** Tasks in progress per pool; only known to the server that holds the session. */
  readonly running: Readonly<Record<string, number>>;
}
