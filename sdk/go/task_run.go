package pawl

import (
	"context"
	"errors"
	"fmt"
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// taskRun is one task from its arrival until the server has acknowledged its outcome.
type taskRun struct {
	runs       *taskRuns
	task       *pawlv1.Task
	pool       *slotPool
	registered *registration
	lines      logLines

	ctx    context.Context
	cancel context.CancelCauseFunc
	// deadline is the task's hard end by this clock; zero: none.
	deadline time.Time

	// What follows is guarded by runs.mu.

	// session is where its messages go while that one lives.
	session *session
	// outcome is set once the handler is over.
	outcome *pawlv1.TaskOutcome
	// outcomeSent is when the outcome was sent last.
	outcomeSent time.Time
	// retries counts how often the server asked for the outcome again.
	retries int
	// cancelled is why the handler was told to stop; empty: it was not.
	cancelled CancelReason
	beat      heartbeat
}

// heartbeat is what a task has to say, and when.
type heartbeat struct {
	// every is the time between two beats in the background; 0: none.
	every time.Duration
	// gap is the least time between two beats.
	gap      time.Duration
	details  string
	progress float32
	// unsent details or progress wait for the next beat.
	unsent bool
	// queued is set while the session has it to send.
	queued bool
	sent   time.Time
	due    time.Time
	timer  *time.Timer
}

// beatGapMax is the least time between two heartbeats of one task, unless HeartbeatSeconds asks for less.
const beatGapMax = time.Second

func newTaskRun(runs *taskRuns, s *session, task *pawlv1.Task, pool *slotPool, registered *registration) *taskRun {
	run := &taskRun{runs: runs, task: task, pool: pool, registered: registered, session: s}
	ctx := withTrace(context.Background(), task.GetTrace())
	run.ctx, run.cancel = context.WithCancelCause(ctx)
	if deadline := task.GetDeadline(); deadline != nil {
		run.deadline = deadline.AsTime().Add(-s.clockAhead)
	}
	run.beat.gap = beatGapMax
	if timeout := task.GetHeartbeatTimeout().AsDuration(); timeout > 0 {
		run.beat.gap = min(beatGapMax, timeout/3)
		if registered.autoHeartbeat {
			run.beat.every = timeout / 3
		}
	}
	return run
}

func (r *taskRun) isRunning() bool { return r.outcome == nil }

// execute runs the handler and reports what became of it.
func (r *taskRun) execute() {
	ctx := r.ctx
	if !r.deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadlineCause(ctx, r.deadline, &TaskCancelledError{Reason: CancelTaskTimedOut})
		defer cancel()
	}
	output, err := r.call(ctx)
	if err == nil && len(output) > outputBytesMax {
		err = &TaskError{
			Name:  errorDataLimitExceeded,
			Cause: fmt.Sprintf("output is %d bytes; no message can carry more than %d", len(output), outputBytesMax),
		}
		r.runs.log.Error("an output is too large", "resource", r.task.GetResource(), "bytes", len(output),
			"limit", outputBytesMax, "execution", r.task.GetExecution(), "state", r.task.GetStatePath())
	}
	r.runs.finish(r, output, err, context.Cause(ctx))
	r.cancel(nil)
}

func (r *taskRun) call(ctx context.Context) (output string, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = recovered(value)
			r.runs.log.Error("a handler panicked", "resource", r.task.GetResource(), "panic", value,
				"execution", r.task.GetExecution(), "state", r.task.GetStatePath())
		}
	}()
	input := []byte(r.task.GetInput())
	if r.task.GetInputOmitted() {
		fetched, err := r.runs.fetchInput(ctx, r.task.GetTaskToken())
		if err != nil {
			return "", err
		}
		input = []byte(fetched)
	}
	if len(input) == 0 {
		input = []byte("{}")
	}
	ctx = ContextWithTask(ctx, newTaskContext(r, input))
	return r.registered.handle(ctx, input)
}

// outcomeOf makes the message of what a handler returned; nil: there is nothing to report.
//
// A handler that fails after it was told to stop acknowledges that; at a worker's end its task goes back.
func (r *taskRun) outcomeOf(output string, err error, reason CancelReason) *pawlv1.TaskOutcome {
	outcome := &pawlv1.TaskOutcome{TaskToken: r.task.GetTaskToken(), Logs: r.lines.take()}
	switch {
	case reason == CancelLeaseLost:
		return nil
	case err == nil:
		outcome.Result = &pawlv1.TaskOutcome_Output{Output: output}
	case reason == CancelWorkerClosed:
		return nil
	case reason != "":
		outcome.Result = &pawlv1.TaskOutcome_Cancelled{Cancelled: true}
	default:
		outcome.Result = &pawlv1.TaskOutcome_Failure{Failure: failureOf(err)}
	}
	return outcome
}

// reasonOf says why a context was cancelled; empty: it was not.
func reasonOf(cause error) CancelReason {
	var cancelled *TaskCancelledError
	if errors.As(cause, &cancelled) {
		return cancelled.Reason
	}
	return ""
}
