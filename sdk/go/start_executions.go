package pawl

import (
	"context"
	"iter"
	"sync"
)

// StartOutcome is what became of one of many starts.
type StartOutcome struct {
	// Index is its place in the sequence of starts, from 0.
	Index int
	// Start is what was asked.
	Start StartExecution
	// Started is nil when Err is not.
	Started *Started
	// Err is why it was refused.
	Err error
}

// StartExecutions starts whatever the sequence gives, [WithMaxInFlight] at a time, and gives each outcome as it comes, in
// any order. A refused start is an outcome, not the end of the loop.
//
// The sequence is read by another goroutine, and no faster than outcomes are consumed. With [WithFollow], the loop ends
// once every execution has closed: Started.Result then has its end. When ctx is done, what is open has that as its Err.
func (c *Client) StartExecutions(ctx context.Context, starts iter.Seq[StartExecution], options ...StarterOption) iter.Seq[StartOutcome] {
	chosen := starterOptionsOf(false, options)
	return func(yield func(StartOutcome) bool) {
		starter := c.newStarter(chosen)
		defer starter.Abort()
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(ctx, starter.Abort)()
		// There is a place for every start in the window: telling an outcome never blocks.
		window := make(chan struct{}, chosen.maxInFlight)
		outcomes := make(chan StartOutcome, chosen.maxInFlight)
		go func() {
			starter.pump(ctx, starts, window, outcomes)
			close(outcomes)
		}()
		for outcome := range outcomes {
			if !yield(outcome) {
				return
			}
			<-window
		}
		if chosen.follow {
			_ = starter.Close(ctx) // when ctx is done, each result says so
		}
	}
}

// pump reads starts while there is room in the window, and returns when each has told its outcome.
func (s *Starter) pump(ctx context.Context, starts iter.Seq[StartExecution], window chan<- struct{}, outcomes chan<- StartOutcome) {
	var open sync.WaitGroup
	defer open.Wait()
	index := 0
	for start := range starts {
		select {
		case window <- struct{}{}:
		case <-ctx.Done():
			return
		}
		outcome := StartOutcome{Index: index, Start: start}
		index++
		open.Add(1)
		_, err := s.send(ctx, start, func(answered *openStart) {
			defer open.Done()
			if outcome.Started = answered.started; answered.failure != nil {
				outcome.Err = answered.failure
			}
			outcomes <- outcome
		})
		if err != nil {
			outcome.Err = err
			outcomes <- outcome
			open.Done()
		}
	}
}
