import { enumName, namesOf } from "./enum-name.ts";
import { dateOf } from "./execution.ts";
import type { ExecutionStatus } from "./execution.ts";
import { ExecutionStatus as Status } from "./gen/pawl/v1/execution_service_pb.ts";
import type * as proto from "./gen/pawl/v1/execution_service_pb.ts";

/** How the items, or the executions, of a map run fare. */
export interface MapRunCounts {
  readonly pending: number;
  readonly running: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly timedOut: number;
  readonly aborted: number;
  readonly total: number;
  readonly resultsWritten: number;
}

/** The run of a distributed Map. */
export interface MapRun {
  readonly id: string;
  readonly arn: string;
  /** Id of the execution that has the Map state. */
  readonly execution: string;
  readonly status: ExecutionStatus;
  /** 0: no bound but the server's own. */
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  /** Absent in lists. */
  readonly itemCounts?: MapRunCounts;
  /** Absent in lists. */
  readonly executionCounts?: MapRunCounts;
  readonly startTime: Date | undefined;
  readonly endTime: Date | undefined;
}

/** Changes to a map run that goes on; what is absent stays. */
export interface MapRunChange {
  readonly maxConcurrency?: number;
  readonly toleratedFailureCount?: number;
  readonly toleratedFailurePercentage?: number;
}

const statusNames = namesOf(Status);

export function mapRunOf(message: proto.MapRun): MapRun {
  const { id, arn, execution, maxConcurrency, toleratedFailurePercentage } = message;
  return {
    id,
    arn,
    execution,
    status: enumName(statusNames, message.status),
    maxConcurrency,
    toleratedFailureCount: Number(message.toleratedFailureCount),
    toleratedFailurePercentage,
    ...(message.itemCounts !== undefined && { itemCounts: countsOf(message.itemCounts) }),
    ...(message.executionCounts !== undefined && {
      executionCounts: countsOf(message.executionCounts),
    }),
    startTime: dateOf(message.startTime),
    endTime: dateOf(message.endTime),
  };
}

function countsOf(counts: proto.MapRun_Counts): MapRunCounts {
  return {
    pending: Number(counts.pending),
    running: Number(counts.running),
    succeeded: Number(counts.succeeded),
    failed: Number(counts.failed),
    timedOut: Number(counts.timedOut),
    aborted: Number(counts.aborted),
    total: Number(counts.total),
    resultsWritten: Number(counts.resultsWritten),
  };
}
