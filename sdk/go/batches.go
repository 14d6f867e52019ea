package pawl

import (
	"context"
	"errors"
	"io"
	"iter"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

const (
	// Items and bytes of them that one call takes; a message may have 4 MiB.
	chunkItemsMax = 1_000
	chunkBytesMax = 1 << 20
)

// CreateBatch creates a batch and sends its items. When it returns all of them are kept, and the batch runs on whatever
// becomes of this process; without inputs it waits (LOADING) for AddBatchItems. FAILED_PRECONDITION while another batch of
// this name is open.
func (c *Client) CreateBatch(ctx context.Context, batch CreateBatch) (*Batch, error) {
	request := &pawlv1.CreateBatchRequest{
		Batch: &pawlv1.Batch{
			Name:           batch.Name,
			Operation:      batch.operation(),
			MaxConcurrency: int32(batch.MaxConcurrency),
			MicroBatchSize: int32(batch.MicroBatchSize),
			StopOnError:    batch.StopOnError,
			FailurePolicy:  batch.FailurePolicy.message(),
		},
		Items:     &pawlv1.CreateBatchRequest_Streamed{Streamed: true},
		DryRun:    batch.DryRun,
		RequestId: uniqueID(),
	}
	switch isStart := batch.Stop == nil && batch.Redrive == nil; {
	case !isStart && len(batch.Executions) > 0:
		request.Items = &pawlv1.CreateBatchRequest_Inline{Inline: &pawlv1.InlineItems{Values: batch.Executions}}
	case !isStart:
		request.Items = &pawlv1.CreateBatchRequest_Filter{Filter: batch.Filter.String()}
	case batch.Inputs != nil:
		return c.createWithInputs(ctx, request, batch.Inputs)
	}
	return c.createBatch(ctx, request)
}

// createWithInputs sends the inputs with the batch when they are few, else after it.
func (c *Client) createWithInputs(ctx context.Context, request *pawlv1.CreateBatchRequest, inputs iter.Seq[any]) (*Batch, error) {
	next, stop := iter.Pull2(chunksOf(inputs))
	defer stop()
	first, err, _ := next()
	if err != nil {
		return nil, err
	}
	second, err, hasMore := next()
	if err != nil {
		return nil, err
	}
	if !hasMore {
		request.Items = &pawlv1.CreateBatchRequest_Inline{Inline: &pawlv1.InlineItems{Values: first}}
		return c.createBatch(ctx, request)
	}
	batch, err := c.createBatch(ctx, request)
	if err != nil || request.GetDryRun() {
		return batch, err
	}
	adding := batchItems{batch: batch.ID}
	for _, chunk := range [][]string{first, second} {
		if _, err := c.addItems(ctx, &adding, chunk, false); err != nil {
			return nil, err
		}
	}
	for chunk, err, isMore := next(); isMore; chunk, err, isMore = next() {
		if err != nil {
			return nil, err
		}
		if _, err := c.addItems(ctx, &adding, chunk, false); err != nil {
			return nil, err
		}
	}
	return c.addItems(ctx, &adding, nil, true)
}

func (c *Client) createBatch(ctx context.Context, request *pawlv1.CreateBatchRequest) (*Batch, error) {
	response, err := invoke(ctx, c.policy, c.batches.CreateBatch, request)
	return batchOr(response.GetBatch(), err)
}

// AddBatchItems adds inputs to a batch that is LOADING; what it has already stays. firstIndex is that of the first of
// them; isLast lets the batch run.
func (c *Client) AddBatchItems(ctx context.Context, batch string, firstIndex int64, inputs iter.Seq[any], isLast bool) (*Batch, error) {
	adding := batchItems{batch: batch, nextIndex: firstIndex}
	for chunk, err := range chunksOf(inputs) {
		if err != nil {
			return nil, err
		}
		if _, err := c.addItems(ctx, &adding, chunk, false); err != nil {
			return nil, err
		}
	}
	return c.addItems(ctx, &adding, nil, isLast)
}

// batchItems are on their way to a batch.
type batchItems struct {
	batch     string
	nextIndex int64
}

func (c *Client) addItems(ctx context.Context, adding *batchItems, values []string, isLast bool) (*Batch, error) {
	request := &pawlv1.AddBatchItemsRequest{
		Batch:      adding.batch,
		FirstIndex: adding.nextIndex,
		Values:     values,
		Last:       isLast,
	}
	adding.nextIndex += int64(len(values))
	response, err := invoke(ctx, c.policy, c.sendItems, request)
	return batchOr(response.GetBatch(), err)
}

// sendItems is a stream of one message: a chunk that is lost can then be sent again by itself.
func (c *Client) sendItems(ctx context.Context, request *pawlv1.AddBatchItemsRequest, options ...grpc.CallOption) (*pawlv1.AddBatchItemsResponse, error) {
	stream, err := c.batches.AddBatchItems(ctx, options...)
	if err != nil {
		return nil, err
	}
	if err := stream.Send(request); err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	return stream.CloseAndRecv()
}

// GetBatch reads one.
func (c *Client) GetBatch(ctx context.Context, batch string) (*Batch, error) {
	response, err := invoke(ctx, c.policy, c.batches.GetBatch, &pawlv1.GetBatchRequest{Batch: batch})
	return batchOr(response.GetBatch(), err)
}

// ListBatches gives all, newest first.
func (c *Client) ListBatches(ctx context.Context, options ...ListOption) iter.Seq2[*Batch, error] {
	return itemsOf(listOptionsOf(options), batchOf, func(page *pawlv1.PageRequest) ([]*pawlv1.Batch, *pawlv1.PageInfo, error) {
		response, err := invoke(ctx, c.policy, c.batches.ListBatches, &pawlv1.ListBatchesRequest{Page: page})
		return response.GetBatches(), response.GetPage(), err
	})
}

// ListBatchItems gives the items in the order of their index; with [WithPayloads], their outputs too.
func (c *Client) ListBatchItems(ctx context.Context, batch string, options ...ListOption) iter.Seq2[*BatchItem, error] {
	chosen := listOptionsOf(options)
	return itemsOf(chosen, batchItemOf, func(page *pawlv1.PageRequest) ([]*pawlv1.BatchItem, *pawlv1.PageInfo, error) {
		request := &pawlv1.ListBatchItemsRequest{Batch: batch, Page: page, PayloadView: chosen.payloads.view()}
		response, err := invoke(ctx, c.policy, c.batches.ListBatchItems, request)
		return response.GetItems(), response.GetPage(), err
	})
}

// BatchAction says who does something to a batch, and why; both are kept with it.
type BatchAction struct {
	// Operator is who.
	Operator string
	// Reason is why.
	Reason string
}

// PauseBatch lets nothing new begin; what has begun goes on.
func (c *Client) PauseBatch(ctx context.Context, batch string, action BatchAction) (*Batch, error) {
	request := &pawlv1.PauseBatchRequest{Batch: batch, Operator: action.Operator, Reason: action.Reason}
	response, err := invoke(ctx, c.policy, c.batches.PauseBatch, request)
	return batchOr(response.GetBatch(), err)
}

// ResumeBatch is how a batch goes on.
type ResumeBatch struct {
	BatchAction
	// FailurePolicy replaces the batch's; nil: it stays.
	FailurePolicy *FailurePolicy
	// ResetWindow: the failures so far no longer count for the failure policy.
	ResetWindow bool
}

// ResumeBatch lets a paused batch go on.
func (c *Client) ResumeBatch(ctx context.Context, batch string, resume ResumeBatch) (*Batch, error) {
	response, err := invoke(ctx, c.policy, c.batches.ResumeBatch, &pawlv1.ResumeBatchRequest{
		Batch:         batch,
		Operator:      resume.Operator,
		Reason:        resume.Reason,
		FailurePolicy: resume.FailurePolicy.message(),
		ResetWindow:   resume.ResetWindow,
	})
	return batchOr(response.GetBatch(), err)
}

// CancelBatch ends a batch. With stopStarted, what it has started and still runs is stopped, too.
func (c *Client) CancelBatch(ctx context.Context, batch string, action BatchAction, stopStarted bool) (*Batch, error) {
	response, err := invoke(ctx, c.policy, c.batches.CancelBatch, &pawlv1.CancelBatchRequest{
		Batch:       batch,
		Operator:    action.Operator,
		Reason:      action.Reason,
		StopStarted: stopStarted,
	})
	return batchOr(response.GetBatch(), err)
}

func batchOr(message *pawlv1.Batch, err error) (*Batch, error) {
	if err != nil {
		return nil, err
	}
	return batchOf(message), nil
}

// chunksOf gives the texts of inputs in chunks that one call takes.
func chunksOf(inputs iter.Seq[any]) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		var chunk []string
		bytes := 0
		for input := range inputs {
			text, err := encode(input)
			if err != nil {
				yield(nil, refusal(codes.InvalidArgument, "an input is not JSON: %v", err))
				return
			}
			if len(chunk) == chunkItemsMax || len(chunk) > 0 && bytes+len(text) > chunkBytesMax {
				if !yield(chunk, nil) {
					return
				}
				chunk, bytes = nil, 0
			}
			chunk = append(chunk, text)
			bytes += len(text)
		}
		if len(chunk) > 0 {
			yield(chunk, nil)
		}
	}
}
