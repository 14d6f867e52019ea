package pawl

import (
	"context"
	"encoding/base64"
	"strings"

	"google.golang.org/grpc/codes"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// CompleteTask ends a task that waits for its token ($$.Task.Token, or [TaskContext.Token]), from any process. The same
// report again changes nothing. FAILED_PRECONDITION when the task is over or its execution has closed.
func (c *Client) CompleteTask(ctx context.Context, taskToken string, output any) error {
	text, err := encodeOr(output, "{}")
	if err != nil {
		return refusal(codes.InvalidArgument, "output is not JSON: %v", err)
	}
	return c.reportTask(ctx, taskToken, &pawlv1.TaskOutcome{Result: &pawlv1.TaskOutcome_Output{Output: text}})
}

// FailTask fails it, by a [TaskError] or any other error, as a handler would. It refuses as CompleteTask does.
func (c *Client) FailTask(ctx context.Context, taskToken string, failure error) error {
	return c.reportTask(ctx, taskToken, &pawlv1.TaskOutcome{Result: &pawlv1.TaskOutcome_Failure{Failure: failureOf(failure)}})
}

// HeartbeatTask says that the work under a token goes on: HeartbeatSeconds begin anew. details is any value that encodes
// as JSON; nil: none. It refuses as CompleteTask does.
func (c *Client) HeartbeatTask(ctx context.Context, taskToken string, details any) error {
	token, refused := tokenBytes(taskToken)
	if refused != nil {
		return refused
	}
	text, err := encodeOr(details, "")
	if err != nil {
		return refusal(codes.InvalidArgument, "details are not JSON: %v", err)
	}
	request := &pawlv1.HeartbeatTasksRequest{Beats: []*pawlv1.TaskHeartbeat{{TaskToken: token, Details: text}}}
	response, err := invoke(ctx, c.policy, c.workers.HeartbeatTasks, request)
	if err != nil {
		return err
	}
	state := pawlv1.TaskTokenState_TASK_TOKEN_STATE_UNKNOWN
	if replies := response.GetReplies(); len(replies) > 0 {
		state = replies[0].GetState()
	}
	switch state {
	case pawlv1.TaskTokenState_TASK_TOKEN_STATE_ACTIVE:
		return nil
	case pawlv1.TaskTokenState_TASK_TOKEN_STATE_UNKNOWN:
		return &Error{Code: codes.InvalidArgument, Reason: "INVALID_TOKEN", Message: "the task token is not one of this service"}
	}
	reason := enumName(state, "TASK_TOKEN_STATE_")
	return &Error{Code: codes.FailedPrecondition, Reason: reason, Message: "the task waits no longer"}
}

func (c *Client) reportTask(ctx context.Context, taskToken string, outcome *pawlv1.TaskOutcome) error {
	token, refused := tokenBytes(taskToken)
	if refused != nil {
		return refused
	}
	outcome.TaskToken = token
	request := &pawlv1.ReportTasksRequest{Outcomes: []*pawlv1.TaskOutcome{outcome}}
	response, err := invoke(ctx, c.policy, c.workers.ReportTasks, request)
	if err != nil {
		return err
	}
	if len(response.GetAcks()) == 0 {
		return refusal(codes.Internal, "the server's answer has no acknowledgement")
	}
	ack := response.GetAcks()[0]
	failure := &Error{Code: codes.FailedPrecondition, Reason: ack.GetReason(), Message: ack.GetMessage()}
	switch ack.GetStatus() {
	case pawlv1.OutcomeStatus_OUTCOME_STATUS_RECORDED, pawlv1.OutcomeStatus_OUTCOME_STATUS_ALREADY_RECORDED:
		return nil
	case pawlv1.OutcomeStatus_OUTCOME_STATUS_INVALID:
		failure.Code = codes.InvalidArgument
	case pawlv1.OutcomeStatus_OUTCOME_STATUS_RETRY:
		failure.Code = codes.Unavailable
	}
	return failure
}

// tokenBytes reads a token's text in either alphabet of base64, padded or not.
func tokenBytes(taskToken string) ([]byte, *Error) {
	text := strings.TrimRight(strings.NewReplacer("+", "-", "/", "_").Replace(taskToken), "=")
	token, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil, &Error{Code: codes.InvalidArgument, Reason: "INVALID_TOKEN", Message: "the task token is not base64url text"}
	}
	return token, nil
}
