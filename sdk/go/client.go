package pawl

import (
	"context"
	"time"

	"google.golang.org/grpc"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

const (
	callTimeoutDefault = 30 * time.Second
	callAttemptsMax    = 10
)

// Client starts, watches and steers executions, and keeps state machines. It is for many goroutines at once.
//
// A call whose context has no deadline gets one of 30 s, repetitions included; what waits for an end has none.
type Client struct {
	conn          *grpc.ClientConn
	policy        retryPolicy
	executions    pawlv1.ExecutionServiceClient
	batches       pawlv1.BatchServiceClient
	stateMachines pawlv1.StateMachineServiceClient
	system        pawlv1.SystemServiceClient
	workers       pawlv1.WorkerServiceClient
	taskQueues    pawlv1.TaskQueueServiceClient
}

type clientOptions struct {
	connection connectionOptions
	policy     retryPolicy
}

type clientOption func(*clientOptions)

func (o clientOption) applyClient(options *clientOptions) { o(options) }

// WithTimeout sets the deadline of calls whose context has none, repetitions included; default 30 s.
func WithTimeout(timeout time.Duration) ClientOption {
	return clientOption(func(options *clientOptions) { options.policy.timeout = timeout })
}

// WithMaxAttempts sets how often a call is tried, the first time included; default 10.
func WithMaxAttempts(attempts int) ClientOption {
	return clientOption(func(options *clientOptions) { options.policy.attempts = attempts })
}

// NewClient makes a client of the servers at an address: host:port, or several of them between commas. Calls go round
// all servers that answer, over every address that a host name leads to. An empty address is localhost:7300.
//
// It connects with the first call. Close it after use.
func NewClient(address string, options ...ClientOption) (*Client, error) {
	chosen := clientOptions{policy: retryPolicy{timeout: callTimeoutDefault, attempts: callAttemptsMax}}
	for _, option := range options {
		option.applyClient(&chosen)
	}
	connector, err := newConnector(address, chosen.connection)
	if err != nil {
		return nil, err
	}
	conn, err := connector.connect(balanceCalls)
	if err != nil {
		return nil, errorOf(err)
	}
	return &Client{
		conn:          conn,
		policy:        chosen.policy,
		executions:    pawlv1.NewExecutionServiceClient(conn),
		batches:       pawlv1.NewBatchServiceClient(conn),
		stateMachines: pawlv1.NewStateMachineServiceClient(conn),
		system:        pawlv1.NewSystemServiceClient(conn),
		workers:       pawlv1.NewWorkerServiceClient(conn),
		taskQueues:    pawlv1.NewTaskQueueServiceClient(conn),
	}, nil
}

// Close ends the connections; calls in flight fail with codes.Canceled.
func (c *Client) Close() error { return c.conn.Close() }

// ServerInfo is what a server says about itself.
type ServerInfo struct {
	// Version is a semantic version.
	Version string
	// Commit is the source it was built from; empty when unknown.
	Commit string
	// Capabilities are names of optional features that work there.
	Capabilities []string
	// Limits are for example max_payload_bytes.
	Limits map[string]int64
	// IsDevelopment is true of pawl dev.
	IsDevelopment bool
	// UIURL is where the dashboard is; empty without one.
	UIURL string
}

// GetServerInfo asks one of the servers about itself.
func (c *Client) GetServerInfo(ctx context.Context) (*ServerInfo, error) {
	info, err := invoke(ctx, c.policy, c.system.GetServerInfo, &pawlv1.GetServerInfoRequest{})
	if err != nil {
		return nil, err
	}
	return &ServerInfo{
		Version:       info.GetVersion(),
		Commit:        info.GetCommit(),
		Capabilities:  info.GetCapabilities(),
		Limits:        info.GetLimits(),
		IsDevelopment: info.GetDevMode(),
		UIURL:         info.GetUiUrl(),
	}, nil
}
