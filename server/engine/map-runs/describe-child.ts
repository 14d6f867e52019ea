import type { ExecutionFacts } from "../../asl/index.ts";
import type { ChildResult } from "../../store/sql/map-run-children.ts";

/** A child execution as AWS's result files have it: DescribeExecution in PascalCase, its payloads as texts. */
export function describeChild(child: ChildResult): object {
  const { executionArn, stateMachineArn } = JSON.parse(child.facts) as ExecutionFacts;
  const { input, output, error, cause, name, status, startedAtMs, stoppedAtMs } = child;
  const redrive = { RedriveCount: child.redriveCount, ...redriveStatusOf(status) };
  const isOver = status !== "RUNNING";
  return {
    ExecutionArn: executionArn,
    Input: input,
    InputDetails: { Included: true },
    Name: name,
    ...(output !== null && { Output: output, OutputDetails: { Included: true } }),
    ...(error !== null && { Error: error }),
    ...(cause !== null && { Cause: cause }),
    ...(isOver && redrive),
    StartDate: new Date(startedAtMs).toISOString(),
    StateMachineArn: stateMachineArn,
    Status: status,
    ...(stoppedAtMs !== null && { StopDate: new Date(stoppedAtMs).toISOString() }),
  };
}

function redriveStatusOf(status: string): object {
  if (status !== "SUCCEEDED") return { RedriveStatus: "REDRIVABLE" };
  const reason = "Execution is SUCCEEDED and cannot be redriven";
  return { RedriveStatus: "NOT_REDRIVABLE", RedriveStatusReason: reason };
}
