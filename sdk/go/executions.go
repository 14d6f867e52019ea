package pawl

import (
	"context"
	"iter"

	"google.golang.org/grpc/codes"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// GetExecution reads one, with its payloads. It is named by id, ARN, or stateMachine/name.
func (c *Client) GetExecution(ctx context.Context, execution string) (*Execution, error) {
	response, err := invoke(ctx, c.policy, c.executions.GetExecution, &pawlv1.GetExecutionRequest{
		Execution:   execution,
		PayloadView: pawlv1.PayloadView_PAYLOAD_VIEW_FULL,
	})
	return executionOr(response.GetExecution(), err)
}

// ListExecutions gives those that fulfil the filter, newest first.
func (c *Client) ListExecutions(ctx context.Context, filter ExecutionFilter, options ...ListOption) iter.Seq2[*Execution, error] {
	chosen := listOptionsOf(options)
	return itemsOf(chosen, executionOf, func(page *pawlv1.PageRequest) ([]*pawlv1.Execution, *pawlv1.PageInfo, error) {
		page.Filter = filter.String()
		request := &pawlv1.ListExecutionsRequest{Page: page, PayloadView: chosen.payloads.view()}
		response, err := invoke(ctx, c.policy, c.executions.ListExecutions, request)
		return response.GetExecutions(), response.GetPage(), err
	})
}

// Reverse lists events from the newest.
func Reverse() ListOption {
	return listOption(func(options *listOptions) { options.reverse = true })
}

// AfterEvent lists only events with a greater id (with [Reverse]: a smaller one).
func AfterEvent(id int64) ListOption {
	return listOption(func(options *listOptions) { options.afterEventID = id })
}

// ListExecutionEvents gives the history, oldest first unless [Reverse], with its payloads unless [WithPayloads] says
// otherwise.
func (c *Client) ListExecutionEvents(ctx context.Context, execution string, options ...ListOption) iter.Seq2[*ExecutionEvent, error] {
	chosen := listOptionsOf(options)
	if chosen.payloads == PayloadsDefault {
		chosen.payloads = PayloadsFull
	}
	return itemsOf(chosen, executionEventOf, func(page *pawlv1.PageRequest) ([]*pawlv1.ExecutionEvent, *pawlv1.PageInfo, error) {
		response, err := invoke(ctx, c.policy, c.executions.ListExecutionEvents, &pawlv1.ListExecutionEventsRequest{
			Execution:    execution,
			Page:         page,
			Reverse:      chosen.reverse,
			PayloadView:  chosen.payloads.view(),
			AfterEventId: chosen.afterEventID,
		})
		return response.GetEvents(), response.GetPage(), err
	})
}

// StopExecution stops a running execution and cancels its tasks; reason may be zero. FAILED_PRECONDITION once it has
// closed.
func (c *Client) StopExecution(ctx context.Context, execution string, reason ErrorValue) (*Execution, error) {
	response, err := invoke(ctx, c.policy, c.executions.StopExecution, &pawlv1.StopExecutionRequest{
		Execution: execution,
		Error:     &pawlv1.ErrorValue{Error: reason.Error, Cause: reason.Cause},
		RequestId: uniqueID(),
	})
	return executionOr(response.GetExecution(), err)
}

// RedriveExecution is how an execution is redriven, where not as it was.
type RedriveExecution struct {
	// FromState is entered anew, outside any Parallel or Map; empty: whatever did not succeed goes on.
	FromState string
	// Input is what this state, or the one that failed, is entered with; nil: what it was given before.
	Input any
	// StateMachine goes on with the present definition of this reference to it; empty: with the execution's own.
	StateMachine string
}

// RedriveExecution lets a FAILED, TIMED_OUT or ABORTED execution go on from where it failed, under its id.
// FAILED_PRECONDITION when it can not be redriven; Execution.RedriveReason says why.
func (c *Client) RedriveExecution(ctx context.Context, execution string, redrive RedriveExecution) (*Execution, error) {
	input, err := encodeOr(redrive.Input, "")
	if err != nil {
		return nil, refusal(codes.InvalidArgument, "input is not JSON: %v", err)
	}
	response, err := invoke(ctx, c.policy, c.executions.RedriveExecution, &pawlv1.RedriveExecutionRequest{
		Execution:     execution,
		RequestId:     uniqueID(),
		FromState:     redrive.FromState,
		InputOverride: input,
		StateMachine:  redrive.StateMachine,
	})
	return executionOr(response.GetExecution(), err)
}

// DeleteExecution removes a closed execution with its history; its name can be used again. FAILED_PRECONDITION while it
// runs; NOT_FOUND also when an earlier try has removed it.
func (c *Client) DeleteExecution(ctx context.Context, execution string) (*Execution, error) {
	request := &pawlv1.DeleteExecutionRequest{Execution: execution}
	response, err := invoke(ctx, c.policy, c.executions.DeleteExecution, request)
	return executionOr(response.GetExecution(), err)
}

func executionOr(message *pawlv1.Execution, err error) (*Execution, error) {
	if err != nil {
		return nil, err
	}
	return executionOf(message), nil
}
