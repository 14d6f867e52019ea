package pawl

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"runtime"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// abortedHandlerPatience is how long handlers that were told to stop may take to return when a worker closes.
const abortedHandlerPatience = time.Second

// Worker works on tasks over one stream to a server.
//
// Each attempt's outcome is sent until the server has recorded or finally refused it, over as many connections as that
// takes. A task may still run more than once (a worker dies, a lease is lost): act once by [TaskContext.IdempotencyKey].
type Worker struct {
	id      string
	options workerOptions
	calls   *grpc.ClientConn
	runs    *taskRuns
	link    *sessionLink

	mu      sync.Mutex
	started bool
	closing chan struct{}
	closed  error
}

// NewWorker makes a worker of the servers at an address: host:port, or several of them between commas, of which it
// takes one, and another one when that is gone. An empty address is localhost:7300.
func NewWorker(address string, options ...WorkerOption) (*Worker, error) {
	w := &Worker{id: uniqueID(), options: workerOptions{
		pools:               map[string]int{},
		concurrency:         concurrencyDefault,
		maxInlineInputBytes: inlineInputBytesLimit,
		grace:               graceDefault,
		log:                 slog.Default(),
	}}
	for _, option := range options {
		option.applyWorker(&w.options)
	}
	connector, err := newConnector(address, w.options.connection)
	if err != nil {
		return nil, err
	}
	if w.calls, err = connector.connect(balanceCalls); err != nil {
		return nil, errorOf(err)
	}
	w.runs = &taskRuns{
		log:        w.options.log,
		pools:      map[string]*slotPool{},
		fetchInput: w.fetchInput,
		onOutcome:  w.options.onOutcome,
		runs:       map[string]*taskRun{},
	}
	w.link = &sessionLink{
		runs:      w.runs,
		connect:   func() (*grpc.ClientConn, error) { return connector.connect(pickOne) },
		hello:     w.hello,
		connected: make(chan struct{}),
		ended:     make(chan struct{}),
	}
	return w, nil
}

// Handle registers a handler for a resource: a name, an ARN, or a prefix with * (payments:*).
//
// What the handler returns is the task's result, encoded as JSON; a [json.RawMessage] passes as it is, in and out. Its
// error is the task's failure: a [TaskError] by its name, any other by the name of its type. A panic is one, too.
//
// Like registering an HTTP handler, it panics for a resource that is empty or registered already, and once the worker
// was started.
func Handle[In, Out any](w *Worker, resource string, handler func(ctx context.Context, in In) (Out, error), options ...TaskOption) {
	w.register(resource, options, func(ctx context.Context, text []byte) (string, error) {
		var in In
		if raw, isRaw := any(&in).(*json.RawMessage); isRaw {
			*raw = text
		} else if err := json.Unmarshal(text, &in); err != nil {
			return "", &TaskError{Name: errorInvalidInput, Cause: err, NonRetryable: true}
		}
		out, err := handler(ctx, in)
		if err != nil {
			return "", err
		}
		output, err := encode(out)
		if err != nil {
			w.options.log.Error("an output is not JSON", "resource", resource, "error", err)
			return "", &TaskError{Name: errorInvalidOutput, Cause: err, NonRetryable: true}
		}
		return output, nil
	})
}

func (w *Worker) register(resource string, options []TaskOption, handle func(context.Context, []byte) (string, error)) {
	w.mu.Lock()
	defer w.mu.Unlock()
	chosen := taskOptions{concurrency: w.options.concurrency, autoHeartbeat: true}
	for _, option := range options {
		option.applyTask(&chosen)
	}
	if resource == "" {
		panic("pawl: the resource of a handler is empty")
	}
	if w.started {
		panic(fmt.Sprintf("pawl: the handler of %s comes after the worker's start", resource))
	}
	for _, pool := range w.runs.pools {
		for _, registered := range pool.registrations {
			if registered.resource == resource {
				panic(fmt.Sprintf("pawl: %s has two handlers", resource))
			}
		}
	}
	pool := w.poolOf(resource, chosen)
	pool.registrations = append(pool.registrations, &registration{resource, handle, chosen.autoHeartbeat})
}

func (w *Worker) poolOf(resource string, chosen taskOptions) *slotPool {
	name, slots := chosen.pool, chosen.concurrency
	if name == "" {
		name = resource
	} else if shared, isDeclared := w.options.pools[name]; isDeclared {
		slots = shared
	}
	if slots < 1 {
		panic(fmt.Sprintf("pawl: the concurrency of %s is %d; it must be at least 1", name, slots))
	}
	pool := w.runs.pools[name]
	if pool == nil {
		pool = &slotPool{name: name, slots: slots}
		w.runs.pools[name] = pool
	}
	return pool
}

// Start connects, and keeps connecting for ever. It returns once a server has welcomed the worker, or has refused it for
// good, or when ctx is done; the worker then goes on trying until [Worker.Close].
func (w *Worker) Start(ctx context.Context) error {
	w.mu.Lock()
	if len(w.runs.pools) == 0 {
		w.mu.Unlock()
		return refusal(codes.FailedPrecondition, "the worker has no handlers")
	}
	if w.closing != nil {
		w.mu.Unlock()
		return refusal(codes.FailedPrecondition, "the worker was closed")
	}
	if !w.started {
		w.started = true
		running, cancel := context.WithCancel(context.Background())
		w.link.cancel = cancel
		go w.link.run(running)
	}
	w.mu.Unlock()
	select {
	case <-w.link.connected:
	case <-w.link.ended:
	case <-ctx.Done():
		return errorOf(ctx.Err())
	}
	if w.link.refused != nil {
		return w.link.refused
	}
	return nil
}

// Run starts the worker, works until ctx is done, and then closes it, with a grace of 30 s unless [WithGrace] says
// otherwise. With signal.NotifyContext that is a worker that SIGTERM drains.
func (w *Worker) Run(ctx context.Context) error {
	err := w.Start(ctx)
	if err != nil && ctx.Err() == nil {
		return errors.Join(err, w.Close(ctx))
	}
	<-ctx.Done()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), w.options.grace)
	defer cancel()
	return w.Close(grace)
}

// Close takes no more tasks, lets running handlers finish, and leaves once every outcome is acknowledged.
//
// When ctx is done, handlers are cancelled (WORKER_CLOSED) and their tasks handed back, attempt not counted; it then
// returns the context's error. A ctx without end waits for as long as it takes.
func (w *Worker) Close(ctx context.Context) error {
	w.mu.Lock()
	if w.closing == nil {
		w.closing = make(chan struct{})
		hasStarted := w.started
		go func() {
			defer close(w.closing)
			if hasStarted {
				w.closed = w.close(ctx)
			}
			_ = w.calls.Close() // has nothing to lose
		}()
	}
	w.mu.Unlock()
	<-w.closing
	return w.closed
}

func (w *Worker) close(ctx context.Context) error {
	w.runs.refuse()
	until, isBounded := ctx.Deadline()
	if !isBounded {
		until = time.Now().Add(24 * time.Hour)
	}
	w.link.drain(ctx, until)
	isIdle := w.runs.waitIdle(ctx, nil)
	if !isIdle {
		w.runs.cancelAll(CancelWorkerClosed)
		patience, cancel := context.WithTimeout(context.Background(), abortedHandlerPatience)
		w.runs.waitIdle(patience, nil)
		cancel()
	}
	unacknowledged := w.runs.releaseAll()
	w.link.close()
	if unacknowledged > 0 {
		w.options.log.Warn("outcomes were not acknowledged before the worker closed", "count", unacknowledged)
	}
	if !isIdle {
		return errorOf(ctx.Err())
	}
	return nil
}

func (w *Worker) fetchInput(ctx context.Context, taskToken []byte) (string, error) {
	policy := retryPolicy{timeout: callTimeoutDefault, attempts: callAttemptsMax}
	request := &pawlv1.GetTaskInputRequest{TaskToken: taskToken}
	response, err := invoke(ctx, policy, pawlv1.NewWorkerServiceClient(w.calls).GetTaskInput, request)
	return response.GetInput(), err
}

func (w *Worker) hello(sessionIndex int32, held []*taskRun) *pawlv1.Hello {
	hello := &pawlv1.Hello{
		ProtocolVersion: 1,
		WorkerId:        w.id,
		SessionIndex:    sessionIndex,
		Identity:        w.options.identity,
		BuildId:         w.options.buildID,
		Labels:          w.options.labels,
		Runtime: &pawlv1.RuntimeInfo{
			SdkName:         sdkName,
			SdkVersion:      Version,
			Language:        "go",
			LanguageVersion: runtime.Version(),
			Os:              runtime.GOOS,
		},
		MaxInlineInputBytes: int32(w.options.maxInlineInputBytes),
	}
	if hello.Identity == "" {
		host, _ := os.Hostname() // a name for humans; without a host it is the pid
		hello.Identity = fmt.Sprintf("%d@%s", os.Getpid(), host)
	}
	for _, pool := range w.runs.pools {
		hello.Pools = append(hello.Pools, &pawlv1.SlotPool{Name: pool.name, Resources: pool.resources(), Slots: int32(pool.slots)})
	}
	for _, run := range held {
		hello.HeldTaskTokens = append(hello.HeldTaskTokens, run.task.GetTaskToken())
	}
	return hello
}
