import { create } from "@bufbuild/protobuf";
import type {
  Batch as EngineBatch,
  BatchItem as EngineBatchItem,
  BatchOperation as EngineOperation,
  FailurePolicy as EnginePolicy,
} from "../../engine/engine.ts";
import {
  BatchCountsSchema,
  BatchItemSchema,
  BatchOperationSchema,
  BatchSchema,
  BatchStatus,
  FailurePolicySchema,
  type Batch,
  type BatchCounts,
  type BatchItem,
  type BatchOperation,
  type FailurePolicy,
} from "../../gen/pawl/v1/batch_service_pb.ts";
import type { PayloadView } from "../../gen/pawl/v1/common_pb.ts";
import { takingMessage } from "./chain-source.ts";
import { auditStampOf } from "./audit-stamp.ts";
import { viewed } from "./payload.ts";
import { durationOf, timestampOf } from "./time.ts";

/** A batch as the contract shows it. */
export function batchOf(batch: EngineBatch): Batch {
  const { id, name, filter, maxConcurrency, microBatchSize, stopOnError, statusReason } = batch;
  const { failurePolicy, createdAtMs, endedAtMs, lastAction } = batch;
  return create(BatchSchema, {
    id,
    name,
    operation: operationOf(batch.operation),
    filter,
    maxConcurrency,
    microBatchSize,
    stopOnError,
    status: BatchStatus[batch.status],
    statusReason,
    counts: countsOf(batch),
    createTime: timestampOf(createdAtMs),
    ...(failurePolicy !== undefined && { failurePolicy: policyOf(failurePolicy) }),
    ...(endedAtMs !== undefined && { endTime: timestampOf(endedAtMs) }),
    ...(lastAction !== undefined && {
      lastAction: auditStampOf(lastAction),
    }),
  });
}

export function batchItemOf(item: EngineBatchItem, view: PayloadView): BatchItem {
  const { index, source = "", executionId: execution = "", status, failure } = item;
  const { text: output, isTruncated: outputTruncated } = viewed(item.output, view);
  return create(BatchItemSchema, {
    index: BigInt(index),
    source,
    execution,
    status,
    output,
    outputTruncated,
    ...(failure !== undefined && {
      error: { error: failure.error ?? "", cause: failure.cause ?? "" },
    }),
  });
}

function countsOf({ counts }: EngineBatch): BatchCounts {
  const { estimatedRemainingMs, recentFailureRate, rollingFailureRate, itemsPerSecond } = counts;
  return create(BatchCountsSchema, {
    total: BigInt(counts.total),
    pending: BigInt(counts.pending),
    running: BigInt(counts.running),
    succeeded: BigInt(counts.succeeded),
    failed: BigInt(counts.failed),
    skipped: BigInt(counts.skipped),
    recentFailureRate,
    rollingFailureRate,
    itemsPerSecond,
    ...(estimatedRemainingMs !== undefined && {
      estimatedRemaining: durationOf(estimatedRemainingMs),
    }),
  });
}

function policyOf(policy: EnginePolicy): FailurePolicy {
  return create(FailurePolicySchema, policy);
}

function operationOf(operation: EngineOperation): BatchOperation {
  switch (operation.kind) {
    case "Start": {
      const { stateMachine, namePrefix = "", labels = {} } = operation;
      const value = { stateMachine, namePrefix, labels: { ...labels } };
      return create(BatchOperationSchema, { operation: { case: "start", value } });
    }
    case "Chain": {
      const { stateMachine, namePrefix = "", source } = operation;
      const value = { stateMachine, namePrefix, source: takingMessage(source) };
      return create(BatchOperationSchema, { operation: { case: "chain", value } });
    }
    case "Stop": {
      const { error = "", cause = "" } = operation.failure;
      const value = { error: { error, cause } };
      return create(BatchOperationSchema, { operation: { case: "stop", value } });
    }
    case "Redrive": {
      const { fromState = "", input: inputOverride = "", stateMachine = "" } = operation;
      const value = { fromState, inputOverride, stateMachine };
      return create(BatchOperationSchema, { operation: { case: "redrive", value } });
    }
    case "Delete":
      return create(BatchOperationSchema, { operation: { case: "delete", value: {} } });
  }
}
