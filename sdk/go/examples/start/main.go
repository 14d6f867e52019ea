// Start makes the state machine orders, whose one state is a task for payments:charge, runs it and prints what it came to.
package main

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/pawl-dev/pawl/sdk/go"
)

//go:embed orders.yaml
var definition string

func main() {
	client, err := pawl.NewClient(os.Getenv("PAWL_ADDRESS"))
	if err != nil {
		log.Fatal(err)
	}
	defer func() { _ = client.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := run(ctx, client); err != nil {
		log.Print(err)
		os.Exit(1)
	}
}

func run(ctx context.Context, client *pawl.Client) error {
	applied, err := client.ApplyStateMachine(ctx, pawl.StateMachineInput{Name: "orders", Definition: definition})
	if err != nil {
		return err
	}
	for _, warning := range applied.Warnings {
		fmt.Println("warning:", warning.Message)
	}
	execution, err := client.RunExecution(ctx, pawl.StartExecution{
		StateMachine: "orders",
		Input:        map[string]any{"orderId": "7", "amount": 42},
		Labels:       map[string]string{"tenant": "acme"},
	})
	if errors.Is(err, context.DeadlineExceeded) {
		return errors.New("no worker has done the task within a minute: is one running?")
	}
	if err != nil {
		return err
	}
	if execution.Error != nil {
		return fmt.Errorf("%s: %s: %s", execution.Status, execution.Error.Error, execution.Error.Cause)
	}
	fmt.Println(execution.Status, string(execution.Output))
	return nil
}
