import type pg from "pg";
import { checkPayload, type Limits } from "../../asl/index.ts";
import type { ListExecutionsFilter } from "../../store/reads/execution-conditions.ts";
import { batchOfRequest, insertBatch } from "../../store/sql/batches.ts";
import { batchItemsMax } from "../../store/sql/select-batch-items.ts";
import { checkChain } from "../chains.ts";
import { checkStorable } from "../check-storable.ts";
import type { ExecutionFilter, Records, StateMachine } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { newUuidV7 } from "../ids.ts";
import { checkName } from "../names.ts";
import type { Batch, BatchOperation, CreateBatch } from "./batch.ts";
import { batchOf } from "./batch-view.ts";
import { refuse } from "./refuse.ts";
import { startsExecutions, type StoredOperation } from "./stored-operation.ts";

export interface CreateBatchOptions {
  readonly sql: pg.Pool;
  readonly nowMs: () => number;
  /** A batch is to be looked at: it is new, or something was done to it. */
  readonly onAction: (batchId: string) => void;
  readonly limits: Limits;
  readonly machineOf: (reference: string) => Promise<StateMachine>;
  readonly whereOf: (filter: ExecutionFilter) => Promise<ListExecutionsFilter>;
  readonly countExecutions: Records["countExecutions"];
}

const concurrencyDefault = 100;
const concurrencyMax = 10_000;
const microBatchSizeDefault = 1_000;

/** Keeps a batch, with its items as far as they are known; with `isDryRun`, says what it would be. */
export async function createBatch(
  options: CreateBatchOptions,
  request: CreateBatch,
): Promise<Batch> {
  const { sql, nowMs, onAction, whereOf } = options;
  const { items, requestId = null, isDryRun = false, failurePolicy } = request;
  const sent = await batchOfRequest(sql, requestId);
  if (sent !== undefined) return batchOf(sent);
  const id = newUuidV7(nowMs());
  const { name = id, maxConcurrency = 0, microBatchSize = 0 } = request;
  if (request.name !== undefined) checkName(request.name, "batch.name");
  checkLimit("batch.max_concurrency", maxConcurrency, concurrencyMax);
  checkLimit("batch.micro_batch_size", microBatchSize, batchItemsMax);
  const operation = await storedOperation(options, id, request.operation);
  const values = items.kind === "Inline" ? items.values : [];
  checkValues(options, operation, { first: 0, values });
  const batch = {
    id,
    name,
    operation: JSON.stringify(operation),
    filter: items.kind === "Executions" ? items.filter : "",
    selection: items.kind === "Executions" ? JSON.stringify(await whereOf(items.query)) : null,
    maxConcurrency: maxConcurrency || concurrencyDefault,
    microBatchSize: microBatchSize || microBatchSizeDefault,
    stopOnError: request.stopOnError ?? false,
    failurePolicy: failurePolicy === undefined ? null : JSON.stringify(failurePolicy),
    requestId,
    status: items.kind === "Inline" ? ("RUNNING" as const) : ("LOADING" as const),
  };
  if (isDryRun) {
    const itemCount = await countOf(options, items);
    return batchOf({ ...notBegun, ...batch, id: "", itemCount, createdAtMs: nowMs() });
  }
  const record = await insertBatch(sql, batch, values);
  if (record === undefined)
    throw new EngineError("ConflictException", `a batch named ${name} is open`, {
      reason: "BATCH_NAME_TAKEN",
      metadata: { name },
    });
  onAction(record.id);
  return batchOf(record);
}

const notBegun = {
  statusReason: "",
  lastAction: null,
  selectionAfter: null,
  isStoppingStarted: false,
  claim: 0,
  begun: 0,
  succeeded: 0,
  failed: 0,
  skipped: 0,
  finishNumber: 0,
  windowFrom: 0,
  recentFailureRate: 0,
  rollingFailureRate: 0,
  itemsPerSecond: 0,
  endedAtMs: null,
} as const;

/** Which machine it is is decided now; which revision, when an item begins, unless the reference says. */
async function storedOperation(
  { machineOf }: CreateBatchOptions,
  batchId: string,
  operation: BatchOperation,
): Promise<StoredOperation> {
  checkStorable({ operation });
  if (!startsExecutions(operation)) return operation;
  const field = `batch.operation.${operation.kind.toLowerCase()}`;
  const { namePrefix = batchId } = operation;
  checkName(`${namePrefix}-${batchItemsMax}`, `${field}.name_prefix`);
  if (operation.kind === "Chain") checkChain(operation.source, `${field}.source`);
  const { id, name, type } = await machineOf(operation.stateMachine);
  return { ...operation, namePrefix, machine: { id, name, type } };
}

async function countOf(
  { countExecutions }: CreateBatchOptions,
  items: CreateBatch["items"],
): Promise<number> {
  switch (items.kind) {
    case "Inline":
      return items.values.length;
    case "Executions":
      return (await countExecutions(items.query, batchItemsMax)).count;
    case "Streamed":
      return 0;
  }
}

/** @param values what items of this operation are given. @throws EngineError ValidationException */
export function checkValues(
  { limits }: Pick<CreateBatchOptions, "limits">,
  operation: StoredOperation,
  { first, values }: { readonly first: number; readonly values: readonly string[] },
): void {
  for (const [at, value] of values.entries()) {
    const field = `values[${first + at}]`;
    if (operation.kind === "Start") {
      const problem = checkPayload(value, { bytesMax: limits.payloadBytesMax });
      if (problem !== undefined) refuse(field, problem.message, problem.reason);
    } else {
      if (value === "") refuse(field, "is empty; it must name an execution", "FIELD_REQUIRED");
      checkStorable({ [field]: value });
    }
  }
}

/** @throws EngineError ValidationException */
export function checkLimit(field: string, value: number, most: number): void {
  if (value < 0 || value > most)
    refuse(field, `is ${value}; it must be from 0 to ${most}`, "OUT_OF_RANGE");
}
