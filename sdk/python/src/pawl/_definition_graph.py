"""Definitions as graphs."""

from __future__ import annotations

from dataclasses import dataclass

from .v1 import state_machine_service_pb2 as pb


@dataclass(frozen=True, slots=True)
class GraphNode:
    """A state, or the start or end of a machine, branch or item processor."""

    id: str
    """JSON pointer, for example `/States/Pay`."""
    name: str
    type: str
    """The state's Type, `Start` or `End`."""
    parent: str
    """Id of the Parallel or Map around it; empty at the top."""
    resource: str
    """Of a Task."""
    comment: str


@dataclass(frozen=True, slots=True)
class GraphEdge:
    """A transition."""

    source: str
    """Id of a node."""
    target: str
    """Id of a node."""
    kind: str
    """`next`, `choice`, `default` or `catch`."""
    label: str
    """The condition of a choice, the errors of a catch; else empty."""


@dataclass(frozen=True, slots=True)
class DefinitionGraph:
    """A definition for drawing. Parallel branches and Map processors hang below their state by `parent`."""

    nodes: tuple[GraphNode, ...]
    edges: tuple[GraphEdge, ...]


def graph_of(message: pb.GetDefinitionGraphResponse) -> DefinitionGraph:
    """A graph as its reader sees it."""
    return DefinitionGraph(
        nodes=tuple(
            GraphNode(node.id, node.name, node.type, node.parent, node.resource, node.comment) for node in message.nodes
        ),
        edges=tuple(GraphEdge(edge.source, edge.target, edge.kind, edge.label) for edge in message.edges),
    )
