import { qualifierOf } from "../../../engine/arns.ts";
import type { Route, StateMachineAlias } from "../../../engine/engine.ts";
import { checkArn } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { fields, pageSizeOf } from "../fields.ts";
import { epochSeconds, operation, type Operations } from "../operation.ts";
import type { InputOf } from "../shape.ts";

/** Aliases of state machines: names that route starts to versions by weight. */
export const aliasOperations: Operations = {
  CreateStateMachineAlias: operation(
    {
      name: fields.aliasName,
      description: fields.aliasDescription,
      routingConfiguration: { ...fields.routingConfiguration, isRequired: true },
    } as const,
    async ({ name, description, routingConfiguration }, { engine }) => {
      const { stateMachine, routes } = routingOf(routingConfiguration);
      const alias = await engine.createStateMachineAlias({
        stateMachine,
        name,
        routes,
        ...(description !== undefined && { description }),
      });
      return {
        stateMachineAliasArn: alias.arn,
        creationDate: epochSeconds(alias.createdAtMs),
      };
    },
  ),

  UpdateStateMachineAlias: operation(
    {
      stateMachineAliasArn: fields.arn,
      description: fields.aliasDescription,
      routingConfiguration: fields.routingConfiguration,
    },
    async ({ stateMachineAliasArn, description, routingConfiguration }, { engine }) => {
      checkArn(stateMachineAliasArn, "stateMachine");
      if (description === undefined && routingConfiguration === undefined)
        throw new AwsError("MissingRequiredParameter", nothingToUpdate);
      const routing = routingConfiguration && routingOf(routingConfiguration);
      const { stateMachine, name } = machineAndAlias(stateMachineAliasArn);
      if (routing !== undefined && routing.stateMachine !== stateMachine) throw otherMachines();
      const alias = await engine.updateStateMachineAlias({
        stateMachine,
        name,
        ...(description !== undefined && { description }),
        ...(routing !== undefined && { routes: routing.routes }),
      });
      return { updateDate: epochSeconds(alias.updatedAtMs) };
    },
  ),

  DescribeStateMachineAlias: operation(
    { stateMachineAliasArn: fields.arn },
    async ({ stateMachineAliasArn }, { engine }) => {
      checkArn(stateMachineAliasArn, "stateMachine");
      return described(await engine.describeStateMachineAlias(stateMachineAliasArn));
    },
  ),

  ListStateMachineAliases: operation(
    {
      stateMachineArn: fields.arn,
      maxResults: fields.maxResults,
      nextToken: fields.nextToken,
    },
    async ({ stateMachineArn, maxResults, nextToken }, { engine }) => {
      checkArn(stateMachineArn, "stateMachine");
      const page = await engine.listStateMachineAliases(stateMachineArn, {
        pageSize: pageSizeOf(maxResults),
        ...(nextToken !== undefined && { pageToken: nextToken }),
      });
      return {
        stateMachineAliases: page.items.map(({ arn, createdAtMs }) => ({
          stateMachineAliasArn: arn,
          creationDate: epochSeconds(createdAtMs),
        })),
        ...(page.nextPageToken !== undefined && { nextToken: page.nextPageToken }),
      };
    },
  ),

  DeleteStateMachineAlias: operation(
    { stateMachineAliasArn: fields.arn },
    async ({ stateMachineAliasArn }, { engine }) => {
      checkArn(stateMachineAliasArn, "stateMachine");
      await engine.deleteStateMachineAlias(stateMachineAliasArn);
      return {};
    },
  ),
};

const nothingToUpdate = "Either the description or the RoutingConfiguration must be specified";

type RoutingConfiguration = NonNullable<
  InputOf<{ list: typeof fields.routingConfiguration }>["list"]
>;

/** The machine that all ARNs are of, and its versions. @throws AwsError ValidationException, InvalidArn */
function routingOf(items: RoutingConfiguration): {
  readonly stateMachine: string;
  readonly routes: readonly Route[];
} {
  const arns = items.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
  for (const arn of arns) checkArn(arn, "stateMachine");
  const routes = items.map(({ stateMachineVersionArn, weight }) => ({
    version: qualifierOf(stateMachineVersionArn),
    weight,
  }));
  const versions = routes.filter((route): route is Route => typeof route.version === "number");
  if (versions.length < routes.length) {
    throw invalidRouting(
      `Routing configuration must contain state machine version ARNs. Received: [${arns.join(", ")}]`,
    );
  }
  const [stateMachine, ...others] = new Set(arns.map((arn) => machineAndAlias(arn).stateMachine));
  if (others.length > 0) throw otherMachines();
  return { stateMachine: stateMachine!, routes: versions };
}

/** Of a qualified ARN. */
function machineAndAlias(arn: string): { readonly stateMachine: string; readonly name: string } {
  const end = arn.lastIndexOf(":");
  return { stateMachine: arn.slice(0, end), name: arn.slice(end + 1) };
}

const otherMachines = () =>
  invalidRouting("Routing configuration must contain versions of one state machine.");

function invalidRouting(message: string): AwsError {
  return new AwsError("ValidationException", message, {
    fields: { reason: "INVALID_ROUTING_CONFIGURATION" },
  });
}

function described(alias: StateMachineAlias): object {
  return {
    stateMachineAliasArn: alias.arn,
    name: alias.name,
    ...(alias.description !== "" && { description: alias.description }),
    routingConfiguration: alias.routes.map(({ version, weight }) => ({
      stateMachineVersionArn: `${machineAndAlias(alias.arn).stateMachine}:${version}`,
      weight,
    })),
    creationDate: epochSeconds(alias.createdAtMs),
    updateDate: epochSeconds(alias.updatedAtMs),
  };
}
