// Heartbeat serves payments:charge slowly: it says how far it is, goes on where the attempt before was lost, and stops
// when its result is no longer wanted.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pawl-dev/pawl/sdk/go"
)

const pages = 20

type progress struct {
	Page int `json:"page"`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	worker, err := pawl.NewWorker(os.Getenv("PAWL_ADDRESS"), pawl.WithGrace(5*time.Second))
	if err != nil {
		log.Fatal(err)
	}
	// Only what the handler says keeps its task: if it hangs, HeartbeatSeconds pass, and another attempt begins.
	pawl.Handle(worker, "payments:charge", chargePages, pawl.WithoutAutoHeartbeat())
	if err := worker.Run(ctx); err != nil {
		log.Print(err)
	}
}

func chargePages(ctx context.Context, _ json.RawMessage) (progress, error) {
	task := pawl.TaskFromContext(ctx)
	done := progress{}
	if task.LastHeartbeatDetails != nil {
		if err := json.Unmarshal(task.LastHeartbeatDetails, &done); err != nil {
			return done, err
		}
		log.Printf("attempt %d goes on after page %d", task.Attempt, done.Page)
	}
	for done.Page < pages {
		select {
		case <-time.After(500 * time.Millisecond):
		case <-ctx.Done():
			log.Printf("stopped at page %d: %v", done.Page, context.Cause(ctx))
			return done, context.Cause(ctx)
		}
		done.Page++
		task.Heartbeat(done, float64(done.Page)/pages)
	}
	return done, nil
}
