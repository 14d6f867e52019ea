import { create } from "@bufbuild/protobuf";
import { EngineError } from "../../engine/errors.ts";
import {
  DeleteStateMachineAliasResponseSchema,
  DeleteStateMachineVersionResponseSchema,
  ListStateMachineAliasesResponseSchema,
  ListStateMachineVersionsResponseSchema,
  PublishStateMachineVersionResponseSchema,
  PutStateMachineAliasResponseSchema,
  type StateMachineAlias,
  type StateMachineService,
} from "../../gen/pawl/v1/state_machine_service_pb.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import { stateMachineAliasOf, stateMachineOf } from "../convert/state-machine.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { quoted, Violations } from "../violations.ts";

type Rpcs = Pick<
  Handlers<typeof StateMachineService>,
  | "publishStateMachineVersion"
  | "listStateMachineVersions"
  | "deleteStateMachineVersion"
  | "putStateMachineAlias"
  | "listStateMachineAliases"
  | "deleteStateMachineAlias"
>;

/** Versions of state machines, and the aliases that route starts to them. */
export function versionsAndAliases({ engine }: ServiceDeps): Rpcs {
  return {
    publishStateMachineVersion: async ({ stateMachine, revisionId, description }) => {
      checkReference(stateMachine);
      const version = await engine.publishStateMachineVersion({
        reference: stateMachine,
        description,
        ...(revisionId !== "" && { revisionId }),
      });
      return create(PublishStateMachineVersionResponseSchema, {
        stateMachine: stateMachineOf(version, { withDefinition: true }),
      });
    },

    listStateMachineVersions: async (request) => {
      const violations = new Violations();
      violations.required("state_machine", request.stateMachine);
      const query = pageQueryOf(request.page, violations);
      violations.refuse();
      const page = await engine.listStateMachineVersions(request.stateMachine, query);
      return create(ListStateMachineVersionsResponseSchema, {
        versions: page.items.map((version) => stateMachineOf(version, { withDefinition: false })),
        page: pageInfoOf(page.nextPageToken),
      });
    },

    deleteStateMachineVersion: async ({ stateMachine, version }) => {
      const violations = new Violations();
      violations.required("state_machine", stateMachine);
      violations.range("version", Number(version), versionRange);
      violations.refuse();
      const reference = `${stateMachine}:${version}`;
      if (!(await engine.deleteStateMachineVersion(reference)))
        throw notFound("version", reference);
      return create(DeleteStateMachineVersionResponseSchema);
    },

    putStateMachineAlias: async (request) => {
      const { stateMachine, name, description, routes, etag } = givenAlias(request.alias);
      const alias = await engine.updateStateMachineAlias({
        stateMachine,
        name,
        description,
        routes: routes.map(({ version, weight }) => ({ version: Number(version), weight })),
        allowMissing: true,
        ...(etag !== "" && { etag }),
      });
      return create(PutStateMachineAliasResponseSchema, { alias: stateMachineAliasOf(alias) });
    },

    listStateMachineAliases: async (request) => {
      const violations = new Violations();
      violations.required("state_machine", request.stateMachine);
      const query = pageQueryOf(request.page, violations);
      violations.refuse();
      const page = await engine.listStateMachineAliases(request.stateMachine, query);
      return create(ListStateMachineAliasesResponseSchema, {
        aliases: page.items.map(stateMachineAliasOf),
        page: pageInfoOf(page.nextPageToken),
      });
    },

    deleteStateMachineAlias: async ({ stateMachine, alias, etag }) => {
      const violations = new Violations();
      violations.required("state_machine", stateMachine);
      violations.required("alias", alias);
      violations.refuse();
      const reference = `${stateMachine}:${alias}`;
      const isDeleted = await engine.deleteStateMachineAlias(
        reference,
        etag === "" ? {} : { etag },
      );
      if (!isDeleted) throw notFound("alias", reference);
      return create(DeleteStateMachineAliasResponseSchema);
    },
  };
}

const versionRange = [1, 999_999_999] as const;

function checkReference(stateMachine: string): void {
  const violations = new Violations();
  violations.required("state_machine", stateMachine);
  violations.refuse();
}

/** How routes fit together is the engine's to say. */
function givenAlias(alias: StateMachineAlias | undefined): StateMachineAlias {
  const violations = new Violations();
  violations.required("alias", alias);
  if (alias !== undefined) {
    violations.required("alias.state_machine", alias.stateMachine);
    violations.required("alias.name", alias.name);
    for (const [index, { version, weight }] of alias.routes.entries()) {
      violations.range(`alias.routes[${index}].version`, Number(version), versionRange);
      violations.range(`alias.routes[${index}].weight`, weight, [0, 100]);
    }
  }
  violations.refuse();
  return alias as StateMachineAlias;
}

function notFound(what: "version" | "alias", reference: string): EngineError {
  const type = what === "version" ? "pawl.v1.StateMachine" : "pawl.v1.StateMachineAlias";
  return new EngineError("ResourceNotFound", `${what} ${quoted(reference)} does not exist`, {
    reason: `${what.toUpperCase()}_NOT_FOUND`,
    resource: { type, name: reference },
  });
}
