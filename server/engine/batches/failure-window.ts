import type { MicroBatchRecord } from "../../store/sql/batch-runs.ts";
import type { FailurePolicy } from "./batch.ts";

export const failurePolicyDefault: FailurePolicy = {
  windowItems: 500,
  severeRate: 0.5,
  windowMicroBatches: 5,
  softRate: 0.2,
};

export interface Verdict {
  readonly status: "FAILED" | "PAUSED";
  readonly reason: string;
}

export interface FailureWindowOptions {
  /** Absent: rates are known, and never mean anything. */
  readonly policy: FailurePolicy | undefined;
  readonly microBatchSize: number;
  /** Items of the batch. */
  readonly total: number;
}

/**
 * How many of the last items failed, and how many in the last micro-batches: `microBatchSize` items that
 * follow each other, judged when all of them are done.
 *
 * The share of failures in the last items is judged once there are as many as the window holds, or when
 * a micro-batch is done: one early failure is no rate.
 */
export class FailureWindow {
  readonly #options: FailureWindowOptions;
  readonly #policy: FailurePolicy;
  #recent: boolean[] = [];
  #recentFailures = 0;
  #rates: number[] = [];
  readonly #open = new Map<number, { done: number; failed: number }>();

  constructor(options: FailureWindowOptions) {
    this.#options = options;
    this.#policy = options.policy ?? failurePolicyDefault;
  }

  /** Share of failures in the last items, 0 to 1. */
  get recentRate(): number {
    return this.#recent.length === 0 ? 0 : this.#recentFailures / this.#recent.length;
  }

  /** Mean of the shares of failures in the last micro-batches. */
  get rollingRate(): number {
    const sum = this.#rates.reduce((before, rate) => before + rate, 0);
    return this.#rates.length === 0 ? 0 : sum / this.#rates.length;
  }

  /** Takes up what an earlier server recorded. @param recent whether each of the last items failed, oldest first. */
  restore(
    recent: readonly boolean[],
    microBatches: readonly MicroBatchRecord[],
    windowFrom: number,
  ): void {
    for (const isFailed of recent) this.#note(isFailed);
    for (const { number, done, failed, finishNumber } of microBatches)
      if (done < this.#sizeOf(number)) this.#open.set(number, { done, failed });
      else if (finishNumber > windowFrom) this.#close(failed / done);
  }

  /** Forgets the failures so far. */
  reset(): void {
    this.#recent = [];
    this.#recentFailures = 0;
    this.#rates = [];
  }

  /** @returns what this item's end means for the batch; undefined: it goes on. */
  add(index: number, isFailed: boolean): Verdict | undefined {
    const { microBatchSize, policy } = this.#options;
    this.#note(isFailed);
    const number = Math.floor(index / microBatchSize);
    const microBatch = this.#open.get(number) ?? { done: 0, failed: 0 };
    microBatch.done += 1;
    if (isFailed) microBatch.failed += 1;
    this.#open.set(number, microBatch);
    const isMicroBatchDone = microBatch.done === this.#sizeOf(number);
    if (isMicroBatchDone) {
      this.#open.delete(number);
      this.#close(microBatch.failed / microBatch.done);
    }
    return policy === undefined ? undefined : this.#verdict(policy, isMicroBatchDone);
  }

  #verdict(
    { windowItems, severeRate, softRate }: FailurePolicy,
    isMicroBatchDone: boolean,
  ): Verdict | undefined {
    const { recentRate, rollingRate } = this;
    const isRecentKnown = isMicroBatchDone || this.#recent.length >= windowItems;
    if (isRecentKnown && recentRate >= severeRate) {
      const reason = `${percent(recentRate)} of the last ${this.#recent.length} items failed; the limit is ${percent(severeRate)}`;
      return { status: "FAILED", reason };
    }
    if (!isMicroBatchDone || rollingRate < softRate) return undefined;
    const reason = `${percent(rollingRate)} failed in the last ${this.#rates.length} micro-batches; the limit is ${percent(softRate)}`;
    return { status: "PAUSED", reason };
  }

  #note(isFailed: boolean): void {
    this.#recent.push(isFailed);
    if (isFailed) this.#recentFailures += 1;
    if (this.#recent.length > this.#policy.windowItems && this.#recent.shift() === true)
      this.#recentFailures -= 1;
  }

  #close(rate: number): void {
    this.#rates.push(rate);
    if (this.#rates.length > this.#policy.windowMicroBatches) this.#rates.shift();
  }

  /** The last micro-batch may be smaller. */
  #sizeOf(number: number): number {
    const { microBatchSize, total } = this.#options;
    return Math.min(microBatchSize, total - number * microBatchSize);
  }
}

function percent(rate: number): string {
  return `${Number((rate * 100).toFixed(1))} %`;
}
