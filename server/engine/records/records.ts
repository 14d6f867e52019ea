export type { StatisticsKey, StatisticsRecord } from "../../store/reads/execution-statistics.ts";
import type { StatisticsKey, StatisticsRecord } from "../../store/reads/execution-statistics.ts";
import type { Execution, ExecutionFilter } from "../engine.ts";

/** The part of the engine that counts what was done and removes it in the end. */
export interface Records {
  /** Exact where statistics are kept (status, machine, error, start); else counting stops at `limit`. */
  countExecutions(
    filter: ExecutionFilter,
    limit: number,
  ): Promise<{ readonly count: number; readonly isLimited: boolean }>;
  /** Groups in buckets of start times, in this order. @throws ResourceExhausted for too many rows */
  executionStatistics(query: ExecutionStatistics): Promise<{
    readonly asOfMs: number;
    readonly rows: readonly StatisticsRecord[];
  }>;
  /**
   * Removes a closed execution with its history and the children of its Map Runs; as it was.
   * @throws ExecutionDoesNotExist, ConflictException while it runs
   */
  deleteExecution(reference: string): Promise<Execution>;
  /**
   * Closed executions of the machine are removed so long after their end; undefined: never.
   * @throws StateMachineDoesNotExist
   */
  changeRetention(reference: string, seconds: number | undefined): Promise<void>;
}

export interface ExecutionStatistics {
  readonly filter: ExecutionFilter;
  /** Of the start; inclusive. */
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
  /** Width of a bucket, from the epoch on; absent: one bucket. */
  readonly bucketMs?: number;
  readonly groupBy: readonly StatisticsKey[];
}
