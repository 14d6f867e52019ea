import { checkArn } from "../arn.ts";
import { fields, pageSizeOf } from "../fields.ts";
import { awsHistoryEvent } from "../history-event.ts";
import { operation, type Operations } from "../operation.ts";

/** AWS has no pauses: nothing is between the events before and after them. */
const notOfAws: ReadonlySet<string> = new Set(["ExecutionPaused", "ExecutionResumed"]);

/** The record of an execution. */
export const historyOperations: Operations = {
  GetExecutionHistory: operation(
    {
      executionArn: fields.arn,
      maxResults: fields.maxResults,
      reverseOrder: fields.boolean,
      nextToken: fields.nextToken,
      includeExecutionData: fields.boolean,
    },
    async (
      { executionArn, maxResults, reverseOrder, nextToken, includeExecutionData = true },
      { engine },
    ) => {
      checkArn(executionArn, "execution");
      const page = await engine.listHistory(executionArn, {
        pageSize: pageSizeOf(maxResults),
        ...(reverseOrder !== undefined && { reverse: reverseOrder }),
        ...(nextToken !== undefined && { pageToken: nextToken }),
      });
      return {
        events: page.items
          .filter(({ type }) => !notOfAws.has(type))
          .map((event) => awsHistoryEvent(event, includeExecutionData)),
        ...(page.nextPageToken !== undefined && { nextToken: page.nextPageToken }),
      };
    },
  ),
};
