import type { ExecutionStatus } from "./execution.ts";

/** Which executions to list; all conditions must hold. */
export interface ExecutionFilter {
  /** Name or ARN. */
  readonly stateMachine?: string;
  /** Id or ARN of a map run: its executions. */
  readonly mapRun?: string;
  readonly status?: ExecutionStatus;
  readonly namePrefix?: string;
  readonly startedAfter?: Date;
  readonly startedBefore?: Date;
  readonly labels?: Readonly<Record<string, string>>;
  /** A further condition in the server's filter language (AIP-160). */
  readonly filter?: string;
}

/** The filter text of AIP-160. */
export function executionFilter(filter: ExecutionFilter): string {
  const conditions = [
    filter.stateMachine !== undefined && `state_machine = ${quoted(filter.stateMachine)}`,
    filter.mapRun !== undefined && `map_run = ${quoted(filter.mapRun)}`,
    filter.status !== undefined && `status = ${filter.status}`,
    filter.namePrefix !== undefined && `name = ${quoted(`${filter.namePrefix}*`)}`,
    filter.startedAfter !== undefined &&
      `start_time > ${quoted(filter.startedAfter.toISOString())}`,
    filter.startedBefore !== undefined &&
      `start_time < ${quoted(filter.startedBefore.toISOString())}`,
    ...Object.entries(filter.labels ?? {}).map(
      ([name, value]) => `labels.${name} = ${quoted(value)}`,
    ),
    filter.filter !== undefined && filter.filter !== "" && filter.filter,
  ];
  return conditions.filter((condition) => condition !== false).join(" AND ");
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}
