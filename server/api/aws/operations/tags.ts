import { checkArnPrefix } from "../arn.ts";
import { labelsOf } from "../configuration.ts";
import { fields } from "../fields.ts";
import { operation, type Operations } from "../operation.ts";

/** Tags of state machines and activities: their labels, changed in place. */
export const tagOperations: Operations = {
  TagResource: operation(
    { resourceArn: fields.arn, tags: { ...fields.tags, isRequired: true } } as const,
    async ({ resourceArn, tags }, { engine }) => {
      checkArnPrefix(resourceArn);
      await engine.changeLabels(resourceArn, { set: labelsOf(tags) });
      return {};
    },
  ),

  UntagResource: operation(
    { resourceArn: fields.arn, tagKeys: fields.tagKeys },
    async ({ resourceArn, tagKeys }, { engine }) => {
      checkArnPrefix(resourceArn);
      await engine.changeLabels(resourceArn, { remove: tagKeys });
      return {};
    },
  ),

  ListTagsForResource: operation(
    { resourceArn: fields.arn },
    async ({ resourceArn }, { engine }) => {
      checkArnPrefix(resourceArn);
      const labels = await engine.listLabels(resourceArn);
      return { tags: Object.entries(labels).map(([key, value]) => ({ key, value })) };
    },
  ),
};
