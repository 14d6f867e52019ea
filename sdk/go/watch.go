package pawl

import (
	"context"
	"iter"

	"google.golang.org/grpc"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// ExecutionUpdate is a change of an execution: a snapshot or an event.
type ExecutionUpdate struct {
	// Execution is the snapshot; nil in an event.
	Execution *Execution
	// Event is nil in a snapshot.
	Event *ExecutionEvent
	// IsTerminal is true of the last update.
	IsTerminal bool
	// ResumeToken continues after this update.
	ResumeToken string
}

// WatchOption says how to watch an execution.
type WatchOption interface{ applyWatch(*watchOptions) }

// FromToken continues after the update that carried this token.
func FromToken(resumeToken string) WatchOption {
	return watchOption(func(options *watchOptions) { options.resumeToken = resumeToken })
}

// FromEvent replays the history after this event; 0 begins with the present.
func FromEvent(afterEventID int64) WatchOption {
	return watchOption(func(options *watchOptions) { options.afterEventID = afterEventID })
}

// SnapshotsOnly brings snapshots instead of events: at most two a second, and the last one at once.
func SnapshotsOnly() WatchOption {
	return watchOption(func(options *watchOptions) { options.snapshotsOnly = true })
}

type watchOptions struct {
	resumeToken   string
	afterEventID  int64
	payloads      Payloads
	snapshotsOnly bool
}

type watchOption func(*watchOptions)

func (o watchOption) applyWatch(options *watchOptions) { o(options) }

// WatchExecution gives a snapshot, then each event once and in order, until the execution has closed.
//
// When the stream breaks it is opened again with the last token, for as long as it takes: only the context's end, a
// refusal, or a server that never answered at all end it with an error.
func (c *Client) WatchExecution(ctx context.Context, execution string, options ...WatchOption) iter.Seq2[*ExecutionUpdate, error] {
	chosen := watchOptions{}
	for _, option := range options {
		option.applyWatch(&chosen)
	}
	return func(yield func(*ExecutionUpdate, error) bool) {
		// Each loop over the sequence begins anew.
		cursor := &watchCursor{resumeToken: chosen.resumeToken, lastEventID: chosen.afterEventID}
		open := func(ctx context.Context) (grpc.ServerStreamingClient[pawlv1.WatchExecutionResponse], error) {
			request := &pawlv1.WatchExecutionRequest{
				Execution:     execution,
				ResumeToken:   cursor.resumeToken,
				PayloadView:   chosen.payloads.view(),
				SnapshotsOnly: chosen.snapshotsOnly,
			}
			if request.ResumeToken == "" {
				request.AfterEventId = cursor.lastEventID
			}
			return c.executions.WatchExecution(ctx, request)
		}
		failure := resumed(ctx, open, func(response *pawlv1.WatchExecutionResponse) bool {
			update := cursor.advance(response)
			return update == nil || yield(update, nil)
		})
		if failure != nil {
			yield(nil, failure)
		}
	}
}

// WaitForExecution returns the closed execution, its output included.
func (c *Client) WaitForExecution(ctx context.Context, execution string) (*Execution, error) {
	for update, err := range c.WatchExecution(ctx, execution, WithPayloads(PayloadsFull), SnapshotsOnly()) {
		if err != nil {
			return nil, err
		}
		if update.IsTerminal && update.Execution != nil {
			return update.Execution, nil
		}
	}
	return c.GetExecution(ctx, execution)
}

// watchCursor is where a watch stands: what to ask for next, and what was seen.
type watchCursor struct {
	resumeToken string
	lastEventID int64
}

// advance gives the update in a response; nil: a sign of life, or an event that was seen before.
func (w *watchCursor) advance(response *pawlv1.WatchExecutionResponse) *ExecutionUpdate {
	if token := response.GetResumeToken(); token != "" {
		w.resumeToken = token
	}
	update := &ExecutionUpdate{IsTerminal: response.GetTerminal(), ResumeToken: w.resumeToken}
	switch change := response.GetUpdate().(type) {
	case *pawlv1.WatchExecutionResponse_Snapshot:
		update.Execution = executionOf(change.Snapshot)
	case *pawlv1.WatchExecutionResponse_Event:
		update.Event = executionEventOf(change.Event)
		if update.Event.ID <= w.lastEventID && !update.IsTerminal {
			return nil
		}
		w.lastEventID = update.Event.ID
	default:
		return nil
	}
	return update
}
