package pawl

import (
	"encoding/json"
	"iter"
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// CreateBatch is what a batch does, how, and to what. Set StateMachine and Inputs; or Chain, Stop, Redrive or Delete, and
// Executions or Filter.
type CreateBatch struct {
	// Name is unique among open batches; empty: its id.
	Name string

	// StateMachine is started for each item: a bare name, name:version, name:alias or ARN.
	StateMachine string
	// NamePrefix makes the names: prefix-index; empty: the batch's id. Under the same prefix nothing starts twice.
	NamePrefix string
	// Labels are put on every execution.
	Labels map[string]string
	// Inputs are one for each execution, read as they are sent; nil: AddBatchItems sends them.
	Inputs iter.Seq[any]

	// Chain starts one execution for each of others, with their output as its input.
	Chain *BatchChain
	// Stop stops executions, for this reason.
	Stop *ErrorValue
	// Redrive redrives them; an item is done when its execution goes on. Its Input is not used.
	Redrive *RedriveExecution
	// Delete deletes executions that have closed, with their history.
	Delete bool
	// Executions are ids, ARNs or stateMachine/name.
	Executions []string
	// Filter finds the executions when the batch is created, newest first; for when Executions are nil.
	Filter ExecutionFilter

	// MaxConcurrency is the most items under way at a time; 0: 100.
	MaxConcurrency int
	// MicroBatchSize is the number of items that the failure policy judges together; 0: 1,000.
	MicroBatchSize int
	// StopOnError: the first item that fails ends the batch. What has begun goes on to its end.
	StopOnError bool
	// FailurePolicy says when to pause, and when to fail; nil: never.
	FailurePolicy *FailurePolicy
	// DryRun only checks and counts the items.
	DryRun bool
}

// BatchChain is what is started from each source, and how its output becomes the input.
type BatchChain struct {
	// StateMachine is a bare name, name:version, name:alias or ARN.
	StateMachine string
	// NamePrefix makes the names: prefix-index; empty: the batch's id. What must not be chained twice is Unique.
	NamePrefix string
	// ChainSource says what is taken. Its Execution is not used.
	ChainSource
}

// FailurePolicy has shares of failures, 0 to 1. What is 0 has its default.
type FailurePolicy struct {
	// WindowItems are the last items that count; default 500.
	WindowItems int
	// SevereRate is the share of them from which the batch is FAILED; default 0.5.
	SevereRate float64
	// WindowMicroBatches are the last micro-batches that count; default 5.
	WindowMicroBatches int
	// SoftRate is the mean share in them from which the batch is PAUSED; default 0.2.
	SoftRate float64
}

// BatchStatus is where a batch stands.
type BatchStatus string

// The statuses.
const (
	BatchLoading               BatchStatus = "LOADING"
	BatchRunning               BatchStatus = "RUNNING"
	BatchPaused                BatchStatus = "PAUSED"
	BatchSucceeded             BatchStatus = "SUCCEEDED"
	BatchFailed                BatchStatus = "FAILED"
	BatchCancelled             BatchStatus = "CANCELLED"
	BatchCompletedWithFailures BatchStatus = "COMPLETED_WITH_FAILURES"
)

// BatchCounts are the progress of a batch.
type BatchCounts struct {
	// Total and the others are numbers of items. Skipped: there was an execution of that name, or a unique chain,
	// already; or it can not be stopped, redriven or deleted any more.
	Total, Pending, Running, Succeeded, Failed, Skipped int64
	// RecentFailureRate and RollingFailureRate are what the failure policy judges.
	RecentFailureRate, RollingFailureRate float64
	// ItemsPerSecond is over the last minute.
	ItemsPerSecond float64
	// EstimatedRemaining is at the present rate; 0 while unknown.
	EstimatedRemaining time.Duration
}

// Batch is many executions as one thing.
type Batch struct {
	// ID is a UUIDv7; empty: a dry run.
	ID string
	// Name is unique among open batches.
	Name string
	// Status is where it stands.
	Status BatchStatus
	// StatusReason is why it was paused, cancelled or has failed.
	StatusReason string
	// MaxConcurrency is the most items under way at a time.
	MaxConcurrency int
	// MicroBatchSize is the number of items that the failure policy judges together.
	MicroBatchSize int
	// StopOnError: the first item that fails ends it.
	StopOnError bool
	// Filter is where its items came from.
	Filter string
	// Counts are its progress.
	Counts BatchCounts
	// CreateTime is when it was created.
	CreateTime time.Time
	// EndTime is zero while anything of it goes on, whatever its status.
	EndTime time.Time
	// LastOperator, LastReason and LastActionTime tell who paused, resumed or cancelled it last.
	LastOperator, LastReason string
	LastActionTime           time.Time
}

// BatchItem is one item of a batch.
type BatchItem struct {
	// Index counts from 0.
	Index int64
	// Status is PENDING, RUNNING, SUCCEEDED, FAILED or SKIPPED.
	Status string
	// Source is the execution that it was about, if it was given one.
	Source string
	// Execution is an id; empty: there is none.
	Execution string
	// Error is why it failed.
	Error *ErrorValue
	// Output is JSON text; only of ListBatchItems with payloads.
	Output json.RawMessage
	// OutputTruncated says that it is only the beginning.
	OutputTruncated bool
}

func batchOf(message *pawlv1.Batch) *Batch {
	return &Batch{
		ID:             message.GetId(),
		Name:           message.GetName(),
		Status:         BatchStatus(enumName(message.GetStatus(), "BATCH_STATUS_")),
		StatusReason:   message.GetStatusReason(),
		MaxConcurrency: int(message.GetMaxConcurrency()),
		MicroBatchSize: int(message.GetMicroBatchSize()),
		StopOnError:    message.GetStopOnError(),
		Filter:         message.GetFilter(),
		Counts:         batchCountsOf(message.GetCounts()),
		CreateTime:     timeOf(message.GetCreateTime()),
		EndTime:        timeOf(message.GetEndTime()),
		LastOperator:   message.GetLastAction().GetPrincipal(),
		LastReason:     message.GetLastAction().GetReason(),
		LastActionTime: timeOf(message.GetLastAction().GetTime()),
	}
}

func batchCountsOf(counts *pawlv1.BatchCounts) BatchCounts {
	return BatchCounts{
		Total:              counts.GetTotal(),
		Pending:            counts.GetPending(),
		Running:            counts.GetRunning(),
		Succeeded:          counts.GetSucceeded(),
		Failed:             counts.GetFailed(),
		Skipped:            counts.GetSkipped(),
		RecentFailureRate:  counts.GetRecentFailureRate(),
		RollingFailureRate: counts.GetRollingFailureRate(),
		ItemsPerSecond:     counts.GetItemsPerSecond(),
		EstimatedRemaining: counts.GetEstimatedRemaining().AsDuration(),
	}
}

func batchItemOf(item *pawlv1.BatchItem) *BatchItem {
	return &BatchItem{
		Index:           item.GetIndex(),
		Status:          item.GetStatus(),
		Source:          item.GetSource(),
		Execution:       item.GetExecution(),
		Error:           errorValueOf(item.GetError()),
		Output:          textOf(item.GetOutput()),
		OutputTruncated: item.GetOutputTruncated(),
	}
}

func (p *FailurePolicy) message() *pawlv1.FailurePolicy {
	if p == nil {
		return nil
	}
	return &pawlv1.FailurePolicy{
		WindowItems:        int32(p.WindowItems),
		SevereRate:         p.SevereRate,
		WindowMicroBatches: int32(p.WindowMicroBatches),
		SoftRate:           p.SoftRate,
	}
}

func (b *CreateBatch) operation() *pawlv1.BatchOperation {
	switch {
	case b.Chain != nil:
		return &pawlv1.BatchOperation{Operation: &pawlv1.BatchOperation_Chain{Chain: &pawlv1.ChainItems{
			StateMachine: b.Chain.StateMachine,
			NamePrefix:   b.Chain.NamePrefix,
			Source:       b.Chain.message(),
		}}}
	case b.Delete:
		return &pawlv1.BatchOperation{Operation: &pawlv1.BatchOperation_Delete{Delete: &pawlv1.DeleteItems{}}}
	case b.Stop != nil:
		return &pawlv1.BatchOperation{Operation: &pawlv1.BatchOperation_Stop{Stop: &pawlv1.StopExecutionRequest{
			Error: &pawlv1.ErrorValue{Error: b.Stop.Error, Cause: b.Stop.Cause},
		}}}
	case b.Redrive != nil:
		return &pawlv1.BatchOperation{Operation: &pawlv1.BatchOperation_Redrive{Redrive: &pawlv1.RedriveExecutionRequest{
			FromState:    b.Redrive.FromState,
			StateMachine: b.Redrive.StateMachine,
		}}}
	}
	return &pawlv1.BatchOperation{Operation: &pawlv1.BatchOperation_Start{Start: &pawlv1.StartItems{
		StateMachine: b.StateMachine,
		NamePrefix:   b.NamePrefix,
		Labels:       b.Labels,
	}}}
}
