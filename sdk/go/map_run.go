package pawl

import (
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// MapRun is the run of a distributed Map.
type MapRun struct {
	// ID is a UUIDv7.
	ID string
	// ARN names it in the AWS API.
	ARN string
	// Execution is the id of the execution that has the Map state.
	Execution string
	// Status is where it stands.
	Status ExecutionStatus
	// MaxConcurrency is the most executions running at a time; 0: no bound but the server's own.
	MaxConcurrency int
	// ToleratedFailureCount is how many failures do not fail the run.
	ToleratedFailureCount int64
	// ToleratedFailurePercentage is which share of them, 0 to 100, does not fail the run.
	ToleratedFailurePercentage float64
	// ItemCounts are by items; nil in lists.
	ItemCounts *MapRunCounts
	// ExecutionCounts are by executions; nil in lists.
	ExecutionCounts *MapRunCounts
	// StartTime is when it began.
	StartTime time.Time
	// EndTime is zero while it is open.
	EndTime time.Time
	// RedriveCount says how often it went on with a redrive of its execution.
	RedriveCount int
	// RedriveTime says when last; zero: never.
	RedriveTime time.Time
}

// MapRunCounts say how the items, or the executions, of a map run fare.
type MapRunCounts struct {
	// Pending and the others are those of each status.
	Pending, Running, Succeeded, Failed, TimedOut, Aborted int64
	// Total are all.
	Total int64
	// ResultsWritten are those whose results the ResultWriter has written.
	ResultsWritten int64
}

func mapRunOf(message *pawlv1.MapRun) *MapRun {
	return &MapRun{
		ID:                         message.GetId(),
		ARN:                        message.GetArn(),
		Execution:                  message.GetExecution(),
		Status:                     ExecutionStatus(enumName(message.GetStatus(), "EXECUTION_STATUS_")),
		MaxConcurrency:             int(message.GetMaxConcurrency()),
		ToleratedFailureCount:      message.GetToleratedFailureCount(),
		ToleratedFailurePercentage: message.GetToleratedFailurePercentage(),
		ItemCounts:                 mapRunCountsOf(message.GetItemCounts()),
		ExecutionCounts:            mapRunCountsOf(message.GetExecutionCounts()),
		StartTime:                  timeOf(message.GetStartTime()),
		EndTime:                    timeOf(message.GetEndTime()),
		RedriveCount:               int(message.GetRedriveCount()),
		RedriveTime:                timeOf(message.GetRedriveTime()),
	}
}

func mapRunCountsOf(counts *pawlv1.MapRun_Counts) *MapRunCounts {
	if counts == nil {
		return nil
	}
	return &MapRunCounts{
		Pending:        counts.GetPending(),
		Running:        counts.GetRunning(),
		Succeeded:      counts.GetSucceeded(),
		Failed:         counts.GetFailed(),
		TimedOut:       counts.GetTimedOut(),
		Aborted:        counts.GetAborted(),
		Total:          counts.GetTotal(),
		ResultsWritten: counts.GetResultsWritten(),
	}
}
