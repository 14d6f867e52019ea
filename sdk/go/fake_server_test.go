package pawl_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// patience is how long something may take that ought to happen at once.
const patience = 10 * time.Second

// fakeServer speaks the real protocol over a real socket, and does exactly what a test says.
type fakeServer struct {
	pawlv1.UnimplementedWorkerServiceServer
	t       *testing.T
	server  *grpc.Server
	address string
	other   func(*grpc.Server)

	mu       sync.Mutex
	sessions []*fakeSession
	changed  chan struct{}
	// welcome answers Hello; a test may replace it before it opens a worker, or under change.
	welcome func(hello *pawlv1.Hello) (*pawlv1.Welcome, error)
	inputs  map[string]string
}

// newFakeServer serves workers, and whatever other registers.
func newFakeServer(t *testing.T, other func(*grpc.Server)) *fakeServer {
	f := &fakeServer{t: t, other: other, changed: make(chan struct{}), address: "127.0.0.1:0", inputs: map[string]string{}}
	f.welcome = func(*pawlv1.Hello) (*pawlv1.Welcome, error) { return &pawlv1.Welcome{}, nil }
	f.listen()
	t.Cleanup(f.crash)
	return f
}

// listen serves on the port it had before, if it had one.
func (f *fakeServer) listen() {
	f.t.Helper()
	listener, err := net.Listen("tcp", f.address)
	// A worker that tries to connect meanwhile can hold the port for a moment.
	for until := time.Now().Add(patience); err != nil && time.Now().Before(until); {
		listener, err = net.Listen("tcp", f.address)
	}
	if err != nil {
		f.t.Fatal(err)
	}
	f.address = listener.Addr().String()
	f.server = grpc.NewServer()
	pawlv1.RegisterWorkerServiceServer(f.server, f)
	if f.other != nil {
		f.other(f.server)
	}
	server := f.server
	go func() { _ = server.Serve(listener) }()
}

// crash is what that looks like from outside: every connection is gone.
func (f *fakeServer) crash() { f.server.Stop() }

// change does something under the lock, and wakes who waits.
func (f *fakeServer) change(do func()) {
	f.mu.Lock()
	defer f.mu.Unlock()
	do()
	close(f.changed)
	f.changed = make(chan struct{})
}

// until waits for a condition, which it looks at under the lock.
func (f *fakeServer) until(what string, holds func() bool) {
	f.t.Helper()
	timeout := time.After(patience)
	for {
		f.mu.Lock()
		done, changed := holds(), f.changed
		f.mu.Unlock()
		if done {
			return
		}
		select {
		case <-changed:
		case <-timeout:
			f.t.Fatalf("%s did not come within %s", what, patience)
		}
	}
}

// session is the n-th, from 0, once the worker has said hello on it.
func (f *fakeServer) session(index int) *fakeSession {
	f.t.Helper()
	f.until(fmt.Sprintf("session %d", index), func() bool {
		return len(f.sessions) > index && f.sessions[index].hello != nil
	})
	return f.sessions[index]
}

// GetTaskInput implements the service.
func (f *fakeServer) GetTaskInput(_ context.Context, request *pawlv1.GetTaskInputRequest) (*pawlv1.GetTaskInputResponse, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return &pawlv1.GetTaskInputResponse{Input: f.inputs[string(request.GetTaskToken())]}, nil
}

// Work implements the service.
func (f *fakeServer) Work(stream grpc.BidiStreamingServer[pawlv1.WorkRequest, pawlv1.WorkResponse]) error {
	session := &fakeSession{fake: f, stream: stream, isAcking: true, limits: map[string]int64{}, end: make(chan error, 2)}
	f.change(func() { f.sessions = append(f.sessions, session) })
	go session.read()
	return <-session.end
}

// fakeSession is one worker's stream: what came in, and what a test sends.
type fakeSession struct {
	fake   *fakeServer
	stream grpc.BidiStreamingServer[pawlv1.WorkRequest, pawlv1.WorkResponse]
	sendMu sync.Mutex
	end    chan error

	// What follows is guarded by fake.mu.

	hello    *pawlv1.Hello
	received []*pawlv1.WorkRequest
	outcomes []*pawlv1.TaskOutcome
	limits   map[string]int64
	isAcking bool
	isEnded  bool
}

func (s *fakeSession) read() {
	for {
		request, err := s.stream.Recv()
		if errors.Is(err, io.EOF) {
			s.fake.change(func() { s.isEnded = true })
			s.end <- nil
			return
		}
		if err != nil {
			s.end <- err
			return
		}
		s.onRequest(request)
	}
}

func (s *fakeSession) onRequest(request *pawlv1.WorkRequest) {
	var acks []*pawlv1.OutcomeAck
	s.fake.change(func() {
		s.received = append(s.received, request)
		for pool, limit := range request.GetDemand().GetLimits() {
			s.limits[pool] = limit
		}
		for _, outcome := range request.GetOutcomes().GetOutcomes() {
			s.outcomes = append(s.outcomes, outcome)
			if s.isAcking {
				acks = append(acks, &pawlv1.OutcomeAck{TaskToken: outcome.GetTaskToken(), Status: pawlv1.OutcomeStatus_OUTCOME_STATUS_RECORDED})
			}
		}
	})
	if len(acks) > 0 {
		s.send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_OutcomeAcks{OutcomeAcks: &pawlv1.OutcomeAcks{Acks: acks}}})
	}
	if request.GetHello() != nil {
		s.onHello(request.GetHello())
	}
}

func (s *fakeSession) onHello(hello *pawlv1.Hello) {
	s.fake.mu.Lock()
	answer := s.fake.welcome
	s.fake.mu.Unlock()
	welcome, err := answer(hello)
	if err != nil {
		s.end <- err
		return
	}
	if welcome == nil {
		return
	}
	welcome.SessionId, welcome.ServerId = "session", "fake"
	if welcome.GetPingInterval() == nil {
		welcome.PingInterval, welcome.SessionTimeout = durationpb.New(10*time.Second), durationpb.New(30*time.Second)
	}
	s.send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_Welcome{Welcome: welcome}})
	s.fake.change(func() { s.hello = hello })
}

func (s *fakeSession) send(response *pawlv1.WorkResponse) {
	s.sendMu.Lock()
	defer s.sendMu.Unlock()
	// A stream that is over has nobody to tell.
	_ = s.stream.Send(response)
}

// fail ends the stream with a status.
func (s *fakeSession) fail(code codes.Code, message string) { s.end <- status.Error(code, message) }

// tasks hands tasks out; a task's pool is its resource unless it says otherwise.
func (s *fakeSession) tasks(tasks ...*pawlv1.Task) {
	for _, task := range tasks {
		if task.GetPool() == "" {
			task.Pool = task.GetResource()
		}
		task.RawResource, task.Attempt = task.GetResource(), max(1, task.GetAttempt())
	}
	s.send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_Tasks{Tasks: &pawlv1.TaskBatch{Tasks: tasks}}})
}

func task(token, resource, input string) *pawlv1.Task {
	return &pawlv1.Task{TaskToken: []byte(token), TaskId: token, Resource: resource, Input: input}
}

func (s *fakeSession) ack(token string, verdict pawlv1.OutcomeStatus, reason string) {
	ack := &pawlv1.OutcomeAck{TaskToken: []byte(token), Status: verdict, Reason: reason}
	s.send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_OutcomeAcks{OutcomeAcks: &pawlv1.OutcomeAcks{Acks: []*pawlv1.OutcomeAck{ack}}}})
}

func (s *fakeSession) cancel(reason pawlv1.CancelReason, tokens ...string) {
	message := &pawlv1.CancelTasks{Reason: reason}
	for _, token := range tokens {
		message.TaskTokens = append(message.TaskTokens, []byte(token))
	}
	s.send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_Cancel{Cancel: message}})
}

func (s *fakeSession) drainAck() {
	s.send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_DrainAck{DrainAck: &pawlv1.DrainAck{}}})
}

// message waits for the first one that find takes.
func (s *fakeSession) message(what string, find func(*pawlv1.WorkRequest) bool) *pawlv1.WorkRequest {
	s.fake.t.Helper()
	var found *pawlv1.WorkRequest
	s.fake.until(what, func() bool {
		for _, request := range s.received {
			if find(request) {
				found = request
				return true
			}
		}
		return false
	})
	return found
}

func (s *fakeSession) accepted(token string) {
	s.fake.t.Helper()
	s.message("the accept of "+token, func(request *pawlv1.WorkRequest) bool {
		return hasToken(request.GetAccept().GetTaskTokens(), token)
	})
}

func (s *fakeSession) released(token string) {
	s.fake.t.Helper()
	s.message("the release of "+token, func(request *pawlv1.WorkRequest) bool {
		return hasToken(request.GetRelease().GetTaskTokens(), token)
	})
}

func (s *fakeSession) drain() {
	s.fake.t.Helper()
	s.message("a drain", func(request *pawlv1.WorkRequest) bool { return request.GetDrain() != nil })
}

// outcome waits for the n-th, from 0.
func (s *fakeSession) outcome(index int) *pawlv1.TaskOutcome {
	s.fake.t.Helper()
	s.fake.until(fmt.Sprintf("outcome %d", index), func() bool { return len(s.outcomes) > index })
	return s.outcomes[index]
}

func (s *fakeSession) limit(pool string, limit int64) {
	s.fake.t.Helper()
	s.fake.until(fmt.Sprintf("the limit %d of %s", limit, pool), func() bool { return s.limits[pool] == limit })
}

func (s *fakeSession) ended() {
	s.fake.t.Helper()
	s.fake.until("the end of the stream", func() bool { return s.isEnded })
}

func hasToken(tokens [][]byte, token string) bool {
	for _, candidate := range tokens {
		if string(candidate) == token {
			return true
		}
	}
	return false
}
