package pawl_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/pawl-dev/pawl/sdk/go"
	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// held is the verdict on a token in the next Welcome.
func held(token string, state pawlv1.TaskTokenState) func(*pawlv1.Hello) (*pawlv1.Welcome, error) {
	return func(*pawlv1.Hello) (*pawlv1.Welcome, error) {
		return &pawlv1.Welcome{Held: []*pawlv1.HeldTask{{TaskToken: []byte(token), State: state}}}, nil
	}
}

func newWorker(t *testing.T, server *fakeServer, options ...pawl.WorkerOption) *pawl.Worker {
	t.Helper()
	quiet := pawl.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil)))
	worker, err := pawl.NewWorker(server.address, append([]pawl.WorkerOption{quiet}, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeNow(worker) })
	return worker
}

func start(t *testing.T, worker *pawl.Worker) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := worker.Start(ctx); err != nil {
		t.Fatal(err)
	}
}

func closeNow(worker *pawl.Worker) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_ = worker.Close(ctx)
}

// closing closes a worker beside the test, which then waits for the result.
func closing(worker *pawl.Worker, grace time.Duration) <-chan error {
	closed := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		closed <- worker.Close(ctx)
	}()
	return closed
}

// waiting is a handler that returns what it is given, or its context's cause.
func waiting(results <-chan int) func(context.Context, any) (int, error) {
	return func(ctx context.Context, _ any) (int, error) {
		select {
		case result := <-results:
			return result, nil
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		}
	}
}

// telling is a handler that waits for its end, and tells why.
func telling(reasons chan<- pawl.CancelReason) func(context.Context, any) (int, error) {
	return func(ctx context.Context, _ any) (int, error) {
		<-ctx.Done()
		var cancelled *pawl.TaskCancelledError
		errors.As(context.Cause(ctx), &cancelled)
		reasons <- cancelled.Reason
		return 0, ctx.Err()
	}
}

func TestRunningTaskIsHeldOverAReconnectAndItsOutcomeGoesToTheNewSession(t *testing.T) {
	server, results := newFakeServer(t, nil), make(chan int)
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", waiting(results), pawl.WithConcurrency(2))
	start(t, worker)
	first := server.session(0)
	first.tasks(task("t", "a", "1"))
	first.accepted("t")
	server.change(func() { server.welcome = held("t", pawlv1.TaskTokenState_TASK_TOKEN_STATE_ACTIVE) })
	first.fail(codes.Unavailable, "gone")
	second := server.session(1)
	if !hasToken(second.hello.GetHeldTaskTokens(), "t") || second.hello.GetSessionIndex() != first.hello.GetSessionIndex() {
		t.Errorf("hello of the second session: %v", second.hello)
	}
	second.accepted("t")
	second.limit("a", 1)
	results <- 9
	if output := second.outcome(0).GetOutput(); output != "9" {
		t.Errorf("output is %q", output)
	}
}

func TestVerdictLeaseLostAbortsTheHandlerAndItsResultIsNotSent(t *testing.T) {
	server, reasons := newFakeServer(t, nil), make(chan pawl.CancelReason, 1)
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", telling(reasons), pawl.WithConcurrency(1))
	start(t, worker)
	first := server.session(0)
	first.tasks(task("t", "a", "1"))
	first.accepted("t")
	server.change(func() { server.welcome = held("t", pawlv1.TaskTokenState_TASK_TOKEN_STATE_LEASE_LOST) })
	first.fail(codes.Unavailable, "gone")
	second := server.session(1)
	if reason := <-reasons; reason != pawl.CancelLeaseLost {
		t.Errorf("reason is %s", reason)
	}
	// The slot is free, which it is only once there is nothing more to tell.
	second.limit("a", 1)
	server.change(func() {
		if len(second.outcomes) > 0 {
			t.Errorf("outcomes of a lost task: %v", second.outcomes)
		}
	})
}

func TestServerThatCrashesAndComesBackFindsTheWorkerAgain(t *testing.T) {
	server := newFakeServer(t, nil)
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", func(context.Context, any) (int, error) { return 1, nil })
	start(t, worker)
	server.session(0)
	server.crash()
	server.listen()
	again := server.session(1)
	again.tasks(task("t", "a", "1"))
	if output := again.outcome(0).GetOutput(); output != "1" {
		t.Errorf("output is %q", output)
	}
}

func TestWorkerThatStartsBeforeItsServerWaitsForIt(t *testing.T) {
	server := newFakeServer(t, nil)
	server.crash()
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", func(context.Context, any) (int, error) { return 1, nil })
	started := make(chan error, 1)
	go func() { started <- worker.Start(context.Background()) }()
	server.listen()
	if err := <-started; err != nil {
		t.Error(err)
	}
}

func TestFirstSessionThatIsRefusedForGoodFailsTheStart(t *testing.T) {
	server := newFakeServer(t, nil)
	server.welcome = func(*pawlv1.Hello) (*pawlv1.Welcome, error) {
		return nil, status.Error(codes.InvalidArgument, "resource is empty")
	}
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", func(context.Context, any) (int, error) { return 1, nil })
	var refused *pawl.Error
	if err := worker.Run(context.Background()); !errors.As(err, &refused) || refused.Code != codes.InvalidArgument || refused.Message != "resource is empty" {
		t.Errorf("error is %v", err)
	}
}

func TestCloseDrainsAndLosesNoOutcome(t *testing.T) {
	server, results := newFakeServer(t, nil), make(chan int)
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", waiting(results))
	start(t, worker)
	session := server.session(0)
	server.change(func() { session.isAcking = false })
	session.tasks(task("t0", "a", "1"))
	session.accepted("t0")
	closed := closing(worker, patience)
	session.drain()
	session.tasks(task("t1", "a", "1"))
	session.drainAck()
	session.released("t1")
	results <- 5
	session.outcome(0)
	select {
	case err := <-closed:
		t.Fatalf("the worker left before its outcome was acknowledged: %v", err)
	case <-time.After(50 * time.Millisecond):
	}
	session.ack("t0", pawlv1.OutcomeStatus_OUTCOME_STATUS_RECORDED, "")
	session.ended()
	if err := <-closed; err != nil {
		t.Error(err)
	}
}

func TestWhenTheGraceIsOverHandlersAreCancelledAndTheirTasksHandedBack(t *testing.T) {
	server, reasons, never := newFakeServer(t, nil), make(chan pawl.CancelReason, 1), make(chan struct{})
	t.Cleanup(func() { close(never) })
	worker := newWorker(t, server)
	pawl.Handle(worker, "polite", telling(reasons))
	pawl.Handle(worker, "deaf", func(context.Context, any) (int, error) {
		<-never
		return 0, nil
	})
	start(t, worker)
	session := server.session(0)
	session.tasks(task("p", "polite", "1"), task("d", "deaf", "1"))
	session.accepted("d")
	closed := closing(worker, 100*time.Millisecond)
	session.drain()
	session.drainAck()
	if err := <-closed; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
	session.ended()
	session.released("p")
	session.released("d")
	if reason := <-reasons; reason != pawl.CancelWorkerClosed {
		t.Errorf("reason is %s", reason)
	}
	if len(session.outcomes) > 0 {
		t.Errorf("outcomes of tasks that were handed back: %v", session.outcomes)
	}
}

func TestServerThatDrainsIsLeftOnlyAfterTheNewSessionStands(t *testing.T) {
	server, results := newFakeServer(t, nil), make(chan int)
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", waiting(results), pawl.WithConcurrency(2))
	start(t, worker)
	old := server.session(0)
	old.limit("a", 2)
	old.tasks(task("t0", "a", "1"))
	old.accepted("t0")
	drain := &pawlv1.ServerDrain{Reason: "deploy", ReconnectAfter: durationpb.New(10 * time.Millisecond)}
	old.send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_ServerDrain{ServerDrain: drain}})
	fresh := server.session(1)
	if !hasToken(fresh.hello.GetHeldTaskTokens(), "t0") || fresh.hello.GetSessionIndex() == old.hello.GetSessionIndex() {
		t.Errorf("hello of the new session: %v", fresh.hello)
	}
	old.drain()
	old.tasks(task("late", "a", "1"))
	old.accepted("late")
	server.change(func() {
		if len(fresh.limits) > 0 {
			t.Errorf("credit before the old session was drained: %v", fresh.limits)
		}
	})
	old.drainAck()
	results <- 3
	results <- 3
	if token := string(fresh.outcome(0).GetTaskToken()); token != "t0" {
		t.Errorf("the new session got the outcome of %s", token)
	}
	if token := string(old.outcome(0).GetTaskToken()); token != "late" {
		t.Errorf("the old session got the outcome of %s", token)
	}
	old.ended()
	fresh.limit("a", 2)
}

func TestPingsComeAtTheServersIntervalAndASilentServerIsGivenUp(t *testing.T) {
	server, results := newFakeServer(t, nil), make(chan int)
	server.welcome = func(*pawlv1.Hello) (*pawlv1.Welcome, error) {
		return &pawlv1.Welcome{
			PingInterval:   durationpb.New(40 * time.Millisecond),
			SessionTimeout: durationpb.New(150 * time.Millisecond),
		}, nil
	}
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", waiting(results))
	start(t, worker)
	session := server.session(0)
	session.tasks(task("t", "a", "1"))
	session.message("a ping that counts the task", func(request *pawlv1.WorkRequest) bool {
		return request.GetPing().GetRunning()["a"] == 1
	})
	if second := server.session(1); !hasToken(second.hello.GetHeldTaskTokens(), "t") {
		t.Errorf("hello of the second session: %v", second.hello)
	}
}

func TestPongThatCountsOtherwiseThanTheWorkerSetsItsCreditRight(t *testing.T) {
	server := newFakeServer(t, nil)
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", func(context.Context, any) (int, error) { return 1, nil }, pawl.WithConcurrency(2))
	start(t, worker)
	session := server.session(0)
	session.limit("a", 2)
	pong := &pawlv1.Pong{Nonce: 1, TasksSent: map[string]int64{"a": 5}}
	session.send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_Pong{Pong: pong}})
	session.limit("a", 7)
}

func TestSlotIsFreeOnlyAfterTheOutcomeIsAcknowledged(t *testing.T) {
	server := newFakeServer(t, nil)
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", func(context.Context, any) (int, error) { return 1, nil }, pawl.WithConcurrency(2))
	start(t, worker)
	session := server.session(0)
	server.change(func() { session.isAcking = false })
	session.limit("a", 2)
	session.tasks(task("t0", "a", "1"), task("t1", "a", "1"))
	session.outcome(1)
	server.change(func() {
		if session.limits["a"] != 2 {
			t.Errorf("limit is %d before an acknowledgement", session.limits["a"])
		}
	})
	session.ack("t0", pawlv1.OutcomeStatus_OUTCOME_STATUS_RECORDED, "")
	session.ack("t0", pawlv1.OutcomeStatus_OUTCOME_STATUS_RECORDED, "")
	session.limit("a", 3)
}

func TestOutcomeIsSentUntilTheServerTakesIt(t *testing.T) {
	server := newFakeServer(t, nil)
	var statuses []pawl.OutcomeStatus
	worker := newWorker(t, server, pawl.WithOutcomeHook(func(outcome pawl.ReportedOutcome) {
		server.change(func() { statuses = append(statuses, outcome.Status) })
	}))
	pawl.Handle(worker, "a", func(context.Context, any) (int, error) { return 1, nil })
	start(t, worker)
	session := server.session(0)
	server.change(func() { session.isAcking = false })
	session.tasks(task("t", "a", "1"))
	session.outcome(0)
	session.ack("t", pawlv1.OutcomeStatus_OUTCOME_STATUS_RETRY, "")
	session.outcome(1)
	session.fail(codes.Unavailable, "gone")
	again := server.session(1)
	again.outcome(0)
	server.until("two verdicts", func() bool {
		return slices.Equal(statuses, []pawl.OutcomeStatus{pawl.OutcomeRetry, pawl.OutcomeRecorded})
	})
}

func TestOutputThatCanNotBeRecordedBecomesTheTasksFailure(t *testing.T) {
	for reason, name := range map[string]string{
		"OUTPUT_TOO_LARGE": "States.DataLimitExceeded",
		"OUTPUT_NOT_JSON":  "Worker.InvalidOutput",
	} {
		t.Run(reason, func(t *testing.T) {
			server := newFakeServer(t, nil)
			worker := newWorker(t, server)
			pawl.Handle(worker, "a", func(context.Context, any) (json.RawMessage, error) { return json.RawMessage("{"), nil })
			start(t, worker)
			session := server.session(0)
			server.change(func() { session.isAcking = false })
			session.tasks(task("t", "a", "1"))
			session.outcome(0)
			session.ack("t", pawlv1.OutcomeStatus_OUTCOME_STATUS_INVALID, reason)
			failure := session.outcome(1).GetFailure()
			if failure.GetError().GetError() != name || !failure.GetNonRetryable() {
				t.Errorf("failure is %v", failure)
			}
		})
	}
}
