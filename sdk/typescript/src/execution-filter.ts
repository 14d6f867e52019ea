import { linkTerms } from "./execution-link.ts";
import type { LinkConditions } from "./execution-link.ts";
import type { ExecutionStatus } from "./execution.ts";

/** Which executions to list; all conditions must hold. */
export interface ExecutionFilter {
  /** Name or ARN. */
  readonly stateMachine?: string;
  /** Id or ARN of a map run: its executions. */
  readonly mapRun?: string;
  readonly status?: ExecutionStatus;
  /** The whole name. */
  readonly name?: string;
  readonly namePrefix?: string;
  /** The error it ended with. */
  readonly error?: string;
  /** Open ones in a state of this name, in a branch or an item too. */
  readonly currentState?: string;
  readonly startedAfter?: Date;
  readonly startedBefore?: Date;
  readonly endedAfter?: Date;
  readonly endedBefore?: Date;
  readonly labels?: Readonly<Record<string, string>>;
  /** Executions from which another one was chained, by a link that fulfils these conditions. */
  readonly linked?: LinkConditions;
  /** All others. Not beside `linked`. */
  readonly notLinked?: LinkConditions;
  /** A further condition in the server's filter language (AIP-160). */
  readonly filter?: string;
}

/** The filter text of AIP-160. */
export function executionFilter(filter: ExecutionFilter): string {
  const conditions = [
    filter.stateMachine !== undefined && `state_machine = ${JSON.stringify(filter.stateMachine)}`,
    filter.mapRun !== undefined && `map_run = ${JSON.stringify(filter.mapRun)}`,
    filter.status !== undefined && `status = ${filter.status}`,
    filter.name !== undefined && `name = ${JSON.stringify(filter.name)}`,
    filter.namePrefix !== undefined && `name = ${JSON.stringify(`${filter.namePrefix}*`)}`,
    filter.startedAfter !== undefined &&
      `start_time > ${JSON.stringify(filter.startedAfter.toISOString())}`,
    filter.startedBefore !== undefined &&
      `start_time < ${JSON.stringify(filter.startedBefore.toISOString())}`,
    filter.endedAfter !== undefined &&
      `end_time > ${JSON.stringify(filter.endedAfter.toISOString())}`,
    filter.endedBefore !== undefined &&
      `end_time < ${JSON.stringify(filter.endedBefore.toISOString())}`,
    filter.error !== undefined && `error = ${JSON.stringify(filter.error)}`,
    filter.currentState !== undefined && `current_state = ${JSON.stringify(filter.currentState)}`,
    ...Object.entries(filter.labels ?? {}).map(
      ([name, value]) => `labels.${name} = ${JSON.stringify(value)}`,
    ),
    ...linkedTerms("true", filter.linked),
    ...linkedTerms("false", filter.notLinked),
    filter.filter !== undefined && filter.filter !== "" && filter.filter,
  ];
  return conditions.filter((condition) => condition !== false).join(" AND ");
}

function linkedTerms(isLinked: string, by: LinkConditions | undefined): readonly string[] {
  return by === undefined ? [] : [`linked = ${isLinked}`, ...linkTerms(by, "link.")];
}
