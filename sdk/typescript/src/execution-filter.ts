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
    filter.stateMachine !== undefined && `state_machine = ${quoted(filter.stateMachine)}`,
    filter.mapRun !== undefined && `map_run = ${quoted(filter.mapRun)}`,
    filter.status !== undefined && `status = ${filter.status}`,
    filter.name !== undefined && `name = ${quoted(filter.name)}`,
    filter.namePrefix !== undefined && `name = ${quoted(`${filter.namePrefix}*`)}`,
    filter.startedAfter !== undefined &&
      `start_time > ${quoted(filter.startedAfter.toISOString())}`,
    filter.startedBefore !== undefined &&
      `start_time < ${quoted(filter.startedBefore.toISOString())}`,
    filter.endedAfter !== undefined && `end_time > ${quoted(filter.endedAfter.toISOString())}`,
    filter.endedBefore !== undefined && `end_time < ${quoted(filter.endedBefore.toISOString())}`,
    filter.error !== undefined && `error = ${quoted(filter.error)}`,
    filter.currentState !== undefined && `current_state = ${quoted(filter.currentState)}`,
    ...Object.entries(filter.labels ?? {}).map(
      ([name, value]) => `labels.${name} = ${quoted(value)}`,
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

/** Escapes are JSON's. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
