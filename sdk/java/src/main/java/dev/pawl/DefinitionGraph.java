package dev.pawl;

import dev.pawl.v1.GetDefinitionGraphResponse;
import java.util.List;

/**
 * A definition for drawing. Parallel branches and Map processors hang below their state by {@link Node#parent}.
 *
 * @param nodes in the order of the text
 * @param edges between nodes
 */
public record DefinitionGraph(List<Node> nodes, List<Edge> edges) {
  /**
   * A state, or the start or end of a machine, branch or item processor.
   *
   * @param id JSON pointer, for example {@code /States/Pay}
   * @param name the state's name
   * @param type the state's Type, {@code Start} or {@code End}
   * @param parent id of the Parallel or Map around it; empty at the top
   * @param resource of a Task
   * @param comment its Comment
   */
  public record Node(String id, String name, String type, String parent, String resource, String comment) {}

  /**
   * A transition.
   *
   * @param source id of a node
   * @param target id of a node
   * @param kind {@code next}, {@code choice}, {@code default} or {@code catch}
   * @param label the condition of a choice, the errors of a catch; else empty
   */
  public record Edge(String source, String target, String kind, String label) {}

  static DefinitionGraph of(GetDefinitionGraphResponse message) {
    return new DefinitionGraph(
        message.getNodesList().stream().map(DefinitionGraph::nodeOf).toList(),
        message.getEdgesList().stream().map(DefinitionGraph::edgeOf).toList());
  }

  private static Node nodeOf(GetDefinitionGraphResponse.Node node) {
    return new Node(
        node.getId(), node.getName(), node.getType(), node.getParent(), node.getResource(), node.getComment());
  }

  private static Edge edgeOf(GetDefinitionGraphResponse.Edge edge) {
    return new Edge(edge.getSource(), edge.getTarget(), edge.getKind(), edge.getLabel());
  }
}
