package pawl

import (
	"context"
	"math/rand/v2"
	"time"
)

// exponential gives delays that double with each one, each random between half and whole.
type exponential struct {
	first, most time.Duration
	attempts    int
}

func (b *exponential) next() time.Duration {
	whole := b.most
	if b.attempts < 30 {
		whole = min(b.most, b.first<<b.attempts)
	}
	b.attempts++
	return jittered(whole)
}

func (b *exponential) reset() { b.attempts = 0 }

// jittered is random between half of it and the whole.
func jittered(whole time.Duration) time.Duration {
	return whole/2 + rand.N(whole/2+1)
}

// sleep waits, or returns the context's error when that is done first.
func sleep(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
