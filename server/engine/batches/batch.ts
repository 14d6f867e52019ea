/** Batches as callers see them: part of the engine's interface. */
import type { Failure } from "../../asl/index.ts";
import type { BatchesFilter, BatchItemStatus, BatchStatus } from "../../store/reads/batches.ts";
import type {
  ChainSource,
  ExecutionFilter,
  Labels,
  Page,
  PageQuery,
  RedriveExecution,
} from "../engine.ts";

export interface Batches {
  /** With `isDryRun` nothing is kept: the batch has no id, only what it would have. @throws ConflictException, ValidationException */
  createBatch(request: CreateBatch): Promise<Batch>;
  /** Appends to a batch that is LOADING. What is sent again changes nothing. @throws ConflictException */
  addBatchItems(
    batchId: string,
    items: {
      readonly firstIndex: number;
      readonly values: readonly string[];
      readonly isLast: boolean;
    },
  ): Promise<Batch>;
  /** @throws ResourceNotFound */
  describeBatch(batchId: string): Promise<Batch>;
  /** Newest first. */
  listBatches(query: BatchFilter & PageQuery): Promise<Page<Batch>>;
  /** In the order of their index. */
  listBatchItems(
    batchId: string,
    query: PageQuery & {
      readonly status?: BatchItem["status"];
      readonly includeOutputs?: boolean;
    },
  ): Promise<Page<BatchItem>>;
  /** The batch as it is, then what changes, until it has ended. */
  watchBatch(batchId: string, options: WatchBatch): AsyncIterable<BatchUpdate>;
  /** Nothing new begins; what has begun goes on. */
  pauseBatch(batchId: string, action: BatchAction): Promise<Batch>;
  resumeBatch(batchId: string, action: ResumeBatch): Promise<Batch>;
  cancelBatch(batchId: string, action: BatchAction & { stopStarted?: boolean }): Promise<Batch>;
}

/** What each item does. */
export type BatchOperation =
  | {
      readonly kind: "Start";
      /** Bare name or ARN; qualified, a version or an alias. */
      readonly stateMachine: string;
      /** Names are `<prefix>-<index>`; absent: the batch's id. */
      readonly namePrefix?: string;
      readonly labels?: Labels;
    }
  | {
      /** Each item is an execution, whose output becomes the input of one that starts. */
      readonly kind: "Chain";
      /** As of `Start`, and the next. */
      readonly stateMachine: string;
      readonly namePrefix?: string;
      readonly source: Omit<ChainSource, "execution">;
    }
  | { readonly kind: "Stop"; readonly failure: Failure }
  | ({ readonly kind: "Redrive" } & Pick<RedriveExecution, "fromState" | "input" | "stateMachine">)
  /** Of executions that have closed. */
  | { readonly kind: "Delete" };

/** Shares from 0 to 1. */
export interface FailurePolicy {
  readonly windowItems: number;
  readonly severeRate: number;
  readonly windowMicroBatches: number;
  readonly softRate: number;
}

export interface CreateBatch {
  /** Absent: its id. Unique among open batches. */
  readonly name?: string;
  readonly operation: BatchOperation;
  /** `Inline`: inputs, or executions. `Executions`: those that there are now, newest first. `Streamed`: they are added. */
  readonly items:
    | { readonly kind: "Inline"; readonly values: readonly string[] }
    | { readonly kind: "Executions"; readonly query: ExecutionFilter; readonly filter: string }
    | { readonly kind: "Streamed" };
  /** 0: the default. */
  readonly maxConcurrency?: number;
  /** 0: the default. */
  readonly microBatchSize?: number;
  readonly failurePolicy?: FailurePolicy;
  readonly stopOnError?: boolean;
  readonly isDryRun?: boolean;
  /** Sent again under it, it is the same batch. */
  readonly requestId?: string;
}

/** Which batches; all parts must hold. */
export interface BatchFilter extends Omit<BatchesFilter, "stateMachineName"> {
  /** Bare name or ARN of what is started. */
  readonly stateMachine?: string;
}

export interface BatchCounts {
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly skipped: number;
  readonly recentFailureRate: number;
  readonly rollingFailureRate: number;
  readonly itemsPerSecond: number;
  readonly estimatedRemainingMs?: number;
}

export interface Batch {
  readonly id: string;
  readonly name: string;
  readonly operation: BatchOperation;
  readonly filter: string;
  readonly maxConcurrency: number;
  readonly microBatchSize: number;
  readonly stopOnError: boolean;
  readonly failurePolicy?: FailurePolicy;
  /** FAILED and CANCELLED are over only with `endedAtMs`: items that have begun may go on. */
  readonly status: BatchStatus;
  readonly statusReason: string;
  readonly counts: BatchCounts;
  readonly createdAtMs: number;
  readonly endedAtMs?: number;
  readonly lastAction?: BatchAction & { readonly timeMs: number };
}

export interface BatchItem {
  readonly index: number;
  readonly status: BatchItemStatus | "RUNNING";
  /** What it was given, if that was an execution. */
  readonly source?: string;
  readonly executionId?: string;
  readonly failure?: Failure;
  readonly output?: string;
}

export interface WatchBatch {
  readonly signal: AbortSignal;
  /** Least time between two looks. */
  readonly intervalMs: number;
  /** Also every item that begins and every item that is done. */
  readonly includeItems?: boolean;
  readonly after?: BatchPosition;
}

/** How far a watcher has come. */
export interface BatchPosition {
  /** Items that it knows to have begun. */
  readonly begun: number;
  /** Items that it knows to be done, in the order in which they were. */
  readonly done: number;
}

export type BatchUpdate = { readonly position: BatchPosition } & (
  | { readonly kind: "Progress"; readonly batch: Batch }
  | { readonly kind: "Item"; readonly item: BatchItem }
);

export interface BatchAction {
  readonly operator: string;
  readonly reason: string;
}

export interface ResumeBatch extends BatchAction {
  readonly failurePolicy?: FailurePolicy;
  readonly resetWindow?: boolean;
}
