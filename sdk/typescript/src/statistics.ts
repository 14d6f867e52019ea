import { create } from "@bufbuild/protobuf";
import { durationFromMs, durationMs, timestampFromDate } from "@bufbuild/protobuf/wkt";
import type { Duration } from "@bufbuild/protobuf/wkt";
import { dateOf } from "./execution.ts";
import { executionFilter } from "./execution-filter.ts";
import type { ExecutionFilter } from "./execution-filter.ts";
import { GetExecutionStatisticsRequestSchema } from "./gen/pawl/v1/execution_service_pb.ts";
import type * as proto from "./gen/pawl/v1/execution_service_pb.ts";

/** Which executions to count and measure, and how to divide them. */
export interface StatisticsQuery extends ExecutionFilter {
  /** Started at this time or later. */
  readonly from?: Date;
  /** Started before. */
  readonly to?: Date;
  /** A row for each stretch of so many milliseconds; default one for all. Whole hours are quickest. */
  readonly bucketMs?: number;
  /**
   * `status`, `state_machine`, `error.error`, `labels.KEY`, `state_name`; at most 4. With `state_name` a row is
   * about the visits to a state. It is read from histories, of at most 5,000 executions; by labels, 250,000.
   */
  readonly groupBy?: readonly string[];
}

/** One group in one bucket. Durations in milliseconds, absent while nothing in it has closed; percentiles are within 2.6 %. */
export interface StatisticsRow {
  /** When the bucket begins; absent: there is one only. */
  readonly bucketStart: Date | undefined;
  /** Name of the `groupBy` item to value; empty text: it has none. */
  readonly group: Readonly<Record<string, string>>;
  readonly count: number;
  readonly firstStartTime: Date | undefined;
  readonly lastStartTime: Date | undefined;
  readonly minMs: number | undefined;
  readonly avgMs: number | undefined;
  readonly p50Ms: number | undefined;
  readonly p95Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly maxMs: number | undefined;
}

export function statisticsRequestOf(query: StatisticsQuery): proto.GetExecutionStatisticsRequest {
  const { from, to, bucketMs, groupBy = [] } = query;
  return create(GetExecutionStatisticsRequestSchema, {
    filter: executionFilter(query),
    groupBy: [...groupBy],
    ...(from !== undefined && { startTime: timestampFromDate(from) }),
    ...(to !== undefined && { endTime: timestampFromDate(to) }),
    ...(bucketMs !== undefined && { bucket: durationFromMs(bucketMs) }),
  });
}

export function statisticsRowOf(row: proto.StatisticsRow): StatisticsRow {
  return {
    bucketStart: dateOf(row.bucketStart),
    group: row.group,
    count: Number(row.count),
    firstStartTime: dateOf(row.firstStartTime),
    lastStartTime: dateOf(row.lastStartTime),
    minMs: msOf(row.min),
    avgMs: msOf(row.avg),
    p50Ms: msOf(row.p50),
    p95Ms: msOf(row.p95),
    p99Ms: msOf(row.p99),
    maxMs: msOf(row.max),
  };
}

function msOf(duration: Duration | undefined): number | undefined {
  return duration === undefined ? undefined : durationMs(duration);
}
