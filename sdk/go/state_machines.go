package pawl

import (
	"context"
	"iter"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// CreateStateMachine makes one. The same name and definition again is the same state machine; ALREADY_EXISTS for another
// definition.
func (c *Client) CreateStateMachine(ctx context.Context, input StateMachineInput) (*StateMachineResult, error) {
	message, _, err := input.message()
	if err != nil {
		return nil, err
	}
	request := &pawlv1.CreateStateMachineRequest{StateMachine: message, RequestId: uniqueID()}
	response, err := invoke(ctx, c.policy, c.stateMachines.CreateStateMachine, request)
	if err != nil {
		return nil, err
	}
	return &StateMachineResult{stateMachineOf(response.GetStateMachine()), diagnosticsOf(response.GetWarnings())}, nil
}

// ApplyStateMachine creates the state machine, or updates the one of that name.
func (c *Client) ApplyStateMachine(ctx context.Context, input StateMachineInput) (*StateMachineResult, error) {
	return c.updateStateMachine(ctx, input, true)
}

// UpdateStateMachine changes what is set in the input. Running executions keep the revision they started with.
func (c *Client) UpdateStateMachine(ctx context.Context, input StateMachineInput) (*StateMachineResult, error) {
	return c.updateStateMachine(ctx, input, false)
}

func (c *Client) updateStateMachine(ctx context.Context, input StateMachineInput, allowMissing bool) (*StateMachineResult, error) {
	message, mask, err := input.message()
	if err != nil {
		return nil, err
	}
	response, err := invoke(ctx, c.policy, c.stateMachines.UpdateStateMachine, &pawlv1.UpdateStateMachineRequest{
		StateMachine: message,
		UpdateMask:   mask,
		AllowMissing: allowMissing,
		RequestId:    uniqueID(),
	})
	if err != nil {
		return nil, err
	}
	return &StateMachineResult{stateMachineOf(response.GetStateMachine()), diagnosticsOf(response.GetWarnings())}, nil
}

// GetStateMachine reads one: a bare name, orders:7 (a version), orders:live (an alias) or an ARN.
func (c *Client) GetStateMachine(ctx context.Context, stateMachine string) (*StateMachine, error) {
	request := &pawlv1.GetStateMachineRequest{StateMachine: stateMachine}
	response, err := invoke(ctx, c.policy, c.stateMachines.GetStateMachine, request)
	if err != nil {
		return nil, err
	}
	return stateMachineOf(response.GetStateMachine()), nil
}

// ListStateMachines gives all, without their definitions.
func (c *Client) ListStateMachines(ctx context.Context, options ...ListOption) iter.Seq2[*StateMachine, error] {
	return itemsOf(listOptionsOf(options), stateMachineOf, func(page *pawlv1.PageRequest) ([]*pawlv1.StateMachine, *pawlv1.PageInfo, error) {
		response, err := invoke(ctx, c.policy, c.stateMachines.ListStateMachines, &pawlv1.ListStateMachinesRequest{Page: page})
		return response.GetStateMachines(), response.GetPage(), err
	})
}

// DeleteStateMachine is how one is deleted.
type DeleteStateMachine struct {
	// Etag refuses unless it is still this one; empty: whatever it is.
	Etag string
	// Force stops its executions; without it they run to their end.
	Force bool
}

// DeleteStateMachine lets nothing new start; the state machine goes when its last execution has closed.
func (c *Client) DeleteStateMachine(ctx context.Context, stateMachine string, how DeleteStateMachine) error {
	request := &pawlv1.DeleteStateMachineRequest{StateMachine: stateMachine, Etag: how.Etag, Force: how.Force}
	_, err := invoke(ctx, c.policy, c.stateMachines.DeleteStateMachine, request)
	return err
}

// ValidateDefinition is a definition to check.
type ValidateDefinition struct {
	// Definition is JSON or YAML text (a string), or any value that encodes as a JSON definition.
	Definition any
	// Format is that of the text; empty: it is seen from the text.
	Format DefinitionFormat
	// Type checks the rules of this type, too.
	Type StateMachineType
	// CheckWorkers warns when no connected worker serves a resource.
	CheckWorkers bool
}

// ValidationResult is what validation found.
type ValidationResult struct {
	// Valid: no diagnostic is an ERROR.
	Valid bool
	// Diagnostics are in the order of the text.
	Diagnostics []Diagnostic
	// Truncated: there were more.
	Truncated bool
}

// ValidateDefinition gives all diagnostics at once; a wrong definition is no error of the call.
func (c *Client) ValidateDefinition(ctx context.Context, validate ValidateDefinition) (*ValidationResult, error) {
	definition, err := definitionText(validate.Definition)
	if err != nil {
		return nil, err
	}
	response, err := invoke(ctx, c.policy, c.stateMachines.ValidateDefinition, &pawlv1.ValidateDefinitionRequest{
		Definition:   definition,
		Format:       validate.Format.number(),
		Type:         validate.Type.number(),
		CheckWorkers: validate.CheckWorkers,
	})
	if err != nil {
		return nil, err
	}
	return &ValidationResult{response.GetValid(), diagnosticsOf(response.GetDiagnostics()), response.GetTruncated()}, nil
}
