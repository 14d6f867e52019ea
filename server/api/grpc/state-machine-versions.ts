import { create } from "@bufbuild/protobuf";
import { EngineError } from "../../engine/errors.ts";
import {
  DeleteStateMachineVersionResponseSchema,
  ListStateMachineVersionsResponseSchema,
  PublishStateMachineVersionResponseSchema,
  type StateMachineService,
} from "../../gen/pawl/v1/state_machine_service_pb.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import { stateMachineOf } from "../convert/state-machine.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { quoted, Violations } from "../violations.ts";

type Rpcs = Pick<
  Handlers<typeof StateMachineService>,
  "publishStateMachineVersion" | "listStateMachineVersions" | "deleteStateMachineVersion"
>;

/** Versions of state machines: publish, list, delete. */
export function stateMachineVersions({ engine }: ServiceDeps): Rpcs {
  return {
    publishStateMachineVersion: async ({ stateMachine, revisionId, description }) => {
      const violations = new Violations();
      violations.required("state_machine", stateMachine);
      violations.refuse();
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
  };
}

/** Numbers that a version can have. */
export const versionRange = [1, 999_999_999] as const;

/** @param reference `machine:version` or `machine:alias` */
export function notFound(what: "version" | "alias", reference: string): EngineError {
  const type = what === "version" ? "pawl.v1.StateMachine" : "pawl.v1.StateMachineAlias";
  return new EngineError("ResourceNotFound", `${what} ${quoted(reference)} does not exist`, {
    reason: `${what.toUpperCase()}_NOT_FOUND`,
    resource: { type, name: reference },
  });
}
