package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/pawl-dev/pawl/sdk/go"
)

// arguments are those of all methods; each reads its own. Payloads are JSON texts.
type arguments struct {
	Name           string            `json:"name"`
	Definition     string            `json:"definition"`
	StateMachine   string            `json:"stateMachine"`
	Input          *string           `json:"input"`
	Labels         map[string]string `json:"labels"`
	Traceparent    string            `json:"traceparent"`
	Chain          *chain            `json:"chain"`
	Inputs         []string          `json:"inputs"`
	NamePrefix     *string           `json:"namePrefix"`
	Follow         bool              `json:"follow"`
	Execution      string            `json:"execution"`
	Status         string            `json:"status"`
	PageSize       int               `json:"pageSize"`
	Limit          *int              `json:"limit"`
	AfterEventID   int64             `json:"afterEventId"`
	Error          string            `json:"error"`
	Cause          string            `json:"cause"`
	Key            string            `json:"correlationKey"`
	Value          string            `json:"correlationValue"`
	Data           string            `json:"data"`
	MessageID      string            `json:"messageId"`
	TimeToLiveMs   int64             `json:"timeToLiveMs"`
	MaxConcurrency int               `json:"maxConcurrency"`
	Batch          string            `json:"batch"`
	TaskToken      string            `json:"taskToken"`
	Output         string            `json:"output"`
	NonRetryable   bool              `json:"nonRetryable"`
}

type chain struct {
	Execution     string `json:"execution"`
	State         string `json:"state"`
	JSONata       string `json:"jsonata"`
	WaitForSource bool   `json:"waitForSource"`
	Unique        bool   `json:"unique"`
}

// clientCall is one call under way; next streams before its answer.
type clientCall struct {
	client *pawl.Client
	args   arguments
	next   func(update object)
}

// call carries out one method of the suite's list by the SDK's own of that name.
func (d *driver) call(ctx context.Context, called command) (object, error) {
	client, err := d.client(called.Client)
	if err != nil {
		return nil, err
	}
	method := methods[called.Method]
	if method == nil {
		return nil, fmt.Errorf("no method is named %s", called.Method)
	}
	under := clientCall{client: client, next: func(update object) { d.say(object{"id": called.ID, "next": update}) }}
	if err := json.Unmarshal(called.Args, &under.args); err != nil {
		return nil, err
	}
	if called.CallTimeoutMs > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Duration(called.CallTimeoutMs)*time.Millisecond)
		defer cancel()
	}
	return method(ctx, under)
}

var methods = map[string]func(ctx context.Context, call clientCall) (object, error){
	"applyStateMachine": func(ctx context.Context, call clientCall) (object, error) {
		input := pawl.StateMachineInput{Name: call.args.Name, Definition: call.args.Definition}
		_, err := call.client.ApplyStateMachine(ctx, input)
		return nil, err
	},
	"startExecution": func(ctx context.Context, call clientCall) (object, error) {
		started, err := call.client.StartExecution(ctx, call.args.start())
		if err != nil {
			return nil, err
		}
		return object{"execution": executionOf(started.Execution), "created": started.Created}, nil
	},
	"startExecutions": startExecutions,
	"runExecution": func(ctx context.Context, call clientCall) (object, error) {
		return executionOr(call.client.RunExecution(ctx, call.args.start()))
	},
	"getExecution": func(ctx context.Context, call clientCall) (object, error) {
		return executionOr(call.client.GetExecution(ctx, call.args.Execution))
	},
	"waitForExecution": func(ctx context.Context, call clientCall) (object, error) {
		return executionOr(call.client.WaitForExecution(ctx, call.args.Execution))
	},
	"listExecutions": listExecutions,
	"watchExecution": watchExecution,
	"stopExecution": func(ctx context.Context, call clientCall) (object, error) {
		reason := pawl.ErrorValue{Error: call.args.Error, Cause: call.args.Cause}
		return executionOr(call.client.StopExecution(ctx, call.args.Execution, reason))
	},
	"redriveExecution": func(ctx context.Context, call clientCall) (object, error) {
		return executionOr(call.client.RedriveExecution(ctx, call.args.Execution, pawl.RedriveExecution{}))
	},
	"sendMessage":    sendMessage,
	"createBatch":    createBatch,
	"watchBatch":     watchBatch,
	"listBatchItems": listBatchItems,
	"completeTask": func(ctx context.Context, call clientCall) (object, error) {
		return nil, call.client.CompleteTask(ctx, call.args.TaskToken, json.RawMessage(call.args.Output))
	},
	"failTask": func(ctx context.Context, call clientCall) (object, error) {
		failure := &pawl.TaskError{Name: call.args.Error, Cause: call.args.Cause, NonRetryable: call.args.NonRetryable}
		return nil, call.client.FailTask(ctx, call.args.TaskToken, failure)
	},
	"heartbeatTask": func(ctx context.Context, call clientCall) (object, error) {
		return nil, call.client.HeartbeatTask(ctx, call.args.TaskToken, nil)
	},
}

func startExecutions(ctx context.Context, call clientCall) (object, error) {
	outcomes := make([]object, len(call.args.Inputs))
	var followed []*pawl.Started
	var indexes []int
	for outcome := range call.client.StartExecutions(ctx, call.args.starts(), pawl.WithFollow(call.args.Follow)) {
		if outcome.Err != nil {
			outcomes[outcome.Index] = object{"error": failureOf(outcome.Err)}
			continue
		}
		execution := outcome.Started.Execution
		outcomes[outcome.Index] = object{"name": execution.Name, "id": execution.ID, "created": outcome.Started.Created}
		if call.args.Follow {
			followed = append(followed, outcome.Started)
			indexes = append(indexes, outcome.Index)
		}
	}
	for place, started := range followed {
		ended, err := started.Result(ctx)
		if err != nil {
			return nil, err
		}
		outcomes[indexes[place]]["ended"] = executionOf(ended)
	}
	return object{"outcomes": outcomes}, nil
}

func listExecutions(ctx context.Context, call clientCall) (object, error) {
	var options []pawl.ListOption
	if call.args.PageSize > 0 {
		options = append(options, pawl.WithPageSize(call.args.PageSize))
	}
	if call.args.Limit != nil {
		options = append(options, pawl.WithLimit(*call.args.Limit))
	}
	filter := pawl.ExecutionFilter{StateMachine: call.args.StateMachine, Status: pawl.ExecutionStatus(call.args.Status)}
	names := []string{}
	for execution, err := range call.client.ListExecutions(ctx, filter, options...) {
		if err != nil {
			return nil, err
		}
		names = append(names, execution.Name)
	}
	return object{"names": names}, nil
}

func watchExecution(ctx context.Context, call clientCall) (object, error) {
	for update, err := range call.client.WatchExecution(ctx, call.args.Execution, pawl.FromEvent(call.args.AfterEventID)) {
		switch {
		case err != nil:
			return nil, err
		case update.Event != nil:
			call.next(object{"type": "event", "eventId": update.Event.ID, "eventType": update.Event.Type})
		case update.IsTerminal:
			call.next(object{"type": "closed", "status": update.Execution.Status})
		default:
			call.next(object{"type": "snapshot", "status": update.Execution.Status})
		}
	}
	return nil, nil
}

func sendMessage(ctx context.Context, call clientCall) (object, error) {
	sent, err := call.client.SendMessage(ctx, pawl.SendMessage{
		CorrelationKey:   call.args.Key,
		CorrelationValue: json.RawMessage(call.args.Value),
		Data:             json.RawMessage(call.args.Data),
		MessageID:        call.args.MessageID,
		TimeToLive:       time.Duration(call.args.TimeToLiveMs) * time.Millisecond,
	})
	if err != nil {
		return nil, err
	}
	executions := append([]string{}, sent.Executions...)
	return object{"executions": executions, "buffered": sent.Buffered}, nil
}

func createBatch(ctx context.Context, call clientCall) (object, error) {
	inputs := make([]json.RawMessage, len(call.args.Inputs))
	for index, input := range call.args.Inputs {
		inputs[index] = json.RawMessage(input)
	}
	create := pawl.CreateBatch{
		StateMachine:   call.args.StateMachine,
		Inputs:         pawl.Inputs(slices.Values(inputs)),
		MaxConcurrency: call.args.MaxConcurrency,
	}
	if call.args.NamePrefix != nil {
		create.NamePrefix = *call.args.NamePrefix
	}
	batch, err := call.client.CreateBatch(ctx, create)
	if err != nil {
		return nil, err
	}
	return object{"batch": object{"id": batch.ID, "status": batch.Status, "counts": object{
		"total":     batch.Counts.Total,
		"pending":   batch.Counts.Pending,
		"running":   batch.Counts.Running,
		"succeeded": batch.Counts.Succeeded,
		"failed":    batch.Counts.Failed,
		"skipped":   batch.Counts.Skipped,
	}}}, nil
}

func watchBatch(ctx context.Context, call clientCall) (object, error) {
	watch := pawl.WatchBatch{Items: true, FromStart: true, MinInterval: 50 * time.Millisecond}
	for update, err := range call.client.WatchBatch(ctx, call.args.Batch, watch) {
		switch {
		case err != nil:
			return nil, err
		case update.Item != nil:
			call.next(object{"type": "item", "index": update.Item.Index, "status": update.Item.Status})
		default:
			call.next(object{"type": "batch", "status": update.Batch.Status})
		}
	}
	return nil, nil
}

func listBatchItems(ctx context.Context, call clientCall) (object, error) {
	items := []object{}
	for item, err := range call.client.ListBatchItems(ctx, call.args.Batch, pawl.WithPayloads(pawl.PayloadsFull)) {
		if err != nil {
			return nil, err
		}
		items = append(items, object{"index": item.Index, "status": item.Status, "output": textOrNull(item.Output)})
	}
	return object{"items": items}, nil
}

func (a arguments) start() pawl.StartExecution {
	start := pawl.StartExecution{
		StateMachine: a.StateMachine,
		Name:         a.Name,
		Labels:       a.Labels,
		Traceparent:  a.Traceparent,
	}
	if a.Input != nil {
		start.Input = json.RawMessage(*a.Input)
	}
	if a.Chain != nil {
		start.Chain = &pawl.ChainSource{
			Execution:     a.Chain.Execution,
			State:         a.Chain.State,
			JSONata:       a.Chain.JSONata,
			WaitForSource: a.Chain.WaitForSource,
			Unique:        a.Chain.Unique,
		}
	}
	return start
}

func (a arguments) starts() iter.Seq[pawl.StartExecution] {
	return func(yield func(pawl.StartExecution) bool) {
		for index, input := range a.Inputs {
			start := pawl.StartExecution{StateMachine: a.StateMachine, Input: json.RawMessage(input)}
			if a.NamePrefix != nil {
				start.Name = fmt.Sprintf("%s%d", *a.NamePrefix, index)
			}
			if !yield(start) {
				return
			}
		}
	}
}

func executionOr(execution *pawl.Execution, err error) (object, error) {
	if err != nil {
		return nil, err
	}
	return object{"execution": executionOf(execution)}, nil
}

func executionOf(execution *pawl.Execution) object {
	told := object{
		"id":           execution.ID,
		"name":         execution.Name,
		"stateMachine": execution.StateMachine,
		"status":       execution.Status,
		"output":       textOrNull(execution.Output),
		"error":        nil,
	}
	if execution.Error != nil {
		told["error"] = object{"error": execution.Error.Error, "cause": execution.Error.Cause}
	}
	return told
}

func textOrNull(text json.RawMessage) any {
	if text == nil {
		return nil
	}
	return string(text)
}
