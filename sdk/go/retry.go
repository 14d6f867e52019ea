package pawl

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

// retryPolicy says how often a call is tried, and how long it may take.
type retryPolicy struct {
	timeout  time.Duration
	attempts int
}

// invoke calls until the call succeeds, is refused for good, or time or attempts are spent.
//
// Only for calls that may be repeated: reads, and writes that carry a name or a request id. Repeated are UNAVAILABLE,
// and whatever the server refused with advice when to try again.
func invoke[Request, Response any](
	ctx context.Context,
	policy retryPolicy,
	method func(context.Context, Request, ...grpc.CallOption) (Response, error),
	request Request,
) (Response, error) {
	if _, isBounded := ctx.Deadline(); !isBounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, policy.timeout)
		defer cancel()
	}
	deadline, _ := ctx.Deadline()
	delays := exponential{first: 50 * time.Millisecond, most: 5 * time.Second}
	for attempt := 1; ; attempt++ {
		response, err := method(ctx, request)
		if err == nil {
			return response, nil
		}
		failure := errorOf(err)
		delay, isPassing := retryDelay(failure, &delays)
		if !isPassing || attempt >= policy.attempts || time.Until(deadline) <= delay {
			return response, failure
		}
		if err := sleep(ctx, delay); err != nil {
			return response, errorOf(err)
		}
	}
}

// retryDelay is how long to wait before a failed call is tried again; false: that is no use.
func retryDelay(failure *Error, delays *exponential) (time.Duration, bool) {
	if advice := failure.RetryAfter; advice > 0 {
		return advice + jittered(min(advice, time.Second)/10), true
	}
	if failure.Code == codes.Unavailable {
		return delays.next(), true
	}
	return 0, false
}
