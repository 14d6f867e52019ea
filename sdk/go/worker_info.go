package pawl

import (
	"context"
	"iter"
	"strings"
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// WorkerStatus is where a worker stands.
type WorkerStatus string

// The statuses.
const (
	// WorkerConnected has its stream open.
	WorkerConnected WorkerStatus = "CONNECTED"
	// WorkerDraining asked for no more tasks.
	WorkerDraining WorkerStatus = "DRAINING"
	// WorkerLost has lost its stream, and the server waits for it to come back.
	WorkerLost WorkerStatus = "LOST"
	// WorkerGone has left, or was lost for too long.
	WorkerGone WorkerStatus = "GONE"
)

// WorkerInfo is one worker's session as the server sees it.
type WorkerInfo struct {
	// WorkerID is the same on all sessions of a worker.
	WorkerID string
	// Identity is for humans: pid@host unless the worker said otherwise.
	Identity string
	// SessionID is that of its stream.
	SessionID string
	// ServerID is the server that holds the stream.
	ServerID string
	// Status is where it stands.
	Status WorkerStatus
	// Pools are its slots, and what they are for.
	Pools []WorkerPool
	// Running are the tasks in progress by the name of their pool; only from the server that holds the stream.
	Running map[string]int
	// ConnectTime is when the stream was opened.
	ConnectTime time.Time
	// LastSeenTime is when the worker last showed life.
	LastSeenTime time.Time
	// Runtime is its SDK, language and system, for example @pawl/sdk 0.1.0, node 24.0.0, linux.
	Runtime string
	// BuildID is the version of its code, if it said one.
	BuildID string
	// Labels are what the worker says of itself.
	Labels map[string]string
	// RemoteAddress is where it connects from.
	RemoteAddress string
}

// WorkerPool is a worker's slots for some resources.
type WorkerPool struct {
	// Name is unique within the worker.
	Name string
	// Resources are what it serves: names, or prefixes with *.
	Resources []string
	// Slots are the most tasks at one time.
	Slots int
}

// ListWorkers gives the sessions of all workers, on all servers.
func (c *Client) ListWorkers(ctx context.Context, options ...ListOption) iter.Seq2[*WorkerInfo, error] {
	return itemsOf(listOptionsOf(options), workerInfoOf, func(page *pawlv1.PageRequest) ([]*pawlv1.WorkerInfo, *pawlv1.PageInfo, error) {
		response, err := invoke(ctx, c.policy, c.taskQueues.ListWorkers, &pawlv1.ListWorkersRequest{Page: page})
		return response.GetWorkers(), response.GetPage(), err
	})
}

func workerInfoOf(message *pawlv1.WorkerInfo) *WorkerInfo {
	info := &WorkerInfo{
		WorkerID:      message.GetWorkerId(),
		Identity:      message.GetIdentity(),
		SessionID:     message.GetSessionId(),
		ServerID:      message.GetServerId(),
		Status:        WorkerStatus(enumName(message.GetStatus(), "WORKER_STATUS_")),
		Running:       make(map[string]int, len(message.GetRunning())),
		ConnectTime:   timeOf(message.GetConnectTime()),
		LastSeenTime:  timeOf(message.GetLastSeenTime()),
		Runtime:       runtimeText(message.GetRuntime()),
		BuildID:       message.GetBuildId(),
		Labels:        message.GetLabels(),
		RemoteAddress: message.GetRemoteAddress(),
	}
	for _, pool := range message.GetPools() {
		info.Pools = append(info.Pools, WorkerPool{Name: pool.GetName(), Resources: pool.GetResources(), Slots: int(pool.GetSlots())})
	}
	for pool, tasks := range message.GetRunning() {
		info.Running[pool] = int(tasks)
	}
	return info
}

// runtimeText leaves out what a worker did not say.
func runtimeText(runtime *pawlv1.RuntimeInfo) string {
	var parts []string
	for _, words := range [][]string{
		{runtime.GetSdkName(), runtime.GetSdkVersion()},
		{runtime.GetLanguage(), runtime.GetLanguageVersion()},
		{runtime.GetOs()},
	} {
		if part := strings.TrimSpace(strings.Join(words, " ")); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, ", ")
}
