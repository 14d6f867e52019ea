package pawl

import (
	"context"
	"iter"
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// ExecutionLink is a source and what was started from it.
type ExecutionLink struct {
	// SourceExecution is the source's id.
	SourceExecution string
	// SourceStateMachine is its state machine.
	SourceStateMachine string
	// SourceState is the state whose output was taken; empty: the execution's.
	SourceState string
	// Transformer is the expression or the name; empty: none.
	Transformer string
	// TargetExecution is the id of the execution that was started.
	TargetExecution string
	// TargetStateMachine is its state machine.
	TargetStateMachine string
	// CreateTime is when it was started.
	CreateTime time.Time
}

// LinkConditions are conditions on a link; all that are set must hold.
type LinkConditions struct {
	// SourceExecution is an id, an ARN, or stateMachine/name.
	SourceExecution string
	// SourceStateMachine is a name or an ARN.
	SourceStateMachine string
	// SourceState points at a state's name; at an empty text: the execution's own output was taken.
	SourceState *string
	// Transformer points at an expression or a name; at an empty text: none.
	Transformer *string
	// TargetExecution is an id, an ARN, or stateMachine/name.
	TargetExecution string
	// TargetStateMachine is a name or an ARN.
	TargetStateMachine string
	// CreatedAfter and CreatedBefore bound the time.
	CreatedAfter, CreatedBefore time.Time
}

// ExecutionLinkFilter says which links.
type ExecutionLinkFilter struct {
	LinkConditions
	// SourceStatus is that of the source, now.
	SourceStatus ExecutionStatus
}

// String is the filter's text (AIP-160).
func (f ExecutionLinkFilter) String() string {
	terms := filterTerms{}
	terms.link("", f.LinkConditions)
	if f.SourceStatus != "" {
		terms.add("source_status = %s", f.SourceStatus)
	}
	return terms.String()
}

// ListExecutionLinks tells which execution's output became which one's input, newest first.
func (c *Client) ListExecutionLinks(ctx context.Context, filter ExecutionLinkFilter, options ...ListOption) iter.Seq2[*ExecutionLink, error] {
	return itemsOf(listOptionsOf(options), executionLinkOf, func(page *pawlv1.PageRequest) ([]*pawlv1.ExecutionLink, *pawlv1.PageInfo, error) {
		page.Filter = filter.String()
		request := &pawlv1.ListExecutionLinksRequest{Page: page}
		response, err := invoke(ctx, c.policy, c.executions.ListExecutionLinks, request)
		return response.GetLinks(), response.GetPage(), err
	})
}

// CountExecutionLinks counts. limit is where counting stops; 0: 50,000, and 10,000 by SourceStatus.
func (c *Client) CountExecutionLinks(ctx context.Context, filter ExecutionLinkFilter, limit int) (*ExecutionCount, error) {
	request := &pawlv1.CountExecutionLinksRequest{Filter: filter.String(), Limit: int32(limit)}
	response, err := invoke(ctx, c.policy, c.executions.CountExecutionLinks, request)
	if err != nil {
		return nil, err
	}
	return &ExecutionCount{Count: response.GetCount(), Limited: response.GetLimited()}, nil
}

func executionLinkOf(link *pawlv1.ExecutionLink) *ExecutionLink {
	return &ExecutionLink{
		SourceExecution:    link.GetSourceExecution(),
		SourceStateMachine: link.GetSourceStateMachine(),
		SourceState:        link.GetSourceState(),
		Transformer:        link.GetTransformer(),
		TargetExecution:    link.GetTargetExecution(),
		TargetStateMachine: link.GetTargetStateMachine(),
		CreateTime:         timeOf(link.GetCreateTime()),
	}
}
