package pawl

import (
	"context"
	"encoding/json"
	"iter"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// SendMessage is a message for the Message states that wait for its key and value.
type SendMessage struct {
	// CorrelationKey is the name of what is correlated, for example orderId.
	CorrelationKey string
	// CorrelationValue is any value that encodes as JSON; 42 is not "42".
	CorrelationValue any
	// Data is what the Message state gets as its result; nil: {}.
	Data any
	// MessageID: sent twice with the same id, key and value, it is received once. Empty: one for each call.
	MessageID string
	// TimeToLive is how long it is kept if nobody waits for it yet; 0: not at all.
	TimeToLive time.Duration
	// Match says who gets it if several wait.
	Match MessageMatch
	// StateMachine narrows it to executions of one; empty: of all.
	StateMachine string
}

// MessageMatch is which of several matching waits get a message.
type MessageMatch int

// The matches.
const (
	// MatchAll is every one.
	MatchAll MessageMatch = iota + 1
	// MatchOldest is the one that has waited longest.
	MatchOldest
	// MatchExactlyOne refuses (FAILED_PRECONDITION) unless one waits.
	MatchExactlyOne
)

// SentMessage is what became of a message.
type SentMessage struct {
	// Executions are the ids of those that received it.
	Executions []string
	// Buffered: nobody waits; it is kept until its time to live ends.
	Buffered bool
	// Duplicate: it was sent before; nothing was done.
	Duplicate bool
}

// MessageWait is a Message state that waits.
type MessageWait struct {
	// Execution is the execution's id.
	Execution string
	// StatePath is for example /States/Paid.
	StatePath string
	// CorrelationKey is as in SendMessage.
	CorrelationKey string
	// CorrelationValue is JSON text.
	CorrelationValue json.RawMessage
	// Since is when it began to wait.
	Since time.Time
	// TimeoutTime is when it gives up; zero: never.
	TimeoutTime time.Time
}

// MessageWaitFilter says which waits to list; all conditions that are set must hold.
type MessageWaitFilter struct {
	// StateMachine is a name or an ARN.
	StateMachine string
	// CorrelationKey is as in SendMessage.
	CorrelationKey string
	// CorrelationValue is only for beside a key; nil: any.
	CorrelationValue any
}

// SendMessage wakes Message states that wait for this key and value. When it returns, they have the message, or it is
// kept.
func (c *Client) SendMessage(ctx context.Context, message SendMessage) (*SentMessage, error) {
	value, err := encode(message.CorrelationValue)
	if err != nil {
		return nil, refusal(codes.InvalidArgument, "correlation value is not JSON: %v", err)
	}
	data, err := encodeOr(message.Data, "")
	if err != nil {
		return nil, refusal(codes.InvalidArgument, "data is not JSON: %v", err)
	}
	request := &pawlv1.SendMessageRequest{
		CorrelationKey:   message.CorrelationKey,
		CorrelationValue: value,
		Data:             data,
		MessageId:        message.MessageID,
		Match:            pawlv1.MessageMatch(message.Match),
		StateMachine:     message.StateMachine,
	}
	if request.MessageId == "" {
		// A call that is repeated sends the same message.
		request.MessageId = uniqueID()
	}
	if message.TimeToLive > 0 {
		request.TimeToLive = durationpb.New(message.TimeToLive)
	}
	sent, err := invoke(ctx, c.policy, c.executions.SendMessage, request)
	if err != nil {
		return nil, err
	}
	return &SentMessage{Executions: sent.GetExecutions(), Buffered: sent.GetBuffered(), Duplicate: sent.GetDuplicate()}, nil
}

// ListMessageWaits tells who waits for a message, longest first.
func (c *Client) ListMessageWaits(ctx context.Context, filter MessageWaitFilter, options ...ListOption) iter.Seq2[*MessageWait, error] {
	terms := filterTerms{}
	terms.equal("state_machine", filter.StateMachine)
	terms.equal("correlation_key", filter.CorrelationKey)
	value, invalid := encodeOr(filter.CorrelationValue, "")
	terms.equal("correlation_value", value)
	return itemsOf(listOptionsOf(options), messageWaitOf, func(page *pawlv1.PageRequest) ([]*pawlv1.MessageWait, *pawlv1.PageInfo, error) {
		if invalid != nil {
			return nil, nil, refusal(codes.InvalidArgument, "correlation value is not JSON: %v", invalid)
		}
		page.Filter = terms.String()
		response, err := invoke(ctx, c.policy, c.executions.ListMessageWaits, &pawlv1.ListMessageWaitsRequest{Page: page})
		return response.GetWaits(), response.GetPage(), err
	})
}

func messageWaitOf(wait *pawlv1.MessageWait) *MessageWait {
	return &MessageWait{
		Execution:        wait.GetExecution(),
		StatePath:        wait.GetStatePath(),
		CorrelationKey:   wait.GetCorrelationKey(),
		CorrelationValue: textOf(wait.GetCorrelationValue()),
		Since:            timeOf(wait.GetSince()),
		TimeoutTime:      timeOf(wait.GetTimeoutTime()),
	}
}
