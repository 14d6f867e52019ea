package pawl

import (
	"context"
	"errors"
	"io"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

const (
	// How long a server may take to be reached and to answer Hello.
	welcomeTimeout = 10 * time.Second
	// Outputs in one message; the server's own target when it names a smaller one.
	messageBytesMax = 1 << 20

	pingIntervalDefault   = 10 * time.Second
	sessionTimeoutDefault = 30 * time.Second
)

type workStream = grpc.BidiStreamingClient[pawlv1.WorkRequest, pawlv1.WorkResponse]

// session is one stream to a server, on a connection of its own.
//
// One goroutine reads, one writes: whatever gathers while a message is on its way leaves together in the next ones, one
// each for accepts, heartbeats, outcomes, releases and credit.
type session struct {
	index  int32
	runs   *taskRuns
	conn   *grpc.ClientConn
	stream workStream
	cancel context.CancelFunc

	// welcome is the server's answer to Hello, set before welcomed is closed.
	welcome *pawlv1.Welcome
	// clockAhead is how far the server's clock is ahead of this one.
	clockAhead time.Duration
	// welcomed is closed with the answer to Hello.
	welcomed chan struct{}
	// serverDrain gets the server's wish that the worker goes elsewhere.
	serverDrain chan *pawlv1.ServerDrain
	// drained is closed with the answer to Drain.
	drained     chan struct{}
	drainedOnce sync.Once
	// done is closed when the stream is over; failure is why.
	done     chan struct{}
	doneOnce sync.Once
	failure  *Error

	wakeup chan struct{}
	closed atomic.Bool
	// heard is when the server's last message came, in nanoseconds since began.
	heard atomic.Int64
	began time.Time

	// What follows is guarded by runs.mu: what is to be sent.

	accepts, beats, outcomes []*taskRun
	releases                 [][]byte
	demandDue                bool
	// hasCredit is set while the server may send tasks.
	hasCredit bool
	received  map[string]int64
	limits    map[string]int64
	ping      *pawlv1.Ping
	nonce     uint64
	drain     *pawlv1.Drain
	ending    bool
}

// openSession says Hello and waits for the answer.
func openSession(ctx context.Context, conn *grpc.ClientConn, runs *taskRuns, hello *pawlv1.Hello) (*session, *Error) {
	streamCtx, cancel := context.WithCancel(context.Background())
	s := &session{
		index:       hello.GetSessionIndex(),
		runs:        runs,
		conn:        conn,
		cancel:      cancel,
		welcomed:    make(chan struct{}),
		serverDrain: make(chan *pawlv1.ServerDrain, 1),
		drained:     make(chan struct{}),
		done:        make(chan struct{}),
		wakeup:      make(chan struct{}, 1),
		began:       time.Now(),
		received:    map[string]int64{},
		limits:      map[string]int64{},
	}
	go s.open(streamCtx, hello)
	patience := time.NewTimer(welcomeTimeout)
	defer patience.Stop()
	select {
	case <-s.welcomed:
		return s, nil
	case <-s.done:
	case <-patience.C:
		s.abort(refusal(codes.Unavailable, "the server did not answer hello within %s", welcomeTimeout))
	case <-ctx.Done():
		s.abort(errorOf(ctx.Err()))
	}
	return nil, s.failure
}

func (s *session) isOpen() bool { return !s.closed.Load() }

// wake lets the writer look for what is to be sent.
func (s *session) wake() {
	select {
	case s.wakeup <- struct{}{}:
	default:
	}
}

// abort gives the stream up.
func (s *session) abort(failure *Error) {
	s.doneOnce.Do(func() {
		s.failure = failure
		s.closed.Store(true)
		s.cancel()
		_ = s.conn.Close() // its only stream is over
		close(s.done)
		s.drainedOnce.Do(func() { close(s.drained) })
	})
}

// demand tells the server what it may send.
func (s *session) demand() {
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	s.hasCredit = true
	s.demandDue = true
	s.wake()
}

// askDrain asks for no more tasks; drained tells when none can be on the way.
func (s *session) askDrain(grace time.Duration, reason string) {
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	s.hasCredit = false
	s.drain = &pawlv1.Drain{Grace: durationpb.New(grace), Reason: reason}
	s.wake()
}

// end half-closes once everything was said.
func (s *session) end() {
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	s.ending = true
	s.wake()
}

func (s *session) open(ctx context.Context, hello *pawlv1.Hello) {
	stream, err := pawlv1.NewWorkerServiceClient(s.conn).Work(ctx)
	if err != nil {
		s.abort(errorOf(err))
		return
	}
	s.stream = stream
	// An error of Send is io.EOF: Recv tells the real one.
	_ = stream.Send(&pawlv1.WorkRequest{Message: &pawlv1.WorkRequest_Hello{Hello: hello}})
	go s.write(ctx)
	s.read()
}

func (s *session) read() {
	for {
		response, err := s.stream.Recv()
		if errors.Is(err, io.EOF) {
			s.abort(refusal(codes.Unavailable, "the server ended the stream"))
			return
		}
		if err != nil {
			s.abort(errorOf(err))
			return
		}
		s.heard.Store(int64(time.Since(s.began)))
		s.onMessage(response)
	}
}

func (s *session) onMessage(response *pawlv1.WorkResponse) {
	switch message := response.GetMessage().(type) {
	case *pawlv1.WorkResponse_Welcome:
		s.onWelcome(message.Welcome)
	case *pawlv1.WorkResponse_Tasks:
		s.runs.onTasks(s, message.Tasks.GetTasks())
	case *pawlv1.WorkResponse_OutcomeAcks:
		s.runs.onAcks(message.OutcomeAcks.GetAcks())
	case *pawlv1.WorkResponse_HeartbeatReplies:
		s.runs.onHeartbeatReplies(message.HeartbeatReplies.GetReplies())
	case *pawlv1.WorkResponse_Cancel:
		s.runs.onCancel(message.Cancel)
	case *pawlv1.WorkResponse_DrainAck:
		s.drainedOnce.Do(func() { close(s.drained) })
	case *pawlv1.WorkResponse_ServerDrain:
		select {
		case s.serverDrain <- message.ServerDrain:
		default:
		}
	case *pawlv1.WorkResponse_Pong:
		s.reconcile(message.Pong)
	case *pawlv1.WorkResponse_Rejections:
		for _, text := range message.Rejections.GetMessages() {
			s.runs.log.Warn("the server complains", "message", text)
		}
	}
}

func (s *session) onWelcome(welcome *pawlv1.Welcome) {
	if s.welcome != nil {
		return
	}
	s.welcome = welcome
	if now := welcome.GetServerTime(); now != nil {
		s.clockAhead = time.Until(now.AsTime())
	}
	close(s.welcomed)
	go s.keepAlive()
}

func (s *session) pingInterval() time.Duration {
	if interval := s.welcome.GetPingInterval().AsDuration(); interval > 0 {
		return interval
	}
	return pingIntervalDefault
}

// keepAlive pings, and gives up a server that is silent: a half-open connection looks like that.
func (s *session) keepAlive() {
	timeout := s.welcome.GetSessionTimeout().AsDuration()
	if timeout <= 0 {
		timeout = sessionTimeoutDefault
	}
	ticker := time.NewTicker(s.pingInterval())
	defer ticker.Stop()
	for {
		select {
		case <-ticker.C:
		case <-s.done:
			return
		}
		silent := time.Since(s.began) - time.Duration(s.heard.Load())
		if silent > timeout {
			s.abort(refusal(codes.Unavailable, "the server was silent for %s", silent.Round(time.Millisecond)))
			return
		}
		s.askPong()
		s.runs.resendStale(s, 2*s.pingInterval())
	}
}

func (s *session) askPong() {
	running := s.runs.running()
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	s.nonce++
	s.ping = &pawlv1.Ping{Nonce: s.nonce, Running: running}
	s.wake()
}

// reconcile takes the server's count of tasks sent: the stream is ordered, so after a Pong both are the same.
func (s *session) reconcile(pong *pawlv1.Pong) {
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	for pool, sent := range pong.GetTasksSent() {
		if s.runs.pools[pool] == nil || s.received[pool] == sent {
			continue
		}
		s.runs.log.Warn("the count of tasks differed from the server's", "pool", pool, "server", sent, "worker", s.received[pool])
		s.received[pool] = sent
		s.demandDue = true
		s.wake()
	}
}

func (s *session) write(ctx context.Context) {
	for {
		select {
		case <-s.wakeup:
		case <-ctx.Done():
			return
		}
		// Handlers that are about to end join this flight.
		runtime.Gosched()
		requests, isEnd := s.take()
		for _, request := range requests {
			if s.stream.Send(request) != nil {
				return
			}
		}
		if isEnd {
			_ = s.stream.CloseSend()
			return
		}
	}
}
