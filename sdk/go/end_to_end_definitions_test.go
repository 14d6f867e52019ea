package pawl_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"github.com/pawl-dev/pawl/sdk/go"
)

func testDefinitions(r *rig) {
	const text = `StartAt: A
States:
  A: {Type: Succeed}
`
	input := pawl.StateMachineInput{Name: "definitions", Definition: text, Format: pawl.FormatYAML, Type: pawl.TypeExpress}
	created, err := r.client.CreateStateMachine(r.ctx, input)
	if err != nil {
		r.t.Fatal(err)
	}
	if _, err := r.client.ApplyStateMachine(r.ctx, input); err != nil {
		r.t.Errorf("the same again: %v", err)
	}
	standard := pawl.StateMachineInput{Name: input.Name, Type: pawl.TypeStandard}
	if _, err := r.client.UpdateStateMachine(r.ctx, standard); status.Code(err) != codes.InvalidArgument {
		r.t.Errorf("error of another type is %v", err)
	}
	got, err := r.client.GetStateMachine(r.ctx, input.Name)
	if err != nil || got.UID != created.StateMachine.UID || got.Definition != text || got.DefinitionFormat != pawl.FormatYAML || got.Type != pawl.TypeExpress {
		r.t.Errorf("state machine is %+v, %v", got, err)
	}
	isIt := func(listed *pawl.StateMachine) bool { return listed.UID == got.UID }
	if listed := all(r.t, r.client.ListStateMachines(r.ctx)); !slices.ContainsFunc(listed, isIt) {
		r.t.Errorf("it is not among %d listed", len(listed))
	}
	for format, isValid := range map[pawl.DefinitionFormat]bool{"": true, pawl.FormatYAML: true, pawl.FormatJSON: false} {
		result, err := r.client.ValidateDefinition(r.ctx, pawl.ValidateDefinition{Definition: text, Format: format})
		if err != nil || result.Valid != isValid {
			r.t.Errorf("as %q it is %+v, %v", format, result, err)
		}
	}
}

func testDefinitionGraph(r *rig) {
	definition := map[string]any{
		"StartAt": "A",
		"States": map[string]any{
			"A": map[string]any{"Type": "Task", "Resource": "charge", "Next": "B", "Catch": []any{
				map[string]any{"ErrorEquals": []string{"Declined"}, "Next": "B"},
			}},
			"B": map[string]any{"Type": "Succeed"},
		},
	}
	if _, err := r.client.CreateStateMachine(r.ctx, pawl.StateMachineInput{Name: "graph", Definition: definition}); err != nil {
		r.t.Fatal(err)
	}
	for _, source := range []pawl.GetDefinitionGraph{{Definition: definition}, {StateMachine: "graph"}} {
		graph, err := r.client.GetDefinitionGraph(r.ctx, source)
		if err != nil {
			r.t.Fatal(err)
		}
		if caught := (pawl.GraphEdge{Source: "/States/A", Target: "/States/B", Kind: "catch", Label: "Declined"}); !slices.Contains(graph.Edges, caught) {
			r.t.Errorf("edges are %+v", graph.Edges)
		}
		if task := (pawl.GraphNode{ID: "/States/A", Name: "A", Type: "Task", Resource: "charge"}); !slices.Contains(graph.Nodes, task) {
			r.t.Errorf("nodes are %+v", graph.Nodes)
		}
	}
}

func testTestState(r *rig) {
	work(r, "tried", func(_ context.Context, in int) (int, error) {
		if in == 0 {
			return 0, &pawl.TaskError{Name: "Nothing"}
		}
		return in + 1, nil
	})
	const task = `"Type":"Task","Resource":"tried"`
	const wary = `{` + task + `,"Next":"B",
		"Retry":[{"ErrorEquals":["Busy"],"MaxAttempts":2}],
		"Catch":[{"ErrorEquals":["States.ALL"],"Next":"C"}]}`
	busy := &pawl.StateMock{Error: &pawl.ErrorValue{Error: "Busy"}}
	for name, row := range map[string]struct {
		test pawl.TestState
		want string
	}{
		"a worker does the Task":            {pawl.TestState{Definition: `{` + task + `,"End":true}`, Input: 1}, `SUCCEEDED 2 "" <nil>`},
		"what it returns is the failure":    {pawl.TestState{Definition: `{` + task + `,"End":true}`, Input: 0}, `FAILED  "" Nothing`},
		"a mock stands for the worker":      {pawl.TestState{Definition: wary, Mock: &pawl.StateMock{Result: []int{7}}}, `SUCCEEDED [7] "B" <nil>`},
		"a mock of nil is null":             {pawl.TestState{Definition: wary, Mock: &pawl.StateMock{}}, `SUCCEEDED null "B" <nil>`},
		"a mocked error would be retried":   {pawl.TestState{Definition: wary, Mock: busy}, `RETRIABLE  "" Busy`},
		"an error that was retried enough":  {pawl.TestState{Definition: wary, Mock: busy, RetrierRetryCount: 2}, `CAUGHT_ERROR {"Error":"Busy","Cause":""} "C" Busy`},
		"one state of a whole machine":      {pawl.TestState{Definition: `{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, StateName: "A"}, `SUCCEEDED {} "" <nil>`},
		"variables and the context are set": {pawl.TestState{Definition: `{"Type":"Pass","QueryLanguage":"JSONata","Output":"{% $n & $states.context.State.Name %}","End":true}`, Variables: map[string]int{"n": 1}, Context: json.RawMessage(`{"State":{"Name":"S"}}`)}, `SUCCEEDED "1S" "" <nil>`},
	} {
		r.t.Run(name, func(t *testing.T) {
			tested, err := r.client.TestState(r.ctx, row.test)
			if err != nil {
				t.Fatal(err)
			}
			failure := "<nil>"
			if tested.Error != nil {
				failure = tested.Error.Error
			}
			if got := fmt.Sprintf("%s %s %q %s", tested.Status, tested.Output, tested.NextState, failure); got != row.want {
				t.Errorf("it is %s, not %s", got, row.want)
			}
		})
	}
	debugged, err := r.client.TestState(r.ctx, pawl.TestState{
		Definition:      `{"Type":"Pass","InputPath":"$.a","Assign":{"b.$":"$"},"End":true}`,
		Input:           map[string]int{"a": 7},
		InspectionLevel: pawl.InspectDebug,
	})
	if err != nil || string(debugged.Inspection["afterInputPath"]) != "7" || string(debugged.Variables) != `{"b":7}` {
		r.t.Errorf("inspection is %+v, %v", debugged, err)
	}
	var refused *pawl.Error
	if _, err := r.client.TestState(r.ctx, pawl.TestState{Definition: "{}", Input: func() {}}); !errors.As(err, &refused) {
		r.t.Errorf("error of an input that is not JSON is %v", err)
	}
}

func testWorkers(r *rig) {
	worker, err := pawl.NewWorker(r.server.Address,
		pawl.WithIdentity("ada"),
		pawl.WithBuildID("b7"),
		pawl.WithLabels(map[string]string{"zone": "a"}),
		pawl.WithPool("gpu", 2),
		pawl.WithLogger(slog.New(slog.DiscardHandler)))
	if err != nil {
		r.t.Fatal(err)
	}
	pawl.Handle(worker, "listed:*", echo, pawl.InPool("gpu"))
	if err := worker.Start(r.ctx); err != nil {
		r.t.Fatal(err)
	}
	defer closeNow(worker)
	listed := all(r.t, r.client.ListWorkers(r.ctx))
	at := slices.IndexFunc(listed, func(info *pawl.WorkerInfo) bool { return info.Identity == "ada" })
	if at < 0 {
		r.t.Fatalf("it is not among %d listed", len(listed))
	}
	info := listed[at]
	if info.Status != pawl.WorkerConnected || info.BuildID != "b7" || info.Labels["zone"] != "a" || time.Since(info.ConnectTime) > time.Minute {
		r.t.Errorf("worker is %+v", info)
	}
	if len(info.Pools) != 1 || info.Pools[0].Name != "gpu" || info.Pools[0].Slots != 2 || !slices.Equal(info.Pools[0].Resources, []string{"listed:*"}) {
		r.t.Errorf("pools are %+v", info.Pools)
	}
}
