import type { ExecutionStatus } from "../../asl/index.ts";

/** SQL condition on a row of `executions`, by what has an index. */
export function hasStatus(status: ExecutionStatus, bound: (value: unknown) => string): string {
  if (status === "RUNNING") return isOpen;
  if (status === "SUCCEEDED") return "status = 'SUCCEEDED'";
  // What the partial indexes have; null for the other two.
  return `failed_as = ${bound(status)}`;
}

/** An open execution has a wake row, or a deadline, or is paused: a few rows among millions of closed ones. */
export const isOpen = `status = 'RUNNING' and id in (
  select execution_id from tasks union all select execution_id from timers
  union all select execution_id from message_waits union all select execution_id from inbox
  union all select d.id from executions d where d.deadline_at is not null
  union all select p.id from executions p where p.pause is not null)`;
