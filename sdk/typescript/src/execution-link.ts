import type { ExecutionStatus } from "./execution.ts";
import { dateOf } from "./execution.ts";
import type { ExecutionLink as ExecutionLinkMessage } from "./gen/pawl/v1/execution_service_pb.ts";

/** Where the input of a chained execution comes from. */
export interface ChainSource {
  /**
   * Id, ARN or `stateMachine/name`. It must have SUCCEEDED; where a state is named, closed is enough.
   * FAILED_PRECONDITION otherwise.
   */
  readonly execution: string;
  /** The state whose last output is taken; default the execution's output. */
  readonly state?: string;
  /**
   * What makes the input of the output: a JSONata expression over `$states.input`, which the server
   * evaluates, or a name that workers serve. Default: the output is the input.
   */
  readonly transformer?: { readonly jsonata: string } | { readonly resource: string };
  /** While the source runs, wait until it closes. The start is durable at once. */
  readonly waitForSource?: boolean;
  /** At most one target for this source, state, transformer and target machine: the first one is found again. */
  readonly unique?: boolean;
}

/** A source and what was started from it. */
export interface ExecutionLink {
  /** The source's id. */
  readonly sourceExecution: string;
  readonly sourceStateMachine: string;
  /** The state whose output was taken; empty: the execution's. */
  readonly sourceState: string;
  /** The expression or the name; empty: none. */
  readonly transformer: string;
  /** The id of the execution that was started. */
  readonly targetExecution: string;
  readonly targetStateMachine: string;
  readonly createTime: Date | undefined;
}

/** Conditions on a link; all must hold. */
export interface LinkConditions {
  /** Id, ARN or `stateMachine/name`. */
  readonly sourceExecution?: string;
  readonly sourceStateMachine?: string;
  /** Empty: the execution's own output was taken. */
  readonly sourceState?: string;
  /** Empty: none. */
  readonly transformer?: string;
  readonly targetExecution?: string;
  readonly targetStateMachine?: string;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
}

/** Which links to list. */
export interface ExecutionLinkFilter extends LinkConditions {
  /** Of the source, now. */
  readonly sourceStatus?: ExecutionStatus;
}

/** The filter text of AIP-160. */
export function linkFilter({ sourceStatus, ...conditions }: ExecutionLinkFilter): string {
  return [
    ...linkTerms(conditions, ""),
    ...(sourceStatus === undefined ? [] : [`source_status = ${sourceStatus}`]),
  ].join(" AND ");
}

/** @param prefix of the fields' names: `link.` in a filter on executions. */
export function linkTerms(conditions: LinkConditions, prefix: string): readonly string[] {
  const { createdAfter, createdBefore } = conditions;
  const texts = {
    source_execution: conditions.sourceExecution,
    source_state_machine: conditions.sourceStateMachine,
    source_state: conditions.sourceState,
    transformer: conditions.transformer,
    target_execution: conditions.targetExecution,
    target_state_machine: conditions.targetStateMachine,
  };
  return [
    ...Object.entries(texts)
      .filter(([, text]) => text !== undefined)
      .map(([name, text]) => `${prefix}${name} = ${JSON.stringify(text)}`),
    ...(createdAfter === undefined
      ? []
      : [`${prefix}create_time > "${createdAfter.toISOString()}"`]),
    ...(createdBefore === undefined
      ? []
      : [`${prefix}create_time < "${createdBefore.toISOString()}"`]),
  ];
}

export function executionLinkOf(link: ExecutionLinkMessage): ExecutionLink {
  const { sourceExecution, sourceStateMachine, sourceState, transformer } = link;
  const { targetExecution, targetStateMachine } = link;
  return {
    sourceExecution,
    sourceStateMachine,
    sourceState,
    transformer,
    targetExecution,
    targetStateMachine,
    createTime: dateOf(link.createTime),
  };
}
