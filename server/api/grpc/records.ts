import { create } from "@bufbuild/protobuf";
import type { ExecutionStatistics, StatisticsKey, StatisticsRecord } from "../../engine/engine.ts";
import { PayloadView } from "../../gen/pawl/v1/common_pb.ts";
import {
  CountExecutionsResponseSchema,
  DeleteExecutionResponseSchema,
  GetExecutionStatisticsResponseSchema,
  StatisticsRowSchema,
  type ExecutionService,
  type GetExecutionStatisticsRequest,
  type StatisticsRow,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { executionOf } from "../convert/execution.ts";
import { durationMs, durationOf, timestampMs, timestampOf } from "../convert/time.ts";
import { engineFilterOf } from "../execution-filter.ts";
import {
  countLimitDefault,
  countLimitMax,
  filterCharactersMax,
  groupKeysMax,
  joinedCountLimitDefault,
} from "../limits.ts";
import { type Handlers, type ServiceDeps } from "../service.ts";
import { quoted, Violations } from "../violations.ts";

type Rpcs = Pick<
  Handlers<typeof ExecutionService>,
  "countExecutions" | "deleteExecution" | "getExecutionStatistics"
>;

/** Counts, statistics and the removal of executions. */
export function records({ engine }: ServiceDeps): Rpcs {
  return {
    countExecutions: async ({ filter, limit }) => {
      const violations = new Violations();
      violations.length("filter", filter, filterCharactersMax);
      violations.range("limit", limit, [0, countLimitMax]);
      violations.refuse();
      const where = engineFilterOf(filter, "filter");
      const limitDefault = where.linked === undefined ? countLimitDefault : joinedCountLimitDefault;
      const { count, isLimited } = await engine.countExecutions(where, limit || limitDefault);
      return create(CountExecutionsResponseSchema, { count: BigInt(count), limited: isLimited });
    },
    deleteExecution: async ({ execution }) => {
      const violations = new Violations();
      violations.required("execution", execution);
      violations.refuse();
      const removed = await engine.deleteExecution(execution);
      return create(DeleteExecutionResponseSchema, {
        execution: executionOf(removed, PayloadView.FULL),
      });
    },
    getExecutionStatistics: async (request) => {
      const query = statisticsQueryOf(request);
      const { asOfMs, rows } = await engine.executionStatistics(query);
      return create(GetExecutionStatisticsResponseSchema, {
        rows: rows.map((row) => statisticsRowOf(row, query.groupBy)),
        asOf: timestampOf(asOfMs),
      });
    },
  };
}

function statisticsQueryOf(request: GetExecutionStatisticsRequest): ExecutionStatistics {
  const { filter, startTime, endTime, bucket, groupBy } = request;
  const violations = new Violations();
  violations.length("filter", filter, filterCharactersMax);
  violations.timestamp("start_time", startTime);
  violations.timestamp("end_time", endTime);
  violations.duration("bucket", bucket);
  if (groupBy.length > groupKeysMax)
    violations.add(
      "group_by",
      `has ${groupBy.length} keys; the limit is ${groupKeysMax}`,
      "TOO_MANY",
    );
  const unknown = groupBy.find((key) => !isKey(key));
  if (unknown !== undefined)
    violations.add(
      "group_by",
      `has ${quoted(unknown)}; known are ${keys.join(", ")} and labels.KEY`,
      "GROUP_BY",
    );
  violations.refuse();
  const bucketMs = bucket === undefined ? 0 : durationMs(bucket);
  return {
    filter: engineFilterOf(filter, "filter"),
    groupBy: groupBy.filter(isKey),
    ...(startTime !== undefined && { fromMs: timestampMs(startTime) }),
    ...(endTime !== undefined && { toMs: timestampMs(endTime) }),
    ...(bucketMs > 0 && { bucketMs }),
  };
}

const keys = ["status", "state_machine", "error.error", "state_name"] as const;

function isKey(key: string): key is StatisticsKey {
  return keys.some((known) => known === key) || /^labels\../.test(key);
}

function statisticsRowOf(
  { keys: values, bucketAtMs, count, firstMs, lastMs, durations }: StatisticsRecord,
  groupBy: readonly StatisticsKey[],
): StatisticsRow {
  return create(StatisticsRowSchema, {
    ...(bucketAtMs !== undefined && { bucketStart: timestampOf(bucketAtMs) }),
    group: Object.fromEntries(groupBy.map((key, at) => [key, values[at]!])),
    count: BigInt(count),
    firstStartTime: timestampOf(firstMs),
    lastStartTime: timestampOf(lastMs),
    ...(durations !== undefined && {
      min: durationOf(durations.minMs),
      avg: durationOf(durations.avgMs),
      p50: durationOf(durations.p50Ms),
      p95: durationOf(durations.p95Ms),
      p99: durationOf(durations.p99Ms),
      max: durationOf(durations.maxMs),
    }),
  });
}
