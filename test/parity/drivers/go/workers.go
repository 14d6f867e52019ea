package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"github.com/pawl-dev/pawl/sdk/go"
)

// toldInputBytesMax is the size up to which inputs are told in task.start.
const toldInputBytesMax = 2_048

type openWorker struct {
	Worker              string            `json:"worker"`
	Address             string            `json:"address"`
	Headers             map[string]string `json:"headers"`
	Identity            string            `json:"identity"`
	Pools               map[string]int    `json:"pools"`
	Concurrency         int               `json:"concurrency"`
	MaxInlineInputBytes int               `json:"maxInlineInputBytes"`
	Tasks               []registeredTask  `json:"tasks"`
	Quiet               bool              `json:"quiet"`
}

type registeredTask struct {
	Resource      string `json:"resource"`
	Handler       string `json:"handler"`
	Concurrency   int    `json:"concurrency"`
	Pool          string `json:"pool"`
	AutoHeartbeat *bool  `json:"autoHeartbeat"`
}

func (d *driver) openWorker(line []byte) error {
	var open openWorker
	if err := json.Unmarshal(line, &open); err != nil {
		return err
	}
	options := []pawl.WorkerOption{
		pawl.WithHeaders(open.Headers),
		pawl.WithIdentity(open.Identity),
		pawl.WithLogger(slog.New(slog.NewTextHandler(os.Stderr, nil))),
	}
	for name, slots := range open.Pools {
		options = append(options, pawl.WithPool(name, slots))
	}
	if open.Concurrency > 0 {
		options = append(options, pawl.WithConcurrency(open.Concurrency))
	}
	if open.MaxInlineInputBytes > 0 {
		options = append(options, pawl.WithMaxInlineInputBytes(open.MaxInlineInputBytes))
	}
	if !open.Quiet {
		options = append(options, pawl.WithOutcomeHook(func(outcome pawl.ReportedOutcome) {
			d.say(object{
				"event":     "outcome",
				"worker":    open.Worker,
				"execution": outcome.Execution,
				"resource":  outcome.Resource,
				"status":    outcome.Status,
			})
		}))
	}
	worker, err := pawl.NewWorker(open.Address, options...)
	if err != nil {
		return err
	}
	for _, task := range open.Tasks {
		if err := d.register(worker, open, task); err != nil {
			return err
		}
	}
	d.mu.Lock()
	d.workers[open.Worker] = worker
	d.mu.Unlock()
	go func() {
		if err := worker.Start(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
		}
	}()
	return nil
}

func (d *driver) closeWorker(called command) error {
	d.mu.Lock()
	worker := d.workers[called.Worker]
	delete(d.workers, called.Worker)
	d.mu.Unlock()
	if worker == nil {
		return fmt.Errorf("no worker is named %s", called.Worker)
	}
	grace := 30 * time.Second
	if called.GraceMs != nil {
		grace = time.Duration(*called.GraceMs) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := worker.Close(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

func (d *driver) register(worker *pawl.Worker, open openWorker, task registeredTask) error {
	handler := handlers[task.Handler]
	if task.Handler == "hold" {
		handler = d.hold
	}
	if handler == nil {
		return fmt.Errorf("no handler is named %s", task.Handler)
	}
	if !open.Quiet {
		handler = d.told(open.Worker, task.Handler, handler)
	}
	var options []pawl.TaskOption
	if task.Concurrency > 0 {
		options = append(options, pawl.WithConcurrency(task.Concurrency))
	}
	if task.Pool != "" {
		options = append(options, pawl.InPool(task.Pool))
	}
	if task.AutoHeartbeat != nil && !*task.AutoHeartbeat {
		options = append(options, pawl.WithoutAutoHeartbeat())
	}
	pawl.Handle(worker, task.Resource, handler, options...)
	return nil
}

// told runs a handler between its two events.
func (d *driver) told(worker, name string, run handler) handler {
	return func(ctx context.Context, input json.RawMessage) (any, error) {
		task := pawl.TaskFromContext(ctx)
		start := object{
			"event":     "task.start",
			"worker":    worker,
			"handler":   name,
			"resource":  task.Resource,
			"taskId":    task.TaskID,
			"execution": task.Execution,
			"attempt":   task.Attempt,
		}
		if len(input) < toldInputBytesMax {
			start["input"] = string(input)
		}
		if name == "token" {
			token, err := base64.RawURLEncoding.DecodeString(task.Token())
			if err != nil {
				return nil, err
			}
			start["taskToken"] = base64.StdEncoding.EncodeToString(token)
		}
		d.say(start)
		end := object{"event": "task.end", "worker": worker, "taskId": task.TaskID, "as": "output"}
		output, err := run(ctx, input)
		var cancelled *pawl.TaskCancelledError
		switch {
		case err != nil && errors.As(context.Cause(ctx), &cancelled):
			end["as"], end["reason"] = "cancelled", cancelled.Reason
		case err != nil:
			end["as"] = "error"
		}
		d.say(end)
		return output, err
	}
}

// release is how a held task ends.
type release struct {
	TaskID string  `json:"taskId"`
	Output *string `json:"output"`
	Error  string  `json:"error"`
	Cause  string  `json:"cause"`
}

func (d *driver) hold(ctx context.Context, input json.RawMessage) (any, error) {
	var in handlerInput
	if err := json.Unmarshal(input, &in); err != nil {
		return nil, err
	}
	task := pawl.TaskFromContext(ctx)
	released := make(chan release, 1)
	d.mu.Lock()
	d.held[task.TaskID] = released
	d.mu.Unlock()
	if in.Details != nil {
		task.Heartbeat(json.RawMessage(*in.Details), 0)
	}
	select {
	case end := <-released:
		if end.Error != "" {
			return nil, &pawl.TaskError{Name: end.Error, Cause: end.Cause}
		}
		if end.Output == nil {
			return nil, nil
		}
		return json.RawMessage(*end.Output), nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

func (d *driver) releaseTask(line []byte) error {
	var end release
	if err := json.Unmarshal(line, &end); err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	released := d.held[end.TaskID]
	if released == nil {
		return fmt.Errorf("no task %s is held", end.TaskID)
	}
	delete(d.held, end.TaskID)
	released <- end
	return nil
}
