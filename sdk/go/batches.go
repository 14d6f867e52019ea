package pawl

import (
	"context"
	"errors"
	"io"
	"iter"

	"google.golang.org/grpc"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
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
	switch texts := batch.texts(); {
	case batch.isOfFilter():
		request.Items = &pawlv1.CreateBatchRequest_Filter{Filter: batch.Filter.String()}
	case texts != nil:
		return c.createWithItems(ctx, request, texts)
	}
	return c.createBatch(ctx, request)
}

// createWithItems sends the items with the batch when they are few, else after it.
func (c *Client) createWithItems(ctx context.Context, request *pawlv1.CreateBatchRequest, texts iter.Seq2[string, error]) (*Batch, error) {
	next, stop := iter.Pull2(chunksOf(texts))
	defer stop()
	first, err, _ := next()
	if err != nil {
		return nil, err
	}
	second, err, isMore := next()
	if err != nil {
		return nil, err
	}
	if !isMore {
		return c.createInline(ctx, request, first)
	}
	chunks := func(yield func([]string, error) bool) {
		isMore := yield(first, nil)
		for chunk := second; isMore && yield(chunk, err); chunk, err, isMore = next() {
			continue
		}
	}
	if request.GetDryRun() {
		return c.tryItems(ctx, request, chunks)
	}
	batch, err := c.createBatch(ctx, request)
	if err != nil {
		return nil, err
	}
	return c.addItems(ctx, batch.ID, 0, chunks, true)
}

// tryItems is a dry run over more items than one call takes.
func (c *Client) tryItems(ctx context.Context, request *pawlv1.CreateBatchRequest, chunks iter.Seq2[[]string, error]) (*Batch, error) {
	var tried *Batch
	total := int64(0)
	for chunk, err := range chunks {
		if err == nil {
			request.RequestId = uniqueID()
			tried, err = c.createInline(ctx, request, chunk)
		}
		if err != nil {
			return nil, err
		}
		total += int64(len(chunk))
	}
	tried.Counts.Total, tried.Counts.Pending = total, total
	return tried, nil
}

func (c *Client) createInline(ctx context.Context, request *pawlv1.CreateBatchRequest, values []string) (*Batch, error) {
	request.Items = &pawlv1.CreateBatchRequest_Inline{Inline: &pawlv1.InlineItems{Values: values}}
	return c.createBatch(ctx, request)
}

func (c *Client) createBatch(ctx context.Context, request *pawlv1.CreateBatchRequest) (*Batch, error) {
	response, err := invoke(ctx, c.policy, c.batches.CreateBatch, request)
	return batchOr(response.GetBatch(), err)
}

// AddBatchItems adds inputs to a batch that is LOADING; what it has already stays. firstIndex is that of the first of
// them; isLast lets the batch run.
func (c *Client) AddBatchItems(ctx context.Context, batch string, firstIndex int64, inputs iter.Seq[any], isLast bool) (*Batch, error) {
	return c.addItems(ctx, batch, firstIndex, chunksOf(inputTexts(inputs)), isLast)
}

func (c *Client) addItems(ctx context.Context, batch string, nextIndex int64, chunks iter.Seq2[[]string, error], isLast bool) (*Batch, error) {
	request := &pawlv1.AddBatchItemsRequest{Batch: batch, FirstIndex: nextIndex}
	for chunk, err := range chunks {
		if err != nil {
			return nil, err
		}
		request.Values = chunk
		if _, err := invoke(ctx, c.policy, c.sendItems, request); err != nil {
			return nil, err
		}
		request.FirstIndex += int64(len(chunk))
	}
	request.Values, request.Last = nil, isLast
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

// ListBatches gives those that fulfil the filter, newest first.
func (c *Client) ListBatches(ctx context.Context, filter BatchFilter, options ...ListOption) iter.Seq2[*Batch, error] {
	return itemsOf(listOptionsOf(options), batchOf, func(page *pawlv1.PageRequest) ([]*pawlv1.Batch, *pawlv1.PageInfo, error) {
		page.Filter = filter.String()
		response, err := invoke(ctx, c.policy, c.batches.ListBatches, &pawlv1.ListBatchesRequest{Page: page})
		return response.GetBatches(), response.GetPage(), err
	})
}

// WithItemStatus lists only items of a batch that are PENDING, RUNNING, SUCCEEDED, FAILED or SKIPPED.
func WithItemStatus(status string) ListOption {
	return listOption(func(options *listOptions) { options.itemStatus = status })
}

// ListBatchItems gives the items in the order of their index; with [WithPayloads], their outputs too.
func (c *Client) ListBatchItems(ctx context.Context, batch string, options ...ListOption) iter.Seq2[*BatchItem, error] {
	chosen := listOptionsOf(options)
	return itemsOf(chosen, batchItemOf, func(page *pawlv1.PageRequest) ([]*pawlv1.BatchItem, *pawlv1.PageInfo, error) {
		if chosen.itemStatus != "" {
			page.Filter = "status = " + chosen.itemStatus
		}
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
