import { create } from "@bufbuild/protobuf";
import type { Message, MessageInitShape } from "@bufbuild/protobuf";
import { batchItemOf, batchOf } from "./batch.ts";
import type { Batch, BatchInput, BatchItem, FailurePolicy } from "./batch.ts";
import { batchFilter } from "./batch-filter.ts";
import type { BatchFilter } from "./batch-filter.ts";
import { chunksOf, filterOf, joined, jsonTexts, textsOf } from "./batch-items.ts";
import { operationInit } from "./batch-operation.ts";
import type { ClientBaseOptions } from "./client-base.ts";
import { executionFilter } from "./execution-filter.ts";
import * as batches from "./gen/pawl/v1/batch_service_pb.ts";
import { PayloadView } from "./gen/pawl/v1/common_pb.ts";
import { itemsOf } from "./pages.ts";
import type { ListOptions } from "./pages.ts";
import { RecordsClient } from "./records-client.ts";
import { withRetry } from "./retry.ts";
import type { CallOptions, Transport } from "./transport.ts";
import { uniqueId } from "./unique-id.ts";
import { watchBatch } from "./watch-batch.ts";
import type { BatchUpdate, WatchBatchOptions } from "./watch-batch.ts";

/** Who does something to a batch, and why; kept with it. */
export interface BatchAction {
  readonly operator?: string;
  readonly reason?: string;
}

const { method } = batches.BatchService;

type ItemsInit = NonNullable<
  Exclude<MessageInitShape<typeof batches.CreateBatchRequestSchema>, Message>["items"]
>;

/** The calls about batches. */
export class BatchClient extends RecordsClient {
  readonly #transport: Transport;
  readonly #timeoutMs: number;
  readonly #retry: ClientBaseOptions["retry"];

  constructor(transport: Transport, options: ClientBaseOptions) {
    super(transport, options);
    this.#transport = transport;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#retry = options.retry;
  }

  /**
   * Creates a batch and sends its items. Once it resolves all of them are kept, and the batch runs on
   * whatever becomes of this process. Repeats itself safely.
   *
   * @param input without `inputs` the batch waits (LOADING) for `addBatchItems`.
   * @throws PawlError FAILED_PRECONDITION while another batch of this name is open
   */
  async createBatch(
    input: BatchInput,
    options: CallOptions & { readonly dryRun?: boolean } = {},
  ): Promise<Batch> {
    const filter = filterOf(input);
    if (filter !== undefined)
      return this.#create(input, { case: "filter", value: executionFilter(filter) }, options);
    const texts = textsOf(input);
    if (texts === undefined) return this.#create(input, streamed, options);
    const chunks = chunksOf(texts);
    const { value: first = [] } = await chunks.next();
    const second = await chunks.next();
    if (second.done === true)
      return this.#create(input, { case: "inline", value: { values: [...first] } }, options);
    const all = joined([first, second.value], chunks);
    if (options.dryRun === true) return this.#tryAll(input, all, options);
    const batch = await this.#create(input, streamed, options);
    return this.#add(batch.id, all, options);
  }

  /**
   * Adds inputs to a batch that is LOADING; what it has already stays.
   *
   * @param position `firstIndex` of the first of them (default 0); `more` will follow (default: none do, and the batch runs).
   */
  async addBatchItems(
    batch: string,
    inputs: Iterable<unknown> | AsyncIterable<unknown>,
    position: { readonly firstIndex?: number; readonly more?: boolean } = {},
    options: CallOptions = {},
  ): Promise<Batch> {
    return this.#add(batch, chunksOf(jsonTexts(inputs)), { ...options, ...position });
  }

  async getBatch(batch: string, options: CallOptions = {}): Promise<Batch> {
    const request = create(batches.GetBatchRequestSchema, { batch });
    return batchOf((await this.call(method.getBatch, request, options)).batch);
  }

  /** Newest first. */
  listBatches(query: BatchFilter & ListOptions = {}): AsyncGenerator<Batch, void, undefined> {
    const filter = batchFilter(query);
    return itemsOf(async (position) => {
      const page = { ...position, filter };
      const request = create(batches.ListBatchesRequestSchema, { page });
      const response = await this.call(method.listBatches, request, query);
      return {
        items: response.batches.map(batchOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  /** In the order of their index. */
  listBatchItems(
    batch: string,
    query: ListOptions & {
      readonly status?: BatchItem["status"];
      readonly payloads?: "NONE" | "FULL";
    } = {},
  ): AsyncGenerator<BatchItem, void, undefined> {
    const payloadView = PayloadView[query.payloads ?? "NONE"];
    const filter = query.status === undefined ? "" : `status = ${query.status}`;
    return itemsOf(async (position) => {
      const page = { ...position, filter };
      const request = create(batches.ListBatchItemsRequestSchema, { batch, page, payloadView });
      const response = await this.call(method.listBatchItems, request, query);
      return {
        items: response.items.map(batchItemOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  /** Progress, and items if asked for, until the batch has ended; resumes by itself. */
  watchBatch(
    batch: string,
    options: WatchBatchOptions = {},
  ): AsyncGenerator<BatchUpdate, void, undefined> {
    return watchBatch(this.#transport, batch, options);
  }

  /** Nothing new begins; what has begun goes on. */
  async pauseBatch(
    batch: string,
    action: BatchAction = {},
    options: CallOptions = {},
  ): Promise<Batch> {
    const request = create(batches.PauseBatchRequestSchema, { batch, ...action });
    return batchOf((await this.call(method.pauseBatch, request, options)).batch);
  }

  /** @param action `resetWindow`: the failures so far no longer count for the failure policy. */
  async resumeBatch(
    batch: string,
    action: BatchAction & {
      readonly failurePolicy?: FailurePolicy;
      readonly resetWindow?: boolean;
    } = {},
    options: CallOptions = {},
  ): Promise<Batch> {
    const request = create(batches.ResumeBatchRequestSchema, { batch, ...action });
    return batchOf((await this.call(method.resumeBatch, request, options)).batch);
  }

  /** @param action `stopStarted`: what the batch has started and still runs is stopped, too. */
  async cancelBatch(
    batch: string,
    action: BatchAction & { readonly stopStarted?: boolean } = {},
    options: CallOptions = {},
  ): Promise<Batch> {
    const request = create(batches.CancelBatchRequestSchema, { batch, ...action });
    return batchOf((await this.call(method.cancelBatch, request, options)).batch);
  }

  async #create(
    input: BatchInput,
    items: ItemsInit,
    { dryRun = false, ...options }: CallOptions & { readonly dryRun?: boolean },
  ): Promise<Batch> {
    const { name = "", maxConcurrency = 0, microBatchSize = 0, stopOnError = false } = input;
    const request = create(batches.CreateBatchRequestSchema, {
      batch: {
        name,
        operation: { operation: operationInit(input) },
        maxConcurrency,
        microBatchSize,
        stopOnError,
        ...(input.failurePolicy !== undefined && { failurePolicy: input.failurePolicy }),
      },
      items,
      dryRun,
      requestId: uniqueId(),
    });
    return batchOf((await this.call(method.createBatch, request, options)).batch);
  }

  /** A dry run over more items than one call takes. */
  async #tryAll(
    input: BatchInput,
    chunks: AsyncIterable<readonly string[]>,
    options: CallOptions & { readonly dryRun?: boolean },
  ): Promise<Batch> {
    let total = 0;
    let tried: Batch | undefined;
    for await (const values of chunks) {
      const items: ItemsInit = { case: "inline", value: { values: [...values] } };
      tried = await this.#create(input, items, options);
      total += values.length;
    }
    if (tried === undefined) throw new TypeError("there are no items");
    return { ...tried, counts: { ...tried.counts, total, pending: total } };
  }

  async #add(
    batch: string,
    chunks: AsyncIterable<readonly string[]>,
    options: CallOptions & { readonly firstIndex?: number; readonly more?: boolean },
  ): Promise<Batch> {
    let { firstIndex = 0 } = options;
    const send = async (values: readonly string[], last: boolean): Promise<Batch> => {
      const request = create(batches.AddBatchItemsRequestSchema, {
        batch,
        firstIndex: BigInt(firstIndex),
        values: [...values],
        last,
      });
      firstIndex += values.length;
      const { timeoutMs = this.#timeoutMs, signal } = options;
      const response = await withRetry(
        (call) => this.#transport.clientStream(method.addBatchItems, request, call),
        { timeoutMs, signal },
        this.#retry,
      );
      return batchOf(response.batch);
    };
    for await (const values of chunks) await send(values, false);
    return send([], options.more !== true);
  }
}

const streamed: ItemsInit = { case: "streamed", value: true };
