package pawl_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	"github.com/pawl-dev/pawl/sdk/go"
	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// taskSource hands out a number of tasks as fast as credit allows, and acknowledges outcomes at once.
type taskSource struct {
	pawlv1.UnimplementedWorkerServiceServer
	tasks int64
	done  chan struct{}
}

// Work implements the service.
func (s *taskSource) Work(stream grpc.BidiStreamingServer[pawlv1.WorkRequest, pawlv1.WorkResponse]) error {
	var sent, acknowledged int64
	for {
		request, err := stream.Recv()
		if err != nil {
			return err
		}
		if request.GetHello() != nil {
			welcome := &pawlv1.Welcome{PingInterval: durationpb.New(10 * time.Second), SessionTimeout: durationpb.New(30 * time.Second)}
			_ = stream.Send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_Welcome{Welcome: welcome}})
		}
		if outcomes := request.GetOutcomes().GetOutcomes(); len(outcomes) > 0 {
			acks := &pawlv1.OutcomeAcks{}
			for _, outcome := range outcomes {
				acks.Acks = append(acks.Acks, &pawlv1.OutcomeAck{TaskToken: outcome.GetTaskToken(), Status: pawlv1.OutcomeStatus_OUTCOME_STATUS_RECORDED})
			}
			_ = stream.Send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_OutcomeAcks{OutcomeAcks: acks}})
			if acknowledged += int64(len(outcomes)); acknowledged == s.tasks {
				close(s.done)
			}
		}
		limit := min(request.GetDemand().GetLimits()["noop"], s.tasks)
		for sent < limit {
			batch := &pawlv1.TaskBatch{}
			for ; sent < limit && len(batch.Tasks) < 100; sent++ {
				batch.Tasks = append(batch.Tasks, &pawlv1.Task{
					TaskToken: fmt.Appendf(nil, "%040d", sent), Resource: "noop", Pool: "noop", Input: `{"n":1}`, Attempt: 1,
				})
			}
			_ = stream.Send(&pawlv1.WorkResponse{Message: &pawlv1.WorkResponse_Tasks{Tasks: batch}})
		}
	}
}

// BenchmarkWorker is what one worker with 200 slots can do where the server costs next to nothing.
func BenchmarkWorker(b *testing.B) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	source := &taskSource{tasks: int64(b.N), done: make(chan struct{})}
	server := grpc.NewServer()
	pawlv1.RegisterWorkerServiceServer(server, source)
	go func() { _ = server.Serve(listener) }()
	defer server.Stop()
	worker, err := pawl.NewWorker(listener.Addr().String(), pawl.WithConcurrency(200), pawl.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		b.Fatal(err)
	}
	pawl.Handle(worker, "noop", func(context.Context, any) (any, error) { return nil, nil })
	b.ReportAllocs()
	b.ResetTimer()
	if err := worker.Start(context.Background()); err != nil {
		b.Fatal(err)
	}
	<-source.done
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tasks/s")
	b.StopTimer()
	closeNow(worker)
}
