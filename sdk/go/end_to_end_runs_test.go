package pawl_test

import (
	"slices"
	"time"

	"github.com/pawl-dev/pawl/sdk/go"
)

func testMapRuns(r *rig) {
	machine := r.apply("each", `"A":{"Type":"Map","MaxConcurrency":1,"End":true,"ItemProcessor":{
		"ProcessorConfig":{"Mode":"DISTRIBUTED","ExecutionType":"STANDARD"},
		"StartAt":"Hold","States":{"Hold":{"Type":"Message","CorrelationKey":"item","CorrelationValuePath":"$","End":true}}}}`)
	started, err := r.client.StartExecution(r.ctx, pawl.StartExecution{StateMachine: machine, Input: []int{1, 2, 3}})
	if err != nil {
		r.t.Fatal(err)
	}
	run := r.mapRunOf(started.Execution.ID)
	if run.MaxConcurrency != 1 || run.Execution != started.Execution.ID || run.ItemCounts != nil {
		r.t.Errorf("the listed run is %+v", run)
	}
	concurrency, percentage := 0, 50.0
	changed, err := r.client.UpdateMapRun(r.ctx, run.ID, pawl.UpdateMapRun{MaxConcurrency: &concurrency, ToleratedFailurePercentage: &percentage})
	if err != nil || changed.MaxConcurrency != 0 || changed.ToleratedFailurePercentage != 50 || changed.ToleratedFailureCount != 0 {
		r.t.Errorf("changed is %+v, %v", changed, err)
	}
	for item := 1; item <= 3; item++ {
		if _, err := r.client.SendMessage(r.ctx, pawl.SendMessage{CorrelationKey: "item", CorrelationValue: item, TimeToLive: time.Minute}); err != nil {
			r.t.Fatal(err)
		}
	}
	if end, err := r.client.WaitForExecution(r.ctx, started.Execution.ID); err != nil || end.Status != pawl.StatusSucceeded {
		r.t.Fatalf("execution is %+v, %v", end, err)
	}
	ended, err := r.client.GetMapRun(r.ctx, run.ARN)
	if err != nil || ended.Status != pawl.StatusSucceeded || ended.EndTime.IsZero() {
		r.t.Fatalf("ended is %+v, %v", ended, err)
	}
	if *ended.ItemCounts != (pawl.MapRunCounts{Succeeded: 3, Total: 3, ResultsWritten: 3}) || ended.ExecutionCounts.Succeeded != 3 {
		r.t.Errorf("counts are %+v of items, %+v of executions", ended.ItemCounts, ended.ExecutionCounts)
	}
	if children := all(r.t, r.client.ListExecutions(r.ctx, pawl.ExecutionFilter{MapRun: run.ID})); len(children) != 3 {
		r.t.Errorf("%d executions are of the run", len(children))
	}
}

// mapRunOf waits until an execution has begun its map run.
func (r *rig) mapRunOf(execution string) *pawl.MapRun {
	r.t.Helper()
	for update, err := range r.client.WatchExecution(r.ctx, execution, pawl.FromEvent(1)) {
		if err != nil {
			r.t.Fatal(err)
		}
		if update.Event != nil && update.Event.Type == "MAP_RUN_STARTED" {
			break
		}
	}
	runs := all(r.t, r.client.ListMapRuns(r.ctx, execution))
	if len(runs) != 1 {
		r.t.Fatalf("map runs are %+v", runs)
	}
	return runs[0]
}

func testSteeredBatch(r *rig) {
	machine := r.apply("steered", `"A":{"Type":"Wait","Seconds":600,"End":true}`)
	batch, err := r.client.CreateBatch(r.ctx, pawl.CreateBatch{Name: "steered-7", StateMachine: machine, MaxConcurrency: 1})
	if err != nil || batch.Status != pawl.BatchLoading {
		r.t.Fatalf("batch is %+v, %v", batch, err)
	}
	numbers := pawl.Inputs(slices.Values([]int{1, 2}))
	if added, err := r.client.AddBatchItems(r.ctx, batch.ID, 0, numbers, false); err != nil || added.Status != pawl.BatchLoading || added.Counts.Total != 2 {
		r.t.Errorf("added is %+v, %v", added, err)
	}
	if added, err := r.client.AddBatchItems(r.ctx, batch.ID, 2, numbers, true); err != nil || added.Counts.Total != 4 {
		r.t.Errorf("added is %+v, %v", added, err)
	}
	operator := pawl.BatchAction{Operator: "ada", Reason: "look first"}
	if paused, err := r.client.PauseBatch(r.ctx, batch.ID, operator); err != nil || paused.Status != pawl.BatchPaused || paused.LastOperator != "ada" || paused.LastReason != "look first" {
		r.t.Errorf("paused is %+v, %v", paused, err)
	}
	policy := &pawl.FailurePolicy{SevereRate: 0.9}
	if resumed, err := r.client.ResumeBatch(r.ctx, batch.ID, pawl.ResumeBatch{BatchAction: operator, FailurePolicy: policy, ResetWindow: true}); err != nil || resumed.Status != pawl.BatchRunning {
		r.t.Errorf("resumed is %+v, %v", resumed, err)
	}
	for update, err := range r.client.WatchBatch(r.ctx, batch.ID, pawl.WatchBatch{Items: true, FromStart: true}) {
		if err != nil {
			r.t.Fatal(err)
		}
		if update.Item != nil && update.Item.Status == "RUNNING" {
			if _, err := r.client.CancelBatch(r.ctx, batch.ID, operator, true); err != nil {
				r.t.Fatal(err)
			}
		}
	}
	cancelled, err := r.client.GetBatch(r.ctx, batch.ID)
	if err != nil || cancelled.Status != pawl.BatchCancelled || cancelled.Counts.Pending+cancelled.Counts.Failed+cancelled.Counts.Skipped != 4 {
		r.t.Errorf("cancelled is %+v, %v", cancelled, err)
	}
	for filter, count := range map[pawl.BatchFilter]int{
		{Name: "steered-7"}: 1,
		{NamePrefix: "steered", Status: pawl.BatchCancelled}: 1,
		{Name: "steered"}: 0,
	} {
		if listed := all(r.t, r.client.ListBatches(r.ctx, filter)); len(listed) != count {
			r.t.Errorf("%s finds %+v", filter, listed)
		}
	}
}
