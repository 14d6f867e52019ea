import { definitionText } from "./state-machine.ts";
import type * as proto from "./gen/pawl/v1/state_machine_service_pb.ts";

/** A definition for drawing. Parallel branches and Map processors hang below their state by `parent`. */
export interface DefinitionGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** A state, or the start or end of a machine, branch or item processor. */
export interface GraphNode {
  /** JSON pointer, for example `/States/Pay`. */
  readonly id: string;
  readonly name: string;
  /** The state's Type, `Start` or `End`. */
  readonly type: string;
  /** Id of the Parallel or Map around it; empty at the top. */
  readonly parent: string;
  /** Of a Task. */
  readonly resource: string;
  readonly comment: string;
}

/** A transition. */
export interface GraphEdge {
  readonly source: string;
  readonly target: string;
  /** `next`, `choice`, `default` or `catch`. */
  readonly kind: string;
  /** The condition of a choice, the errors of a catch; else empty. */
  readonly label: string;
}

export function graphInit(
  source: { readonly definition: string | object } | { readonly stateMachine: string },
) {
  return {
    source:
      "definition" in source
        ? { case: "definition" as const, value: definitionText(source.definition) }
        : { case: "stateMachine" as const, value: source.stateMachine },
  };
}

export function graphOf({ nodes, edges }: proto.GetDefinitionGraphResponse): DefinitionGraph {
  return {
    nodes: nodes.map(({ id, name, type, parent, resource, comment }) => ({
      id,
      name,
      type,
      parent,
      resource,
      comment,
    })),
    edges: edges.map(({ source, target, kind, label }) => ({ source, target, kind, label })),
  };
}
