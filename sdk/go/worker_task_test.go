package pawl_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	"github.com/pawl-dev/pawl/sdk/go"
	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

type timeoutError struct{}

func (timeoutError) Error() string { return "took too long" }

func TestErrorOfAHandlerIsTheTasksFailure(t *testing.T) {
	declined := &pawl.TaskError{Name: "Payment.Declined", Cause: map[string]int{"card": 1}, NonRetryable: true, RetryAfter: time.Second}
	for name, failed := range map[string]struct {
		err   error
		error string
		cause string
	}{
		"a TaskError by its name":         {declined, "Payment.Declined", `{"card":1}`},
		"a wrapped one":                   {fmt.Errorf("while charging: %w", declined), "Payment.Declined", `{"card":1}`},
		"another by its type":             {timeoutError{}, "timeoutError", `{"errorMessage":"took too long","errorType":"timeoutError","stackTrace":[]}`},
		"a wrapped one by the inner type": {fmt.Errorf("no: %w", timeoutError{}), "timeoutError", `{"errorMessage":"no: took too long","errorType":"timeoutError","stackTrace":[]}`},
		"a plain one as AWS Lambda does":  {errors.New("<no>"), "errorString", `{"errorMessage":"<no>","errorType":"errorString","stackTrace":[]}`},
		"a call of the client":            {&pawl.Error{Message: "away"}, "PawlError", `{"errorMessage":"OK: away","errorType":"PawlError","stackTrace":[]}`},
		"a cause that is too long is cut": {&pawl.TaskError{Name: "Long", Cause: strings.Repeat("é", 40_000)}, "Long", strings.Repeat("é", 32_767) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			failure := outcomeOf(t, func(context.Context, any) (any, error) { return nil, failed.err }, task("t", "a", "1")).GetFailure()
			if failure.GetError().GetError() != failed.error || failure.GetError().GetCause() != failed.cause {
				t.Errorf("failure is %v", failure)
			}
			if isDeclined := errors.Is(failed.err, declined); failure.GetNonRetryable() != isDeclined || (failure.GetRetryAfter() != nil) != isDeclined {
				t.Errorf("non-retryable and retry-after are %v, %v", failure.GetNonRetryable(), failure.GetRetryAfter())
			}
		})
	}
}

func TestPanicOfAHandlerIsTheTasksFailureWithItsStack(t *testing.T) {
	failure := outcomeOf(t, func(context.Context, any) (any, error) { panic(timeoutError{}) }, task("t", "a", "1")).GetFailure()
	var cause struct {
		ErrorMessage, ErrorType string
		StackTrace              []string
	}
	if err := json.Unmarshal([]byte(failure.GetError().GetCause()), &cause); err != nil {
		t.Fatal(err)
	}
	if failure.GetError().GetError() != "timeoutError" || cause.ErrorMessage != "took too long" || !strings.Contains(strings.Join(cause.StackTrace, "\n"), "worker_task_test.go") {
		t.Errorf("failure is %v", failure)
	}
}

func TestTextOfInputAndOutputIsUnchanged(t *testing.T) {
	const text = `{"z":12345678901234567890, "a":"\u00e9 <&> é","e":1.0}`
	echo := func(_ context.Context, in json.RawMessage) (json.RawMessage, error) { return in, nil }
	if output := outcomeOf(t, echo, task("t", "a", text)).GetOutput(); output != text {
		t.Errorf("output is %s", output)
	}
	typed := func(_ context.Context, in struct{ Z uint64 }) (map[string]any, error) {
		return map[string]any{"z": in.Z, "html": "<&>"}, nil
	}
	if output := outcomeOf(t, typed, task("t", "a", text)).GetOutput(); output != `{"html":"<&>","z":12345678901234567890}` {
		t.Errorf("output is %s", output)
	}
}

func TestInputOfAnotherTypeAndOutputThatIsNotJSONFailTheTask(t *testing.T) {
	want := func(_ context.Context, in struct{ A int }) (any, error) { return in, nil }
	if failure := outcomeOf(t, want, task("t", "a", `{"A":"x"}`)).GetFailure(); failure.GetError().GetError() != "Worker.InvalidInput" || !failure.GetNonRetryable() {
		t.Errorf("failure is %v", failure)
	}
	channel := func(context.Context, any) (any, error) { return make(chan int), nil }
	if failure := outcomeOf(t, channel, task("t", "a", "1")).GetFailure(); failure.GetError().GetError() != "Worker.InvalidOutput" || !failure.GetNonRetryable() {
		t.Errorf("failure is %v", failure)
	}
	large := func(context.Context, any) (any, error) { return strings.Repeat("x", 5<<20), nil }
	if failure := outcomeOf(t, large, task("t", "a", "1")).GetFailure(); failure.GetError().GetError() != "States.DataLimitExceeded" {
		t.Errorf("failure is %v", failure)
	}
}

func TestInputThatWasLeftOutIsFetched(t *testing.T) {
	server := newFakeServer(t, nil)
	server.inputs["t"] = `"large"`
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", func(_ context.Context, in string) (string, error) { return in, nil })
	start(t, worker)
	session := server.session(0)
	omitted := task("t", "a", "")
	omitted.InputOmitted = true
	session.tasks(omitted)
	if output := session.outcome(0).GetOutput(); output != `"large"` {
		t.Errorf("output is %s", output)
	}
}

func TestHandlerLearnsEverythingAboutItsTask(t *testing.T) {
	const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	given := task("t", "a", "[1]")
	given.Attempt, given.Delivery, given.IdempotencyKey, given.Execution = 2, 3, "key", "execution"
	given.LastError = &pawlv1.ErrorValue{Error: "Before", Cause: "why"}
	given.LastHeartbeatDetails = `{"page":3}`
	given.Deadline = timestamppb.New(time.Now().Add(time.Minute))
	given.Labels = map[string]string{"tenant": "a"}
	given.Trace = &pawlv1.TraceContext{Traceparent: traceparent}
	output := outcomeOf(t, func(ctx context.Context, _ any) (any, error) {
		task := pawl.TaskFromContext(ctx)
		outgoing, _ := metadata.FromOutgoingContext(ctx)
		_, hasDeadline := ctx.Deadline()
		return []any{
			task.Attempt, task.Delivery, task.IdempotencyKey, task.Execution, *task.LastError, task.LastHeartbeatDetails,
			task.Labels, task.Traceparent == outgoing.Get("traceparent")[0], hasDeadline, task.Input, task.Token(),
		}, nil
	}, given).GetOutput()
	const want = `[2,3,"key","execution",{"Error":"Before","Cause":"why"},{"page":3},{"tenant":"a"},true,true,[1],"dA"]`
	if output != want {
		t.Errorf("the handler saw %s", output)
	}
}

func TestHandlersCanBeTestedWithoutAWorker(t *testing.T) {
	ctx := pawl.ContextWithTask(context.Background(), &pawl.TaskContext{Attempt: 2})
	pawl.TaskFromContext(ctx).Heartbeat("details", 0.5)
	if attempt := pawl.TaskFromContext(ctx).Attempt; attempt != 2 {
		t.Errorf("attempt is %d", attempt)
	}
	pawl.TaskFromContext(context.Background()).Heartbeat(nil, 0)
}

func TestLinesOfAHandlersLogTravelWithItsOutcome(t *testing.T) {
	outcome := outcomeOf(t, func(ctx context.Context, _ any) (any, error) {
		log := pawl.TaskFromContext(ctx).Log().With("order", 7)
		log.Debug("not kept")
		log.Warn("slow", "ms", 12)
		return nil, nil
	}, task("t", "a", "1"))
	if lines := outcome.GetLogs(); len(lines) != 1 || lines[0].GetMessage() != "slow order=7 ms=12" || lines[0].GetLevel() != "warn" {
		t.Errorf("lines are %v", lines)
	}
}

func TestHeartbeatsGoInTheBackgroundAndManyBecomeOne(t *testing.T) {
	server, results := newFakeServer(t, nil), make(chan int)
	worker := newWorker(t, server)
	pawl.Handle(worker, "auto", waiting(results))
	pawl.Handle(worker, "own", func(ctx context.Context, _ any) (int, error) {
		for page := range 1_000 {
			pawl.TaskFromContext(ctx).Heartbeat(map[string]int{"page": page}, 0.5)
		}
		return waiting(results)(ctx, nil)
	}, pawl.WithoutAutoHeartbeat())
	start(t, worker)
	session := server.session(0)
	auto, own := task("auto", "auto", "1"), task("own", "own", "1")
	auto.HeartbeatTimeout, own.HeartbeatTimeout = durationpb.New(300*time.Millisecond), durationpb.New(300*time.Millisecond)
	session.tasks(auto, own)
	session.message("a beat with the last details", func(request *pawlv1.WorkRequest) bool {
		for _, beat := range request.GetHeartbeats().GetBeats() {
			if string(beat.GetTaskToken()) == "own" && beat.GetDetails() == `{"page":999}` && beat.GetProgress() == 0.5 {
				return true
			}
		}
		return false
	})
	server.until("three beats in the background", func() bool { return session.beats("auto") >= 3 })
	server.change(func() {
		if beats := session.beats("own"); beats > 3 {
			t.Errorf("1,000 heartbeats became %d", beats)
		}
	})
}

func TestCancelledHandlerLearnsWhyAndItsErrorAcknowledgesThat(t *testing.T) {
	server, reasons := newFakeServer(t, nil), make(chan pawl.CancelReason, 3)
	worker := newWorker(t, server)
	pawl.Handle(worker, "a", telling(reasons))
	start(t, worker)
	session := server.session(0)
	timed := task("timed", "a", "1")
	timed.Deadline = timestamppb.New(time.Now().Add(50 * time.Millisecond))
	session.tasks(task("stopped", "a", "1"), timed)
	session.accepted("stopped")
	if reason := <-reasons; reason != pawl.CancelTaskTimedOut {
		t.Errorf("reason is %s", reason)
	}
	session.cancel(pawlv1.CancelReason_CANCEL_REASON_BRANCH_FAILED, "stopped")
	if reason := <-reasons; reason != pawl.CancelBranchFailed {
		t.Errorf("reason is %s", reason)
	}
	for index := range 2 {
		if outcome := session.outcome(index); !outcome.GetCancelled() {
			t.Errorf("outcome is %v", outcome)
		}
	}
}

func TestTasksOfOnePoolShareItsSlotsAndGoToTheHandlerThatFitsBest(t *testing.T) {
	server := newFakeServer(t, nil)
	worker := newWorker(t, server, pawl.WithPool("gpu", 3))
	named := func(name string) func(context.Context, any) (string, error) {
		return func(context.Context, any) (string, error) { return name, nil }
	}
	pawl.Handle(worker, "images:*", named("prefix"), pawl.InPool("gpu"))
	pawl.Handle(worker, "images:resize", named("exact"), pawl.InPool("gpu"))
	start(t, worker)
	session := server.session(0)
	session.limit("gpu", 3)
	for index, resource := range []string{"images:resize", "images:crop"} {
		given := task(resource, resource, "1")
		given.Pool = "gpu"
		session.tasks(given)
		if output := session.outcome(index).GetOutput(); output != []string{`"exact"`, `"prefix"`}[index] {
			t.Errorf("%s was done by %s", resource, output)
		}
	}
}

func TestHandlersThatCanNotBeRegisteredPanic(t *testing.T) {
	server := newFakeServer(t, nil)
	handler := func(context.Context, any) (any, error) { return nil, nil }
	for name, register := range map[string]func(worker *pawl.Worker){
		"empty":   func(worker *pawl.Worker) { pawl.Handle(worker, "", handler) },
		"twice":   func(worker *pawl.Worker) { pawl.Handle(worker, "a", handler); pawl.Handle(worker, "a", handler) },
		"no slot": func(worker *pawl.Worker) { pawl.Handle(worker, "a", handler, pawl.WithConcurrency(0)) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("it was registered")
				}
			}()
			register(newWorker(t, server))
		})
	}
}

// outcomeOf is what a worker reports of one task.
func outcomeOf[In, Out any](t *testing.T, handler func(context.Context, In) (Out, error), given *pawlv1.Task) *pawlv1.TaskOutcome {
	t.Helper()
	server := newFakeServer(t, nil)
	worker := newWorker(t, server)
	pawl.Handle(worker, given.GetResource(), handler)
	start(t, worker)
	session := server.session(0)
	session.tasks(given)
	return session.outcome(0)
}

// beats counts a task's heartbeats. Under the server's lock.
func (s *fakeSession) beats(token string) int {
	count := 0
	for _, request := range s.received {
		for _, beat := range request.GetHeartbeats().GetBeats() {
			if string(beat.GetTaskToken()) == token {
				count++
			}
		}
	}
	return count
}
