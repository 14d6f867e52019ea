/** Carries one batch out: no more items at a time than it may, none twice, until all are done or it is over. */
import type pg from "pg";
import { findBatch, listDoneBatchItems, type BatchRecord } from "../../store/reads/batches.ts";
import {
  endBatch,
  executionsOfRequests,
  firstPendingItem,
  microBatches,
  pendingItems,
  recordProgress,
  type DoneItem,
  type PendingItem,
} from "../../store/sql/batch-runs.ts";
import { selectItems } from "../../store/sql/select-batch-items.ts";
import { monotonicMs } from "../clock.ts";
import type { FailurePolicy } from "./batch.ts";
import { doItem, type DoItemOptions } from "./do-item.ts";
import { FailureWindow, failurePolicyDefault, type Verdict } from "./failure-window.ts";
import { Rate } from "./rate.ts";
import {
  itemExecution,
  itemRequestId,
  startsExecutions,
  type StoredOperation,
} from "./stored-operation.ts";

export interface RunBatchOptions extends Pick<DoItemOptions, "executions" | "signal" | "onError"> {
  readonly sql: pg.Pool;
}

/**
 * Items are read a page at a time, when no more than half a page waits to begin, and after the row says
 * how many have begun. So none has begun that is more than a page beyond that: who takes the batch up
 * knows where to look for what is under way.
 */
const pageSize = 1_000;
/** What is done is written this often, together. */
const recordMs = 250;
/** When nothing happens, how often to look whether the batch was paused, resumed or cancelled elsewhere. */
const lookMs = 1_000;

export class BatchRun {
  readonly #options: RunBatchOptions;
  readonly #operation: StoredOperation;
  readonly #inFlight = new Map<number, PendingItem>();
  #batch: BatchRecord;
  #rate = new Rate(monotonicMs());
  #window: FailureWindow;
  #waiting: PendingItem[] = [];
  #done: DoneItem[] = [];
  #next = 0;
  #begun: number;
  #verdict: Verdict | undefined;
  #hasStopped = false;
  #isAwake = false;
  #wakeUp: () => void = () => undefined;

  constructor(batch: BatchRecord, options: RunBatchOptions) {
    this.#options = options;
    this.#batch = batch;
    this.#begun = batch.begun;
    this.#operation = JSON.parse(batch.operation) as StoredOperation;
    this.#window = this.#newWindow();
  }

  /** The batch may have been paused, resumed or cancelled. */
  soon(): void {
    this.#isAwake = true;
    this.#wakeUp();
  }

  /** Resolves when the batch has ended, another server has it, or the signal aborts. */
  async run(): Promise<void> {
    const { sql, signal } = this.#options;
    if (!(await this.#load())) return;
    await this.#restore();
    const wake = (): void => this.soon();
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted) {
        if (!(await this.#begin())) return;
        await this.#changed();
        if (!(await this.#record())) return;
        this.#stopStarted();
        const end = this.#end();
        if (end !== undefined) return await endBatch(sql, this.#batch, end);
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  /** Finds the executions that are its items. @returns false when the batch is over or another server has it. */
  async #load(): Promise<boolean> {
    const { sql, signal } = this.#options;
    while (this.#batch.status === "LOADING" && !signal.aborted) {
      const batch = await selectItems(sql, this.#batch);
      if (batch === undefined) return false;
      this.#batch = batch;
    }
    this.#window = this.#newWindow();
    return true;
  }

  /** Goes on where an earlier server was: with its failures, and its items that are under way. */
  async #restore(): Promise<void> {
    const { sql } = this.#options;
    const { id, claim, begun, itemCount } = this.#batch;
    this.#next = (await firstPendingItem(sql, id)) ?? itemCount;
    await this.#restoreWindow();
    const operation = this.#operation;
    if (claim === 1 || !startsExecutions(operation)) return;
    const items = await pendingItems(sql, id, { from: this.#next, to: begun + 2 * pageSize });
    const known = items.map((item) => ({
      item,
      executionId: itemExecution(id, operation, item.index)!.id,
      requestId: itemRequestId(id, item.index),
    }));
    const begunIds = await executionsOfRequests(sql, known);
    for (const { item, executionId } of known) if (begunIds.has(executionId)) this.#start(item);
  }

  async #restoreWindow(): Promise<void> {
    const { sql } = this.#options;
    const batch = this.#batch;
    if (batch.finishNumber === 0) return;
    const { windowItems } = policyOf(batch) ?? failurePolicyDefault;
    const after = Math.max(batch.windowFrom, batch.finishNumber - windowItems);
    const recent = await listDoneBatchItems(sql, batch.id, { after, limit: windowItems });
    this.#window.restore(
      recent.map(({ status }) => status === "FAILED"),
      await microBatches(sql, batch),
      batch.windowFrom,
    );
  }

  /** As many as may be under way; reads on in time. @returns false when another server has the batch. */
  async #begin(): Promise<boolean> {
    const { sql } = this.#options;
    this.#fill();
    while (this.#isShort()) {
      if (!(await this.#record())) return false;
      const { id, itemCount } = this.#batch;
      const page = { from: this.#next, to: Math.min(this.#next + pageSize, itemCount) };
      const items = await pendingItems(sql, id, page);
      const isDone = (index: number): boolean => this.#done.some((item) => item.index === index);
      this.#waiting.push(
        ...items.filter(({ index }) => !this.#inFlight.has(index) && !isDone(index)),
      );
      this.#next = page.to;
      this.#fill();
    }
    return true;
  }

  /** Whether more should be read. */
  #isShort(): boolean {
    const { itemCount, status } = this.#batch;
    const hasMore = status === "RUNNING" && this.#next < itemCount;
    return hasMore && this.#waiting.length <= pageSize / 2 && !this.#options.signal.aborted;
  }

  #fill(): void {
    while (this.#waiting.length > 0 && this.#isFree()) this.#start(this.#waiting.shift()!);
  }

  #isFree(): boolean {
    const { status, maxConcurrency } = this.#batch;
    return (
      status === "RUNNING" && this.#verdict === undefined && this.#inFlight.size < maxConcurrency
    );
  }

  #start(item: PendingItem): void {
    this.#inFlight.set(item.index, item);
    this.#begun = Math.max(this.#begun, item.index + 1);
    void this.#follow(item);
  }

  async #follow(item: PendingItem): Promise<void> {
    const { id: batchId } = this.#batch;
    const done = await doItem({ ...this.#options, batchId, operation: this.#operation }, item);
    this.#inFlight.delete(item.index);
    if (done === undefined) return;
    this.#note(done);
    this.#fill();
    if (this.#inFlight.size === 0 || this.#isShort()) this.soon();
  }

  #note(item: DoneItem): void {
    this.#done.push(item);
    this.#rate.add(monotonicMs());
    const isFailed = item.status === "FAILED";
    const verdict = this.#window.add(item.index, isFailed);
    if (this.#batch.stopOnError && isFailed)
      this.#verdict ??= { status: "FAILED", reason: `item ${item.index} failed: ${item.error}` };
    else this.#verdict ??= verdict;
  }

  /** Resolves when there is something to write, to begin or to look for. */
  async #changed(): Promise<void> {
    const isBusy = this.#inFlight.size > 0 || this.#done.length > 0;
    if (!this.#isAwake && this.#end() === undefined)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, isBusy ? recordMs : lookMs);
        this.#wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#isAwake = false;
  }

  /** Writes what is new; looks what callers did to the batch. @returns false when another server has it. */
  async #record(): Promise<boolean> {
    const { sql } = this.#options;
    const before = this.#batch;
    const done = this.#done;
    const verdict = this.#verdict;
    const begun = this.#begun;
    this.#done = [];
    const itemsPerSecond = this.#rate.perSecond(monotonicMs());
    // Where nothing is done any more, the rate is written again when it has halved.
    const isSlower = before.status === "RUNNING" && itemsPerSecond < before.itemsPerSecond / 2;
    const isNew = done.length > 0 || begun > before.begun || verdict !== undefined || isSlower;
    const batch = isNew
      ? await recordProgress(sql, before, {
          done,
          begun,
          recentFailureRate: this.#window.recentRate,
          rollingFailureRate: this.#window.rollingRate,
          itemsPerSecond,
          keepsValues: this.#operation.kind === "Chain",
          ...(verdict !== undefined && { verdict }),
        })
      : await findBatch(sql, before.id);
    if (batch?.claim !== before.claim || batch.endedAtMs !== null) return false;
    this.#batch = batch;
    if (before.status === "PAUSED" && batch.status === "RUNNING")
      this.#rate = new Rate(monotonicMs());
    if (this.#verdict === verdict) this.#verdict = undefined;
    if (batch.failurePolicy !== before.failurePolicy) {
      this.#window = this.#newWindow();
      await this.#restoreWindow();
    } else if (batch.windowFrom > before.windowFrom) this.#window.reset();
    return true;
  }

  #newWindow(): FailureWindow {
    const { microBatchSize, itemCount: total } = this.#batch;
    return new FailureWindow({ policy: policyOf(this.#batch), microBatchSize, total });
  }

  /** Cancelled with all that it started: once, since each then ends. */
  #stopStarted(): void {
    const { executions } = this.#options;
    const { id, status, isStoppingStarted, statusReason } = this.#batch;
    if (this.#hasStopped || !isStoppingStarted || status !== "CANCELLED") return;
    this.#hasStopped = true;
    const failure = { error: "Batch.Cancelled", cause: statusReason };
    for (const index of this.#inFlight.keys()) {
      const execution = itemExecution(id, this.#operation, index);
      // One that has just ended by itself is as good as stopped.
      if (execution !== undefined)
        executions.stopExecution(execution.id, failure).catch(() => (this.#hasStopped = false));
    }
  }

  /** How the batch has ended, if it has. */
  #end(): "SUCCEEDED" | "COMPLETED_WITH_FAILURES" | "CANCELLED" | "FAILED" | undefined {
    if (this.#inFlight.size > 0 || this.#done.length > 0) return undefined;
    const { status, itemCount, succeeded, failed, skipped } = this.#batch;
    if (status === "CANCELLED" || status === "FAILED") return status;
    if (succeeded + failed + skipped < itemCount) return undefined;
    return failed > 0 ? "COMPLETED_WITH_FAILURES" : "SUCCEEDED";
  }
}

function policyOf({ failurePolicy }: BatchRecord): FailurePolicy | undefined {
  return failurePolicy === null ? undefined : (JSON.parse(failurePolicy) as FailurePolicy);
}
