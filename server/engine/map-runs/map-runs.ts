import type { Page } from "../engine.ts";

/** The part of the engine that shows Map Runs, and changes their limits. */
export interface MapRuns {
  /** @param reference id or ARN. @throws ResourceNotFound, InvalidArn */
  describeMapRun(reference: string): Promise<MapRun>;
  /** Runs of one execution, newest first. @throws ExecutionDoesNotExist */
  listMapRuns(
    execution: string,
    query: { pageSize?: number; pageToken?: string },
  ): Promise<Page<MapRunSummary>>;
  /**
   * A run that goes on begins and fails by it within about a second, and none fails by an older
   * tolerance; one that is over keeps what it had.
   */
  updateMapRun(reference: string, change: MapRunChange): Promise<MapRun>;
}

export interface MapRunSummary {
  readonly id: string;
  readonly arn: string;
  /** Of the execution that has the Map state. */
  readonly executionId: string;
  readonly executionArn: string;
  /** What the children are executions of. */
  readonly stateMachineArn: string;
  readonly status: "RUNNING" | "SUCCEEDED" | "FAILED" | "ABORTED";
  /** 0: no bound but the server's own. */
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  readonly startedAtMs: number;
  readonly stoppedAtMs?: number;
  /** How often it went on with a redrive of its execution, and when last. */
  readonly redrive: { readonly count: number; readonly timeMs?: number };
}

export interface MapRun extends MapRunSummary {
  readonly itemCounts: MapRunCounts;
  readonly executionCounts: MapRunCounts;
}

export interface MapRunCounts {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
  readonly total: number;
  readonly resultsWritten: number;
  /** Did not succeed, and wait for the redriven run to take them up. */
  readonly pendingRedrive: number;
}

export interface MapRunChange {
  readonly maxConcurrency?: number;
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
}
