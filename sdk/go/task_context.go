package pawl

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"log/slog"
	"time"

	"google.golang.org/grpc/metadata"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// TaskContext is what a handler can know about its task, and how it speaks to the server.
//
// It comes with the handler's context, so that a function that needs none of it can be a handler as it is:
//
//	task := pawl.TaskFromContext(ctx)
//
// The context itself is cancelled when the result is no longer wanted; context.Cause is then a *TaskCancelledError.
// Its deadline is the task's.
type TaskContext struct {
	// Attempt counts from 1.
	Attempt int
	// Delivery counts the deliveries of this attempt from 1: more than 1 after a worker was lost or gave it back.
	Delivery int
	// IdempotencyKey is the same for every attempt: give it to whatever must act only once.
	IdempotencyKey string
	// Execution is the execution's id.
	Execution string
	// ExecutionARN names the execution in the AWS API.
	ExecutionARN string
	// StateMachine is its name.
	StateMachine string
	// StateName is the last part of StatePath.
	StateName string
	// StatePath is for example /States/Each[3]/Charge.
	StatePath string
	// Resource is the queue the task came from.
	Resource string
	// RawResource is the Resource exactly as the definition spells it.
	RawResource string
	// TaskID is for logs.
	TaskID string
	// Input is the input's own text.
	Input json.RawMessage
	// LastError is why the attempt before failed; nil: there was none.
	LastError *ErrorValue
	// LastHeartbeatDetails is what the attempt before said last; nil: nothing.
	LastHeartbeatDetails json.RawMessage
	// Deadline is the task's hard end by the server's clock; zero without TimeoutSeconds.
	Deadline time.Time
	// Labels are the execution's.
	Labels map[string]string
	// Traceparent is the W3C trace context of the execution; empty when there is none. gRPC calls made with the
	// handler's context carry it.
	Traceparent string

	run *taskRun
}

type taskContextKey struct{}

// TaskFromContext gives the task that a handler's context belongs to; nil elsewhere. A nil TaskContext can be asked to
// heartbeat and log, so that handlers can be tested by themselves.
func TaskFromContext(ctx context.Context) *TaskContext {
	task, _ := ctx.Value(taskContextKey{}).(*TaskContext)
	return task
}

// ContextWithTask gives a handler's context, for tests of handlers that read their TaskContext.
func ContextWithTask(ctx context.Context, task *TaskContext) context.Context {
	return context.WithValue(ctx, taskContextKey{}, task)
}

// Token reports this task from elsewhere: another process, a callback. See [Client.CompleteTask].
func (t *TaskContext) Token() string {
	if t == nil || t.run == nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(t.run.task.GetTaskToken())
}

// Heartbeat says that the task lives and how far it is. It is cheap and does not block: many become one message.
//
// details is any JSON value, and the next attempt finds the last one; nil leaves what was said before. progress is
// from 0 to 1; 0 leaves it as it was.
func (t *TaskContext) Heartbeat(details any, progress float64) {
	if t == nil || t.run == nil {
		return
	}
	text, err := encodeOr(details, "")
	if err != nil {
		t.Log().Error("heartbeat details are not JSON", "error", err)
		return
	}
	t.run.runs.heartbeat(t.run, text, float32(progress))
}

// Log is the worker's log with the task's names; its lines from Info on also travel with the outcome (16 KiB at most).
func (t *TaskContext) Log() *slog.Logger {
	if t == nil || t.run == nil {
		return slog.Default()
	}
	return slog.New(&taskLog{task: t, lines: &t.run.lines, next: t.run.runs.log.Handler()})
}

func newTaskContext(run *taskRun, input []byte) *TaskContext {
	task := run.task
	return &TaskContext{
		Attempt:              int(task.GetAttempt()),
		Delivery:             int(task.GetDelivery()),
		IdempotencyKey:       task.GetIdempotencyKey(),
		Execution:            task.GetExecution(),
		ExecutionARN:         task.GetExecutionArn(),
		StateMachine:         task.GetStateMachine(),
		StateName:            task.GetStateName(),
		StatePath:            task.GetStatePath(),
		Resource:             task.GetResource(),
		RawResource:          task.GetRawResource(),
		TaskID:               task.GetTaskId(),
		Input:                input,
		LastError:            errorValueOf(task.GetLastError()),
		LastHeartbeatDetails: textOf(task.GetLastHeartbeatDetails()),
		Deadline:             timeOf(task.GetDeadline()),
		Labels:               task.GetLabels(),
		Traceparent:          task.GetTrace().GetTraceparent(),
		run:                  run,
	}
}

// withTrace lets gRPC calls that are made with a handler's context carry the execution's trace.
func withTrace(ctx context.Context, trace *pawlv1.TraceContext) context.Context {
	if trace.GetTraceparent() == "" {
		return ctx
	}
	pairs := []string{"traceparent", trace.GetTraceparent()}
	if trace.GetTracestate() != "" {
		pairs = append(pairs, "tracestate", trace.GetTracestate())
	}
	if trace.GetBaggage() != "" {
		pairs = append(pairs, "baggage", trace.GetBaggage())
	}
	return metadata.NewOutgoingContext(ctx, metadata.Pairs(pairs...))
}
