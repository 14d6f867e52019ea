package pawl_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/genproto/googleapis/rpc/errdetails"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/pawl-dev/pawl/sdk/go"
	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// fakeExecutions answers as a test says.
type fakeExecutions struct {
	pawlv1.UnimplementedExecutionServiceServer
	mu     sync.Mutex
	calls  []*pawlv1.StartExecutionRequest
	start  func(ctx context.Context, call int) (*pawlv1.StartExecutionResponse, error)
	watch  func(request *pawlv1.WatchExecutionRequest, send func(*pawlv1.WatchExecutionResponse)) error
	list   func(page *pawlv1.PageRequest) *pawlv1.ListExecutionsResponse
	starts func(stream grpc.BidiStreamingServer[pawlv1.StartExecutionsRequest, pawlv1.StartExecutionsResponse]) error
}

// StartExecution implements the service.
func (f *fakeExecutions) StartExecution(ctx context.Context, request *pawlv1.StartExecutionRequest) (*pawlv1.StartExecutionResponse, error) {
	f.mu.Lock()
	f.calls = append(f.calls, request)
	call := len(f.calls)
	f.mu.Unlock()
	return f.start(ctx, call)
}

// WatchExecution implements the service.
func (f *fakeExecutions) WatchExecution(request *pawlv1.WatchExecutionRequest, stream grpc.ServerStreamingServer[pawlv1.WatchExecutionResponse]) error {
	return f.watch(request, func(response *pawlv1.WatchExecutionResponse) { _ = stream.Send(response) })
}

// ListExecutions implements the service.
func (f *fakeExecutions) ListExecutions(_ context.Context, request *pawlv1.ListExecutionsRequest) (*pawlv1.ListExecutionsResponse, error) {
	return f.list(request.GetPage()), nil
}

// StartExecutions implements the service.
func (f *fakeExecutions) StartExecutions(stream grpc.BidiStreamingServer[pawlv1.StartExecutionsRequest, pawlv1.StartExecutionsResponse]) error {
	return f.starts(stream)
}

func newClient(t *testing.T, fake *fakeExecutions, options ...pawl.ClientOption) *pawl.Client {
	t.Helper()
	server := newFakeServer(t, func(server *grpc.Server) { pawlv1.RegisterExecutionServiceServer(server, fake) })
	return clientOf(t, server, options...)
}

func clientOf(t *testing.T, server *fakeServer, options ...pawl.ClientOption) *pawl.Client {
	t.Helper()
	client, err := pawl.NewClient(server.address, options...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	return client
}

func refusedWith(code codes.Code, message string, details ...protoadapt.MessageV1) error {
	detailed, err := status.New(code, message).WithDetails(details...)
	if err != nil {
		panic(err)
	}
	return detailed.Err()
}

func TestCallIsRepeatedAfterUnavailableAndAfterRetryInfoUnderOneName(t *testing.T) {
	advice := 120 * time.Millisecond
	fake := &fakeExecutions{start: func(_ context.Context, call int) (*pawlv1.StartExecutionResponse, error) {
		switch call {
		case 1:
			return nil, status.Error(codes.Unavailable, "away")
		case 2:
			return nil, refusedWith(codes.ResourceExhausted, "too many", &errdetails.RetryInfo{RetryDelay: durationpb.New(advice)})
		}
		return &pawlv1.StartExecutionResponse{Execution: &pawlv1.Execution{Id: "id"}, Created: true}, nil
	}}
	began := time.Now()
	started, err := newClient(t, fake).StartExecution(context.Background(), pawl.StartExecution{StateMachine: "orders"})
	if err != nil || started.Execution.ID != "id" {
		t.Fatalf("started is %+v, %v", started, err)
	}
	if took := time.Since(began); took < advice {
		t.Errorf("it took %s, less than the server's advice", took)
	}
	for _, call := range fake.calls[1:] {
		if call.GetName() == "" || call.GetName() != fake.calls[0].GetName() || call.GetRequestId() != fake.calls[0].GetRequestId() {
			t.Errorf("calls are %v", fake.calls)
		}
	}
}

func TestRefusalCarriesWhatTheServerSays(t *testing.T) {
	fake := &fakeExecutions{start: func(context.Context, int) (*pawlv1.StartExecutionResponse, error) {
		return nil, refusedWith(codes.InvalidArgument, "input is not JSON",
			&errdetails.ErrorInfo{Reason: "INPUT_NOT_JSON", Metadata: map[string]string{"at": "1"}},
			&errdetails.BadRequest{FieldViolations: []*errdetails.BadRequest_FieldViolation{{Field: "input", Description: "is not JSON", Reason: "NOT_JSON"}}})
	}}
	_, err := newClient(t, fake).StartExecution(context.Background(), pawl.StartExecution{StateMachine: "orders"})
	var refused *pawl.Error
	if !errors.As(err, &refused) {
		t.Fatal(err)
	}
	if refused.Code != codes.InvalidArgument || refused.Message != "input is not JSON" || refused.Reason != "INPUT_NOT_JSON" || refused.Metadata["at"] != "1" {
		t.Errorf("refusal is %+v", refused)
	}
	if len(refused.FieldViolations) != 1 || refused.FieldViolations[0] != (pawl.FieldViolation{Field: "input", Description: "is not JSON", Reason: "NOT_JSON"}) {
		t.Errorf("violations are %+v", refused.FieldViolations)
	}
	if code := status.Code(err); code != codes.InvalidArgument || len(fake.calls) != 1 {
		t.Errorf("gRPC's code is %s after %d calls", code, len(fake.calls))
	}
}

func TestCallEndsWithItsContextOrTheClientsTimeout(t *testing.T) {
	fake := &fakeExecutions{start: func(ctx context.Context, _ int) (*pawlv1.StartExecutionResponse, error) {
		<-ctx.Done()
		return nil, ctx.Err()
	}}
	client := newClient(t, fake, pawl.WithTimeout(50*time.Millisecond))
	if _, err := client.StartExecution(context.Background(), pawl.StartExecution{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := client.StartExecution(ctx, pawl.StartExecution{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

// fakeStateMachines tells how much time a test of a state has.
type fakeStateMachines struct {
	pawlv1.UnimplementedStateMachineServiceServer
	left time.Duration
}

// TestState implements the service.
func (f *fakeStateMachines) TestState(ctx context.Context, _ *pawlv1.TestStateRequest) (*pawlv1.TestStateResponse, error) {
	deadline, _ := ctx.Deadline()
	f.left = time.Until(deadline)
	return &pawlv1.TestStateResponse{}, nil
}

func TestATestOfAStateHasAsLongAsAWorkerUnlessItsContextHasADeadline(t *testing.T) {
	fake := &fakeStateMachines{}
	server := newFakeServer(t, func(server *grpc.Server) { pawlv1.RegisterStateMachineServiceServer(server, fake) })
	client := clientOf(t, server)
	for _, row := range []struct {
		timeout     time.Duration
		least, most time.Duration
	}{
		{0, 5 * time.Minute, 6 * time.Minute},
		{time.Minute, 30 * time.Second, time.Minute},
	} {
		ctx := context.Background()
		if row.timeout > 0 {
			var cancel context.CancelFunc
			ctx, cancel = context.WithTimeout(ctx, row.timeout)
			defer cancel()
		}
		if _, err := client.TestState(ctx, pawl.TestState{Definition: "{}"}); err != nil {
			t.Fatal(err)
		}
		if fake.left < row.least || fake.left > row.most {
			t.Errorf("with a timeout of %s it has %s", row.timeout, fake.left)
		}
	}
}

func TestHeadersAndTheTaskOfAHandlerGoWithCalls(t *testing.T) {
	const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	var authorization []string
	fake := &fakeExecutions{start: func(ctx context.Context, _ int) (*pawlv1.StartExecutionResponse, error) {
		received, _ := metadata.FromIncomingContext(ctx)
		authorization = received.Get("authorization")
		return &pawlv1.StartExecutionResponse{}, nil
	}}
	client := newClient(t, fake, pawl.WithHeaders(map[string]string{"Authorization": "Bearer x"}))
	ctx := pawl.ContextWithTask(context.Background(), &pawl.TaskContext{Traceparent: traceparent})
	if _, err := client.StartExecution(ctx, pawl.StartExecution{}); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(authorization, []string{"Bearer x"}) || fake.calls[0].GetTrace().GetTraceparent() != traceparent {
		t.Errorf("authorization is %q, trace is %v", authorization, fake.calls[0].GetTrace())
	}
}

func TestListFetchesAPageWhenItIsNeeded(t *testing.T) {
	var pages []string
	fake := &fakeExecutions{list: func(page *pawlv1.PageRequest) *pawlv1.ListExecutionsResponse {
		pages = append(pages, fmt.Sprintf("%d from %q of %s", page.GetPageSize(), page.GetPageToken(), page.GetFilter()))
		return &pawlv1.ListExecutionsResponse{
			Executions: []*pawlv1.Execution{{Name: "a"}, {Name: "b"}},
			Page:       &pawlv1.PageInfo{NextPageToken: "more"},
		}
	}}
	client := newClient(t, fake)
	var names []string
	for execution, err := range client.ListExecutions(context.Background(), pawl.ExecutionFilter{StateMachine: "m"}, pawl.WithPageSize(2), pawl.WithLimit(3)) {
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, execution.Name)
	}
	const filter = `of state_machine = "m"`
	if !slices.Equal(names, []string{"a", "b", "a"}) || !slices.Equal(pages, []string{`2 from "" ` + filter, `1 from "more" ` + filter}) {
		t.Errorf("names are %q, pages are %q", names, pages)
	}
}

func TestWatchGoesOnWhereItsStreamBroke(t *testing.T) {
	event := func(id int64) *pawlv1.WatchExecutionResponse {
		return &pawlv1.WatchExecutionResponse{
			Update:      &pawlv1.WatchExecutionResponse_Event{Event: &pawlv1.ExecutionEvent{Id: id}},
			ResumeToken: fmt.Sprint("token-", id),
		}
	}
	var opened []string
	fake := &fakeExecutions{watch: func(request *pawlv1.WatchExecutionRequest, send func(*pawlv1.WatchExecutionResponse)) error {
		opened = append(opened, fmt.Sprint(request.GetResumeToken(), "/", request.GetAfterEventId()))
		switch len(opened) {
		case 1:
			send(event(2))
			send(event(3))
			return status.Error(codes.Unavailable, "gone")
		case 2:
			return nil // ended without its last message
		case 3:
			send(event(3)) // seen before
			send(event(4))
			return status.Error(codes.Internal, "RST_STREAM")
		}
		send(&pawlv1.WatchExecutionResponse{
			Update:   &pawlv1.WatchExecutionResponse_Snapshot{Snapshot: &pawlv1.Execution{Status: pawlv1.ExecutionStatus_EXECUTION_STATUS_SUCCEEDED}},
			Terminal: true,
		})
		return nil
	}}
	var seen []string
	for update, err := range newClient(t, fake).WatchExecution(context.Background(), "e", pawl.FromEvent(1)) {
		switch {
		case err != nil:
			t.Fatal(err)
		case update.Event != nil:
			seen = append(seen, fmt.Sprint(update.Event.ID))
		default:
			seen = append(seen, string(update.Execution.Status))
		}
	}
	if !slices.Equal(seen, []string{"2", "3", "4", "SUCCEEDED"}) || !slices.Equal(opened, []string{"/1", "token-3/0", "token-3/0", "token-4/0"}) {
		t.Errorf("seen are %q, opened from %q", seen, opened)
	}
}

func TestWatchThatIsRefusedOrCancelledEndsWithThatError(t *testing.T) {
	fake := &fakeExecutions{watch: func(*pawlv1.WatchExecutionRequest, func(*pawlv1.WatchExecutionResponse)) error {
		return status.Error(codes.NotFound, "no such execution")
	}}
	if _, err := newClient(t, fake).WaitForExecution(context.Background(), "e"); status.Code(err) != codes.NotFound {
		t.Errorf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := newClient(t, fake).WaitForExecution(ctx, "e"); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v", err)
	}
}

func TestPipelinedStartsGoOnOverABrokenStreamUnderTheirNames(t *testing.T) {
	var mu sync.Mutex
	streams, names := 0, map[string]int{}
	outcome := func(sequence int64, result *pawlv1.StartExecutionsResponse_Outcome) *pawlv1.StartExecutionsResponse {
		result.Sequence = sequence
		return &pawlv1.StartExecutionsResponse{Outcomes: []*pawlv1.StartExecutionsResponse_Outcome{result}}
	}
	fake := &fakeExecutions{starts: func(stream grpc.BidiStreamingServer[pawlv1.StartExecutionsRequest, pawlv1.StartExecutionsResponse]) error {
		mu.Lock()
		streams++
		isFirst := streams == 1
		mu.Unlock()
		for {
			request, err := stream.Recv()
			if err != nil {
				return err
			}
			for _, start := range request.GetStarts() {
				mu.Lock()
				names[start.GetRequest().GetName()]++
				mu.Unlock()
				if isFirst {
					return status.Error(codes.Unavailable, "gone")
				}
				execution := &pawlv1.Execution{Name: start.GetRequest().GetName(), Output: start.GetRequest().GetInput()}
				if start.GetRequest().GetInput() == `"refused"` {
					refused := &pawlv1.StartError{Code: int32(codes.AlreadyExists), Reason: "TAKEN", Message: "taken"}
					_ = stream.Send(outcome(start.GetSequence(), &pawlv1.StartExecutionsResponse_Outcome{Result: &pawlv1.StartExecutionsResponse_Outcome_Error{Error: refused}}))
					continue
				}
				response := &pawlv1.StartExecutionResponse{Execution: execution, Created: true}
				_ = stream.Send(outcome(start.GetSequence(), &pawlv1.StartExecutionsResponse_Outcome{Result: &pawlv1.StartExecutionsResponse_Outcome_Response{Response: response}}))
				_ = stream.Send(outcome(start.GetSequence(), &pawlv1.StartExecutionsResponse_Outcome{Result: &pawlv1.StartExecutionsResponse_Outcome_Ended{Ended: execution}}))
			}
		}
	}}
	client := newClient(t, fake)
	inputs := []any{1, "refused", 3}
	starts := func(yield func(pawl.StartExecution) bool) {
		for _, input := range inputs {
			if !yield(pawl.StartExecution{Input: input}) {
				return
			}
		}
	}
	told := map[int]string{}
	for outcome := range client.StartExecutions(context.Background(), starts, pawl.WithFollow(true), pawl.WithMaxInFlight(2)) {
		if outcome.Err != nil {
			told[outcome.Index] = outcome.Err.Error()
			continue
		}
		end, err := outcome.Started.Result(context.Background())
		told[outcome.Index] = fmt.Sprint(string(end.Output), err)
	}
	if fmt.Sprint(told) != `map[0:1<nil> 1:ALREADY_EXISTS: taken 2:3<nil>]` || len(names) != 3 {
		t.Errorf("outcomes are %v of starts %v", told, names)
	}
}

func TestClosedStarterFailsWhatIsOpen(t *testing.T) {
	fake := &fakeExecutions{starts: func(stream grpc.BidiStreamingServer[pawlv1.StartExecutionsRequest, pawlv1.StartExecutionsResponse]) error {
		<-stream.Context().Done()
		return nil
	}}
	starter := newClient(t, fake).NewStarter()
	failed := make(chan error, 1)
	go func() {
		_, err := starter.Start(context.Background(), pawl.StartExecution{})
		failed <- err
	}()
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	<-ctx.Done()
	if err := starter.Close(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error of the close is %v", err)
	}
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("error of the start is %v", err)
	}
	if _, err := starter.Start(context.Background(), pawl.StartExecution{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error of a later start is %v", err)
	}
}
