package pawl

import (
	"context"
	"fmt"
	"time"
)

// TaskError is a task's failure under a name that Retry and Catch can match (ErrorEquals).
//
//	return Receipt{}, &pawl.TaskError{Name: "Payment.Declined", Cause: "card expired", NonRetryable: true}
//
// A handler may wrap it; the first in the chain counts.
type TaskError struct {
	// Name is what ErrorEquals matches; at most 256 characters.
	Name string
	// Cause is text, or any value that JSON can hold; at most 32,768 characters.
	Cause any
	// NonRetryable skips Retry; Catch still applies.
	NonRetryable bool
	// RetryAfter replaces the Retrier's interval once; 0: the Retrier's own.
	RetryAfter time.Duration
}

// Error gives the name and the cause.
func (e *TaskError) Error() string {
	if cause := e.causeText(); cause != "" {
		return e.Name + ": " + cause
	}
	return e.Name
}

func (e *TaskError) causeText() string {
	switch cause := e.Cause.(type) {
	case nil:
		return ""
	case string:
		return cause
	case error:
		return cause.Error()
	}
	text, err := encode(e.Cause)
	if err != nil {
		return fmt.Sprint(e.Cause)
	}
	return text
}

// CancelReason says why a running task was told to stop.
type CancelReason string

// The reasons.
const (
	// CancelExecutionStopped : the execution was stopped or failed elsewhere.
	CancelExecutionStopped CancelReason = "EXECUTION_STOPPED"
	// CancelBranchFailed : a sibling in a Parallel or Map failed.
	CancelBranchFailed CancelReason = "BRANCH_FAILED"
	// CancelTaskTimedOut : TimeoutSeconds passed.
	CancelTaskTimedOut CancelReason = "TASK_TIMED_OUT"
	// CancelHeartbeatTimedOut : HeartbeatSeconds passed without a beat.
	CancelHeartbeatTimedOut CancelReason = "HEARTBEAT_TIMED_OUT"
	// CancelLeaseLost : another attempt owns the task; the result of this one would be refused.
	CancelLeaseLost CancelReason = "LEASE_LOST"
	// CancelOperator : somebody asked for it.
	CancelOperator CancelReason = "OPERATOR"
	// CancelWorkerClosed : the worker closes and its grace is over; the task goes to another worker.
	CancelWorkerClosed CancelReason = "WORKER_CLOSED"
)

// TaskCancelledError is context.Cause of a handler's context once its result is no longer wanted.
type TaskCancelledError struct{ Reason CancelReason }

// Error names the reason.
func (e *TaskCancelledError) Error() string {
	return fmt.Sprintf("the task was cancelled: %s", e.Reason)
}

// Is makes it equal to context.Canceled.
func (e *TaskCancelledError) Is(target error) bool { return target == context.Canceled }
