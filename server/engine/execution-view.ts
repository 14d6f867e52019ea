import type { ExecutionFacts } from "../asl/index.ts";
import type { ExecutionRecord } from "../store/reads/executions.ts";
import type { Execution } from "./engine.ts";
import { failureOf, type Resident } from "./resident.ts";

/** What callers see of an execution in memory, as of its last commit. */
export function executionOf(resident: Resident): Execution {
  const { facts, status, output, failure } = resident.state;
  return {
    id: resident.id,
    name: facts.name,
    arn: facts.executionArn,
    stateMachineArn: facts.stateMachineArn,
    stateMachineName: facts.stateMachineName,
    type: facts.type,
    revisionId: resident.revisionId,
    status,
    startedAtMs: facts.startTimeMs,
    input: facts.input,
    labels: resident.labels,
    eventCount: resident.state.nextEventId - 1,
    ...(resident.stoppedAtMs !== undefined && { stoppedAtMs: resident.stoppedAtMs }),
    ...(output !== undefined && { output }),
    ...(failure !== undefined && { failure }),
    ...(resident.trace !== undefined && { trace: resident.trace }),
  };
}

/** What callers see of an execution by its row, loaded alone or listed. */
export function executionOfRow(
  row: Omit<ExecutionRecord, "status" | "position"> & { readonly status: string },
): Execution {
  const facts = JSON.parse(row.facts) as Omit<ExecutionFacts, "input">;
  const failure = failureOf(row.error, row.cause);
  return {
    id: row.id,
    name: row.name,
    arn: facts.executionArn,
    stateMachineArn: facts.stateMachineArn,
    stateMachineName: row.stateMachineName,
    type: facts.type,
    revisionId: row.revisionId,
    status: row.status as Execution["status"],
    startedAtMs: row.startedAtMs,
    labels: row.labels ?? {},
    eventCount: row.nextEventId - 1,
    ...(row.stoppedAtMs !== null && { stoppedAtMs: row.stoppedAtMs }),
    ...(row.input !== null && { input: row.input }),
    ...(row.output !== null && { output: row.output }),
    ...(failure !== undefined && { failure }),
    ...(row.trace !== null && { trace: row.trace }),
  };
}
