package pawl_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc/codes"

	"github.com/pawl-dev/pawl/sdk/go"
	"github.com/pawl-dev/pawl/sdk/go/pawltest"
)

// devServer is the repository's own pawl, unless PAWL_COMMAND names another one.
func devServer(t *testing.T) *pawltest.Server {
	t.Helper()
	if os.Getenv("PAWL_COMMAND") != "" {
		return pawltest.NewServer(t)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	return pawltest.NewServer(t, pawltest.WithCommand(filepath.Join(root, "node_modules/.bin/node"), filepath.Join(root, "bin/pawl.mjs")))
}

type rig struct {
	t      *testing.T
	ctx    context.Context
	server *pawltest.Server
	client *pawl.Client
}

func TestEndToEnd(t *testing.T) {
	server := devServer(t)
	client, err := pawl.NewClient(server.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	for name, run := range map[string]func(*rig){
		"a task's input goes to its handler, and the output comes back": testTask,
		"pipelined starts bring their results":                          testPipelinedStarts,
		"a watch tells each event once and in order":                    testWatch,
		"a batch tells its items, and outputs are in order":             testBatch,
		"batches chain and delete executions":                           testBatchesOfExecutions,
		"a batch is loaded, paused, resumed and cancelled":              testSteeredBatch,
		"a map run is found and changed while it goes on":               testMapRuns,
		"stop, redrive, count, list and delete":                         testRecords,
		"a message wakes who waits":                                     testMessage,
		"an execution starts from another one's output":                 testChain,
		"a task is completed by its token":                              testToken,
		"versions and aliases":                                          testVersions,
		"definitions in their formats":                                  testDefinitions,
		"a graph of a definition or of a state machine":                 testDefinitionGraph,
		"a state is tried on its own":                                   testTestState,
		"workers are listed as they said hello":                         testWorkers,
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
			defer cancel()
			run(&rig{t: t, ctx: ctx, server: server, client: client})
		})
	}
}

// apply makes a state machine of a test's own, and gives its name.
func (r *rig) apply(name, states string) string {
	r.t.Helper()
	definition := fmt.Sprintf(`{"StartAt":"A","States":{%s}}`, states)
	if _, err := r.client.ApplyStateMachine(r.ctx, pawl.StateMachineInput{Name: name, Definition: definition}); err != nil {
		r.t.Fatal(err)
	}
	return name
}

// work serves a resource for as long as the test runs.
func work[In, Out any](r *rig, resource string, handler func(context.Context, In) (Out, error)) {
	r.t.Helper()
	worker, err := pawl.NewWorker(r.server.Address, pawl.WithLogger(slog.New(slog.NewTextHandler(io.Discard, nil))))
	if err != nil {
		r.t.Fatal(err)
	}
	pawl.Handle(worker, resource, handler)
	if err := worker.Start(r.ctx); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(func() { closeNow(worker) })
}

func echo(_ context.Context, in json.RawMessage) (json.RawMessage, error) { return in, nil }

func all[Item any](t *testing.T, items iter.Seq2[*Item, error]) []*Item {
	t.Helper()
	var found []*Item
	for item, err := range items {
		if err != nil {
			t.Fatal(err)
		}
		found = append(found, item)
	}
	return found
}

func testTask(r *rig) {
	machine := r.apply("task", `"A":{"Type":"Task","Resource":"go:double","End":true}`)
	work(r, "go:*", func(_ context.Context, in int64) (int64, error) { return 2 * in, nil })
	execution, err := r.client.RunExecution(r.ctx, pawl.StartExecution{StateMachine: machine, Input: int64(4503599627370497)})
	if err != nil || execution.Status != pawl.StatusSucceeded || string(execution.Output) != "9007199254740994" {
		r.t.Errorf("execution is %+v, %v", execution, err)
	}
	_, err = r.client.GetExecution(r.ctx, "task/nope")
	var refused *pawl.Error
	if !errors.As(err, &refused) || refused.Code != codes.NotFound || refused.Reason != "EXECUTION_DOES_NOT_EXIST" {
		r.t.Errorf("error is %v", err)
	}
}

func testPipelinedStarts(r *rig) {
	machine := r.apply("pipelined", `"A":{"Type":"Task","Resource":"pipelined","End":true}`)
	work(r, "pipelined", echo)
	starts := func(yield func(pawl.StartExecution) bool) {
		for number := range 300 {
			if !yield(pawl.StartExecution{StateMachine: machine, Name: fmt.Sprintf("p-%d", number), Input: number}) {
				return
			}
		}
	}
	results := map[int]*pawl.Started{}
	for outcome := range r.client.StartExecutions(r.ctx, starts, pawl.WithFollow(true), pawl.WithMaxInFlight(50)) {
		if outcome.Err != nil {
			r.t.Fatal(outcome.Err)
		}
		results[outcome.Index] = outcome.Started
	}
	for index, started := range results {
		if end, err := started.Result(r.ctx); err != nil || string(end.Output) != fmt.Sprint(index) {
			r.t.Errorf("result %d is %+v, %v", index, end, err)
		}
	}
	if len(results) != 300 {
		r.t.Errorf("%d starts have a result", len(results))
	}
	starter := r.client.NewStarter()
	defer starter.Abort()
	again, err := starter.Start(r.ctx, pawl.StartExecution{StateMachine: machine, Name: "p-1", Input: 1, ConflictPolicy: pawl.ConflictUseExisting})
	if err != nil || again.Created {
		r.t.Errorf("started again: %+v, %v", again, err)
	}
}

func testWatch(r *rig) {
	machine := r.apply("watch", `"A":{"Type":"Task","Resource":"watch","End":true}`)
	work(r, "watch", echo)
	started, err := r.client.StartExecution(r.ctx, pawl.StartExecution{StateMachine: machine})
	if err != nil {
		r.t.Fatal(err)
	}
	var last int64 = 1
	var status pawl.ExecutionStatus
	for update, err := range r.client.WatchExecution(r.ctx, started.Execution.ID, pawl.FromEvent(1)) {
		if err != nil {
			r.t.Fatal(err)
		}
		if update.Event != nil {
			if last++; update.Event.ID != last {
				r.t.Errorf("event %d came as number %d", update.Event.ID, last)
			}
			continue
		}
		status = update.Execution.Status
	}
	if status != pawl.StatusSucceeded || last < 5 {
		r.t.Errorf("the watch ended with %s after event %d", status, last)
	}
	events := all(r.t, r.client.ListExecutionEvents(r.ctx, started.Execution.ID, pawl.Reverse(), pawl.WithPageSize(2)))
	if int64(len(events)) != last || events[0].Type != "EXECUTION_SUCCEEDED" {
		r.t.Errorf("%d events, the newest is %+v", len(events), events[0])
	}
}

func testBatch(r *rig) {
	machine := r.apply("batch", `"A":{"Type":"Task","Resource":"batch","End":true}`)
	work(r, "batch", echo)
	numbers := slices.Values(slices.Collect(func(yield func(int) bool) {
		for number := range 1_500 {
			if !yield(number) {
				return
			}
		}
	}))
	batch, err := r.client.CreateBatch(r.ctx, pawl.CreateBatch{StateMachine: machine, Inputs: pawl.Inputs(numbers), MaxConcurrency: 200})
	if err != nil {
		r.t.Fatal(err)
	}
	done := map[int64]int{}
	var status pawl.BatchStatus
	for update, err := range r.client.WatchBatch(r.ctx, batch.ID, pawl.WatchBatch{Items: true, FromStart: true}) {
		switch {
		case err != nil:
			r.t.Fatal(err)
		case update.Item != nil && update.Item.Status == "SUCCEEDED":
			done[update.Item.Index]++
		case update.Batch != nil:
			status = update.Batch.Status
		}
	}
	if len(done) != 1_500 || status != pawl.BatchSucceeded {
		r.t.Errorf("%d items are done, the batch is %s", len(done), status)
	}
	listed := all(r.t, r.client.ListBatches(r.ctx, pawl.BatchFilter{StateMachine: machine, Status: pawl.BatchSucceeded}))
	if len(listed) != 1 || listed[0].ID != batch.ID {
		r.t.Errorf("batches are %+v", listed)
	}
	items := all(r.t, r.client.ListBatchItems(r.ctx, batch.ID, pawl.WithPayloads(pawl.PayloadsFull), pawl.WithPageSize(1_000)))
	for index, item := range items {
		if item.Index != int64(index) || string(item.Output) != fmt.Sprint(index) {
			r.t.Fatalf("item %d is %+v", index, item)
		}
	}
}

func testBatchesOfExecutions(r *rig) {
	machine := r.apply("sources", `"A":{"Type":"Pass","End":true}`)
	var sources []string
	for range 2 {
		source, err := r.client.RunExecution(r.ctx, pawl.StartExecution{StateMachine: machine, Input: 1})
		if err != nil {
			r.t.Fatal(err)
		}
		sources = append(sources, source.ID)
	}
	taking := pawl.ChainSource{JSONata: "$states.input + 1", Unique: true}
	chained := r.runBatch(pawl.CreateBatch{
		Chain:  &pawl.BatchChain{StateMachine: machine, ChainSource: taking},
		Filter: pawl.ExecutionFilter{StateMachine: machine},
	})
	if chained.Status != pawl.BatchSucceeded || chained.Counts.Succeeded != 2 {
		r.t.Errorf("chained: %+v", chained)
	}
	items := all(r.t, r.client.ListBatchItems(r.ctx, chained.ID, pawl.WithPayloads(pawl.PayloadsFull), pawl.WithItemStatus("SUCCEEDED")))
	if len(items) != 2 || string(items[0].Output) != "2" || !slices.Contains(sources, items[0].Source) {
		r.t.Errorf("items are %+v", items)
	}
	numbers := pawl.Inputs(slices.Values(make([]int, 2_500)))
	dry, err := r.client.CreateBatch(r.ctx, pawl.CreateBatch{StateMachine: machine, Inputs: numbers, DryRun: true})
	if err != nil || dry.ID != "" || dry.Counts.Total != 2_500 {
		r.t.Errorf("dry run: %+v, %v", dry, err)
	}
	deleted := r.runBatch(pawl.CreateBatch{Delete: true, Executions: sources})
	if deleted.Status != pawl.BatchSucceeded || deleted.Counts.Succeeded != 2 {
		r.t.Errorf("deleted: %+v", deleted)
	}
}

// runBatch creates a batch and waits until it has ended.
func (r *rig) runBatch(create pawl.CreateBatch) *pawl.Batch {
	r.t.Helper()
	batch, err := r.client.CreateBatch(r.ctx, create)
	if err != nil {
		r.t.Fatal(err)
	}
	for update, err := range r.client.WatchBatch(r.ctx, batch.ID, pawl.WatchBatch{}) {
		if err != nil {
			r.t.Fatal(err)
		}
		batch = update.Batch
	}
	return batch
}

func testRecords(r *rig) {
	machine := r.apply("records", `"A":{"Type":"Wait","Seconds":600,"End":true}`)
	started, err := r.client.StartExecution(r.ctx, pawl.StartExecution{StateMachine: machine, Name: "r", Labels: map[string]string{"tenant": `a"b`}})
	if err != nil {
		r.t.Fatal(err)
	}
	operator := pawl.PauseAction{Operator: "ada", Reason: "look first"}
	if paused, err := r.client.PauseExecution(r.ctx, "records/r", operator); err != nil || paused.Status != pawl.StatusPaused || paused.Pause.PauseAction != operator {
		r.t.Errorf("paused is %+v, %v", paused, err)
	}
	if resumed, err := r.client.ResumeExecution(r.ctx, "records/r", operator); err != nil || resumed.Status != pawl.StatusRunning || resumed.Pause != nil {
		r.t.Errorf("resumed is %+v, %v", resumed, err)
	}
	stopped, err := r.client.StopExecution(r.ctx, "records/r", pawl.ErrorValue{Error: "Test", Cause: "enough"})
	if err != nil || stopped.Status != pawl.StatusAborted || stopped.Error.Error != "Test" {
		r.t.Errorf("stopped is %+v, %v", stopped, err)
	}
	redriven, err := r.client.RedriveExecution(r.ctx, started.Execution.ID, pawl.RedriveExecution{})
	if err != nil || redriven.RedriveCount != 1 {
		r.t.Errorf("redriven is %+v, %v", redriven, err)
	}
	if _, err := r.client.StopExecution(r.ctx, started.Execution.ID, pawl.ErrorValue{}); err != nil {
		r.t.Error(err)
	}
	filter := pawl.ExecutionFilter{StateMachine: machine, Status: pawl.StatusAborted, Labels: map[string]string{"tenant": `a"b`}, StartedAfter: time.Now().Add(-time.Hour)}
	if count, err := r.client.CountExecutions(r.ctx, filter, 0); err != nil || count.Count != 1 {
		r.t.Errorf("count is %+v, %v", count, err)
	}
	if listed := all(r.t, r.client.ListExecutions(r.ctx, filter)); len(listed) != 1 || listed[0].Name != "r" {
		r.t.Errorf("listed are %+v", listed)
	}
	query := pawl.StatisticsQuery{ExecutionFilter: pawl.ExecutionFilter{StateMachine: machine}, GroupBy: []string{"status"}}
	if rows, err := r.client.GetExecutionStatistics(r.ctx, query); err != nil || len(rows) != 1 || rows[0].Group["status"] != "ABORTED" {
		r.t.Errorf("statistics are %+v, %v", rows, err)
	}
	if _, err := r.client.DeleteExecution(r.ctx, started.Execution.ID); err != nil {
		r.t.Error(err)
	}
	if err := r.client.DeleteStateMachine(r.ctx, machine, pawl.DeleteStateMachine{Force: true}); err != nil {
		r.t.Error(err)
	}
}

func testMessage(r *rig) {
	machine := r.apply("message", `"A":{"Type":"Message","CorrelationKey":"orderId","CorrelationValuePath":"$.orderId","End":true}`)
	started, err := r.client.StartExecution(r.ctx, pawl.StartExecution{StateMachine: machine, Input: map[string]any{"orderId": 7}})
	if err != nil {
		r.t.Fatal(err)
	}
	sent, err := r.client.SendMessage(r.ctx, pawl.SendMessage{CorrelationKey: "orderId", CorrelationValue: 7, Data: "paid", TimeToLive: time.Minute})
	if err != nil {
		r.t.Fatal(err)
	}
	end, err := r.client.WaitForExecution(r.ctx, started.Execution.ID)
	if err != nil || end.Status != pawl.StatusSucceeded {
		r.t.Errorf("sent is %+v; execution is %+v, %v", sent, end, err)
	}
	if waits := all(r.t, r.client.ListMessageWaits(r.ctx, pawl.MessageWaitFilter{CorrelationKey: "orderId", CorrelationValue: 7})); len(waits) > 0 {
		r.t.Errorf("waits are %+v", waits)
	}
}

func testChain(r *rig) {
	machine := r.apply("chain", `"A":{"Type":"Pass","End":true}`)
	source, err := r.client.RunExecution(r.ctx, pawl.StartExecution{StateMachine: machine, Input: map[string]int{"n": 20}})
	if err != nil {
		r.t.Fatal(err)
	}
	chain := &pawl.ChainSource{Execution: source.ID, JSONata: "{ 'n': $states.input.n + 1 }", Unique: true}
	target, err := r.client.RunExecution(r.ctx, pawl.StartExecution{StateMachine: machine, Chain: chain})
	if err != nil || string(target.Output) != `{"n":21}` {
		r.t.Errorf("target is %+v, %v", target, err)
	}
	filter := pawl.ExecutionLinkFilter{LinkConditions: pawl.LinkConditions{SourceExecution: source.ID}, SourceStatus: pawl.StatusSucceeded}
	links := all(r.t, r.client.ListExecutionLinks(r.ctx, filter))
	if len(links) != 1 || links[0].TargetExecution != target.ID {
		r.t.Errorf("links are %+v", links)
	}
	if count, err := r.client.CountExecutionLinks(r.ctx, filter, 0); err != nil || *count != (pawl.ExecutionCount{Count: 1}) {
		r.t.Errorf("count is %+v, %v", count, err)
	}
}

func testToken(r *rig) {
	machine := r.apply("token", `"A":{"Type":"Task","Resource":"ask.waitForTaskToken","Parameters":{"token.$":"$$.Task.Token"},"HeartbeatSeconds":60,"End":true}`)
	tokens := make(chan string, 1)
	var once sync.Once
	work(r, "ask", func(ctx context.Context, in struct{ Token string }) (any, error) {
		once.Do(func() { tokens <- in.Token })
		return nil, nil
	})
	started, err := r.client.StartExecution(r.ctx, pawl.StartExecution{StateMachine: machine})
	if err != nil {
		r.t.Fatal(err)
	}
	token := <-tokens
	if err := r.client.HeartbeatTask(r.ctx, token, nil); err != nil {
		r.t.Error(err)
	}
	if err := r.client.CompleteTask(r.ctx, token, map[string]bool{"approved": true}); err != nil {
		r.t.Error(err)
	}
	end, err := r.client.WaitForExecution(r.ctx, started.Execution.ID)
	if err != nil || string(end.Output) != `{"approved":true}` {
		r.t.Errorf("execution is %+v, %v", end, err)
	}
	var refused *pawl.Error
	if err := r.client.FailTask(r.ctx, token, errors.New("late")); !errors.As(err, &refused) || refused.Code != codes.FailedPrecondition {
		r.t.Errorf("error of a late report is %v", err)
	}
	if err := r.client.CompleteTask(r.ctx, "%", nil); !errors.As(err, &refused) || refused.Reason != "INVALID_TOKEN" {
		r.t.Errorf("error of a token that is none is %v", err)
	}
}

func testVersions(r *rig) {
	machine := r.apply("versions", `"A":{"Type":"Pass","End":true}`)
	lossy := pawl.StateMachineInput{Name: machine, OnTaskLost: pawl.LossFail, MaxTaskDeliveries: 3}
	if changed, err := r.client.UpdateStateMachine(r.ctx, lossy); err != nil || changed.StateMachine.OnTaskLost != pawl.LossFail || changed.StateMachine.MaxTaskDeliveries != 3 {
		r.t.Errorf("changed is %+v, %v", changed, err)
	}
	version, err := r.client.PublishStateMachineVersion(r.ctx, machine, pawl.PublishVersion{Description: "first"})
	if err != nil || version.Version != 1 {
		r.t.Fatalf("version is %+v, %v", version, err)
	}
	if versions := all(r.t, r.client.ListStateMachineVersions(r.ctx, machine)); len(versions) != 1 || versions[0].RevisionID != version.RevisionID {
		r.t.Errorf("versions are %+v", versions)
	}
	routes := []pawl.StateMachineRoute{{Version: 1, Weight: 100}}
	if _, err := r.client.PutStateMachineAlias(r.ctx, pawl.StateMachineAlias{StateMachine: machine, Name: "live", Routes: routes}); err != nil {
		r.t.Fatal(err)
	}
	execution, err := r.client.RunExecution(r.ctx, pawl.StartExecution{StateMachine: machine + ":live"})
	if err != nil || execution.StateMachineVersion != 1 || execution.StateMachineAlias != "live" {
		r.t.Errorf("execution is %+v, %v", execution, err)
	}
	if aliases := all(r.t, r.client.ListStateMachineAliases(r.ctx, machine)); len(aliases) != 1 || aliases[0].Routes[0] != routes[0] {
		r.t.Errorf("aliases are %+v", aliases)
	}
	if err := r.client.DeleteStateMachineAlias(r.ctx, machine, "live", ""); err != nil {
		r.t.Error(err)
	}
	if err := r.client.DeleteStateMachineVersion(r.ctx, machine, 1); err != nil {
		r.t.Error(err)
	}
	result, err := r.client.ValidateDefinition(r.ctx, pawl.ValidateDefinition{Definition: `{"StartAt":"B","States":{}}`})
	if err != nil || result.Valid || len(result.Diagnostics) == 0 {
		r.t.Errorf("validation is %+v, %v", result, err)
	}
}
