import { checkArn } from "../arn.ts";
import { encryptionOf, labelsOf } from "../configuration.ts";
import { unlessGone } from "../errors.ts";
import { fields, pageSizeOf } from "../fields.ts";
import type { Activity } from "../../../engine/engine.ts";
import { epochSeconds, operation, type Operations } from "../operation.ts";

/** Activities: names that workers may poll. Other resources need no registration. */
export const activityOperations: Operations = {
  CreateActivity: operation(
    {
      name: fields.name,
      tags: fields.tags,
      encryptionConfiguration: fields.encryptionConfiguration,
    },
    async ({ name, tags, encryptionConfiguration }, { engine }) => {
      encryptionOf(encryptionConfiguration);
      const activity = await engine.createActivity({
        name,
        ...(tags !== undefined && { labels: labelsOf(tags) }),
      });
      return { activityArn: activity.arn, creationDate: epochSeconds(activity.createdAtMs) };
    },
  ),

  DescribeActivity: operation({ activityArn: fields.arn }, async ({ activityArn }, { engine }) => {
    checkArn(activityArn, "activity");
    const activity = await engine.describeActivity(activityArn);
    return { ...listItem(activity), encryptionConfiguration: { type: "AWS_OWNED_KEY" } };
  }),

  DeleteActivity: operation({ activityArn: fields.arn }, async ({ activityArn }, { engine }) => {
    checkArn(activityArn, "activity");
    await unlessGone("ActivityDoesNotExist", () => engine.deleteActivity(activityArn));
    return {};
  }),

  ListActivities: operation(
    { maxResults: fields.maxResults, nextToken: fields.nextToken },
    async ({ maxResults, nextToken }, { engine }) => {
      const page = await engine.listActivities({
        pageSize: pageSizeOf(maxResults),
        ...(nextToken !== undefined && { pageToken: nextToken }),
      });
      return {
        activities: page.items.map(listItem),
        ...(page.nextPageToken !== undefined && { nextToken: page.nextPageToken }),
      };
    },
  ),
};

function listItem({ arn, name, createdAtMs }: Activity): object {
  return { activityArn: arn, name, creationDate: epochSeconds(createdAtMs) };
}
