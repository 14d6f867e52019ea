package pawl

import (
	"context"
	"encoding/json"
	"time"

	"google.golang.org/grpc/codes"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// testStateTimeout is of calls whose context has no deadline: a worker may take five minutes for the Task.
const testStateTimeout = 310 * time.Second

// InspectionLevel is how much a test of a state tells.
type InspectionLevel string

// The levels.
const (
	// InspectInfo is the output or the error, and where it goes. This is what is told unless something else is said.
	InspectInfo InspectionLevel = "INFO"
	// InspectDebug is also the data between the steps.
	InspectDebug InspectionLevel = "DEBUG"
	// InspectTrace is also the raw request and response of an HTTP Task.
	InspectTrace InspectionLevel = "TRACE"
)

// TestState is one state to be tried.
type TestState struct {
	// Definition is a state, or with StateName a whole state machine: JSON or YAML text (a string), or any value that
	// encodes as JSON.
	Definition any
	// Format is that of the text; empty: it is seen from the text.
	Format DefinitionFormat
	// StateName is the state of a whole state machine.
	StateName string
	// Input is any value that encodes as JSON; nil: {}.
	Input any
	// Variables are those assigned before, as a value that encodes as a JSON object; nil: none.
	Variables any
	// Context is the context object ($$), as a value that encodes as a JSON object; nil: one that is made up.
	Context any
	// RoleARN is that of the made up context object.
	RoleARN string
	// InspectionLevel is how much to tell; empty: InspectInfo.
	InspectionLevel InspectionLevel
	// Mock stands for the work of a Task, Parallel or Map; nil: a connected worker does a Task.
	Mock *StateMock
	// RetrierRetryCount are the retries made before, by the Retrier that the mocked error is for.
	RetrierRetryCount int
	// ErrorCausedByState is the state inside the Parallel or Map that the mocked error comes from.
	ErrorCausedByState string
	// MapIterationFailureCount are the iterations of the Map that have failed.
	MapIterationFailureCount int
	// MapItemReaderData is what the Map's ItemReader finds, as it stands in the source.
	MapItemReaderData string
}

// StateMock is how mocked work ends: with a result, or with an error.
type StateMock struct {
	// Result is any value that encodes as JSON; for when Error is nil.
	Result any
	// Validation says how far Result must be one that the AWS service of the Task can give; empty: MockStrict.
	Validation MockValidation
	// Error is what the work fails with.
	Error *ErrorValue
}

// MockValidation checks a mocked result against the model of the AWS service that a Task names.
type MockValidation string

// The validations.
const (
	// MockStrict wants required fields there, and fields that are there to be right.
	MockStrict MockValidation = "STRICT"
	// MockPresent wants fields that are there to be right.
	MockPresent MockValidation = "PRESENT"
	// MockNone takes anything.
	MockNone MockValidation = "NONE"
)

// TestStateStatus is what became of a state that was tried.
type TestStateStatus string

// The statuses.
const (
	// TestSucceeded has an output.
	TestSucceeded TestStateStatus = "SUCCEEDED"
	// TestFailed has failed, and nothing caught it.
	TestFailed TestStateStatus = "FAILED"
	// TestRetriable has failed, and would be retried.
	TestRetriable TestStateStatus = "RETRIABLE"
	// TestCaughtError has failed, and a Catcher took it.
	TestCaughtError TestStateStatus = "CAUGHT_ERROR"
)

// TestedState is what became of a state that was tried.
type TestedState struct {
	// Status says how it ended.
	Status TestStateStatus
	// Output is JSON text; nil when the state failed.
	Output json.RawMessage
	// Error is why it failed; nil: it did not.
	Error *ErrorValue
	// NextState is where it would go; empty at an end.
	NextState string
	// Inspection are JSON texts by AWS's names: afterInputPath, result ...; empty of InspectInfo.
	Inspection map[string]json.RawMessage
	// Variables are those afterwards, as the JSON text of an object; nil: there are none.
	Variables json.RawMessage
}

// TestState runs one state on its own. A failure of the state is no error of the call: look at Status.
//
// Without a deadline of its context it may take 310 s, as a worker may take five minutes for the Task.
func (c *Client) TestState(ctx context.Context, test TestState) (*TestedState, error) {
	request, err := test.message()
	if err != nil {
		return nil, err
	}
	policy := c.policy
	policy.timeout = testStateTimeout
	response, err := invoke(ctx, policy, c.stateMachines.TestState, request)
	if err != nil {
		return nil, err
	}
	return testedStateOf(response), nil
}

func (t *TestState) message() (*pawlv1.TestStateRequest, error) {
	definition, err := definitionText(t.Definition)
	if err != nil {
		return nil, err
	}
	request := &pawlv1.TestStateRequest{
		Definition:               definition,
		Format:                   t.Format.number(),
		StateName:                t.StateName,
		RoleArn:                  t.RoleARN,
		InspectionLevel:          pawlv1.InspectionLevel(pawlv1.InspectionLevel_value["INSPECTION_LEVEL_"+string(t.InspectionLevel)]),
		RetrierRetryCount:        int32(t.RetrierRetryCount),
		ErrorCausedByState:       t.ErrorCausedByState,
		MapIterationFailureCount: int32(t.MapIterationFailureCount),
		MapItemReaderData:        t.MapItemReaderData,
	}
	if request.Input, err = encodeOr(t.Input, ""); err != nil {
		return nil, refusal(codes.InvalidArgument, "input is not JSON: %v", err)
	}
	if request.Variables, err = encodeOr(t.Variables, ""); err != nil {
		return nil, refusal(codes.InvalidArgument, "variables are not JSON: %v", err)
	}
	if request.Context, err = encodeOr(t.Context, ""); err != nil {
		return nil, refusal(codes.InvalidArgument, "context is not JSON: %v", err)
	}
	if t.Mock != nil {
		request.Mock, err = t.Mock.message()
	}
	return request, err
}

func (m *StateMock) message() (*pawlv1.TaskMock, error) {
	if m.Error != nil {
		failure := &pawlv1.ErrorValue{Error: m.Error.Error, Cause: m.Error.Cause}
		return &pawlv1.TaskMock{Outcome: &pawlv1.TaskMock_Error{Error: failure}}, nil
	}
	result, err := encode(m.Result)
	if err != nil {
		return nil, refusal(codes.InvalidArgument, "mocked result is not JSON: %v", err)
	}
	return &pawlv1.TaskMock{
		Outcome:    &pawlv1.TaskMock_Result{Result: result},
		Validation: pawlv1.MockValidation(pawlv1.MockValidation_value["MOCK_VALIDATION_"+string(m.Validation)]),
	}, nil
}

func testedStateOf(response *pawlv1.TestStateResponse) *TestedState {
	tested := &TestedState{
		Status:     TestStateStatus(enumName(response.GetStatus(), "TEST_STATE_STATUS_")),
		Output:     textOf(response.GetOutput()),
		Error:      errorValueOf(response.GetError()),
		NextState:  response.GetNextState(),
		Inspection: make(map[string]json.RawMessage, len(response.GetInspection())),
		Variables:  textOf(response.GetVariables()),
	}
	for name, text := range response.GetInspection() {
		tested.Inspection[name] = textOf(text)
	}
	return tested
}
