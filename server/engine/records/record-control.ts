import type { Limits } from "../../asl/index.ts";
import { changeRetention } from "../../store/control/state-machines.ts";
import {
  countExecutions,
  executionStatistics,
  statisticsRowsMax,
} from "../../store/reads/execution-statistics.ts";
import { listExecutions } from "../../store/reads/executions.ts";
import type { Store } from "../../store/open-store.ts";
import { removable, removeExecutions } from "../../store/sql/remove-executions.ts";
import { doesNotExist } from "../arns.ts";
import type { Clock } from "../clock.ts";
import { EngineError } from "../errors.ts";
import { executionOfRow } from "../execution-view.ts";
import { executionHead } from "../execution-head.ts";
import { executionWhere, type ExecutionWhereOptions } from "./execution-where.ts";
import type { Records, StatisticsKey } from "./records.ts";

export interface RecordControlOptions extends ExecutionWhereOptions {
  readonly store: Pick<Store, "orm" | "pool">;
  readonly clock: Pick<Clock, "nowMs">;
  readonly limits: Pick<Limits, "historyEventsMax">;
}

/** Seconds of a retention that the column and a person can mean: a hundred years. */
const retentionSecondsMax = 3_153_600_000;

/** Counts, statistics and the removal of what has closed. */
export function recordControl(options: RecordControlOptions): Records {
  const { store, arns } = options;
  return {
    countExecutions: async (filter, limit) => {
      const where = await executionWhere(options, filter);
      const count = await countExecutions(store.pool, where, limit + 1);
      // More than the limit is counted by rollups only, which stop nowhere; one more is where a count stops.
      return count === limit + 1 ? { count: limit, isLimited: true } : { count, isLimited: false };
    },
    executionStatistics: async ({ filter, ...query }) => {
      const where = await executionWhere(options, filter);
      const asOfMs = options.clock.nowMs();
      const { rows, exceeded } = await executionStatistics(store.pool, { ...query, filter: where });
      if (exceeded !== undefined) throw tooManyExecutions(query.groupBy, exceeded);
      if (rows.length <= statisticsRowsMax) return { asOfMs, rows };
      throw new EngineError(
        "ResourceExhausted",
        `the statistics have more than ${statisticsRowsMax} rows; ask for fewer groups, wider buckets or a shorter time`,
        { reason: "TOO_MANY_ROWS" },
      );
    },
    deleteExecution: (reference) => deleteExecution(options, reference),
    changeRetention: async (reference, seconds) => {
      if (seconds !== undefined) checkRetention(seconds);
      const name = arns.parseStateMachine(reference);
      if (!(await changeRetention(store.orm, name, seconds ?? null)))
        throw doesNotExist("StateMachineDoesNotExist", reference);
    },
  };
}

function tooManyExecutions(groupBy: readonly StatisticsKey[], limit: number): EngineError {
  const what = groupBy.includes("state_name")
    ? "statistics by state_name are read from histories"
    : "these statistics are read from the executions themselves";
  return new EngineError(
    "ResourceExhausted",
    `${what}; the limit is ${limit} executions; ask for one state machine or a shorter time`,
    { reason: "TOO_MANY_EXECUTIONS" },
  );
}

async function deleteExecution(
  options: RecordControlOptions,
  reference: string,
): ReturnType<Records["deleteExecution"]> {
  const { store, clock, limits } = options;
  const { id, stateMachineName } = await executionHead(options, reference);
  if (stateMachineName.includes("/"))
    throw refused(
      reference,
      "is an item of a Map Run; delete the execution that has the Map",
      "EXECUTION_OF_MAP_RUN",
    );
  const page = { after: undefined, limit: 1, includePayloads: true };
  const [record] = await listExecutions(store.pool, { ids: [id] }, page);
  const ids = await removable(store.pool, [id]);
  if (record === undefined) throw doesNotExist("ExecutionDoesNotExist", reference);
  if (record.status === "RUNNING")
    throw refused(reference, "is RUNNING; stop it first", "EXECUTION_RUNNING");
  if (ids.length === 0)
    throw refused(reference, "has a Map Run whose items are being stopped", "MAP_RUN_OPEN");
  // Whoever removes it, redrives it or closes it meanwhile: it is looked at again.
  if ((await removeExecutions(store.pool, ids)) === 0) return deleteExecution(options, reference);
  return executionOfRow(record, {
    nowMs: clock.nowMs(),
    historyEventsMax: limits.historyEventsMax,
  });
}

function refused(reference: string, why: string, reason: string): EngineError {
  return new EngineError("ConflictException", `execution ${reference} ${why}`, {
    reason,
    resource: { type: "Execution", name: reference },
  });
}

function checkRetention(seconds: number): void {
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= retentionSecondsMax) return;
  const description = `is ${seconds} s; it must be whole seconds from 1 to ${retentionSecondsMax}`;
  throw new EngineError("ValidationException", `retention ${description}`, {
    reason: "RETENTION_RANGE",
    violations: [{ field: "retention", description, reason: "RETENTION_RANGE" }],
  });
}
