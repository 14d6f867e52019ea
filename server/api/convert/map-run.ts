import { create } from "@bufbuild/protobuf";
import type { MapRun as EngineMapRun, MapRunCounts, MapRunSummary } from "../../engine/engine.ts";
import {
  ExecutionStatus,
  MapRun_CountsSchema,
  MapRunSchema,
  type MapRun,
  type MapRun_Counts,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { timestampOf } from "./time.ts";

/** A Map Run as the contract shows it. */
export function mapRunOf(run: EngineMapRun): MapRun {
  return {
    ...mapRunSummaryOf(run),
    itemCounts: countsOf(run.itemCounts),
    executionCounts: countsOf(run.executionCounts),
  };
}

/** Without counts, as lists have it. */
export function mapRunSummaryOf(run: MapRunSummary): MapRun {
  const { id, arn, executionId, status, maxConcurrency, startedAtMs, stoppedAtMs, redrive } = run;
  return create(MapRunSchema, {
    id,
    arn,
    execution: executionId,
    status: ExecutionStatus[status],
    maxConcurrency,
    toleratedFailurePercentage: run.toleratedFailurePercentage,
    toleratedFailureCount: BigInt(run.toleratedFailureCount),
    startTime: timestampOf(startedAtMs),
    ...(stoppedAtMs !== undefined && { endTime: timestampOf(stoppedAtMs) }),
    redriveCount: redrive.count,
    ...(redrive.timeMs !== undefined && { redriveTime: timestampOf(redrive.timeMs) }),
  });
}

function countsOf(counts: MapRunCounts): MapRun_Counts {
  const entries = Object.entries(counts).map(([name, count]) => [name, BigInt(count as number)]);
  return create(MapRun_CountsSchema, Object.fromEntries(entries) as object);
}
