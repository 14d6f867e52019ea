/** Has the children of a Map Run executed: no more at a time than it may, none twice, until all are over. */
import type pg from "pg";
import type { ChildInput, ExecutionStatus, Tolerance } from "../../asl/index.ts";
import { noteMapRun } from "../../store/control/map-runs.ts";
import { findMapRun } from "../../store/reads/map-runs.ts";
import type { MapRunRecord } from "../../store/reads/map-runs.ts";
import type { ExecutionAttempt } from "../../store/sql/begun-at.ts";
import { childStatuses, type ChildStatus } from "../../store/sql/map-run-children.ts";
import type { Execution } from "../engine.ts";
import { begunAtMsOf } from "../execution-view.ts";
import type { Updates } from "../updates.ts";
import type { ChildNames } from "./child-names.ts";
import { exceedsTolerance } from "./tolerance.ts";

export interface ChildrenOptions {
  readonly sql: pg.Pool;
  readonly updates: Updates<Execution>;
  readonly names: ChildNames;
  /** Whether this server turns the execution, so that its end will be heard. */
  readonly isResident: (executionId: string) => boolean;
  /**
   * Begins a child. @returns undefined when it is not known whether it has begun, or when it can not
   * begin any more; its row says which.
   */
  readonly start: (index: number, child: ChildInput) => Promise<ExecutionStatus | undefined>;
  /** Resolves after COMMIT. */
  readonly stop: (attempt: ExecutionAttempt) => Promise<unknown>;
  /** Takes up one that an earlier attempt of the run has left, and that is over. @returns as `start` does. */
  readonly takeUp: (
    left: ChildStatus,
    index: number,
    child: ChildInput,
  ) => Promise<ExecutionStatus | undefined>;
  /** Most children at a time, whatever the definition says. */
  readonly concurrencyMax: number;
  /** Aborts when the run is no longer this server's, or is over. */
  readonly signal: AbortSignal;
}

/** `Exceeded`: more has failed than is tolerated; children may still be running. */
export type ChildrenEnd = "Done" | "Exceeded";

/** Children that are looked up, then begun, together. */
const windowSize = 200;
/** How often the run's settings are read, and children that another server turns are looked up. */
const lookMs = 1_000;

export class Children {
  readonly #options: ChildrenOptions;
  readonly #inFlight = new Map<string, { readonly items: number; readonly forget: () => void }>();
  #run: MapRunRecord;
  #failedItems = 0;
  #itemCount = 0;
  #wake: () => void = () => undefined;

  constructor(run: MapRunRecord, options: ChildrenOptions) {
    this.#run = run;
    this.#options = options;
  }

  /**
   * Goes through all children from the first; those that are over already count as what they came to,
   * but for those that a redriven run takes up.
   *
   * @throws whatever `inputs` throws, and when the signal aborts.
   */
  async run(inputs: AsyncIterable<ChildInput>): Promise<ChildrenEnd> {
    const { signal } = this.#options;
    const wake = (): void => this.#wake();
    signal.addEventListener("abort", wake);
    const looking = this.#lookEvery();
    try {
      let index = 0;
      for await (const window of inWindows(inputs)) {
        await this.#begin(index, window);
        if (await this.#isExceeded()) return "Exceeded";
        index += window.length;
      }
      const counts = { itemCount: this.#itemCount, childCount: index };
      await noteMapRun(this.#options.sql, this.#run.id, counts);
      this.#run = { ...this.#run, ...counts };
      while (this.#inFlight.size > 0 && !(await this.#isExceeded())) await this.#changed();
      await this.#readRun();
      return (await this.#isExceeded()) ? "Exceeded" : "Done";
    } finally {
      clearInterval(looking);
      signal.removeEventListener("abort", wake);
      for (const { forget } of this.#inFlight.values()) forget();
    }
  }

  async #begin(first: number, window: readonly ChildInput[]): Promise<void> {
    const { sql, names } = this.#options;
    const ids = window.map((_, at) => names.of(first + at).id);
    const rows = await childStatuses(sql, ids);
    const known = new Map(rows.map((row) => [row.id, row]));
    await Promise.allSettled(rows.map((row) => this.#endLeft(row)));
    for (const [at, child] of window.entries()) {
      const id = ids[at]!;
      this.#itemCount += child.itemCount;
      const found = known.get(id);
      const isToBegin = found === undefined || this.#isLeft(found);
      if (!isToBegin && found.status !== "RUNNING") this.#count(found.status, child.itemCount);
      else {
        while (this.#inFlight.size >= this.#limit() && !(await this.#isExceeded()))
          await this.#changed();
        if (await this.#isExceeded()) return;
        this.#follow(id, child.itemCount);
        if (isToBegin) void this.#start(id, found, first + at, child);
      }
    }
  }

  /** Whether an earlier attempt of this run has left it unsuccessful, and this one has not come to it. */
  #isLeft({ status, begunAtMs }: ChildStatus): boolean {
    return status !== "SUCCEEDED" && begunAtMs < (this.#run.redrivenAtMs ?? 0);
  }

  /** It should have been stopped when the run ended. One that ends by itself meanwhile is as good. */
  async #endLeft(row: ChildStatus): Promise<void> {
    if (row.status === "RUNNING" && this.#isLeft(row)) await this.#options.stop(row);
  }

  /** Until it is known that it has begun. */
  async #start(
    id: string,
    left: ChildStatus | undefined,
    index: number,
    child: ChildInput,
  ): Promise<void> {
    const { start, takeUp, sql, signal } = this.#options;
    while (!signal.aborted) {
      const begun = left === undefined ? start(index, child) : takeUp(left, index, child);
      const status = await begun.catch(() => undefined);
      const [row] = status === undefined ? await childStatuses(sql, [id]).catch(() => []) : [];
      const isNow = status ?? (row !== undefined && !this.#isLeft(row) ? row.status : undefined);
      if (isNow !== undefined) {
        if (isNow !== "RUNNING") this.#ended(id, isNow);
        return;
      }
      // It was begun, or goes on, for the attempt before: its stop has not come to it yet.
      if (row !== undefined) {
        left = row;
        await this.#endLeft(row).catch(() => undefined);
      }
      await new Promise((resolve) => setTimeout(resolve, lookMs));
    }
  }

  #follow(id: string, items: number): void {
    const forget = this.#options.updates.subscribe(id, ({ closed }) => {
      // The end of the attempt before may come as late as this.
      if (closed !== undefined && !this.#isLeft({ ...closed, begunAtMs: begunAtMsOf(closed) }))
        this.#ended(id, closed.status);
    });
    this.#inFlight.set(id, { items, forget });
  }

  #ended(id: string, status: ExecutionStatus): void {
    const child = this.#inFlight.get(id);
    if (child === undefined) return;
    this.#inFlight.delete(id);
    child.forget();
    this.#count(status, child.items);
    this.#wake();
  }

  #count(status: ExecutionStatus, items: number): void {
    if (status !== "SUCCEEDED") this.#failedItems += items;
  }

  /** Resolves when something may have changed. @throws when the signal aborts. */
  async #changed(): Promise<void> {
    this.#options.signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    this.#options.signal.throwIfAborted();
  }

  /** None while the execution that has the Map is paused. */
  #limit(): number {
    const { maxConcurrency, isPaused } = this.#run;
    if (isPaused) return 0;
    const { concurrencyMax } = this.#options;
    return maxConcurrency === 0 ? concurrencyMax : Math.min(maxConcurrency, concurrencyMax);
  }

  /** Nothing fails by a tolerance that has been changed since it was read. */
  async #isExceeded(): Promise<boolean> {
    if (!this.#seemsExceeded()) return false;
    await this.#readRun();
    return this.#seemsExceeded();
  }

  #seemsExceeded(): boolean {
    const total = this.#run.itemCount ?? undefined;
    return exceedsTolerance(toleranceOf(this.#run), this.#failedItems, total);
  }

  async #readRun(): Promise<void> {
    this.#run = (await findMapRun(this.#options.sql, this.#run.id)) ?? this.#run;
  }

  #lookEvery(): NodeJS.Timeout {
    let isLooking = false;
    return setInterval(() => {
      if (isLooking) return;
      isLooking = true;
      void this.#look()
        .catch(() => undefined) // the database is away: the next look is soon
        .finally(() => (isLooking = false));
    }, lookMs);
  }

  /** The settings may have been changed, and children that this server does not turn may have ended. */
  async #look(): Promise<void> {
    const { sql, isResident } = this.#options;
    await this.#readRun();
    const away = [...this.#inFlight.keys()].filter((id) => !isResident(id));
    if (away.length > 0)
      for (const row of await childStatuses(sql, away))
        if (row.status !== "RUNNING" && !this.#isLeft(row)) this.#ended(row.id, row.status);
    this.#wake();
  }
}

function toleranceOf(run: MapRunRecord): Tolerance {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = run;
  return {
    ...(count !== null && { toleratedFailureCount: count }),
    ...(percentage !== null && { toleratedFailurePercentage: percentage }),
  };
}

async function* inWindows<Value>(values: AsyncIterable<Value>): AsyncGenerator<readonly Value[]> {
  let window: Value[] = [];
  for await (const value of values) {
    window.push(value);
    if (window.length < windowSize) continue;
    yield window;
    window = [];
  }
  if (window.length > 0) yield window;
}
