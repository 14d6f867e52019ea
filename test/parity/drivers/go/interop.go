package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/pawl-dev/pawl/sdk/go"
	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

type interopCase struct {
	Case         string            `json:"case"`
	Address      string            `json:"address"`
	StateMachine string            `json:"stateMachine"`
	Execution    string            `json:"execution"`
	Bytes        int               `json:"bytes"`
	TimeoutMs    int64             `json:"timeoutMs"`
	Headers      map[string]string `json:"headers"`
}

// interop runs a case of gRPC's interoperability suite, with generated messages and bare grpc-go: what lies below the
// SDK. Statuses are answers, not errors.
func interop(line []byte) (object, error) {
	var called interopCase
	if err := json.Unmarshal(line, &called); err != nil {
		return nil, err
	}
	conn, err := grpc.NewClient(called.Address, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(16<<20)))
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	switch called.Case {
	case "empty_unary":
		_, err := pawlv1.NewSystemServiceClient(conn).GetServerInfo(ctx, &pawlv1.GetServerInfoRequest{})
		return resultOf(err), nil
	case "large_unary":
		return largeUnary(ctx, conn, called), nil
	case "cancel_after_begin":
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		stream, err := pawlv1.NewExecutionServiceClient(conn).StartExecutions(ctx)
		if err != nil {
			return resultOf(err), nil
		}
		cancel()
		_, err = stream.Recv()
		return resultOf(err), nil
	case "cancel_after_first_response":
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		return watchInterop(ctx, conn, called.Execution, cancel), nil
	case "timeout_on_sleeping_server":
		ctx, cancel := context.WithTimeout(ctx, time.Duration(called.TimeoutMs)*time.Millisecond)
		defer cancel()
		return watchInterop(ctx, conn, called.Execution, func() {}), nil
	case "status_code_and_message", "special_status_message":
		request := &pawlv1.StartExecutionRequest{StateMachine: called.StateMachine}
		_, err := pawlv1.NewExecutionServiceClient(conn).StartExecution(ctx, request)
		return resultOf(err), nil
	case "unimplemented_method":
		return resultOf(invokeEmpty(ctx, conn, "/pawl.v1.SystemService/Nope")), nil
	case "unimplemented_service":
		return resultOf(invokeEmpty(ctx, conn, "/pawl.v1.NopeService/Nope")), nil
	case "custom_metadata":
		return customMetadata(ctx, conn, called.Headers), nil
	}
	return nil, fmt.Errorf("no case is named %s", called.Case)
}

func largeUnary(ctx context.Context, conn *grpc.ClientConn, called interopCase) object {
	executions := pawlv1.NewExecutionServiceClient(conn)
	input := `"` + strings.Repeat("x", called.Bytes-2) + `"`
	started, err := executions.StartExecution(ctx, &pawlv1.StartExecutionRequest{
		StateMachine: called.StateMachine,
		InputSource:  &pawlv1.StartExecutionRequest_Input{Input: input},
	})
	if err != nil {
		return resultOf(err)
	}
	got, err := executions.GetExecution(ctx, &pawlv1.GetExecutionRequest{
		Execution:   started.GetExecution().GetId(),
		PayloadView: pawlv1.PayloadView_PAYLOAD_VIEW_FULL,
	})
	result := resultOf(err)
	result["bytes"] = len(got.GetExecution().GetInput())
	return result
}

// watchInterop reads a watch to its end.
func watchInterop(ctx context.Context, conn *grpc.ClientConn, execution string, onFirst func()) object {
	request := &pawlv1.WatchExecutionRequest{Execution: execution}
	stream, err := pawlv1.NewExecutionServiceClient(conn).WatchExecution(ctx, request)
	for err == nil {
		if _, err = stream.Recv(); err == nil {
			onFirst()
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return resultOf(err)
}

func customMetadata(ctx context.Context, conn *grpc.ClientConn, headers map[string]string) object {
	var received, trailers metadata.MD
	ctx = metadata.NewOutgoingContext(ctx, metadata.New(headers))
	_, err := pawlv1.NewSystemServiceClient(conn).GetServerInfo(ctx, &pawlv1.GetServerInfoRequest{},
		grpc.Header(&received), grpc.Trailer(&trailers))
	result := resultOf(err)
	result["headers"], result["trailers"] = textsOf(received), textsOf(trailers)
	return result
}

func invokeEmpty(ctx context.Context, conn *grpc.ClientConn, method string) error {
	return conn.Invoke(ctx, method, &pawlv1.GetServerInfoRequest{}, &pawlv1.GetServerInfoResponse{})
}

func resultOf(err error) object {
	answered := status.Convert(err)
	return object{"code": pawl.CodeName(answered.Code()), "message": answered.Message()}
}

func textsOf(md metadata.MD) object {
	texts := object{}
	for name, values := range md {
		texts[name] = strings.Join(values, ", ")
	}
	return texts
}
