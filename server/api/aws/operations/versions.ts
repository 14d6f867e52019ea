import { checkArn } from "../arn.ts";
import { fields, pageSizeOf } from "../fields.ts";
import { epochSeconds, operation, type Operations } from "../operation.ts";

/** Versions of state machines: published, listed, deleted. */
export const versionOperations: Operations = {
  PublishStateMachineVersion: operation(
    {
      stateMachineArn: fields.arn,
      revisionId: fields.revisionId,
      description: fields.versionDescription,
    },
    async ({ stateMachineArn, revisionId, description }, { engine }) => {
      checkArn(stateMachineArn, "stateMachine");
      const version = await engine.publishStateMachineVersion({
        reference: stateMachineArn,
        ...(revisionId !== undefined && { revisionId }),
        ...(description !== undefined && { description }),
      });
      return {
        stateMachineVersionArn: version.arn,
        creationDate: epochSeconds(version.createdAtMs),
      };
    },
  ),

  ListStateMachineVersions: operation(
    {
      stateMachineArn: fields.arn,
      maxResults: fields.maxResults,
      nextToken: fields.nextToken,
    },
    async ({ stateMachineArn, maxResults, nextToken }, { engine }) => {
      checkArn(stateMachineArn, "stateMachine");
      const page = await engine.listStateMachineVersions(stateMachineArn, {
        pageSize: pageSizeOf(maxResults),
        ...(nextToken !== undefined && { pageToken: nextToken }),
      });
      return {
        stateMachineVersions: page.items.map(({ arn, createdAtMs }) => ({
          stateMachineVersionArn: arn,
          creationDate: epochSeconds(createdAtMs),
        })),
        ...(page.nextPageToken !== undefined && { nextToken: page.nextPageToken }),
      };
    },
  ),

  DeleteStateMachineVersion: operation(
    { stateMachineVersionArn: fields.requiredLongArn },
    async ({ stateMachineVersionArn }, { engine }) => {
      checkArn(stateMachineVersionArn, "stateMachine");
      await engine.deleteStateMachineVersion(stateMachineVersionArn);
      return {};
    },
  ),
};
