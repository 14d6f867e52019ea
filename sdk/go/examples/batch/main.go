// Batch starts 100 executions of orders as one thing, follows their progress and sums up their outputs.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
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
	if err := run(ctx, client); err != nil {
		log.Print(err)
	}
}

func run(ctx context.Context, client *pawl.Client) error {
	// When CreateBatch returns every item is kept: the batch needs this process no more.
	batch, err := client.CreateBatch(ctx, pawl.CreateBatch{
		StateMachine:   "orders",
		Inputs:         pawl.Inputs(orders(100)),
		MaxConcurrency: 20,
		FailurePolicy:  &pawl.FailurePolicy{SevereRate: 0.5},
	})
	if err != nil {
		return err
	}
	for update, err := range client.WatchBatch(ctx, batch.ID, pawl.WatchBatch{}) {
		if err != nil {
			return err
		}
		if progress := update.Batch; progress != nil {
			fmt.Printf("%s: %d of %d\n", progress.Status, progress.Counts.Succeeded+progress.Counts.Failed, progress.Counts.Total)
		}
	}
	total := 0
	for item, err := range client.ListBatchItems(ctx, batch.ID, pawl.WithPayloads(pawl.PayloadsFull), pawl.WithPageSize(500)) {
		if err != nil {
			return err
		}
		var receipt struct{ Charged int }
		if err := json.Unmarshal(item.Output, &receipt); err != nil {
			return err
		}
		total += receipt.Charged
	}
	fmt.Println("charged", total)
	return nil
}

type order struct {
	OrderID string `json:"orderId"`
	Amount  int    `json:"amount"`
}

// orders come from wherever: they are read as they are sent.
func orders(count int) iter.Seq[order] {
	return func(yield func(order) bool) {
		for number := range count {
			if !yield(order{OrderID: fmt.Sprint(number), Amount: number + 1}) {
				return
			}
		}
	}
}
