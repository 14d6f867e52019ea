package pawl

import (
	"context"
	"iter"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/durationpb"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// BatchUpdate is what happens to a batch: its progress, or an item.
type BatchUpdate struct {
	// Batch is its progress; nil of an item.
	Batch *Batch
	// Item has begun (RUNNING) or is done; nil of progress.
	Item *BatchItem
	// IsTerminal is true of the last update.
	IsTerminal bool
	// ResumeToken continues after this update.
	ResumeToken string
}

// WatchBatch is how to watch a batch.
type WatchBatch struct {
	// Items tells every item that begins (RUNNING) and every item that is done, too.
	Items bool
	// FromStart tells items from the first one on, not from now on.
	FromStart bool
	// ResumeToken continues after the update that carried it.
	ResumeToken string
	// MinInterval is the least time between two looks; 0: 500 ms.
	MinInterval time.Duration
}

// WatchBatch gives what happens until the batch has ended; it resumes by itself, without gap.
func (c *Client) WatchBatch(ctx context.Context, batch string, watch WatchBatch) iter.Seq2[*BatchUpdate, error] {
	return func(yield func(*BatchUpdate, error) bool) {
		resumeToken := watch.ResumeToken
		open := func(ctx context.Context) (grpc.ServerStreamingClient[pawlv1.WatchBatchResponse], error) {
			request := &pawlv1.WatchBatchRequest{
				Batch:        batch,
				ResumeToken:  resumeToken,
				IncludeItems: watch.Items,
				FromStart:    watch.FromStart,
			}
			if watch.MinInterval > 0 {
				request.MinInterval = durationpb.New(watch.MinInterval)
			}
			return c.batches.WatchBatch(ctx, request)
		}
		failure := resumed(ctx, open, func(response *pawlv1.WatchBatchResponse) bool {
			if token := response.GetResumeToken(); token != "" {
				resumeToken = token
			}
			update := &BatchUpdate{IsTerminal: response.GetTerminal(), ResumeToken: resumeToken}
			switch change := response.GetUpdate().(type) {
			case *pawlv1.WatchBatchResponse_Progress:
				update.Batch = batchOf(change.Progress)
			case *pawlv1.WatchBatchResponse_Item:
				update.Item = batchItemOf(change.Item)
			default:
				return true
			}
			return yield(update, nil)
		})
		if failure != nil {
			yield(nil, failure)
		}
	}
}
