package pawl

import (
	"context"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

const (
	// A session that stood so long was a good one: the next failure counts as the first.
	goodSession = 5 * time.Second
	// How long an old server may take to say that nothing more is on the way.
	drainAckTimeout = 10 * time.Second
	// How long a server may take to end a stream that was half-closed.
	endTimeout = time.Second
)

// sessionLink keeps a worker connected: one session after the other, for ever; two for a moment when a server drains.
type sessionLink struct {
	runs    *taskRuns
	connect func() (*grpc.ClientConn, error)
	hello   func(sessionIndex int32, held []*taskRun) *pawlv1.Hello

	// connected is closed with the first session, or when it was refused for good; refused is why.
	connected     chan struct{}
	connectedOnce sync.Once
	refused       *Error
	// ended is closed when run returns.
	ended  chan struct{}
	cancel context.CancelFunc

	mu      sync.Mutex
	session *session
	// leaving is the session that a draining server asked to leave, until the next one stands; then it is retiring, and
	// retired is closed when it can send nothing more.
	leaving, retiring *session
	retired           chan struct{}
	// draining is set once the worker closes.
	draining *pendingDrain
}

type pendingDrain struct{ until time.Time }

func (d *pendingDrain) grace() time.Duration { return max(0, time.Until(d.until)) }

// run connects again and again until its context is done, or the first session was refused for good.
func (l *sessionLink) run(ctx context.Context) {
	defer close(l.ended)
	delays := &exponential{first: 100 * time.Millisecond, most: 5 * time.Second}
	var index int32
	for ctx.Err() == nil {
		s := l.open(ctx, index, delays)
		if s == nil {
			if l.refused != nil {
				return
			}
			continue
		}
		stoodSince := time.Now()
		select {
		case <-ctx.Done():
			return
		case drain := <-s.serverDrain:
			index = 1 - index
			l.leave(ctx, s, drain)
			continue
		case <-s.done:
		}
		if ctx.Err() != nil {
			return
		}
		l.runs.log.Warn("lost the server", "error", s.failure, "session", s.welcome.GetSessionId())
		if time.Since(stoodSince) > goodSession {
			delays.reset()
		}
		_ = sleep(ctx, delays.next())
	}
}

// open makes a session; nil: there is none, and it was waited for the time until the next try.
func (l *sessionLink) open(ctx context.Context, index int32, delays *exponential) *session {
	held := l.runs.held()
	s, failure := l.dial(ctx, index, held)
	if ctx.Err() != nil {
		if s != nil {
			s.abort(errorOf(ctx.Err()))
		}
		return nil
	}
	if failure != nil {
		if !l.hasConnected() && isFatal(failure.Code) {
			l.refused = failure
			l.connectedOnce.Do(func() { close(l.connected) })
			return nil
		}
		delay := failure.RetryAfter
		if delay == 0 {
			delay = delays.next()
		}
		l.runs.log.Warn("no session", "error", failure, "retry_in", delay.Round(time.Millisecond))
		_ = sleep(ctx, delay)
		return nil
	}
	l.runs.log.Info("connected", "server", s.welcome.GetServerId(), "version", s.welcome.GetServerVersion(),
		"session", s.welcome.GetSessionId())
	for _, warning := range s.welcome.GetWarnings() {
		l.runs.log.Warn(warning)
	}
	l.runs.adopt(s, held)
	l.handOver(ctx, s)
	l.connectedOnce.Do(func() { close(l.connected) })
	return s
}

func (l *sessionLink) dial(ctx context.Context, index int32, held []*taskRun) (*session, *Error) {
	conn, err := l.connect()
	if err != nil {
		return nil, errorOf(err)
	}
	return openSession(ctx, conn, l.runs, l.hello(index, held))
}

func (l *sessionLink) hasConnected() bool {
	select {
	case <-l.connected:
		return true
	default:
		return false
	}
}

// handOver gives the new session credit, but only once the old one can send nothing more: slots are never promised twice.
func (l *sessionLink) handOver(ctx context.Context, s *session) {
	l.mu.Lock()
	l.session = s
	leaving := l.leaving
	l.leaving = nil
	if leaving != nil {
		l.retiring, l.retired = leaving, make(chan struct{})
		go l.retire(ctx, leaving, l.retired)
	}
	retired := l.retired
	l.mu.Unlock()
	if retired == nil {
		l.begin(s)
		return
	}
	go func() {
		<-retired
		l.begin(s)
	}()
}

// begin lets tasks come, or says that none should when the worker is closing.
func (l *sessionLink) begin(s *session) {
	l.mu.Lock()
	draining := l.draining
	l.mu.Unlock()
	if draining != nil {
		s.askDrain(draining.grace(), "worker closes")
	} else {
		s.demand()
	}
}

// leave waits for the pause that a draining server asked for; it may be left before its deadline.
func (l *sessionLink) leave(ctx context.Context, s *session, drain *pawlv1.ServerDrain) {
	l.runs.log.Info("the server drains: connecting anew", "reason", drain.GetReason(), "session", s.welcome.GetSessionId())
	l.mu.Lock()
	l.leaving = s
	l.mu.Unlock()
	pause, cancel := context.WithTimeout(ctx, drain.GetReconnectAfter().AsDuration())
	defer cancel()
	select {
	case <-pause.Done():
	case <-s.done:
	}
}

// retire waits until the old session can send nothing more, and ends it once its tasks are over.
func (l *sessionLink) retire(ctx context.Context, old *session, retired chan<- struct{}) {
	old.askDrain(0, "reconnected elsewhere")
	patience, cancel := context.WithTimeout(ctx, drainAckTimeout)
	select {
	case <-old.drained:
	case <-patience.Done():
	}
	cancel()
	close(retired)
	l.runs.waitIdle(ctx, old)
	endStream(old)
}

// drain asks for no more tasks, now and on every later session, and waits until none can be on the way.
func (l *sessionLink) drain(ctx context.Context, until time.Time) {
	l.mu.Lock()
	draining := &pendingDrain{until}
	l.draining = draining
	s := l.session
	l.mu.Unlock()
	if s == nil || !s.isOpen() {
		return
	}
	s.askDrain(draining.grace(), "worker closes")
	patience, cancel := context.WithTimeout(ctx, drainAckTimeout)
	defer cancel()
	select {
	case <-s.drained:
	case <-patience.Done():
	}
}

// close half-closes, waits a moment for the server to do the same, and gives up the streams.
func (l *sessionLink) close() {
	l.cancel()
	<-l.ended
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, s := range []*session{l.session, l.leaving, l.retiring} {
		if s != nil {
			endStream(s)
		}
	}
}

func endStream(s *session) {
	if !s.isOpen() {
		return
	}
	s.end()
	patience := time.NewTimer(endTimeout)
	defer patience.Stop()
	select {
	case <-s.done:
	case <-patience.C:
		s.abort(refusal(codes.Canceled, "the worker was closed"))
	}
}

// isFatal tells refusals that no repetition heals, as long as no session ever stood.
func isFatal(code codes.Code) bool {
	switch code {
	case codes.InvalidArgument, codes.Unauthenticated, codes.PermissionDenied, codes.Unimplemented, codes.FailedPrecondition:
		return true
	}
	return false
}
