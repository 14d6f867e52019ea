package pawl

import (
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/fieldmaskpb"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// StateMachineType says what is durable: every transition (STANDARD), or start and end only (EXPRESS).
type StateMachineType string

// The types.
const (
	TypeStandard StateMachineType = "STANDARD"
	TypeExpress  StateMachineType = "EXPRESS"
)

// DefinitionFormat is how a definition is written.
type DefinitionFormat string

// The formats.
const (
	FormatJSON DefinitionFormat = "JSON"
	FormatYAML DefinitionFormat = "YAML"
)

// TaskLossPolicy is what becomes of a task whose worker was lost.
type TaskLossPolicy string

// The policies.
const (
	// LossRedeliver offers it again, as often as it takes. This is what happens unless something else is said.
	LossRedeliver TaskLossPolicy = "REDELIVER"
	// LossRetryAsTimeout has it time out, for Retry and Catch.
	LossRetryAsTimeout TaskLossPolicy = "RETRY_AS_TIMEOUT"
	// LossFail fails it with Pawl.TaskLost, which is caught but not retried.
	LossFail TaskLossPolicy = "FAIL"
	// LossPause pauses the execution.
	LossPause TaskLossPolicy = "PAUSE"
	// LossSkip leaves the state with its input as its output.
	LossSkip TaskLossPolicy = "SKIP"
)

// StateMachine is a definition under a name.
type StateMachine struct {
	// Name is of letters, digits, _ and -; at most 80.
	Name string
	// UID is a UUIDv7.
	UID string
	// ARN names it in the AWS API.
	ARN string
	// Type is STANDARD or EXPRESS.
	Type StateMachineType
	// Definition is exactly the text the author sent; empty in lists.
	Definition string
	// DefinitionFormat is JSON or YAML.
	DefinitionFormat DefinitionFormat
	// RevisionID names this revision of the definition.
	RevisionID string
	// Version is 0 of the head.
	Version int64
	// Description is free text.
	Description string
	// Labels are those of the state machine, not of its executions.
	Labels map[string]string
	// State is ACTIVE or DELETING.
	State string
	// CreateTime is when it was created.
	CreateTime time.Time
	// UpdateTime is when its head was changed last.
	UpdateTime time.Time
	// Etag is for optimistic locking: give it back with an update or delete.
	Etag string
	// Resources are what its Tasks name, each once.
	Resources []string
	// Retention is how long closed executions are kept; 0: for ever.
	Retention time.Duration
	// OnTaskLost is what becomes of a task whose worker was lost.
	OnTaskLost TaskLossPolicy
	// MaxTaskDeliveries is how often a task is delivered before OnTaskLost applies; 0: once.
	MaxTaskDeliveries int
}

// StateMachineResult is a state machine and what the server warns of.
type StateMachineResult struct {
	// StateMachine is as it is now.
	StateMachine *StateMachine
	// Warnings do not forbid it.
	Warnings []Diagnostic
}

// Diagnostic is one finding about a definition.
type Diagnostic struct {
	// Severity is ERROR, WARNING or HINT.
	Severity string
	// Code is for example MISSING_TRANSITION_TARGET.
	Code string
	// Message is for humans.
	Message string
	// Location is a JSON pointer, for example /States/Pay/Next.
	Location string
	// Line and Column count from 1, in the text that was sent; 0: unknown.
	Line, Column int
	// Suggestion is for example: did you mean "Paid"?
	Suggestion string
}

// StateMachineInput is a new or changed state machine. In an update, what is zero stays as it is.
type StateMachineInput struct {
	// Name is what it is known by.
	Name string
	// Definition is JSON or YAML text (a string), or any value that encodes as a JSON definition.
	Definition any
	// Format is that of the text; empty: it is seen from the text.
	Format DefinitionFormat
	// Type is STANDARD unless it says otherwise. It cannot be changed.
	Type StateMachineType
	// Description is free text.
	Description string
	// Labels are those of the state machine.
	Labels map[string]string
	// Retention is how long closed executions are kept, in whole seconds; nil: for ever, or as it was; 0: for ever.
	Retention *time.Duration
	// OnTaskLost is what becomes of a task whose worker was lost; empty: LossRedeliver, or as it was.
	OnTaskLost TaskLossPolicy
	// MaxTaskDeliveries is how often a task is delivered before OnTaskLost applies, but for LossRedeliver; 0: once.
	MaxTaskDeliveries int
	// Etag refuses an update (ABORTED) unless the state machine still has it; empty: whatever it is.
	Etag string
}

func (i StateMachineInput) message() (*pawlv1.StateMachine, *fieldmaskpb.FieldMask, error) {
	definition, err := definitionText(i.Definition)
	if err != nil {
		return nil, nil, err
	}
	mask := &fieldmaskpb.FieldMask{}
	name := func(isSet bool, path string) {
		if isSet {
			mask.Paths = append(mask.Paths, path)
		}
	}
	name(definition != "", "definition")
	name(i.Description != "", "description")
	name(i.Labels != nil, "labels")
	name(i.Retention != nil, "retention")
	name(i.OnTaskLost != "", "on_task_lost")
	name(i.MaxTaskDeliveries != 0, "max_task_deliveries")
	message := &pawlv1.StateMachine{
		Name:              i.Name,
		Definition:        definition,
		DefinitionFormat:  i.Format.number(),
		Type:              i.Type.number(),
		Description:       i.Description,
		Labels:            i.Labels,
		Etag:              i.Etag,
		OnTaskLost:        pawlv1.TaskLossPolicy(pawlv1.TaskLossPolicy_value["TASK_LOSS_POLICY_"+string(i.OnTaskLost)]),
		MaxTaskDeliveries: int32(i.MaxTaskDeliveries),
	}
	if i.Retention != nil {
		message.Retention = durationpb.New(*i.Retention)
	}
	return message, mask, nil
}

func (t StateMachineType) number() pawlv1.StateMachineType {
	return pawlv1.StateMachineType(pawlv1.StateMachineType_value["STATE_MACHINE_TYPE_"+string(t)])
}

func (f DefinitionFormat) number() pawlv1.DefinitionFormat {
	return pawlv1.DefinitionFormat(pawlv1.DefinitionFormat_value["DEFINITION_FORMAT_"+string(f)])
}

func definitionText(definition any) (string, error) {
	if text, isText := definition.(string); isText {
		return text, nil
	}
	text, err := encodeOr(definition, "")
	if err != nil {
		return "", refusal(codes.InvalidArgument, "definition is not JSON: %v", err)
	}
	return text, nil
}

func stateMachineOf(message *pawlv1.StateMachine) *StateMachine {
	return &StateMachine{
		Name:              message.GetName(),
		UID:               message.GetUid(),
		ARN:               message.GetArn(),
		Type:              StateMachineType(enumName(message.GetType(), "STATE_MACHINE_TYPE_")),
		Definition:        message.GetDefinition(),
		DefinitionFormat:  DefinitionFormat(enumName(message.GetDefinitionFormat(), "DEFINITION_FORMAT_")),
		RevisionID:        message.GetRevisionId(),
		Version:           message.GetVersion(),
		Description:       message.GetDescription(),
		Labels:            message.GetLabels(),
		State:             enumName(message.GetState(), "STATE_MACHINE_STATE_"),
		CreateTime:        timeOf(message.GetCreateTime()),
		UpdateTime:        timeOf(message.GetUpdateTime()),
		Etag:              message.GetEtag(),
		Resources:         message.GetResources(),
		Retention:         message.GetRetention().AsDuration(),
		OnTaskLost:        TaskLossPolicy(enumName(message.GetOnTaskLost(), "TASK_LOSS_POLICY_")),
		MaxTaskDeliveries: int(message.GetMaxTaskDeliveries()),
	}
}

func diagnosticsOf(messages []*pawlv1.Diagnostic) []Diagnostic {
	diagnostics := make([]Diagnostic, 0, len(messages))
	for _, message := range messages {
		diagnostics = append(diagnostics, Diagnostic{
			Severity:   enumName(message.GetSeverity(), "SEVERITY_"),
			Code:       message.GetCode(),
			Message:    message.GetMessage(),
			Location:   message.GetLocation(),
			Line:       int(message.GetLine()),
			Column:     int(message.GetColumn()),
			Suggestion: message.GetSuggestion(),
		})
	}
	return diagnostics
}
