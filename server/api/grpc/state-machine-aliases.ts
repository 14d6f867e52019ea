import { create } from "@bufbuild/protobuf";
import {
  DeleteStateMachineAliasResponseSchema,
  ListStateMachineAliasesResponseSchema,
  PutStateMachineAliasResponseSchema,
  type StateMachineAlias,
  type StateMachineService,
} from "../../gen/pawl/v1/state_machine_service_pb.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import { stateMachineAliasOf } from "../convert/state-machine.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { Violations } from "../violations.ts";
import { notFound, versionRange } from "./state-machine-versions.ts";

type Rpcs = Pick<
  Handlers<typeof StateMachineService>,
  "putStateMachineAlias" | "listStateMachineAliases" | "deleteStateMachineAlias"
>;

/** Aliases of state machines, which route starts to versions: put, list, delete. */
export function stateMachineAliases({ engine }: ServiceDeps): Rpcs {
  return {
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
