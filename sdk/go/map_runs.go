package pawl

import (
	"context"
	"iter"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// GetMapRun reads one, with its counts. It is named by id or ARN.
func (c *Client) GetMapRun(ctx context.Context, mapRun string) (*MapRun, error) {
	response, err := invoke(ctx, c.policy, c.executions.GetMapRun, &pawlv1.GetMapRunRequest{MapRun: mapRun})
	return mapRunOr(response.GetMapRun(), err)
}

// ListMapRuns gives those of one execution, newest first, without their counts. ExecutionFilter.MapRun finds the
// executions of one.
func (c *Client) ListMapRuns(ctx context.Context, execution string, options ...ListOption) iter.Seq2[*MapRun, error] {
	return itemsOf(listOptionsOf(options), mapRunOf, func(page *pawlv1.PageRequest) ([]*pawlv1.MapRun, *pawlv1.PageInfo, error) {
		request := &pawlv1.ListMapRunsRequest{Execution: execution, Page: page}
		response, err := invoke(ctx, c.policy, c.executions.ListMapRuns, request)
		return response.GetMapRuns(), response.GetPage(), err
	})
}

// UpdateMapRun is what changes of a map run that goes on; what is nil stays as it is.
type UpdateMapRun struct {
	// MaxConcurrency points at the most executions running at a time; at 0: no bound but the server's own.
	MaxConcurrency *int
	// ToleratedFailureCount points at how many failures do not fail the run.
	ToleratedFailureCount *int64
	// ToleratedFailurePercentage points at which share of them, 0 to 100, does not fail the run.
	ToleratedFailurePercentage *float64
}

// UpdateMapRun changes the bounds of a map run, which takes them up within about a second.
func (c *Client) UpdateMapRun(ctx context.Context, mapRun string, change UpdateMapRun) (*MapRun, error) {
	request := &pawlv1.UpdateMapRunRequest{
		MapRun:                     mapRun,
		ToleratedFailureCount:      change.ToleratedFailureCount,
		ToleratedFailurePercentage: change.ToleratedFailurePercentage,
	}
	if change.MaxConcurrency != nil {
		concurrency := int32(*change.MaxConcurrency)
		request.MaxConcurrency = &concurrency
	}
	response, err := invoke(ctx, c.policy, c.executions.UpdateMapRun, request)
	return mapRunOr(response.GetMapRun(), err)
}

func mapRunOr(message *pawlv1.MapRun, err error) (*MapRun, error) {
	if err != nil {
		return nil, err
	}
	return mapRunOf(message), nil
}
