package pawl

import (
	"encoding/json"
	"time"

	"google.golang.org/protobuf/types/known/timestamppb"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// ExecutionStatus is where an execution stands.
type ExecutionStatus string

// The statuses.
const (
	StatusRunning        ExecutionStatus = "RUNNING"
	StatusSucceeded      ExecutionStatus = "SUCCEEDED"
	StatusFailed         ExecutionStatus = "FAILED"
	StatusTimedOut       ExecutionStatus = "TIMED_OUT"
	StatusAborted        ExecutionStatus = "ABORTED"
	StatusPendingRedrive ExecutionStatus = "PENDING_REDRIVE"
	StatusQueued         ExecutionStatus = "QUEUED"
	StatusPaused         ExecutionStatus = "PAUSED"
)

// IsTerminal is true once nothing will change any more.
func (s ExecutionStatus) IsTerminal() bool {
	return s == StatusSucceeded || s == StatusFailed || s == StatusTimedOut || s == StatusAborted
}

// Execution is one run of a state machine.
type Execution struct {
	// ID is a UUIDv7.
	ID string
	// Name is unique within the state machine.
	Name string
	// ARN names it in the AWS API.
	ARN string
	// StateMachine is its name.
	StateMachine string
	// StateMachineVersion is the version it was started with; 0: the head.
	StateMachineVersion int64
	// StateMachineAlias is the alias it was started through; empty without one.
	StateMachineAlias string
	// RevisionID is the revision it runs.
	RevisionID string
	// Status is where it stands.
	Status ExecutionStatus
	// StartTime is the database's time.
	StartTime time.Time
	// EndTime is zero while it is open.
	EndTime time.Time
	// Input is the JSON text; nil when it was not asked for.
	Input json.RawMessage
	// InputTruncated says that Input is only its beginning.
	InputTruncated bool
	// Output is the JSON text; nil unless SUCCEEDED, or when it was not asked for.
	Output json.RawMessage
	// OutputTruncated says that Output is only its beginning.
	OutputTruncated bool
	// Pause says who paused it, when and why; nil unless it is PAUSED.
	Pause *Pause
	// Error is what a FAILED, TIMED_OUT or ABORTED execution ended with.
	Error *ErrorValue
	// ActiveStates are what it is doing now; empty once it has closed.
	ActiveStates []ActiveState
	// EventCount is the length of its history so far.
	EventCount int64
	// RedriveCount says how often it was redriven.
	RedriveCount int
	// RedriveTime says when last; zero: never.
	RedriveTime time.Time
	// Redrivable says whether RedriveExecution would be accepted.
	Redrivable bool
	// RedriveReason says why not; empty while it would.
	RedriveReason string
	// Labels can be searched for.
	Labels map[string]string
	// Traceparent is its W3C trace context; empty without one.
	Traceparent string
}

// ErrorValue is the error pair of the Amazon States Language.
type ErrorValue struct {
	// Error is for example States.Timeout, or a worker's own name.
	Error string
	// Cause is free text, or JSON text.
	Cause string
}

// ActiveState says why an execution is where it is.
type ActiveState struct {
	// Path is for example /States/Pay or /States/Each[3]/Charge.
	Path string
	// Type is the state's.
	Type string
	// Kind is what it waits for: QUEUED, RUNNING, BACKING_OFF, WAITING_TIMER, NO_WORKER ...
	Kind string
	// Attempt counts from 1.
	Attempt int
	// Deliveries says how often the task was delivered to a worker.
	Deliveries int
	// Since is when it came to wait for this.
	Since time.Time
	// NextTime is the next retry, timer or timeout.
	NextTime time.Time
	// LastError is why the previous try failed.
	LastError *ErrorValue
	// Worker is who holds the task.
	Worker string
	// Resource is the queue of the task.
	Resource string
}

// ExecutionEvent is one event of an execution's history.
type ExecutionEvent struct {
	// ID is dense from 1.
	ID int64
	// PreviousID is the event before it on the same branch.
	PreviousID int64
	// Time is the database's.
	Time time.Time
	// Type is for example EXECUTION_STARTED or TASK_SUCCEEDED.
	Type string
	// AWSType is AWS's HistoryEventType.
	AWSType string
	// StatePath is empty for events of the execution itself.
	StatePath string
	// StateName is the last part of StatePath.
	StateName string
	// StateType is the state's Type.
	StateType string
	// Input is JSON text.
	Input json.RawMessage
	// Output is JSON text.
	Output json.RawMessage
	// PayloadTruncated says that they are only the beginning.
	PayloadTruncated bool
	// Error is that of failures, timeouts and aborts.
	Error *ErrorValue
	// Attempt counts from 1; 0 where an event has none.
	Attempt int
	// Delay is the time until the next try, or of a Wait.
	Delay time.Duration
	// Resource is that of a task.
	Resource string
	// Worker is who ran the task.
	Worker string
	// Index is that of a Map's item or a Parallel's branch.
	Index int64
	// Details are AWS's details of AWSType as JSON text.
	Details json.RawMessage
}

func executionOf(message *pawlv1.Execution) *Execution {
	made := &Execution{
		ID:                  message.GetId(),
		Name:                message.GetName(),
		ARN:                 message.GetArn(),
		StateMachine:        message.GetStateMachine(),
		StateMachineVersion: message.GetStateMachineVersion(),
		StateMachineAlias:   message.GetStateMachineAlias(),
		RevisionID:          message.GetRevisionId(),
		Status:              ExecutionStatus(enumName(message.GetStatus(), "EXECUTION_STATUS_")),
		StartTime:           timeOf(message.GetStartTime()),
		EndTime:             timeOf(message.GetEndTime()),
		Input:               textOf(message.GetInput()),
		InputTruncated:      message.GetInputTruncated(),
		Output:              textOf(message.GetOutput()),
		OutputTruncated:     message.GetOutputTruncated(),
		Pause:               pauseOf(message.GetPause()),
		Error:               errorValueOf(message.GetError()),
		EventCount:          message.GetEventCount(),
		RedriveCount:        int(message.GetRedriveCount()),
		RedriveTime:         timeOf(message.GetRedriveTime()),
		Redrivable:          message.GetRedrivable(),
		RedriveReason:       message.GetRedriveReason(),
		Labels:              message.GetLabels(),
		Traceparent:         message.GetTrace().GetTraceparent(),
	}
	for _, state := range message.GetActiveStates() {
		made.ActiveStates = append(made.ActiveStates, activeStateOf(state))
	}
	return made
}

func activeStateOf(message *pawlv1.ActiveState) ActiveState {
	return ActiveState{
		Path:       message.GetPath(),
		Type:       message.GetType(),
		Kind:       enumName(message.GetKind(), "ACTIVE_STATE_KIND_"),
		Attempt:    int(message.GetAttempt()),
		Deliveries: int(message.GetDeliveries()),
		Since:      timeOf(message.GetSince()),
		NextTime:   timeOf(message.GetNextTime()),
		LastError:  errorValueOf(message.GetLastError()),
		Worker:     message.GetWorker(),
		Resource:   message.GetResource(),
	}
}

func executionEventOf(message *pawlv1.ExecutionEvent) *ExecutionEvent {
	return &ExecutionEvent{
		ID:               message.GetId(),
		PreviousID:       message.GetPreviousId(),
		Time:             timeOf(message.GetTime()),
		Type:             enumName(message.GetType(), "EVENT_TYPE_"),
		AWSType:          message.GetAwsType(),
		StatePath:        message.GetStatePath(),
		StateName:        message.GetStateName(),
		StateType:        message.GetStateType(),
		Input:            textOf(message.GetInput()),
		Output:           textOf(message.GetOutput()),
		PayloadTruncated: message.GetPayloadTruncated(),
		Error:            errorValueOf(message.GetError()),
		Attempt:          int(message.GetAttempt()),
		Delay:            message.GetDelay().AsDuration(),
		Resource:         message.GetResource(),
		Worker:           message.GetWorker(),
		Index:            message.GetIndex(),
		Details:          textOf(message.GetDetails()),
	}
}

func errorValueOf(message *pawlv1.ErrorValue) *ErrorValue {
	if message == nil {
		return nil
	}
	return &ErrorValue{Error: message.GetError(), Cause: message.GetCause()}
}

// timeOf is zero for an absent time.
func timeOf(message *timestamppb.Timestamp) time.Time {
	if message == nil {
		return time.Time{}
	}
	return message.AsTime()
}
