package pawl

import (
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

const (
	maxInFlightDefault = 1_000
	// Starts and bytes of input in one message: each stays far below the 4 MiB that a message may have.
	startsPerMessageMax = 100
	startBytesMax       = 512 << 10
	// Breaks in a row, of any kind and of a kind that may be no passing one, before open starts fail.
	streamFailuresMax    = 20
	oddStreamFailuresMax = 5
)

// StarterOption says how starts are pipelined.
type StarterOption interface{ applyStarter(*starterOptions) }

// WithMaxInFlight sets the most starts without an answer at one time; default 1,000.
func WithMaxInFlight(starts int) StarterOption {
	return starterOption(func(options *starterOptions) { options.maxInFlight = starts })
}

// WithFollow says whether the server reports each end too, for [Started.Result]. Default true of a [Starter], false of
// [Client.StartExecutions].
func WithFollow(follow bool) StarterOption {
	return starterOption(func(options *starterOptions) { options.follow = follow })
}

type starterOptions struct {
	maxInFlight int
	follow      bool
}

type starterOption func(*starterOptions)

func (o starterOption) applyStarter(options *starterOptions) { o(options) }

// Starter makes many starts over one stream, at a small part of the cost of a call each, and brings their ends back on
// it. It is for many goroutines at once; close it after use.
//
// When the stream breaks it is opened again, and what has no answer yet is sent again under the same names, so that
// nothing starts twice.
type Starter struct {
	client pawlv1.ExecutionServiceClient
	follow bool
	// slots bound the starts without an answer.
	slots  chan struct{}
	ctx    context.Context
	cancel context.CancelFunc
	wakeup chan struct{}
	begin  sync.Once

	mu       sync.Mutex
	sequence int64
	open     map[int64]*openStart
	queue    []*openStart
	failures int
	delays   exponential
	// idle is closed when nothing is open, if somebody waits for that.
	idle chan struct{}
}

// Started is a start that is durable.
type Started struct {
	StartedExecution
	open *openStart
}

// Result waits for the end of the execution, whatever its status, and returns it with its output but not its input. It
// fails when the starter is closed first, or does not follow.
func (s *Started) Result(ctx context.Context) (*Execution, error) {
	select {
	case <-s.open.ended:
		if s.open.endFailure != nil {
			return nil, s.open.endFailure
		}
		return s.open.end, nil
	case <-ctx.Done():
		return nil, errorOf(ctx.Err())
	}
}

// openStart is a start without an answer, or one whose end is awaited.
type openStart struct {
	message *pawlv1.StartExecutionsRequest_Start
	// answered is closed once started or failure is set.
	answered chan struct{}
	started  *Started
	failure  *Error
	onAnswer func(*openStart)
	// ended is closed once end or endFailure is set.
	ended      chan struct{}
	end        *Execution
	endFailure *Error
}

// NewStarter makes a starter on this client's connections.
func (c *Client) NewStarter(options ...StarterOption) *Starter {
	return c.newStarter(starterOptionsOf(true, options))
}

func starterOptionsOf(follow bool, options []StarterOption) starterOptions {
	chosen := starterOptions{maxInFlight: maxInFlightDefault, follow: follow}
	for _, option := range options {
		option.applyStarter(&chosen)
	}
	chosen.maxInFlight = max(1, chosen.maxInFlight)
	return chosen
}

func (c *Client) newStarter(options starterOptions) *Starter {
	ctx, cancel := context.WithCancel(context.Background())
	return &Starter{
		client: c.executions,
		follow: options.follow,
		slots:  make(chan struct{}, options.maxInFlight),
		ctx:    ctx,
		cancel: cancel,
		wakeup: make(chan struct{}, 1),
		open:   map[int64]*openStart{},
		delays: exponential{first: 50 * time.Millisecond, most: 5 * time.Second},
	}
}

// Start returns once the start is durable or was refused. When ctx is done first, the start may have been made.
func (s *Starter) Start(ctx context.Context, start StartExecution) (*Started, error) {
	open, err := s.send(ctx, start, nil)
	if err != nil {
		return nil, err
	}
	select {
	case <-open.answered:
	case <-ctx.Done():
		return nil, errorOf(ctx.Err())
	}
	if open.failure != nil {
		return nil, open.failure
	}
	return open.started, nil
}

// Close waits for what is open, followed executions included, and ends the stream. When ctx is done it ends it at once.
func (s *Starter) Close(ctx context.Context) error {
	defer s.Abort()
	s.mu.Lock()
	if len(s.open) == 0 {
		s.mu.Unlock()
		return nil
	}
	if s.idle == nil {
		s.idle = make(chan struct{})
	}
	idle := s.idle
	s.mu.Unlock()
	select {
	case <-idle:
		return nil
	case <-s.ctx.Done():
		return nil
	case <-ctx.Done():
		return errorOf(ctx.Err())
	}
}

// Abort ends the stream at once: open starts fail with codes.Canceled, though they may have been made.
func (s *Starter) Abort() {
	s.cancel()
	s.failAll(starterClosed())
}

// send takes a slot and gives a start to the stream. onAnswer is called once it is answered; it must not block.
func (s *Starter) send(ctx context.Context, start StartExecution, onAnswer func(*openStart)) (*openStart, error) {
	request, err := startRequestOf(ctx, start)
	if err != nil {
		return nil, err
	}
	select {
	case s.slots <- struct{}{}:
	case <-ctx.Done():
		return nil, errorOf(ctx.Err())
	case <-s.ctx.Done():
		return nil, starterClosed()
	}
	open := &openStart{answered: make(chan struct{}), ended: make(chan struct{}), onAnswer: onAnswer}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ctx.Err() != nil {
		<-s.slots
		return nil, starterClosed()
	}
	s.sequence++
	open.message = &pawlv1.StartExecutionsRequest_Start{Sequence: s.sequence, Request: request, Follow: s.follow}
	s.open[s.sequence] = open
	s.enqueue(open)
	s.begin.Do(func() { go s.run() })
	return open, nil
}

func (s *Starter) enqueue(opens ...*openStart) {
	s.queue = append(s.queue, opens...)
	select {
	case s.wakeup <- struct{}{}:
	default:
	}
}

// run keeps a stream open while there is something to send or to hear.
func (s *Starter) run() {
	for {
		select {
		case <-s.wakeup:
		case <-s.ctx.Done():
			return
		}
		failure := s.converse()
		if s.ctx.Err() != nil {
			return
		}
		delay, isPassing := s.breakDelay(failure)
		if !isPassing {
			s.failAll(failure)
			continue
		}
		if sleep(s.ctx, delay) != nil {
			return
		}
		s.resendAll()
	}
}

// converse uses one stream until it breaks.
func (s *Starter) converse() *Error {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	stream, err := s.client.StartExecutions(ctx)
	if err != nil {
		return errorOf(err)
	}
	go s.write(ctx, stream)
	for {
		response, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return refusal(codes.Unavailable, "the server ended the stream")
		}
		if err != nil {
			return errorOf(err)
		}
		s.onOutcomes(response.GetOutcomes())
	}
}

func (s *Starter) write(ctx context.Context, stream grpc.BidiStreamingClient[pawlv1.StartExecutionsRequest, pawlv1.StartExecutionsResponse]) {
	for {
		for starts := s.nextChunk(); len(starts) > 0; starts = s.nextChunk() {
			// Recv tells why a stream is broken.
			if stream.Send(&pawlv1.StartExecutionsRequest{Starts: starts}) != nil {
				return
			}
		}
		select {
		case <-s.wakeup:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Starter) nextChunk() []*pawlv1.StartExecutionsRequest_Start {
	s.mu.Lock()
	defer s.mu.Unlock()
	var starts []*pawlv1.StartExecutionsRequest_Start
	bytes := 0
	for len(starts) < startsPerMessageMax && len(starts) < len(s.queue) {
		message := s.queue[len(starts)].message
		bytes += len(message.GetRequest().GetInput())
		if bytes > startBytesMax && len(starts) > 0 {
			break
		}
		starts = append(starts, message)
	}
	s.queue = slices.Delete(s.queue, 0, len(starts))
	return starts
}

func (s *Starter) onOutcomes(outcomes []*pawlv1.StartExecutionsResponse_Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures = 0
	s.delays.reset()
	for _, outcome := range outcomes {
		open := s.open[outcome.GetSequence()]
		if open == nil {
			continue
		}
		switch result := outcome.GetResult().(type) {
		case *pawlv1.StartExecutionsResponse_Outcome_Response:
			s.onStarted(open, result.Response)
		case *pawlv1.StartExecutionsResponse_Outcome_Error:
			s.onRefused(open, startErrorOf(result.Error))
		case *pawlv1.StartExecutionsResponse_Outcome_Ended:
			open.end = executionOf(result.Ended)
			s.forget(open)
		}
	}
}

func (s *Starter) onStarted(open *openStart, response *pawlv1.StartExecutionResponse) {
	if open.started != nil {
		return
	}
	open.started = &Started{
		StartedExecution: StartedExecution{Execution: executionOf(response.GetExecution()), Created: response.GetCreated()},
		open:             open,
	}
	s.answer(open)
	if !s.follow {
		open.endFailure = refusal(codes.FailedPrecondition, "the starter does not follow: it learns no results")
		s.forget(open)
	}
}

// onRefused sends a start again when the server says so: too many at once, or its database is away.
func (s *Starter) onRefused(open *openStart, failure *Error) {
	if failure.RetryAfter == 0 {
		s.fail(open, failure)
		return
	}
	delay, _ := retryDelay(failure, &s.delays)
	time.AfterFunc(delay, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.open[open.message.GetSequence()] == open {
			s.enqueue(open)
		}
	})
}

// breakDelay is how long to wait after a break; false: open starts fail.
func (s *Starter) breakDelay(failure *Error) (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failures++
	if delay, isPassing := retryDelay(failure, &s.delays); isPassing {
		return delay, s.failures <= streamFailuresMax
	}
	return s.delays.next(), isOdd(failure.Code) && s.failures < oddStreamFailuresMax
}

// resendAll sends everything again that is open. A start whose answer came is only followed again: its execution may
// have closed meanwhile.
func (s *Starter) resendAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = nil
	for _, sequence := range slices.Sorted(maps.Keys(s.open)) {
		open := s.open[sequence]
		if open.started != nil {
			open.message.Request.ConflictPolicy = pawlv1.NameConflictPolicy_NAME_CONFLICT_POLICY_USE_EXISTING
		}
		s.enqueue(open)
	}
}

func (s *Starter) failAll(failure *Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = nil
	for _, open := range s.open {
		s.fail(open, failure)
	}
}

func (s *Starter) fail(open *openStart, failure *Error) {
	if open.started == nil {
		open.failure = failure
		s.answer(open)
	}
	open.endFailure = failure
	s.forget(open)
}

func (s *Starter) answer(open *openStart) {
	close(open.answered)
	<-s.slots
	if open.onAnswer != nil {
		open.onAnswer(open)
	}
}

func (s *Starter) forget(open *openStart) {
	close(open.ended)
	delete(s.open, open.message.GetSequence())
	if len(s.open) == 0 && s.idle != nil {
		close(s.idle)
		s.idle = nil
	}
}

func startErrorOf(message *pawlv1.StartError) *Error {
	failure := &Error{
		Code:     codes.Code(message.GetCode()),
		Message:  message.GetMessage(),
		Reason:   message.GetReason(),
		Metadata: message.GetMetadata(),
	}
	if advice := message.GetRetryAfter(); advice != nil {
		failure.RetryAfter = max(1, advice.AsDuration())
	}
	return failure
}

func starterClosed() *Error { return refusal(codes.Canceled, "the starter was closed") }
