package pawl

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/timestamppb"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// ExecutionCount is how many executions, or links between them, there are.
type ExecutionCount struct {
	// Count is the number.
	Count int64
	// Limited: counting stopped at the limit, there may be more.
	Limited bool
}

// CountExecutions counts. limit is where counting stops for filters that no statistics are kept for (name, labels, end,
// current state, map run, links); 0: 50,000, and 10,000 by links.
func (c *Client) CountExecutions(ctx context.Context, filter ExecutionFilter, limit int) (*ExecutionCount, error) {
	request := &pawlv1.CountExecutionsRequest{Filter: filter.String(), Limit: int32(limit)}
	response, err := invoke(ctx, c.policy, c.executions.CountExecutions, request)
	if err != nil {
		return nil, err
	}
	return &ExecutionCount{Count: response.GetCount(), Limited: response.GetLimited()}, nil
}

// StatisticsQuery says which executions to count and measure, and how to divide them.
type StatisticsQuery struct {
	ExecutionFilter
	// From counts those started at this time or later.
	From time.Time
	// To counts those started before.
	To time.Time
	// Bucket makes a row for each stretch of this length; 0: one for all. Whole hours are quickest.
	Bucket time.Duration
	// GroupBy are status, state_machine, error.error, labels.KEY, state_name; at most 4. With state_name a row is about
	// the visits to a state. It is read from histories, of at most 5,000 executions; by labels, 250,000.
	GroupBy []string
}

// StatisticsRow is one group in one bucket. Durations are those of closed executions, 0 where there are none; percentiles
// are within 2.6 %.
type StatisticsRow struct {
	// BucketStart is zero when there is one only.
	BucketStart time.Time
	// Group is the name of the GroupBy item to its value; empty text: it has none.
	Group map[string]string
	// Count is how many executions are in it.
	Count int64
	// FirstStartTime and LastStartTime are when they were started.
	FirstStartTime, LastStartTime time.Time
	// Min and the others are durations from start to end.
	Min, Avg, P50, P95, P99, Max time.Duration
}

// GetExecutionStatistics counts and measures, by bucket and group, in this order.
func (c *Client) GetExecutionStatistics(ctx context.Context, query StatisticsQuery) ([]StatisticsRow, error) {
	request := &pawlv1.GetExecutionStatisticsRequest{Filter: query.ExecutionFilter.String(), GroupBy: query.GroupBy}
	if !query.From.IsZero() {
		request.StartTime = timestamppb.New(query.From)
	}
	if !query.To.IsZero() {
		request.EndTime = timestamppb.New(query.To)
	}
	if query.Bucket > 0 {
		request.Bucket = durationpb.New(query.Bucket)
	}
	response, err := invoke(ctx, c.policy, c.executions.GetExecutionStatistics, request)
	if err != nil {
		return nil, err
	}
	rows := make([]StatisticsRow, 0, len(response.GetRows()))
	for _, row := range response.GetRows() {
		rows = append(rows, statisticsRowOf(row))
	}
	return rows, nil
}

func statisticsRowOf(row *pawlv1.StatisticsRow) StatisticsRow {
	return StatisticsRow{
		BucketStart:    timeOf(row.GetBucketStart()),
		Group:          row.GetGroup(),
		Count:          row.GetCount(),
		FirstStartTime: timeOf(row.GetFirstStartTime()),
		LastStartTime:  timeOf(row.GetLastStartTime()),
		Min:            row.GetMin().AsDuration(),
		Avg:            row.GetAvg().AsDuration(),
		P50:            row.GetP50().AsDuration(),
		P95:            row.GetP95().AsDuration(),
		P99:            row.GetP99().AsDuration(),
		Max:            row.GetMax().AsDuration(),
	}
}
