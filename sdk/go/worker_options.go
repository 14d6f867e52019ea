package pawl

import (
	"log/slog"
	"time"
)

const (
	concurrencyDefault    = 100
	graceDefault          = 30 * time.Second
	inlineInputBytesLimit = 64 << 10
)

// TaskOption says how one kind of task is worked on.
type TaskOption interface{ applyTask(*taskOptions) }

// ConcurrencyOption is for a worker or for one kind of task.
type ConcurrencyOption interface {
	WorkerOption
	TaskOption
}

// WithConcurrency sets the most tasks of each kind at one time; default 100. For one kind it overrides the worker's; a
// task that shares a pool has the pool's slots.
func WithConcurrency(tasks int) ConcurrencyOption { return concurrency(tasks) }

// WithPool gives a pool its slots; tasks share them by [InPool].
func WithPool(name string, slots int) WorkerOption {
	return workerOption(func(options *workerOptions) { options.pools[name] = slots })
}

// WithIdentity names the worker for humans; default pid@host.
func WithIdentity(identity string) WorkerOption {
	return workerOption(func(options *workerOptions) { options.identity = identity })
}

// WithBuildID names the version of the worker's code, shown beside it.
func WithBuildID(buildID string) WorkerOption {
	return workerOption(func(options *workerOptions) { options.buildID = buildID })
}

// WithLabels are shown beside the worker.
func WithLabels(labels map[string]string) WorkerOption {
	return workerOption(func(options *workerOptions) { options.labels = labels })
}

// WithLogger sets where the worker writes about itself; default [log/slog.Default].
func WithLogger(logger *slog.Logger) WorkerOption {
	return workerOption(func(options *workerOptions) { options.log = logger })
}

// WithGrace sets how long [Worker.Run] lets handlers finish once its context is done; default 30 s.
func WithGrace(grace time.Duration) WorkerOption {
	return workerOption(func(options *workerOptions) { options.grace = grace })
}

// WithMaxInlineInputBytes sets the size over which inputs are fetched by a call of their own instead of coming on the
// stream; default 64 KiB.
func WithMaxInlineInputBytes(bytes int) WorkerOption {
	return workerOption(func(options *workerOptions) { options.maxInlineInputBytes = bytes })
}

// WithOutcomeHook is told of the server's answer to each outcome, for metrics and tests. It must not block.
func WithOutcomeHook(hook func(ReportedOutcome)) WorkerOption {
	return workerOption(func(options *workerOptions) { options.onOutcome = hook })
}

// InPool lets a task share its slots with the others of that pool; default a pool of its own.
func InPool(name string) TaskOption {
	return taskOption(func(options *taskOptions) { options.pool = name })
}

// WithoutAutoHeartbeat turns off the heartbeats that are sent in the background, at a third of HeartbeatSeconds, while
// the handler runs. For handlers that can hang: then only [TaskContext.Heartbeat] keeps the task.
func WithoutAutoHeartbeat() TaskOption {
	return taskOption(func(options *taskOptions) { options.autoHeartbeat = false })
}

type workerOptions struct {
	connection          connectionOptions
	identity            string
	buildID             string
	labels              map[string]string
	pools               map[string]int
	concurrency         int
	maxInlineInputBytes int
	grace               time.Duration
	log                 *slog.Logger
	onOutcome           func(ReportedOutcome)
}

type taskOptions struct {
	pool          string
	concurrency   int
	autoHeartbeat bool
}

type workerOption func(*workerOptions)

func (o workerOption) applyWorker(options *workerOptions) { o(options) }

type taskOption func(*taskOptions)

func (o taskOption) applyTask(options *taskOptions) { o(options) }

type concurrency int

func (c concurrency) applyWorker(options *workerOptions) { options.concurrency = int(c) }
func (c concurrency) applyTask(options *taskOptions)     { options.concurrency = int(c) }
