package pawl

import (
	"context"
	"errors"
	"io"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

const (
	// A stream silent for so long is given up and resumed; the server speaks every 15 s.
	watchIdleTimeout = 45 * time.Second
	// How long the end of a stream may come after its terminal response.
	endWait = time.Second
	// How often a watch that never got an answer tries before it gives up.
	openAttemptsMax = 10
	// Consecutive failures of a kind that may be no passing one (INTERNAL, UNKNOWN ...) before it gives up.
	oddFailuresMax = 5
)

// terminable is a response that may be the last one.
type terminable interface{ GetTerminal() bool }

// resumed gives the responses of a stream that is opened again whenever it breaks, until the terminal one. Only the
// context's end, a refusal, or a server that never answered at all end it with an error.
//
// open opens the stream from where the last response left off. A yield that returns false ends it.
func resumed[Response any, Pointer interface {
	*Response
	terminable
}](
	ctx context.Context,
	open func(ctx context.Context) (grpc.ServerStreamingClient[Response], error),
	yield func(Pointer) bool,
) *Error {
	resumption := resumption{delays: exponential{first: 50 * time.Millisecond, most: 5 * time.Second}}
	for {
		isOver, failure := consume(ctx, open, func(response Pointer) bool {
			resumption.onAnswer()
			return yield(response)
		})
		if isOver {
			return nil
		}
		if ctx.Err() != nil {
			return errorOf(ctx.Err())
		}
		delay, isPassing := resumption.delay(failure)
		if !isPassing {
			return failure
		}
		if err := sleep(ctx, delay); err != nil {
			return errorOf(err)
		}
	}
}

// consume reads one stream; true: the last response has come, or nobody wants more.
func consume[Response any, Pointer interface {
	*Response
	terminable
}](
	ctx context.Context,
	open func(ctx context.Context) (grpc.ServerStreamingClient[Response], error),
	yield func(Pointer) bool,
) (isOver bool, failure *Error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	silence := refusal(codes.Unavailable, "the watch was silent for %s", watchIdleTimeout)
	timer := time.AfterFunc(watchIdleTimeout, func() { cancel(silence) })
	defer timer.Stop()
	stream, err := open(ctx)
	for err == nil {
		var response *Response
		if response, err = stream.Recv(); err != nil {
			break
		}
		timer.Stop()
		if Pointer(response).GetTerminal() {
			awaitEnd(stream, cancel)
			yield(Pointer(response))
			return true, nil
		}
		if !yield(Pointer(response)) {
			return true, nil
		}
		timer.Reset(watchIdleTimeout)
	}
	switch {
	case context.Cause(ctx) == silence:
		return false, silence
	case errors.Is(err, io.EOF):
		return false, refusal(codes.Unavailable, "the stream ended early")
	default:
		return false, errorOf(err)
	}
}

// awaitEnd waits for the end of a stream whose terminal response has come; how it ends says nothing. To cancel it
// instead would be a reset, and HTTP/2 servers close connections that bring many of them, with all that runs on them.
func awaitEnd[Response any](stream grpc.ServerStreamingClient[Response], cancel context.CancelCauseFunc) {
	timer := time.AfterFunc(endWait, func() { cancel(nil) })
	defer timer.Stop()
	_, _ = stream.Recv()
}

// resumption decides when a broken watch goes on.
type resumption struct {
	delays      exponential
	failures    int
	hasAnswered bool
}

func (r *resumption) onAnswer() {
	if r.failures > 0 {
		r.delays.reset()
	}
	r.failures = 0
	r.hasAnswered = true
}

// delay is how long to wait before the stream is opened again; false: that is no use.
func (r *resumption) delay(failure *Error) (time.Duration, bool) {
	r.failures++
	if delay, isPassing := retryDelay(failure, &r.delays); isPassing {
		return delay, r.hasAnswered || r.failures < openAttemptsMax
	}
	return r.delays.next(), r.hasAnswered && isOdd(failure.Code) && r.failures < oddFailuresMax
}

// isOdd tells the codes that may pass, or not.
func isOdd(code codes.Code) bool {
	switch code {
	case codes.Canceled, codes.Unknown, codes.Internal, codes.DeadlineExceeded, codes.ResourceExhausted, codes.Aborted:
		return true
	}
	return false
}
