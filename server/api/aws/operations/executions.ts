import type { Engine, Execution } from "../../../engine/engine.ts";
import { EngineError } from "../../../engine/errors.ts";
import { redrivableByMapRun } from "../../../engine/redrivable.ts";
import { checkArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { refuse } from "../errors.ts";
import { executionData } from "../execution-data.ts";
import { fields, pageSizeOf } from "../fields.ts";
import { epochSeconds, operation, type Operations } from "../operation.ts";

/** Executions: show, list, stop, redrive. */
export const executionOperations: Operations = {
  DescribeExecution: operation(
    { executionArn: fields.arn, includedData: fields.includedData },
    async ({ executionArn, includedData }, { engine }) => {
      checkArn(executionArn, "execution");
      const execution = await engine.describeExecution(executionArn);
      return {
        ...executionSummary(execution),
        ...executionData(execution, includedData === "METADATA_ONLY"),
        ...redriveOf(execution),
        ...redriveStatusOf(execution),
      };
    },
  ),

  ListExecutions: operation(
    {
      stateMachineArn: fields.optionalArn,
      mapRunArn: fields.longArn,
      statusFilter: {
        kind: "string",
        values: ["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"],
      },
      redriveFilter: { kind: "string", values: ["REDRIVEN", "NOT_REDRIVEN"] },
      maxResults: fields.maxResults,
      nextToken: fields.executionsNextToken,
    } as const,
    async (input, { engine }) => {
      const { stateMachineArn, statusFilter, maxResults, nextToken } = input;
      const { mapRunArn, redriveFilter } = input;
      if ((stateMachineArn === undefined) === (mapRunArn === undefined)) throw invalid(onlyOneArn);
      if (mapRunArn !== undefined) checkArn(mapRunArn, "mapRun");
      else if (redriveFilter !== undefined) throw invalid(onlyForMapRuns);
      if (stateMachineArn !== undefined) {
        checkArn(stateMachineArn, "stateMachine");
        const machine = await engine.describeStateMachine(stateMachineArn);
        if (machine.type === "EXPRESS") throw refuse("StateMachineTypeNotSupported");
      }
      // A child that its redriven run has not come to yet keeps the status that it had.
      if (statusFilter === "PENDING_REDRIVE") return { executions: [] };
      const page = await engine.listExecutions({
        ...(stateMachineArn !== undefined && { stateMachine: stateMachineArn }),
        ...(mapRunArn !== undefined && { mapRun: mapRunArn }),
        pageSize: pageSizeOf(maxResults),
        ...(statusFilter !== undefined && { status: statusFilter }),
        ...(redriveFilter !== undefined && { isRedriven: redriveFilter === "REDRIVEN" }),
        ...(nextToken !== undefined && { pageToken: nextToken }),
      });
      return {
        executions: page.items.map((execution) => ({
          ...executionSummary(execution),
          ...(execution.mapRun !== undefined && { itemCount: execution.mapRun.itemCount }),
          ...redriveOf(execution),
        })),
        ...(page.nextPageToken !== undefined && { nextToken: page.nextPageToken }),
      };
    },
  ),

  StopExecution: operation(
    { executionArn: fields.arn, error: fields.error, cause: fields.cause },
    async ({ executionArn, error, cause }, { engine }) => {
      checkArn(executionArn, "execution");
      const failure = {
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      };
      const execution = await stop(engine, executionArn, failure);
      return { stopDate: epochSeconds(execution.stoppedAtMs ?? execution.startedAtMs) };
    },
  ),

  RedriveExecution: operation(
    { executionArn: fields.arn, clientToken: fields.clientToken },
    async ({ executionArn, clientToken }, { engine }) => {
      checkArn(executionArn, "execution");
      const { timeMs } = await engine.redriveExecution({
        execution: executionArn,
        ...(clientToken !== undefined && { requestId: clientToken }),
      });
      return { redriveDate: epochSeconds(timeMs) };
    },
  ),
};

const invalid = (message: string) => new AwsError("ValidationException", message);
const onlyOneArn = "Must specify exactly one of stateMachineArn, mapRunArn";
const onlyForMapRuns =
  "RedriveFilter cannot be applied to ListExecutions call with StateMachine ARN";

/** Stopping what is over already changes nothing and succeeds, as at AWS. */
async function stop(engine: Engine, arn: string, failure: object): Promise<Execution> {
  try {
    return await engine.stopExecution(arn, failure);
  } catch (error) {
    if (error instanceof EngineError && error.code === "ExecutionNotRunning")
      return engine.describeExecution(arn);
    throw error;
  }
}

function executionSummary({
  arn,
  stateMachineArn,
  name,
  status,
  startedAtMs,
  stoppedAtMs,
  stateMachineVersionArn,
  stateMachineAliasArn,
  mapRun,
}: Execution): object {
  return {
    executionArn: arn,
    stateMachineArn,
    ...(stateMachineVersionArn !== undefined && { stateMachineVersionArn }),
    ...(stateMachineAliasArn !== undefined && { stateMachineAliasArn }),
    name,
    status,
    ...(mapRun !== undefined && { mapRunArn: mapRun.arn }),
    startDate: epochSeconds(startedAtMs),
    ...(stoppedAtMs !== undefined && { stopDate: epochSeconds(stoppedAtMs) }),
  };
}

function redriveOf({ redrive: { count, timeMs } }: Execution): object {
  return {
    redriveCount: count,
    ...(timeMs !== undefined && { redriveDate: epochSeconds(timeMs) }),
  };
}

function redriveStatusOf({ redrive: { refusal } }: Execution): object {
  if (refusal === undefined) return { redriveStatus: "REDRIVABLE" };
  if (refusal === redrivableByMapRun) return { redriveStatus: "REDRIVABLE_BY_MAP_RUN" };
  return { redriveStatus: "NOT_REDRIVABLE", redriveStatusReason: refusal };
}
