import type { MapRunSummary } from "../../../engine/engine.ts";
import { checkArn } from "../arn.ts";
import { fields, pageSizeOf } from "../fields.ts";
import { epochSeconds, operation, type Operations } from "../operation.ts";
import { AwsError } from "../aws-error.ts";

const mapRunArn = { ...fields.longArn, isRequired: true } as const;

/** Map Runs: show, list, change. */
export const mapRunOperations: Operations = {
  DescribeMapRun: operation({ mapRunArn }, async (input, { engine }) => {
    checkArn(input.mapRunArn, "mapRun");
    const run = await engine.describeMapRun(input.mapRunArn);
    const { status, maxConcurrency, toleratedFailureCount, toleratedFailurePercentage } = run;
    return {
      mapRunArn: run.arn,
      executionArn: run.executionArn,
      status,
      ...dates(run),
      maxConcurrency,
      toleratedFailureCount,
      toleratedFailurePercentage,
      itemCounts: run.itemCounts,
      executionCounts: run.executionCounts,
      redriveCount: run.redrive.count,
      ...(run.redrive.timeMs !== undefined && { redriveDate: epochSeconds(run.redrive.timeMs) }),
    };
  }),

  ListMapRuns: operation(
    { executionArn: fields.arn, maxResults: fields.maxResults, nextToken: fields.nextToken },
    async ({ executionArn, maxResults, nextToken }, { engine }) => {
      checkArn(executionArn, "execution");
      const page = await engine.listMapRuns(executionArn, {
        pageSize: pageSizeOf(maxResults),
        ...(nextToken !== undefined && { pageToken: nextToken }),
      });
      return {
        mapRuns: page.items.map((run) => ({
          executionArn: run.executionArn,
          mapRunArn: run.arn,
          stateMachineArn: run.stateMachineArn,
          ...dates(run),
        })),
        ...(page.nextPageToken !== undefined && { nextToken: page.nextPageToken }),
      };
    },
  ),

  UpdateMapRun: operation(
    {
      mapRunArn,
      maxConcurrency: { kind: "integer", min: 0 },
      toleratedFailureCount: { kind: "integer", min: 0 },
      toleratedFailurePercentage: { kind: "number", min: 0, max: 100 },
    } as const,
    async ({ mapRunArn: arn, ...change }, { engine }) => {
      checkArn(arn, "mapRun");
      if (Object.keys(change).length === 0)
        throw new AwsError(
          "MissingRequiredParameter",
          "Must specify at least one of maxConcurrency, toleratedFailureCount, toleratedFailurePercentage",
        );
      await engine.updateMapRun(arn, change);
      return {};
    },
  ),
};

function dates({ startedAtMs, stoppedAtMs }: MapRunSummary): object {
  return {
    startDate: epochSeconds(startedAtMs),
    ...(stoppedAtMs !== undefined && { stopDate: epochSeconds(stoppedAtMs) }),
  };
}
