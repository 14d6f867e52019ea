package main

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"github.com/pawl-dev/pawl/sdk/go"
)

type handler func(ctx context.Context, input json.RawMessage) (any, error)

// handlerInput is what the suite gives to handlers; each reads its own fields.
type handlerInput struct {
	Ms    int64 `json:"ms"`
	Bytes int   `json:"bytes"`
	// Details is JSON text.
	Details      *string `json:"details"`
	Error        string  `json:"error"`
	Cause        string  `json:"cause"`
	NonRetryable bool    `json:"nonRetryable"`
	RetryAfterMs int64   `json:"retryAfterMs"`
	// Times are the attempts that fail; absent: all.
	Times   *int   `json:"times"`
	Message string `json:"message"`
}

// handlers are what the suite lets workers do, but for hold, which waits for its word.
var handlers = map[string]handler{
	"echo":     func(_ context.Context, input json.RawMessage) (any, error) { return input, nil },
	"noop":     func(context.Context, json.RawMessage) (any, error) { return nil, nil },
	"token":    func(context.Context, json.RawMessage) (any, error) { return nil, nil },
	"sleep":    reading(sleep),
	"busy":     reading(busy),
	"fail":     reading(fail),
	"throw":    reading(throw),
	"large":    reading(large),
	"size":     size,
	"describe": describe,
}

func reading(run func(ctx context.Context, in handlerInput) (any, error)) handler {
	return func(ctx context.Context, input json.RawMessage) (any, error) {
		var in handlerInput
		if err := json.Unmarshal(input, &in); err != nil {
			return nil, err
		}
		return run(ctx, in)
	}
}

func sleep(ctx context.Context, in handlerInput) (any, error) {
	select {
	case <-time.After(time.Duration(in.Ms) * time.Millisecond):
		return nil, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func busy(_ context.Context, in handlerInput) (any, error) {
	until := time.Now().Add(time.Duration(in.Ms) * time.Millisecond)
	for time.Now().Before(until) {
		continue
	}
	return object{"busy": in.Ms}, nil
}

func fail(ctx context.Context, in handlerInput) (any, error) {
	attempt := pawl.TaskFromContext(ctx).Attempt
	if in.Times != nil && attempt > *in.Times {
		return object{"attempt": attempt}, nil
	}
	return nil, &pawl.TaskError{
		Name:         in.Error,
		Cause:        in.Cause,
		NonRetryable: in.NonRetryable,
		RetryAfter:   time.Duration(in.RetryAfterMs) * time.Millisecond,
	}
}

func throw(_ context.Context, in handlerInput) (any, error) { return nil, errors.New(in.Message) }

func large(_ context.Context, in handlerInput) (any, error) {
	return strings.Repeat("x", in.Bytes), nil
}

func size(_ context.Context, input json.RawMessage) (any, error) {
	return object{"bytes": len(input)}, nil
}

func describe(ctx context.Context, _ json.RawMessage) (any, error) {
	task := pawl.TaskFromContext(ctx)
	described := object{
		"attempt":              task.Attempt,
		"idempotencyKey":       task.IdempotencyKey,
		"execution":            task.Execution,
		"executionArn":         task.ExecutionARN,
		"stateMachine":         task.StateMachine,
		"stateName":            task.StateName,
		"statePath":            task.StatePath,
		"resource":             task.Resource,
		"rawResource":          task.RawResource,
		"taskId":               task.TaskID,
		"lastError":            nil,
		"lastHeartbeatDetails": task.LastHeartbeatDetails,
		"deadline":             nil,
		"labels":               task.Labels,
		"traceparent":          task.Traceparent,
	}
	if task.LastError != nil {
		described["lastError"] = object{"error": task.LastError.Error, "cause": task.LastError.Cause}
	}
	if !task.Deadline.IsZero() {
		described["deadline"] = task.Deadline.UTC().Format(time.RFC3339Nano)
	}
	if task.Labels == nil {
		described["labels"] = object{}
	}
	return described, nil
}
