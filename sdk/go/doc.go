// Package pawl is the Go SDK of Pawl, the durable state machine service: a [Client] that starts, watches and steers
// executions, and a [Worker] that does the tasks of their states.
//
//	client, err := pawl.NewClient("localhost:7300")
//	...
//	execution, err := client.RunExecution(ctx, pawl.StartExecution{StateMachine: "orders", Input: order})
//
// A worker serves the Resource of Task states with plain functions:
//
//	worker, err := pawl.NewWorker("localhost:7300")
//	...
//	pawl.Handle(worker, "payments:charge", func(ctx context.Context, in Charge) (Receipt, error) {
//		return charge(ctx, in, pawl.TaskFromContext(ctx).IdempotencyKey)
//	})
//	err = worker.Run(ctx) // until ctx is done, then drains
//
// Payloads are whatever encoding/json reads and writes. Where the text itself matters (integers beyond 2^53 in an any,
// the order of keys), use [encoding/json.RawMessage]: as an input, an output or a handler's type it passes unchanged.
//
// Every failed call is an [*Error] with gRPC's code and the server's machine-readable reason. Calls are repeated after
// UNAVAILABLE and whenever the server says when to try again; that is safe for every method, as writes carry a name or
// a request id made here.
package pawl
