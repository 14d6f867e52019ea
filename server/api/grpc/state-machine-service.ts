import { create } from "@bufbuild/protobuf";
import type { FieldMask } from "@bufbuild/protobuf/wkt";
import type {
  Engine,
  StateMachine as EngineStateMachine,
  UpdateStateMachine,
} from "../../engine/engine.ts";
import { EngineError } from "../../engine/errors.ts";
import {
  CreateStateMachineResponseSchema,
  DefinitionFormatSchema,
  DeleteStateMachineResponseSchema,
  GetStateMachineResponseSchema,
  ListStateMachinesResponseSchema,
  Severity,
  SeveritySchema,
  StateMachineService,
  StateMachineTypeSchema,
  TaskLossPolicySchema,
  UpdateStateMachineResponseSchema,
  ValidateDefinitionResponseSchema,
  type StateMachine,
} from "../../gen/pawl/v1/state_machine_service_pb.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import {
  diagnosticOf,
  engineFormatOf,
  engineTypeOf,
  stateMachineOf,
} from "../convert/state-machine.ts";
import { getDefinitionGraph } from "./definition-graph.ts";
import { testState } from "./test-state.ts";
import { service, type Handlers, type Service, type ServiceDeps } from "../service.ts";
import { quoted, refuse, Violations } from "../violations.ts";
import { settled } from "./state-machine-settings.ts";
import { stateMachineAliases } from "./state-machine-aliases.ts";
import { stateMachineVersions } from "./state-machine-versions.ts";

type Rpcs = Handlers<typeof StateMachineService>;

/** Definitions: create, update, read, list, delete, validate; versions and aliases. */
export function stateMachineService(deps: ServiceDeps): Service {
  return service(StateMachineService, {
    createStateMachine: createStateMachine(deps),
    updateStateMachine: updateStateMachine(deps),
    getStateMachine: getStateMachine(deps),
    listStateMachines: listStateMachines(deps),
    deleteStateMachine: deleteStateMachine(deps),
    validateDefinition: validateDefinition(deps),
    ...stateMachineVersions(deps),
    ...stateMachineAliases(deps),
    testState: testState(deps),
    getDefinitionGraph: getDefinitionGraph(deps),
  });
}

function createStateMachine({ engine }: ServiceDeps): Rpcs["createStateMachine"] {
  return async (request) => {
    const machine = given(request.stateMachine);
    checkRequest(request);
    const format = engineFormatOf(machine.definitionFormat);
    const type = engineTypeOf(machine.type);
    const created = await engine.createStateMachine({
      name: machine.name,
      definition: machine.definition,
      ...(format !== undefined && { format }),
      ...(type !== undefined && { type }),
      ...(machine.description !== "" && { description: machine.description }),
      ...(Object.keys(machine.labels).length > 0 && { labels: machine.labels }),
      ...(request.validateOnly && { validateOnly: true }),
    });
    const shown = request.validateOnly
      ? created.stateMachine
      : await published(engine, await settled(engine, created.stateMachine, machine), request);
    return create(CreateStateMachineResponseSchema, {
      stateMachine: stateMachineOf(shown, { withDefinition: true }),
      warnings: created.warnings.map(diagnosticOf),
      created: created.created,
    });
  };
}

function updateStateMachine({ engine }: ServiceDeps): Rpcs["updateStateMachine"] {
  return async (request) => {
    const machine = given(request.stateMachine);
    checkRequest(request);
    const type = engineTypeOf(machine.type);
    const updated = await engine.updateStateMachine({
      reference: machine.name,
      ...changesOf(machine, request.updateMask),
      ...(machine.etag !== "" && { etag: machine.etag }),
      ...(request.allowMissing && { allowMissing: true }),
      ...(type !== undefined && { type }),
    });
    const head = await settled(engine, updated.stateMachine, machine, request.updateMask);
    const shown = await published(engine, head, request);
    return create(UpdateStateMachineResponseSchema, {
      stateMachine: stateMachineOf(shown, { withDefinition: true }),
      warnings: updated.warnings.map(diagnosticOf),
    });
  };
}

function getStateMachine({ engine }: ServiceDeps): Rpcs["getStateMachine"] {
  return async (request) => {
    requireStateMachine(request.stateMachine);
    const machine = await engine.describeStateMachine(request.stateMachine);
    return create(GetStateMachineResponseSchema, {
      stateMachine: stateMachineOf(machine, { withDefinition: true }),
    });
  };
}

function listStateMachines({ engine }: ServiceDeps): Rpcs["listStateMachines"] {
  return async (request) => {
    const violations = new Violations();
    const query = pageQueryOf(request.page, violations);
    violations.refuse();
    const page = await engine.listStateMachines(query);
    return create(ListStateMachinesResponseSchema, {
      stateMachines: page.items.map((machine) =>
        stateMachineOf(machine, { withDefinition: false }),
      ),
      page: pageInfoOf(page.nextPageToken),
    });
  };
}

function deleteStateMachine({ engine }: ServiceDeps): Rpcs["deleteStateMachine"] {
  return async (request) => {
    requireStateMachine(request.stateMachine);
    const machine = await engine.deleteStateMachine(request.stateMachine, {
      ...(request.etag !== "" && { etag: request.etag }),
      ...(request.force && { force: true }),
    });
    if (machine === undefined) {
      throw new EngineError(
        "StateMachineDoesNotExist",
        `state machine ${quoted(request.stateMachine)} does not exist`,
        {
          resource: { type: "pawl.v1.StateMachine", name: request.stateMachine },
        },
      );
    }
    return create(DeleteStateMachineResponseSchema, {
      stateMachine: stateMachineOf(machine, { withDefinition: false }),
    });
  };
}

function validateDefinition({ engine }: ServiceDeps): Rpcs["validateDefinition"] {
  return async (request) => {
    const violations = new Violations();
    violations.known("format", DefinitionFormatSchema, request.format);
    violations.known("type", StateMachineTypeSchema, request.type);
    violations.known("min_severity", SeveritySchema, request.minSeverity);
    violations.range("max_results", request.maxResults, [0, maxResultsMax]);
    violations.refuse();
    if (request.checkWorkers)
      throw new EngineError(
        "NotImplemented",
        "checking a definition against connected workers (check_workers) is not built yet",
      );

    const format = engineFormatOf(request.format);
    const type = engineTypeOf(request.type);
    const found = engine.validateDefinition({
      definition: request.definition,
      ...(format !== undefined && { format }),
      ...(type !== undefined && { type }),
    });
    const shown =
      request.minSeverity === Severity.ERROR
        ? found.filter(({ severity }) => severity === "ERROR")
        : found;
    const most = request.maxResults === 0 ? maxResultsDefault : request.maxResults;
    return create(ValidateDefinitionResponseSchema, {
      valid: !found.some(({ severity }) => severity === "ERROR"),
      diagnostics: shown.slice(0, most).map(diagnosticOf),
      truncated: shown.length > most,
    });
  };
}

const maxResultsDefault = 100;
const maxResultsMax = 1_000;

function given(machine: StateMachine | undefined): StateMachine {
  const violations = new Violations();
  violations.required("state_machine", machine);
  if (machine !== undefined) {
    violations.required("state_machine.name", machine.name);
    violations.known("state_machine.type", StateMachineTypeSchema, machine.type);
    violations.known(
      "state_machine.definition_format",
      DefinitionFormatSchema,
      machine.definitionFormat,
    );
    violations.duration("state_machine.retention", machine.retention);
    violations.known("state_machine.on_task_lost", TaskLossPolicySchema, machine.onTaskLost);
  }
  violations.refuse();
  return machine as StateMachine;
}

/** What an update changes: what the mask names, or without a mask everything that is set (AIP-134). */
function changesOf(
  machine: StateMachine,
  mask: FieldMask | undefined,
): Partial<UpdateStateMachine> {
  const paths = new Set(mask?.paths.map((path) => path.trim()) ?? []);
  const violations = new Violations();
  for (const path of paths) {
    if (path !== "*" && !changeable.has(path)) {
      violations.add(
        "update_mask",
        `has path ${quoted(path)}; accepted are ${[...changeable].join(", ")} and *`,
        "UPDATE_MASK",
      );
    }
  }
  violations.refuse();
  const isNamed = (path: string, isSet: boolean): boolean =>
    paths.size === 0 ? isSet : paths.has("*") || paths.has(path);
  const format = engineFormatOf(machine.definitionFormat);
  const hasDefinition = isNamed("definition", machine.definition !== "");
  return {
    ...(hasDefinition && { definition: machine.definition }),
    ...(hasDefinition && format !== undefined && { format }),
    ...(isNamed("description", machine.description !== "") && { description: machine.description }),
    ...(isNamed("labels", Object.keys(machine.labels).length > 0) && { labels: machine.labels }),
  };
}

const changeable = new Set([
  "type", // To what it is: a state machine keeps its type.
  "definition",
  "definition_format",
  "description",
  "labels",
  "retention",
  "on_task_lost",
  "max_task_deliveries",
]);

function checkRequest(request: {
  readonly publish: boolean;
  readonly versionDescription: string;
  readonly substitutions: Readonly<Record<string, string>>;
}): void {
  if (request.versionDescription !== "" && !request.publish)
    refuse("version_description", "is of no use without publish", "PUBLISH_REQUIRED");
  if (Object.keys(request.substitutions).length > 0) {
    throw new EngineError(
      "NotImplemented",
      "substitutions in definitions (substitutions) are not built yet; send the definition with its values",
    );
  }
}

/** With `publish` the version, else the head. */
async function published(
  engine: Engine,
  head: EngineStateMachine,
  request: { readonly publish: boolean; readonly versionDescription: string },
): Promise<EngineStateMachine> {
  if (!request.publish) return head;
  return engine.publishStateMachineVersion({
    reference: head.name,
    revisionId: head.revisionId,
    description: request.versionDescription,
  });
}

function requireStateMachine(reference: string): void {
  const violations = new Violations();
  violations.required("state_machine", reference);
  violations.refuse();
}
