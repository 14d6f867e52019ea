// Worker serves the Task states with the Resource payments:charge until it is told to stop.
package main

import (
	"context"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/pawl-dev/pawl/sdk/go"
)

type charge struct {
	OrderID string `json:"orderId"`
	Amount  int    `json:"amount"`
}

type receipt struct {
	OrderID string `json:"orderId"`
	Charged int    `json:"charged"`
	// Key is what a payment provider would take, so that a task that runs twice charges once.
	Key string `json:"key"`
}

func main() {
	// SIGTERM drains: no more tasks, running ones end, every outcome is acknowledged.
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	worker, err := pawl.NewWorker(os.Getenv("PAWL_ADDRESS"))
	if err != nil {
		log.Fatal(err)
	}
	pawl.Handle(worker, "payments:charge", chargeOrder, pawl.WithConcurrency(50))
	if err := worker.Run(ctx); err != nil {
		log.Fatal(err)
	}
}

func chargeOrder(ctx context.Context, in charge) (receipt, error) {
	if in.Amount <= 0 {
		return receipt{}, &pawl.TaskError{Name: "Payment.Declined", Cause: in, NonRetryable: true}
	}
	task := pawl.TaskFromContext(ctx)
	task.Log().Info("charging", "order", in.OrderID, "amount", in.Amount)
	return receipt{OrderID: in.OrderID, Charged: in.Amount, Key: task.IdempotencyKey}, nil
}
