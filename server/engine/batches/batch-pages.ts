/** Batches and their items, a page at a time. */
import type pg from "pg";
import {
  listBatches,
  listBatchItems,
  outputsOf,
  type BatchItemRecord,
  type BatchRecord,
} from "../../store/reads/batches.ts";
import { checkStorable } from "../check-storable.ts";
import { pageSizeOf, type PageTokens } from "../page-token.ts";
import type { Batch, Batches, BatchItem } from "./batch.ts";
import { batchItemOf, batchOf } from "./batch-view.ts";
import type { Page } from "../engine.ts";

export interface BatchPagesOptions {
  readonly sql: pg.Pool;
  readonly pageTokens: PageTokens;
  /** Of a reference. @throws EngineError InvalidArn */
  readonly machineNameOf: (reference: string) => string;
}

/** Newest first. */
export async function batchesPage(
  { sql, pageTokens, machineNameOf }: BatchPagesOptions,
  query: Parameters<Batches["listBatches"]>[0],
): Promise<Page<Batch>> {
  const { pageSize, pageToken, stateMachine, ...rest } = query;
  checkStorable({ name: rest.name, name_prefix: rest.namePrefix });
  const filter = {
    ...rest,
    ...(stateMachine !== undefined && { stateMachineName: machineNameOf(stateMachine) }),
  };
  const size = pageSizeOf(pageSize);
  const bound = { list: "Batches", ...filter };
  const after = pageTokens.open(bound, pageToken)?.[0];
  const records = await listBatches(sql, filter, {
    after: after === undefined ? undefined : String(after),
    limit: size + 1,
  });
  const items = records.slice(0, size);
  return {
    items: items.map(batchOf),
    ...(records.length > size && { nextPageToken: pageTokens.seal(bound, [items.at(-1)!.id]) }),
  };
}

/** In the order of their index. */
export async function batchItemsPage(
  { sql, pageTokens }: BatchPagesOptions,
  batch: BatchRecord,
  query: Parameters<Batches["listBatchItems"]>[1],
): Promise<Page<BatchItem>> {
  const { status, includeOutputs = false } = query;
  const size = pageSizeOf(query.pageSize);
  const bound = { list: "BatchItems", id: batch.id, status };
  const from = Number(pageTokens.open(bound, query.pageToken)?.[0] ?? 0);
  const records = await itemsFrom(sql, batch, { from, limit: size + 1, status });
  const items = records.slice(0, size);
  const next = records.at(size);
  const executionIds = items.flatMap(({ executionId }) => executionId ?? []);
  const outputs = includeOutputs ? await outputsOf(sql, executionIds) : new Map<string, string>();
  return {
    items: items.map((item) => batchItemOf(batch, item, outputs.get(item.executionId ?? ""))),
    ...(next !== undefined && { nextPageToken: pageTokens.seal(bound, [next.index]) }),
  };
}

/** Items that are not done have begun or not: the batch says how many have. */
function itemsFrom(
  sql: pg.Pool,
  { id, begun, endedAtMs }: BatchRecord,
  page: { from: number; limit: number; status: BatchItem["status"] | undefined },
): Promise<readonly BatchItemRecord[]> {
  const { from, limit, status } = page;
  const running = endedAtMs === null ? begun : 0;
  switch (status) {
    case undefined:
      return listBatchItems(sql, id, { from, limit });
    case "RUNNING":
      return listBatchItems(sql, id, { from, to: running, limit, status: "PENDING" });
    case "PENDING":
      return listBatchItems(sql, id, { from: Math.max(from, running), limit, status });
    case "SUCCEEDED":
    case "FAILED":
    case "SKIPPED":
      return listBatchItems(sql, id, { from, limit, status });
  }
}
