import { create } from "@bufbuild/protobuf";
import {
  GetDefinitionGraphResponseSchema,
  type StateMachineService,
} from "../../gen/pawl/v1/state_machine_service_pb.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { refuse } from "../violations.ts";

type Rpcs = Handlers<typeof StateMachineService>;

/** Nodes and edges of a definition. */
export function getDefinitionGraph({ engine }: ServiceDeps): Rpcs["getDefinitionGraph"] {
  return async ({ source }) => {
    if (source.case === undefined) refuse("source", "is required", "FIELD_REQUIRED");
    const { nodes, edges } = await engine.definitionGraph(
      source.case === "definition" ? { definition: source.value } : { stateMachine: source.value },
    );
    return create(GetDefinitionGraphResponseSchema, { nodes: [...nodes], edges: [...edges] });
  };
}
