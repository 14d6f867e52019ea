import type { BatchStatus } from "./batch.ts";

/** Which batches to list; all conditions must hold. */
export interface BatchFilter {
  readonly status?: Exclude<BatchStatus, "UNSPECIFIED">;
  /** Name or ARN of what is started. */
  readonly stateMachine?: string;
  /** The whole name. */
  readonly name?: string;
  readonly namePrefix?: string;
  readonly createdAfter?: Date;
  readonly createdBefore?: Date;
  readonly endedAfter?: Date;
  readonly endedBefore?: Date;
}

/** The filter text of AIP-160. */
export function batchFilter(filter: BatchFilter): string {
  const { status, stateMachine, name, namePrefix } = filter;
  const texts = [
    ["state_machine =", stateMachine],
    ["name =", name],
    ["name =", namePrefix && `${namePrefix}*`],
    ["create_time >", filter.createdAfter?.toISOString()],
    ["create_time <", filter.createdBefore?.toISOString()],
    ["end_time >", filter.endedAfter?.toISOString()],
    ["end_time <", filter.endedBefore?.toISOString()],
  ] as const;
  const conditions = texts.flatMap(([compared, text]) =>
    text === undefined ? [] : [`${compared} ${JSON.stringify(text)}`],
  );
  if (status !== undefined) conditions.push(`status = ${status}`);
  return conditions.join(" AND ");
}
