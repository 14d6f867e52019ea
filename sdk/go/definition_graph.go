package pawl

import (
	"context"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// DefinitionGraph is a definition for drawing. Branches of a Parallel and processors of a Map hang below their state by
// Parent.
type DefinitionGraph struct {
	// Nodes are the states, and the starts and ends around them.
	Nodes []GraphNode
	// Edges are the transitions.
	Edges []GraphEdge
}

// GraphNode is a state, or the start or end of a machine, a branch or an item processor.
type GraphNode struct {
	// ID is a JSON pointer, for example /States/Pay.
	ID string
	// Name is the state's.
	Name string
	// Type is the state's Type, Start or End.
	Type string
	// Parent is the ID of the Parallel or Map around it; empty at the top.
	Parent string
	// Resource is that of a Task.
	Resource string
	// Comment is the state's.
	Comment string
}

// GraphEdge is a transition.
type GraphEdge struct {
	// Source and Target are IDs of nodes.
	Source, Target string
	// Kind is next, choice, default or catch.
	Kind string
	// Label is the condition of a choice, or the errors of a catch; else empty.
	Label string
}

// GetDefinitionGraph says of what to get the graph. Set one of the two.
type GetDefinitionGraph struct {
	// StateMachine is one on the server: a bare name, orders:7 (a version), orders:live (an alias) or an ARN.
	StateMachine string
	// Definition is JSON or YAML text (a string), or any value that encodes as a JSON definition.
	Definition any
}

// GetDefinitionGraph gives the nodes and edges of a definition, or of a state machine on the server.
func (c *Client) GetDefinitionGraph(ctx context.Context, get GetDefinitionGraph) (*DefinitionGraph, error) {
	request := &pawlv1.GetDefinitionGraphRequest{Source: &pawlv1.GetDefinitionGraphRequest_StateMachine{StateMachine: get.StateMachine}}
	if get.Definition != nil {
		definition, err := definitionText(get.Definition)
		if err != nil {
			return nil, err
		}
		request.Source = &pawlv1.GetDefinitionGraphRequest_Definition{Definition: definition}
	}
	response, err := invoke(ctx, c.policy, c.stateMachines.GetDefinitionGraph, request)
	if err != nil {
		return nil, err
	}
	return definitionGraphOf(response), nil
}

func definitionGraphOf(response *pawlv1.GetDefinitionGraphResponse) *DefinitionGraph {
	graph := &DefinitionGraph{}
	for _, node := range response.GetNodes() {
		graph.Nodes = append(graph.Nodes, GraphNode{
			ID:       node.GetId(),
			Name:     node.GetName(),
			Type:     node.GetType(),
			Parent:   node.GetParent(),
			Resource: node.GetResource(),
			Comment:  node.GetComment(),
		})
	}
	for _, edge := range response.GetEdges() {
		graph.Edges = append(graph.Edges, GraphEdge{
			Source: edge.GetSource(),
			Target: edge.GetTarget(),
			Kind:   edge.GetKind(),
			Label:  edge.GetLabel(),
		})
	}
	return graph
}
