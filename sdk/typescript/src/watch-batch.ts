import { create } from "@bufbuild/protobuf";
import { durationFromMs } from "@bufbuild/protobuf/wkt";
import { batchItemOf, batchOf } from "./batch.ts";
import type { Batch, BatchItem } from "./batch.ts";
import { BatchService, WatchBatchRequestSchema } from "./gen/pawl/v1/batch_service_pb.ts";
import type { WatchBatchResponse } from "./gen/pawl/v1/batch_service_pb.ts";
import { resumed } from "./resumed.ts";
import type { ResumeOptions } from "./resumed.ts";
import type { Transport } from "./transport.ts";

/** How to watch a batch. */
export interface WatchBatchOptions extends ResumeOptions {
  /** Also every item that begins (RUNNING) and every item that is done. */
  readonly items?: boolean;
  /** Items from the first one on, not from now on. */
  readonly fromStart?: boolean;
  /** Continue after the update that carried this token. */
  readonly resumeToken?: string;
  /** Least time between two looks; default 500 ms. */
  readonly minIntervalMs?: number;
}

/** What happens to a batch. The last one has `isTerminal`. */
export type BatchUpdate = { readonly isTerminal: boolean; readonly resumeToken: string } & (
  | { readonly type: "progress"; readonly batch: Batch }
  | { readonly type: "item"; readonly item: BatchItem }
);

/** Yields what happens until the batch has ended; resumes by itself, without gap. */
export async function* watchBatch(
  transport: Transport,
  batch: string,
  options: WatchBatchOptions,
): AsyncGenerator<BatchUpdate, void, undefined> {
  let { resumeToken = "" } = options;
  const { items = false, fromStart = false, minIntervalMs } = options;
  const open = (signal: AbortSignal): AsyncIterable<WatchBatchResponse> => {
    const request = create(WatchBatchRequestSchema, {
      batch,
      resumeToken,
      includeItems: items,
      fromStart,
      ...(minIntervalMs !== undefined && { minInterval: durationFromMs(minIntervalMs) }),
    });
    return transport.serverStream(BatchService.method.watchBatch, request, { signal });
  };
  for await (const { update, terminal: isTerminal, ...response } of resumed(open, options)) {
    if (response.resumeToken !== "") resumeToken = response.resumeToken;
    if (update.case === "progress")
      yield { type: "progress", batch: batchOf(update.value), isTerminal, resumeToken };
    else if (update.case === "item")
      yield { type: "item", item: batchItemOf(update.value), isTerminal, resumeToken };
  }
}
