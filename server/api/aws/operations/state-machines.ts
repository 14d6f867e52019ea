import type { Engine, StateMachine } from "../../../engine/engine.ts";
import { checkName } from "../../../engine/names.ts";
import { checkArn, checkArnPrefix } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { encryptionOf, labelsOf, loggingOf, tracingOf } from "../configuration.ts";
import { checkDefinition } from "../definition-diagnostics.ts";
import { unlessGone } from "../errors.ts";
import { fields, pageSizeOf } from "../fields.ts";
import { epochSeconds, operation, type Operations } from "../operation.ts";

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
        ...(tags !== undefined && { labels: labelsOf(tags) }),
      });
      return {
        stateMachineArn: stateMachine.arn,
        creationDate: epochSeconds(stateMachine.createdAtMs),
        ...(await published(engine, stateMachine, input)),
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
        ...shownRevision(stateMachine),
        ...(await published(engine, stateMachine, input)),
      };
    },
  ),

  DescribeStateMachine: operation(
    { stateMachineArn: fields.arn, includedData: fields.includedData },
    async ({ stateMachineArn, includedData }, { engine }) => {
      checkArn(stateMachineArn, "stateMachine");
      const machine = await engine.describeStateMachine(stateMachineArn);
      return {
        ...(await machineDescription(engine, machine, includedData)),
        ...(machine.version !== undefined &&
          machine.description !== "" && { description: machine.description }),
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
        ...(await machineDescription(engine, machine, includedData)),
        updateDate: epochSeconds(machine.updatedAtMs),
        ...(machine.mapRunArn !== undefined && {
          mapRunArn: machine.mapRunArn,
          label: labelOf(machine.mapRunArn),
        }),
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
  if (publish !== true && versionDescription !== undefined) {
    throw new AwsError(
      "ValidationException",
      "Version description can only be set when publish is true",
    );
  }
}

/** The version that was asked for with a create or update. */
async function published(
  engine: Engine,
  { name, revisionId }: StateMachine,
  { publish, versionDescription }: Publishing,
): Promise<object> {
  if (publish !== true) return {};
  const { arn } = await engine.publishStateMachineVersion({
    reference: name,
    revisionId,
    ...(versionDescription !== undefined && { description: versionDescription }),
  });
  return { stateMachineVersionArn: arn };
}

/** A revision has an id from the first update on. */
function shownRevision({ updateCount, revisionId }: StateMachine): object {
  return updateCount > 0 ? { revisionId } : {};
}

/** What both descriptions show. With METADATA_ONLY the definition is empty, as AWS documents it. */
async function machineDescription(
  engine: Engine,
  machine: StateMachine,
  includedData: "ALL_DATA" | "METADATA_ONLY" = "ALL_DATA",
): Promise<object> {
  const isWhole = includedData === "ALL_DATA";
  const variables = isWhole ? await engine.variableReferences(machine.revisionId) : {};
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    definition: isWhole ? machine.definition : "{}",
    roleArn: machine.roleArn,
    loggingConfiguration: machine.logging ?? loggingOf(),
    tracingConfiguration: machine.tracing ?? tracingOf(),
    ...(machine.encryption !== undefined && { encryptionConfiguration: machine.encryption }),
    ...shownRevision(machine),
    ...(Object.keys(variables).length > 0 && { variableReferences: variables }),
  };
}

/** The Label in `arn:...:mapRun:<machine>/<label>:<uuid>`. */
function labelOf(mapRunArn: string): string {
  return mapRunArn.split(":")[6]?.split("/")[1] ?? "";
}
