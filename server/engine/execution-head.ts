import type { Store } from "../store/open-store.ts";
import { findExecutionHead, type ExecutionHead } from "../store/reads/executions.ts";
import { doesNotExist, type Arns } from "./arns.ts";
import { isUuid } from "./ids.ts";

export interface ExecutionHeadOptions {
  readonly store: Pick<Store, "pool">;
  readonly arns: Arns;
}

/** @param reference execution id, ARN, or `stateMachine/name`. */
export async function executionHead(
  { store, arns }: ExecutionHeadOptions,
  reference: string,
): Promise<ExecutionHead> {
  const found = isUuid(reference)
    ? await findExecutionHead(store.pool, [reference])
    : await named();
  if (found === undefined) throw doesNotExist("ExecutionDoesNotExist", reference);
  return found;

  function named(): Promise<ExecutionHead | undefined> {
    const { candidates, ...parts } = arns.parseExecution(reference);
    return findExecutionHead(store.pool, candidates, parts);
  }
}
