// Seals a text: go-worker ADDRESS IDENTITY
package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"log"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/pawl-dev/pawl/sdk/go"
)

type quotation struct {
	Text string `json:"text"`
}

type seal struct {
	Number int    `json:"number"`
	Hash   string `json:"hash"`
	By     string `json:"by"`
}

const zeros = "00000"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	worker, err := pawl.NewWorker(os.Args[1], pawl.WithIdentity(os.Args[2]))
	if err != nil {
		log.Fatal(err)
	}
	pawl.Handle(worker, "polyglot:seal", sealText)
	if err := worker.Run(ctx); err != nil {
		log.Fatal(err)
	}
}

// sealText tries few numbers at first, and a hundred times as many when it is tried again.
func sealText(ctx context.Context, in quotation) (seal, error) {
	limit := 100_000
	if pawl.TaskFromContext(ctx).Attempt > 1 {
		limit *= 100
	}
	number, found := search(in.Text, limit)
	if !found {
		return seal{}, &pawl.TaskError{Name: "Seal.NotFound", Cause: fmt.Sprintf("none among the first %d numbers", limit)}
	}
	return seal{Number: number, Hash: hash(in.Text, number), By: "Go " + strings.TrimPrefix(runtime.Version(), "go")}, nil
}

// search finds the least number below limit that seals the text, on all cores: each takes every nth number.
func search(text string, limit int) (int, bool) {
	var least atomic.Int64
	least.Store(int64(limit))
	var searches sync.WaitGroup
	cores := runtime.NumCPU()
	for core := range cores {
		searches.Add(1)
		go func() {
			defer searches.Done()
			for number := int64(core); number < least.Load(); number += int64(cores) {
				if strings.HasPrefix(hash(text, int(number)), zeros) {
					lower(&least, number)
				}
			}
		}()
	}
	searches.Wait()
	number := int(least.Load())
	return number, number < limit
}

func lower(least *atomic.Int64, number int64) {
	for seen := least.Load(); number < seen && !least.CompareAndSwap(seen, number); {
		seen = least.Load()
	}
}

func hash(text string, number int) string {
	sum := sha256.Sum256([]byte(text + strconv.Itoa(number)))
	return hex.EncodeToString(sum[:])
}
