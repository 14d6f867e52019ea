import { durationMs } from "@bufbuild/protobuf/wkt";
import { enumName, namesOf } from "./enum-name.ts";
import { dateOf } from "./execution.ts";
import type { ExecutionError } from "./execution.ts";
import type { ExecutionFilter } from "./execution-filter.ts";
import type { ChainSource } from "./execution-link.ts";
import { BatchStatus as Status } from "./gen/pawl/v1/batch_service_pb.ts";
import type * as proto from "./gen/pawl/v1/batch_service_pb.ts";
import { parseJsonText } from "./json.ts";
import type { Json } from "./json.ts";

/** What a batch does, how, and to what. */
export type BatchInput = BatchSettings &
  (
    | {
        /** One execution of this state machine for each item: bare name, `name:version`, `name:alias` or ARN. */
        readonly stateMachine: string;
        /** Names are `<namePrefix>-<index>`; default the batch's id. Under the same prefix nothing starts twice. */
        readonly namePrefix?: string;
        readonly labels?: Readonly<Record<string, string>>;
        /** One input for each execution, read as it is sent; absent: `addBatchItems` sends them. */
        readonly inputs?: Iterable<unknown> | AsyncIterable<unknown>;
      }
    | {
        /** One execution for each of others, with their output as its input. */
        readonly chain: BatchChain;
        readonly executions: BatchExecutions;
      }
    | {
        /** Stops executions. */
        readonly stop: { readonly error?: string; readonly cause?: string };
        readonly executions: BatchExecutions;
      }
    | {
        /** Redrives executions; an item is done when its execution goes on. */
        readonly redrive: { readonly fromState?: string; readonly stateMachine?: string };
        readonly executions: BatchExecutions;
      }
    | {
        /** Deletes executions that have closed, with their history. */
        readonly delete: Readonly<Record<string, never>>;
        readonly executions: BatchExecutions;
      }
  );

/** What is started from each source, and how its output becomes the input. */
export interface BatchChain extends Omit<ChainSource, "execution"> {
  /** Bare name, `name:version`, `name:alias` or ARN. */
  readonly stateMachine: string;
  /** Names are `<namePrefix>-<index>`; default the batch's id. What must not be chained twice is `unique`. */
  readonly namePrefix?: string;
}

/** Executions by id, ARN or `machine/name`, or those that a filter finds when the batch is created, newest first. */
export type BatchExecutions = readonly string[] | ExecutionFilter;

/** How a batch goes about it. */
export interface BatchSettings {
  /** Unique among open batches; default its id. */
  readonly name?: string;
  /** Most items under way at a time; default (and 0): 100. */
  readonly maxConcurrency?: number;
  /** Items that the failure policy judges together; default (and 0): 1,000. */
  readonly microBatchSize?: number;
  /** The first item that fails ends the batch. What has begun goes on to its end. */
  readonly stopOnError?: boolean;
  /** When to pause, and when to fail; default never. */
  readonly failurePolicy?: FailurePolicy;
}

/** Shares of failures, 0 to 1. */
export interface FailurePolicy {
  /** The last items that count; default 500. */
  readonly windowItems?: number;
  /** From this share of them the batch is FAILED; default 0.5. */
  readonly severeRate?: number;
  /** The last micro-batches that count; default 5. */
  readonly windowMicroBatches?: number;
  /** From this mean share in them the batch is PAUSED; default 0.2. */
  readonly softRate?: number;
}

export type BatchStatus =
  | "LOADING"
  | "RUNNING"
  | "PAUSED"
  | "SUCCEEDED"
  | "FAILED"
  | "CANCELLED"
  | "COMPLETED_WITH_FAILURES"
  | "UNSPECIFIED";

export interface BatchCounts {
  readonly total: number;
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  /** There was an execution of that name, or a unique chain, already; or it can not be stopped, redriven or deleted any more. */
  readonly skipped: number;
  readonly recentFailureRate: number;
  readonly rollingFailureRate: number;
  readonly itemsPerSecond: number;
  /** At the present rate; undefined while unknown. */
  readonly estimatedRemainingMs: number | undefined;
}

export interface Batch {
  /** Empty: a dry run. */
  readonly id: string;
  readonly name: string;
  readonly status: BatchStatus;
  /** Why it was paused, cancelled or has failed. */
  readonly statusReason: string;
  readonly maxConcurrency: number;
  readonly microBatchSize: number;
  readonly stopOnError: boolean;
  readonly filter: string;
  readonly counts: BatchCounts;
  readonly createTime: Date | undefined;
  /** Undefined while anything of it goes on, whatever its status. */
  readonly endTime: Date | undefined;
  /** Who paused, resumed or cancelled it last. */
  readonly lastAction:
    | { readonly operator: string; readonly reason: string; readonly time: Date | undefined }
    | undefined;
}

export interface BatchItem {
  /** From 0. */
  readonly index: number;
  readonly status: "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "SKIPPED";
  /** The execution that it was about, if it was given one. */
  readonly source: string;
  /** Id of the execution; empty: there is none. */
  readonly execution: string;
  readonly error: ExecutionError | undefined;
  /** Only from `listBatchItems` with `payloads`. */
  readonly output: Json | undefined;
  /** The text itself, which keeps every digit of large numbers; empty when it was not asked for. */
  readonly outputText: string;
}

const statusNames = namesOf(Status);

/** @throws TypeError when the server's answer has none */
export function batchOf(message: proto.Batch | undefined): Batch {
  if (message === undefined) throw new TypeError("the server's answer has no batch");
  const { id, name, statusReason, maxConcurrency, microBatchSize, stopOnError, filter } = message;
  const { lastAction } = message;
  return {
    id,
    name,
    status: enumName(statusNames, message.status),
    statusReason,
    maxConcurrency,
    microBatchSize,
    stopOnError,
    filter,
    counts: countsOf(message.counts),
    createTime: dateOf(message.createTime),
    endTime: dateOf(message.endTime),
    lastAction: lastAction && {
      operator: lastAction.principal,
      reason: lastAction.reason,
      time: dateOf(lastAction.time),
    },
  };
}

function countsOf(counts: proto.BatchCounts | undefined): BatchCounts {
  const { estimatedRemaining } = counts ?? {};
  return {
    total: Number(counts?.total ?? 0),
    pending: Number(counts?.pending ?? 0),
    running: Number(counts?.running ?? 0),
    succeeded: Number(counts?.succeeded ?? 0),
    failed: Number(counts?.failed ?? 0),
    skipped: Number(counts?.skipped ?? 0),
    recentFailureRate: counts?.recentFailureRate ?? 0,
    rollingFailureRate: counts?.rollingFailureRate ?? 0,
    itemsPerSecond: counts?.itemsPerSecond ?? 0,
    estimatedRemainingMs: estimatedRemaining && durationMs(estimatedRemaining),
  };
}

export function batchItemOf(item: proto.BatchItem): BatchItem {
  const { index, status, source, execution, error, output, outputTruncated } = item;
  return {
    index: Number(index),
    status: status as BatchItem["status"],
    source,
    execution,
    error: error && { error: error.error, cause: error.cause },
    output: parseJsonText(output, outputTruncated),
    outputText: output,
  };
}
