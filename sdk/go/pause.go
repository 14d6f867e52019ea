package pawl

import (
	"context"
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// PauseAction says who pauses or resumes, and why; both are kept in the history.
type PauseAction struct {
	// Operator is who.
	Operator string
	// Reason is why.
	Reason string
}

// Pause says since when, by whom and why an execution is paused.
type Pause struct {
	PauseAction
	// Time is since when.
	Time time.Time
}

// PauseExecution begins nothing new until the execution is resumed. What workers have goes on; how it ends is recorded,
// and what follows from it waits. One that is paused stays as it is; FAILED_PRECONDITION once it has closed.
func (c *Client) PauseExecution(ctx context.Context, execution string, action PauseAction) (*Execution, error) {
	request := &pawlv1.PauseExecutionRequest{Execution: execution, Operator: action.Operator, Reason: action.Reason}
	response, err := invoke(ctx, c.policy, c.executions.PauseExecution, request)
	return executionOr(response.GetExecution(), err)
}

// ResumeExecution has a paused execution go on exactly where it stood; one that is not paused stays as it is.
// FAILED_PRECONDITION once it has closed.
func (c *Client) ResumeExecution(ctx context.Context, execution string, action PauseAction) (*Execution, error) {
	request := &pawlv1.ResumeExecutionRequest{Execution: execution, Operator: action.Operator, Reason: action.Reason}
	response, err := invoke(ctx, c.policy, c.executions.ResumeExecution, request)
	return executionOr(response.GetExecution(), err)
}

func pauseOf(stamp *pawlv1.AuditStamp) *Pause {
	if stamp == nil {
		return nil
	}
	return &Pause{PauseAction{stamp.GetPrincipal(), stamp.GetReason()}, timeOf(stamp.GetTime())}
}
