package pawl

import (
	"context"

	"google.golang.org/grpc/codes"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// StartExecution is what to start.
type StartExecution struct {
	// StateMachine is a name or an ARN; orders:7 is a version, orders:live an alias.
	StateMachine string
	// Name is unique per state machine; empty: a random one. A start is safe to repeat under its name: the same name and
	// input is the same execution while that runs.
	Name string
	// Input is any value that encodes as JSON; nil: {}.
	Input any
	// Chain takes another execution's output instead of Input.
	Chain *ChainSource
	// Labels can be searched for.
	Labels map[string]string
	// ConflictPolicy says what a name that is taken means.
	ConflictPolicy ConflictPolicy
	// Traceparent is a W3C trace context for the workers; empty: that of the task in whose handler this starts.
	Traceparent string
}

// ConflictPolicy is what a start does when an execution of its name exists.
type ConflictPolicy int

// The policies.
const (
	// ConflictSFN is the same execution while it runs with the same input, else ALREADY_EXISTS.
	ConflictSFN ConflictPolicy = iota
	// ConflictFail is always ALREADY_EXISTS.
	ConflictFail
	// ConflictUseExisting is that execution, running or closed.
	ConflictUseExisting
)

// ChainSource is where the input of a chained execution comes from.
type ChainSource struct {
	// Execution is an id, an ARN, or stateMachine/name. It must have SUCCEEDED; where a state is named, closed is enough.
	Execution string
	// State is the one whose last output is taken; empty: the execution's output.
	State string
	// JSONata makes the input of the output: an expression over $states.input, which the server evaluates.
	JSONata string
	// Resource makes the input of the output, instead of JSONata: a name that workers serve.
	Resource string
	// WaitForSource waits, while the source runs, until it closes. The start is durable at once.
	WaitForSource bool
	// Unique makes at most one target for this source, state, transformer and target machine: the first is found again.
	Unique bool
}

// StartedExecution is an execution whose start is durable.
type StartedExecution struct {
	// Execution is as it was when the start became durable.
	Execution *Execution
	// Created is false when it was there already.
	Created bool
}

// StartExecution starts an execution; when it returns the start is durable.
func (c *Client) StartExecution(ctx context.Context, start StartExecution) (*StartedExecution, error) {
	request, err := startRequestOf(ctx, start)
	if err != nil {
		return nil, err
	}
	response, err := invoke(ctx, c.policy, c.executions.StartExecution, request)
	if err != nil {
		return nil, err
	}
	return &StartedExecution{Execution: executionOf(response.GetExecution()), Created: response.GetCreated()}, nil
}

// RunExecution starts an execution and waits until it has closed, however long that takes and however often the
// connection breaks. A FAILED one is no error: look at Status. The context bounds the wait, not the execution.
func (c *Client) RunExecution(ctx context.Context, start StartExecution) (*Execution, error) {
	started, err := c.StartExecution(ctx, start)
	if err != nil {
		return nil, err
	}
	return c.WaitForExecution(ctx, started.Execution.ID)
}

// startRequestOf makes the request of a start, always with a name: a start without one gets a random name here, so that
// sending it again after a broken connection never starts a second execution.
func startRequestOf(ctx context.Context, start StartExecution) (*pawlv1.StartExecutionRequest, error) {
	request := &pawlv1.StartExecutionRequest{
		StateMachine:   start.StateMachine,
		Name:           start.Name,
		Labels:         start.Labels,
		RequestId:      uniqueID(),
		ConflictPolicy: pawlv1.NameConflictPolicy(start.ConflictPolicy),
	}
	if request.Name == "" {
		// A random name can only be taken by this very start, sent before.
		request.Name = uniqueID()
		request.ConflictPolicy = pawlv1.NameConflictPolicy_NAME_CONFLICT_POLICY_USE_EXISTING
	}
	if task := TaskFromContext(ctx); task != nil && start.Traceparent == "" {
		start.Traceparent = task.Traceparent
	}
	if start.Traceparent != "" {
		request.Trace = &pawlv1.TraceContext{Traceparent: start.Traceparent}
	}
	if start.Chain != nil {
		request.InputSource = &pawlv1.StartExecutionRequest_Chain{Chain: start.Chain.message()}
		return request, nil
	}
	input, err := encodeOr(start.Input, "{}")
	if err != nil {
		return nil, refusal(codes.InvalidArgument, "input is not JSON: %v", err)
	}
	request.InputSource = &pawlv1.StartExecutionRequest_Input{Input: input}
	return request, nil
}

func (c *ChainSource) message() *pawlv1.ChainSource {
	source := &pawlv1.ChainSource{
		Execution:     c.Execution,
		State:         c.State,
		WaitForSource: c.WaitForSource,
		Unique:        c.Unique,
	}
	switch {
	case c.JSONata != "":
		source.Transformer = &pawlv1.ChainSource_Jsonata{Jsonata: c.JSONata}
	case c.Resource != "":
		source.Transformer = &pawlv1.ChainSource_Resource{Resource: c.Resource}
	}
	return source
}
