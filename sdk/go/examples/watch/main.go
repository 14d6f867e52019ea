// Watch starts an execution of orders and prints what happens in it, as it happens, until it has closed.
package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/pawl-dev/pawl/sdk/go"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	client, err := pawl.NewClient(os.Getenv("PAWL_ADDRESS"))
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	if err := watch(ctx, client); err != nil {
		log.Print(err)
	}
}

func watch(ctx context.Context, client *pawl.Client) error {
	started, err := client.StartExecution(ctx, pawl.StartExecution{
		StateMachine: "orders",
		Input:        map[string]any{"orderId": "8", "amount": 15},
	})
	if err != nil {
		return err
	}
	// Each event comes once and in order, over as many connections as it takes.
	for update, err := range client.WatchExecution(ctx, started.Execution.ID, pawl.FromEvent(1)) {
		switch {
		case err != nil:
			return err
		case update.Event != nil:
			fmt.Println(update.Event.ID, update.Event.Type, update.Event.StateName)
		default:
			fmt.Println(update.Execution.Status)
		}
	}
	return nil
}
