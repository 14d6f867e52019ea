import type { StateMachine } from "../../../engine/engine.ts";
import { checkName } from "../../../engine/names.ts";
import { checkArn, checkArnPrefix } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { encryptionOf, labelsOf, loggingOf, tracingOf } from "../configuration.ts";
import { checkDefinition } from "../definition-diagnostics.ts";
import { unlessGone } from "../errors.ts";
import { fields, pageSizeOf } from "../fields.ts";
import { epochSeconds, operation, type Operations } from "../operation.ts";
import { notYet } from "./later.ts";

const settings = {
  loggingConfiguration: fields.loggingConfiguration,
  tracingConfiguration: fields.tracingConfiguration,
  encryptionConfiguration: fields.encryptionConfiguration,
  publish: fields.boolean,
  versionDescription: fields.versionDescription,
} as const;

/** State machines: create, change, show, list, delete. */
export const stateMachineOperations: Operations = {
  CreateStateMachine: operation(
    {
      name: fields.name,
      definition: fields.definition,
      roleArn: fields.arn,
      type: fields.stateMachineType,
      tags: fields.tags,
      ...settings,
    },
    async (input, { engine }) => {
      const { name, definition, roleArn, type = "STANDARD", tags } = input;
      checkPublish(input);
      checkName(name);
      checkArnPrefix(roleArn);
      const logging = loggingOf(input.loggingConfiguration);
      const encryption = encryptionOf(input.encryptionConfiguration);
      const labels = labelsOf(tags);
      checkDefinition(engine, { definition, type });
      const { stateMachine } = await engine.createStateMachine({
        name,
        definition,
        roleArn,
        type,
        format: "JSON",
        logging,
        tracing: tracingOf(input.tracingConfiguration),
        ...(encryption !== undefined && { encryption }),
        ...(labels !== undefined && { labels }),
      });
      return {
        stateMachineArn: stateMachine.arn,
        creationDate: epochSeconds(stateMachine.createdAtMs),
      };
    },
  ),

  UpdateStateMachine: operation(
    {
      stateMachineArn: fields.arn,
      definition: fields.optionalDefinition,
      roleArn: fields.optionalArn,
      ...settings,
    },
    async (input, { engine }) => {
      const { stateMachineArn, definition, roleArn, loggingConfiguration, tracingConfiguration } =
        input;
      checkPublish(input);
      checkArn(stateMachineArn, "stateMachine");
      const encryption = encryptionOf(input.encryptionConfiguration);
      const given = [definition, roleArn, loggingConfiguration, tracingConfiguration, encryption];
      if (given.every((setting) => setting === undefined)) {
        throw new AwsError("MissingRequiredParameter", nothingToUpdate);
      }
      if (roleArn !== undefined) checkArnPrefix(roleArn);
      const logging = loggingConfiguration && loggingOf(loggingConfiguration);
      if (definition !== undefined) {
        const { type } = await engine.describeStateMachine(stateMachineArn);
        checkDefinition(engine, { definition, type });
      }
      const { stateMachine } = await engine.updateStateMachine({
        reference: stateMachineArn,
        ...(definition !== undefined && { definition, format: "JSON" }),
        ...(roleArn !== undefined && { roleArn }),
        ...(logging !== undefined && { logging }),
        ...(tracingConfiguration !== undefined && { tracing: tracingOf(tracingConfiguration) }),
        ...(encryption !== undefined && { encryption }),
      });
      return {
        updateDate: epochSeconds(stateMachine.updatedAtMs),
        revisionId: stateMachine.revisionId,
      };
    },
  ),

  DescribeStateMachine: operation(
    { stateMachineArn: fields.arn, includedData: fields.includedData },
    async ({ stateMachineArn, includedData }, { engine }) => {
      checkArn(stateMachineArn, "stateMachine");
      const machine = await engine.describeStateMachine(stateMachineArn);
      return {
        ...machineDescription(machine, includedData === "METADATA_ONLY"),
        status: machine.status,
        type: machine.type,
        creationDate: epochSeconds(machine.createdAtMs),
      };
    },
  ),

  DescribeStateMachineForExecution: operation(
    { executionArn: fields.arn, includedData: fields.includedData },
    async ({ executionArn, includedData }, { engine }) => {
      checkArn(executionArn, "execution");
      const machine = await engine.describeStateMachineForExecution(executionArn);
      return {
        ...machineDescription(machine, includedData === "METADATA_ONLY"),
        updateDate: epochSeconds(machine.updatedAtMs),
      };
    },
  ),

  ListStateMachines: operation(
    { maxResults: fields.maxResults, nextToken: fields.nextToken },
    async ({ maxResults, nextToken }, { engine }) => {
      const page = await engine.listStateMachines({
        pageSize: pageSizeOf(maxResults),
        ...(nextToken !== undefined && { pageToken: nextToken }),
      });
      return {
        stateMachines: page.items.map(({ arn, name, type, createdAtMs }) => ({
          stateMachineArn: arn,
          name,
          type,
          creationDate: epochSeconds(createdAtMs),
        })),
        ...(page.nextPageToken !== undefined && { nextToken: page.nextPageToken }),
      };
    },
  ),

  DeleteStateMachine: operation(
    { stateMachineArn: fields.arn },
    async ({ stateMachineArn }, { engine }) => {
      checkArn(stateMachineArn, "stateMachine");
      await unlessGone("StateMachineDoesNotExist", () =>
        engine.deleteStateMachine(stateMachineArn),
      );
      return {};
    },
  ),
};

const nothingToUpdate =
  "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified";

interface Publishing {
  readonly publish?: boolean;
  readonly versionDescription?: string;
}

function checkPublish({ publish, versionDescription }: Publishing): void {
  if (publish === true) throw notYet("publishing a version (publish=true)");
  if (versionDescription !== undefined) {
    throw new AwsError(
      "ValidationException",
      "Version description can only be set when publish is true",
    );
  }
}

/** What both descriptions show. `revisionId` appears with the first update. */
function machineDescription(machine: StateMachine, isMetadataOnly: boolean): object {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    ...(!isMetadataOnly && { definition: machine.definition }),
    roleArn: machine.roleArn,
    loggingConfiguration: machine.logging ?? loggingOf(),
    tracingConfiguration: machine.tracing ?? tracingOf(),
    ...(machine.encryption !== undefined && { encryptionConfiguration: machine.encryption }),
    ...(machine.updateCount > 0 && { revisionId: machine.revisionId }),
  };
}
