// The driver of the Go SDK: does what the parity suite says (test/parity/README.md), by the SDK's public API.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"runtime"
	"sync"
	"time"

	"github.com/pawl-dev/pawl/sdk/go"
)

func main() {
	d := &driver{
		out:     json.NewEncoder(os.Stdout),
		clients: map[string]*pawl.Client{},
		workers: map[string]*pawl.Worker{},
		held:    map[string]chan release{},
		running: map[int64]context.CancelFunc{},
	}
	d.out.SetEscapeHTML(false)
	input := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := input.ReadBytes('\n')
		if err != nil {
			break
		}
		d.begin(line)
	}
	d.closeAll()
}

// driver holds what the suite has opened.
type driver struct {
	outMu sync.Mutex
	out   *json.Encoder

	mu      sync.Mutex
	clients map[string]*pawl.Client
	workers map[string]*pawl.Worker
	held    map[string]chan release
	running map[int64]context.CancelFunc
}

type command struct {
	ID        int64           `json:"id"`
	Op        string          `json:"op"`
	Target    int64           `json:"target"`
	Worker    string          `json:"worker"`
	GraceMs   *int64          `json:"graceMs"`
	Client    string          `json:"client"`
	TimeoutMs int64           `json:"timeoutMs"`
	Method    string          `json:"method"`
	Args      json.RawMessage `json:"args"`
	// CallTimeoutMs bounds a client.call; 0: not at all.
	CallTimeoutMs int64             `json:"callTimeoutMs"`
	Address       string            `json:"address"`
	Headers       map[string]string `json:"headers"`
}

type object = map[string]any

func (d *driver) say(line any) {
	d.outMu.Lock()
	defer d.outMu.Unlock()
	if err := d.out.Encode(line); err != nil {
		panic(err)
	}
}

// begin carries a command out beside the others; a cancel can name it from now on.
func (d *driver) begin(line []byte) {
	var called command
	if err := json.Unmarshal(line, &called); err != nil {
		panic(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	d.mu.Lock()
	d.running[called.ID] = cancel
	d.mu.Unlock()
	go func() {
		defer cancel()
		ok, err := d.carryOut(ctx, called, line)
		d.mu.Lock()
		delete(d.running, called.ID)
		d.mu.Unlock()
		if err != nil {
			d.say(object{"id": called.ID, "error": failureOf(err)})
			return
		}
		if ok == nil {
			ok = object{}
		}
		d.say(object{"id": called.ID, "ok": ok})
	}()
}

func (d *driver) carryOut(ctx context.Context, called command, line []byte) (object, error) {
	switch called.Op {
	case "hello":
		return object{
			"sdk":             "github.com/pawl-dev/pawl/sdk/go",
			"sdkVersion":      pawl.Version,
			"language":        "Go",
			"languageVersion": runtime.Version(),
		}, nil
	case "worker.open":
		return nil, d.openWorker(line)
	case "worker.close":
		return nil, d.closeWorker(called)
	case "task.release":
		return nil, d.releaseTask(line)
	case "client.open":
		return nil, d.openClient(called)
	case "client.close":
		client, err := d.client(called.Client)
		if err != nil {
			return nil, err
		}
		d.mu.Lock()
		delete(d.clients, called.Client)
		d.mu.Unlock()
		return nil, client.Close()
	case "client.call":
		return d.call(ctx, called)
	case "cancel":
		d.mu.Lock()
		defer d.mu.Unlock()
		if cancel := d.running[called.Target]; cancel != nil {
			cancel()
		}
		return nil, nil
	case "interop":
		return interop(line)
	}
	return nil, fmt.Errorf("no op is named %s", called.Op)
}

func (d *driver) openClient(called command) error {
	options := []pawl.ClientOption{pawl.WithHeaders(called.Headers)}
	if called.TimeoutMs > 0 {
		options = append(options, pawl.WithTimeout(time.Duration(called.TimeoutMs)*time.Millisecond))
	}
	client, err := pawl.NewClient(called.Address, options...)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.clients[called.Client] = client
	return nil
}

func (d *driver) client(name string) (*pawl.Client, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if client := d.clients[name]; client != nil {
		return client, nil
	}
	return nil, fmt.Errorf("no client is named %s", name)
}

// closeAll ends what is open, without grace.
func (d *driver) closeAll() {
	now, cancel := context.WithCancel(context.Background())
	cancel()
	for _, worker := range d.workers {
		_ = worker.Close(now)
	}
	for _, client := range d.clients {
		_ = client.Close()
	}
}

func failureOf(err error) object {
	var refused *pawl.Error
	if !errors.As(err, &refused) {
		return object{"code": "INTERNAL_DRIVER_ERROR", "reason": "", "message": err.Error(), "fieldViolations": []object{}}
	}
	violations := []object{}
	for _, violation := range refused.FieldViolations {
		violations = append(violations, object{"field": violation.Field, "description": violation.Description})
	}
	failure := object{
		"code":            pawl.CodeName(refused.Code),
		"reason":          refused.Reason,
		"message":         refused.Message,
		"fieldViolations": violations,
	}
	if refused.RetryAfter > 0 {
		failure["retryAfterMs"] = refused.RetryAfter.Milliseconds()
	}
	return failure
}
