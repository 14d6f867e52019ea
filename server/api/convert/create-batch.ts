import type { BatchOperation, CreateBatch, FailurePolicy } from "../../engine/engine.ts";
import { failurePolicyDefault } from "../../engine/batches/failure-window.ts";
import { EngineError } from "../../engine/errors.ts";
import type {
  Batch,
  CreateBatchRequest,
  FailurePolicy as FailurePolicyMessage,
} from "../../gen/pawl/v1/batch_service_pb.ts";
import { engineFilterOf } from "../execution-filter.ts";
import { inlineItemsMax } from "../limits.ts";
import { refuse, Violations } from "../violations.ts";
import { checkTaking, takingOf } from "./chain-source.ts";

/** @throws EngineError ValidationException, or NotImplemented for what is not built. */
export function createBatchOf(request: CreateBatchRequest): CreateBatch {
  const { batch, dryRun, requestId } = request;
  const violations = new Violations();
  violations.required("batch", batch);
  violations.required("batch.operation", batch?.operation?.operation.case);
  violations.required("items", request.items.case);
  if (batch?.failurePolicy !== undefined) checkPolicy(batch.failurePolicy, violations);
  violations.length("request_id", requestId, 64);
  checkOperation(batch?.operation?.operation, violations);
  violations.refuse();
  const { name, maxConcurrency, microBatchSize, stopOnError, failurePolicy } = batch!;
  const operation = operationOf(batch!);
  return {
    operation,
    items: itemsOf(request, operation),
    maxConcurrency,
    microBatchSize,
    stopOnError,
    isDryRun: dryRun,
    ...(name !== "" && { name }),
    ...(requestId !== "" && { requestId }),
    ...(failurePolicy !== undefined && { failurePolicy: policyOf(failurePolicy) }),
  };
}

/** What is 0 is the default. */
export function policyOf(policy: FailurePolicyMessage): FailurePolicy {
  const { windowItems, severeRate, windowMicroBatches, softRate } = failurePolicyDefault;
  return {
    windowItems: policy.windowItems || windowItems,
    severeRate: policy.severeRate || severeRate,
    windowMicroBatches: policy.windowMicroBatches || windowMicroBatches,
    softRate: policy.softRate || softRate,
  };
}

export function checkPolicy(policy: FailurePolicyMessage, violations: Violations): void {
  const field = "failure_policy";
  violations.range(`${field}.window_items`, policy.windowItems, [0, 100_000]);
  violations.range(`${field}.window_micro_batches`, policy.windowMicroBatches, [0, 1_000]);
  for (const [name, rate] of [
    ["severe_rate", policy.severeRate],
    ["soft_rate", policy.softRate],
  ] as const)
    if (!(rate >= 0 && rate <= 1))
      violations.add(`${field}.${name}`, `is ${rate}; it must be from 0 to 1`, "OUT_OF_RANGE");
}

type Operation = NonNullable<Batch["operation"]>["operation"];

function checkOperation(operation: Operation | undefined, violations: Violations): void {
  if (operation?.case !== "start" && operation?.case !== "chain") return;
  const field = `batch.operation.${operation.case}`;
  violations.required(`${field}.state_machine`, operation.value.stateMachine);
  if (operation.case === "chain" && operation.value.source !== undefined)
    checkTaking(violations, `${field}.source`, operation.value.source);
}

/** Executions in it are left out: each item has its own. */
function operationOf({ operation }: Batch): BatchOperation {
  const { case: kind, value } = operation!.operation;
  switch (kind) {
    case "start": {
      const { stateMachine, namePrefix, labels } = value;
      return {
        kind: "Start",
        stateMachine,
        ...(namePrefix !== "" && { namePrefix }),
        ...(Object.keys(labels).length > 0 && { labels }),
      };
    }
    case "chain": {
      const { stateMachine, namePrefix, source } = value;
      return {
        kind: "Chain",
        stateMachine,
        ...(namePrefix !== "" && { namePrefix }),
        source: source === undefined ? {} : takingOf(source),
      };
    }
    case "stop": {
      const { error = "", cause = "" } = value.error ?? {};
      return {
        kind: "Stop",
        failure: { ...(error !== "" && { error }), ...(cause !== "" && { cause }) },
      };
    }
    case "redrive": {
      const { fromState, inputOverride: input, stateMachine, asNew } = value;
      if (asNew)
        throw new EngineError(
          "NotImplemented",
          "redriving as a new execution (as_new) is not built yet",
          { reason: "NOT_IMPLEMENTED" },
        );
      return {
        kind: "Redrive",
        ...(fromState !== "" && { fromState }),
        ...(input !== "" && { input }),
        ...(stateMachine !== "" && { stateMachine }),
      };
    }
    case "delete":
      return { kind: "Delete" };
    case undefined:
      throw new Error("unreachable");
  }
}

function itemsOf({ items }: CreateBatchRequest, operation: BatchOperation): CreateBatch["items"] {
  switch (items.case) {
    case "inline": {
      const { values } = items.value;
      if (values.length > inlineItemsMax)
        refuse(
          "inline.values",
          `has ${values.length} items; the limit is ${inlineItemsMax}; AddBatchItems takes more`,
          "OUT_OF_RANGE",
        );
      return { kind: "Inline", values };
    }
    case "filter": {
      if (operation.kind === "Start")
        refuse(
          "filter",
          "finds executions; start takes inputs, and chain takes executions",
          "FILTER",
        );
      const query = engineFilterOf(items.value, "filter");
      return { kind: "Executions", filter: items.value, query };
    }
    case "streamed":
    case undefined:
      return { kind: "Streamed" };
  }
}
