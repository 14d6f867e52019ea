/** Batches: created, shown, listed, paused, resumed, cancelled. What carries them out is in batch-runs.ts. */
import type pg from "pg";
import { checkPayload, type Limits } from "../../asl/index.ts";
import {
  findBatch,
  listBatches,
  listBatchItems,
  outputsOf,
  type BatchRecord,
  type BatchStatus,
} from "../../store/reads/batches.ts";
import { actOnBatch, appendItems, batchOfRequest, insertBatch } from "../../store/sql/batches.ts";
import { doesNotExist } from "../arns.ts";
import { checkStorable } from "../check-storable.ts";
import type { Execution, ListExecutions, Page, StateMachine } from "../engine.ts";
import { EngineError } from "../errors.ts";
import { isUuid, newUuidV7 } from "../ids.ts";
import { checkName } from "../names.ts";
import { pageSizeOf, type PageTokens } from "../page-token.ts";
import type { Batch, BatchAction, Batches, BatchOperation, CreateBatch } from "./batch.ts";
import { batchItemOf, batchOf } from "./batch-view.ts";
import type { StoredOperation } from "./stored-operation.ts";
import { watchBatch } from "./watch-batch.ts";

export interface BatchesOptions {
  readonly sql: pg.Pool;
  readonly limits: Limits;
  readonly nowMs: () => number;
  readonly pageTokens: PageTokens;
  readonly machineOf: (reference: string) => Promise<StateMachine>;
  readonly listExecutions: (query: ListExecutions) => Promise<Page<Execution>>;
  /** A batch is to be looked at: it is new, or something was done to it. */
  readonly onAction: (batchId: string) => void;
}

const concurrencyDefault = 100;
const concurrencyMax = 10_000;
const microBatchSizeDefault = 1_000;
const itemsMax = 5_000_000;
/** Executions that a filter may find. */
const foundMax = 1_000_000;

export function batches(options: BatchesOptions): Batches {
  const { sql, onAction } = options;
  const act = async (id: string, action: Action): Promise<Batch> => {
    const record = await actedOn(options, id, action);
    onAction(id);
    return batchOf(record);
  };
  return {
    createBatch: (request) => createBatch(options, request),
    addBatchItems: (id, items) => addItems(options, id, items),
    describeBatch: async (id) => batchOf(await existing(sql, id)),
    listBatches: (query) => page(options, query),
    listBatchItems: (id, query) => pageOfItems(options, id, query),
    watchBatch: (id, watching) => watchBatch(sql, checkedId(id), watching),
    pauseBatch: (id, action) => act(id, { ...action, from: ["RUNNING"], to: "PAUSED" }),
    resumeBatch: (id, action) => act(id, { ...action, from: ["PAUSED"], to: "RUNNING" }),
    cancelBatch: (id, action) =>
      act(id, { ...action, from: ["LOADING", "RUNNING", "PAUSED"], to: "CANCELLED" }),
  };
}

async function createBatch(options: BatchesOptions, request: CreateBatch): Promise<Batch> {
  const { sql, nowMs, onAction } = options;
  const { items, requestId = null, isDryRun = false } = request;
  const sent = await batchOfRequest(sql, requestId);
  if (sent !== undefined) return batchOf(sent);
  const id = newUuidV7(nowMs());
  const { name = id, maxConcurrency = 0, microBatchSize = 0, failurePolicy } = request;
  if (request.name !== undefined) checkName(request.name, "batch.name");
  checkLimit("batch.max_concurrency", maxConcurrency, concurrencyMax);
  checkLimit("batch.micro_batch_size", microBatchSize, itemsMax);
  const operation = await storedOperation(options, id, request.operation);
  const values = await valuesOf(options, items);
  if (items.kind === "Inline") checkValues(options, operation, { first: 0, values });
  const batch = {
    id,
    name,
    operation: JSON.stringify(operation),
    filter: items.kind === "Executions" ? items.filter : "",
    maxConcurrency: maxConcurrency === 0 ? concurrencyDefault : maxConcurrency,
    microBatchSize: microBatchSize === 0 ? microBatchSizeDefault : microBatchSize,
    stopOnError: request.stopOnError ?? false,
    failurePolicy: failurePolicy === undefined ? null : JSON.stringify(failurePolicy),
    requestId,
    status: items.kind === "Streamed" ? ("LOADING" as const) : ("RUNNING" as const),
  };
  if (isDryRun)
    return batchOf({
      ...notBegun,
      ...batch,
      id: "",
      itemCount: values.length,
      createdAtMs: nowMs(),
    });
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
  { machineOf }: BatchesOptions,
  batchId: string,
  operation: BatchOperation,
): Promise<StoredOperation> {
  if (operation.kind !== "Start") {
    checkStorable({ operation });
    return operation;
  }
  const { namePrefix = batchId, labels } = operation;
  checkName(`${namePrefix}-${itemsMax}`, "batch.operation.start.name_prefix");
  if (labels !== undefined) checkStorable({ labels });
  const { id, name, type } = await machineOf(operation.stateMachine);
  return { ...operation, namePrefix, machine: { id, name, type } };
}

async function valuesOf(
  { listExecutions }: BatchesOptions,
  items: CreateBatch["items"],
): Promise<readonly string[]> {
  if (items.kind === "Streamed") return [];
  if (items.kind === "Inline") return items.values;
  const found: string[] = [];
  let pageToken: string | undefined;
  do {
    const next = await listExecutions({
      ...items.query,
      pageSize: 1_000,
      ...(pageToken !== undefined && { pageToken }),
    });
    for (const { id } of next.items) found.push(id);
    pageToken = next.nextPageToken;
    if (found.length > foundMax)
      refuse("filter", `finds more than ${foundMax} executions; narrow it`, "OUT_OF_RANGE");
  } while (pageToken !== undefined);
  return found;
}

async function addItems(
  options: BatchesOptions,
  id: string,
  items: Parameters<Batches["addBatchItems"]>[1],
): Promise<Batch> {
  const { firstIndex: first, values, isLast } = items;
  const { sql, onAction } = options;
  const { operation } = await existing(sql, id);
  checkLimit("first_index", first, itemsMax - values.length);
  checkValues(options, JSON.parse(operation) as StoredOperation, { first, values });
  const added = await appendItems(sql, id, { first, values, isLast });
  if (added !== undefined) {
    if (isLast) onAction(id);
    return batchOf(added);
  }
  const record = await existing(sql, id);
  if (record.status === "LOADING")
    refuse("first_index", `is ${first}; the next item is ${record.itemCount}`, "OUT_OF_RANGE");
  // Sent again after all of them had come: nothing is missing.
  if (first + values.length <= record.itemCount) return batchOf(record);
  throw wrongStatus(record, ["LOADING"]);
}

function checkValues(
  { limits }: BatchesOptions,
  operation: StoredOperation,
  { first, values }: { readonly first: number; readonly values: readonly string[] },
): void {
  for (const [at, value] of values.entries()) {
    const field = `values[${first + at}]`;
    if (operation.kind !== "Start") {
      if (value === "") refuse(field, "is empty; it must name an execution", "FIELD_REQUIRED");
      checkStorable({ [field]: value });
      continue;
    }
    const problem = checkPayload(value, { bytesMax: limits.payloadBytesMax });
    if (problem !== undefined) refuse(field, problem.message, problem.reason);
  }
}

type Action = Parameters<Batches["resumeBatch"]>[1] &
  Parameters<Batches["cancelBatch"]>[1] & {
    readonly from: readonly BatchStatus[];
    readonly to: BatchStatus;
  };

async function actedOn(
  { sql, nowMs }: BatchesOptions,
  id: string,
  action: Action,
): Promise<BatchRecord> {
  const { from, to, operator, reason, failurePolicy, resetWindow, stopStarted } = action;
  checkStorable({ operator, reason });
  const lastAction: BatchAction & { readonly timeMs: number } = {
    operator,
    reason,
    timeMs: nowMs(),
  };
  const record = await actOnBatch(sql, checkedId(id), {
    from,
    to,
    reason: to === "RUNNING" ? "" : reason,
    lastAction: JSON.stringify(lastAction),
    ...(failurePolicy !== undefined && { failurePolicy: JSON.stringify(failurePolicy) }),
    ...(stopStarted !== undefined && { isStoppingStarted: stopStarted }),
    ...(resetWindow !== undefined && { isWindowReset: resetWindow }),
  });
  if (record !== undefined) return record;
  const now = await existing(sql, id);
  if (now.status === to && now.endedAtMs === null) return now;
  throw wrongStatus(now, from);
}

async function page(
  { sql, pageTokens }: BatchesOptions,
  query: Parameters<Batches["listBatches"]>[0],
): Promise<Page<Batch>> {
  const size = pageSizeOf(query.pageSize);
  const bound = { list: "Batches" };
  const after = pageTokens.open(bound, query.pageToken)?.[0];
  const records = await listBatches(sql, {
    after: after === undefined ? undefined : String(after),
    limit: size + 1,
  });
  const items = records.slice(0, size);
  return {
    items: items.map(batchOf),
    ...(records.length > size && { nextPageToken: pageTokens.seal(bound, [items.at(-1)!.id]) }),
  };
}

async function pageOfItems(
  { sql, pageTokens }: BatchesOptions,
  id: string,
  query: Parameters<Batches["listBatchItems"]>[1],
): ReturnType<Batches["listBatchItems"]> {
  const batch = await existing(sql, id);
  const size = pageSizeOf(query.pageSize);
  const bound = { list: "BatchItems", id };
  const from = Number(pageTokens.open(bound, query.pageToken)?.[0] ?? 0);
  const records = await listBatchItems(sql, id, { from, limit: size + 1 });
  const items = records.slice(0, size);
  const executionIds = items.flatMap(({ executionId }) => executionId ?? []);
  const outputs =
    query.includeOutputs === true ? await outputsOf(sql, executionIds) : new Map<string, string>();
  return {
    items: items.map((item) => batchItemOf(batch, item, outputs.get(item.executionId ?? ""))),
    ...(records.length > size && { nextPageToken: pageTokens.seal(bound, [from + size]) }),
  };
}

async function existing(sql: pg.Pool, id: string): Promise<BatchRecord> {
  const record = await findBatch(sql, checkedId(id));
  if (record === undefined) throw doesNotExist("ResourceNotFound", id);
  return record;
}

function checkedId(id: string): string {
  if (isUuid(id)) return id;
  throw doesNotExist("ResourceNotFound", id);
}

function wrongStatus(
  { id, status, endedAtMs }: BatchRecord,
  wanted: readonly BatchStatus[],
): EngineError {
  const state = `${status}${endedAtMs === null ? "" : " and over"}`;
  return new EngineError(
    "ConflictException",
    `batch ${id} is ${state}; it must be ${wanted.join(" or ")}`,
    { reason: "BATCH_STATUS", metadata: { status } },
  );
}

function checkLimit(field: string, value: number, most: number): void {
  if (value < 0 || value > most)
    refuse(field, `is ${value}; it must be from 0 to ${most}`, "OUT_OF_RANGE");
}

function refuse(field: string, description: string, reason: string): never {
  throw new EngineError("ValidationException", `${field} ${description}`, {
    reason,
    metadata: { field },
    violations: [{ field, description, reason }],
  });
}
