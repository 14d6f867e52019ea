package pawl

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

func TestParseAddresses(t *testing.T) {
	for text, want := range map[string]string{
		"":                              "[localhost:7300] false",
		"pawl-1:7300, pawl-2:7300":      "[pawl-1:7300 pawl-2:7300] false",
		"http://pawl":                   "[pawl:80] false",
		"https://pawl.example.com/":     "[pawl.example.com:443] true",
		"https://a:1,https://b:2":       "[a:1 b:2] true",
		"[::1]:7300":                    "[[::1]:7300] false",
		"https://[::1]":                 "[[::1]:443] true",
		"pawl":                          `INVALID_ARGUMENT: address "pawl" is not host:port`,
		"a:1,":                          `INVALID_ARGUMENT: address "" is not host:port`,
		"https://a:1,b:2":               "INVALID_ARGUMENT: addresses mix https:// and others: https://a:1,b:2",
		"https://pawl.example.com/path": `INVALID_ARGUMENT: address "https://pawl.example.com/path" is not host:port`,
	} {
		parsed, err := parseAddresses(text)
		got := fmt.Sprint(parsed.hosts, " ", parsed.isSecure)
		if err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%q is %s, not %s", text, got, want)
		}
	}
}

func TestServesResource(t *testing.T) {
	for _, row := range []struct {
		registered, resource string
		want                 bool
	}{
		{"process:order", "arn:aws:lambda:::process:order", true},
		{"process:order", "arn:aws:states:::lambda:function:process:order", true},
		{"charge", "arn:aws:lambda:us-east-1:123456789012:function:charge:live", true},
		{"images:*", "images:resize", true},
		{"images:*", "arn:aws:lambda:::images:resize", true},
		{"images:*", "image", false},
		{"charge", "charges", false},
	} {
		if got := servesResource(row.registered, row.resource); got != row.want {
			t.Errorf("%s serves %s: %v", row.registered, row.resource, got)
		}
	}
}

func TestExecutionFilter(t *testing.T) {
	empty, at := "", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, row := range []struct {
		filter ExecutionFilter
		want   string
	}{
		{ExecutionFilter{}, ""},
		{ExecutionFilter{StateMachine: `a"\b`, Status: StatusFailed}, `state_machine = "a\"\\b" AND status = FAILED`},
		{ExecutionFilter{NamePrefix: "n", StartedAfter: at}, `name = "n*" AND start_time > "2026-01-02T03:04:05Z"`},
		{ExecutionFilter{Labels: map[string]string{"b": "2", "a": "1"}}, `labels.a = "1" AND labels.b = "2"`},
		{ExecutionFilter{Linked: &LinkConditions{SourceState: &empty}}, `linked = true AND link.source_state = ""`},
		{ExecutionFilter{Filter: "a = 1", Error: "E"}, `error = "E" AND a = 1`},
	} {
		if got := row.filter.String(); got != row.want {
			t.Errorf("filter is %s, not %s", got, row.want)
		}
	}
}

func TestExecutionLinkFilter(t *testing.T) {
	empty, at := "", time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, row := range []struct {
		filter ExecutionLinkFilter
		want   string
	}{
		{ExecutionLinkFilter{}, ""},
		{ExecutionLinkFilter{LinkConditions{SourceExecution: "s", SourceState: &empty}, StatusFailed}, `source_execution = "s" AND source_state = "" AND source_status = FAILED`},
		{ExecutionLinkFilter{LinkConditions: LinkConditions{TargetStateMachine: `a"`, CreatedAfter: at}}, `target_state_machine = "a\"" AND create_time > "2026-01-02T03:04:05Z"`},
		{ExecutionLinkFilter{LinkConditions: LinkConditions{SourceStateMachine: "m", Transformer: &empty, TargetExecution: "t", CreatedBefore: at}}, `source_state_machine = "m" AND transformer = "" AND target_execution = "t" AND create_time < "2026-01-02T03:04:05Z"`},
	} {
		if got := row.filter.String(); got != row.want {
			t.Errorf("filter is %s, not %s", got, row.want)
		}
	}
}

func TestBatchFilter(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, row := range []struct {
		filter BatchFilter
		want   string
	}{
		{BatchFilter{}, ""},
		{BatchFilter{Status: BatchPaused, StateMachine: "m", NamePrefix: "n"}, `status = PAUSED AND state_machine = "m" AND name = "n*"`},
		{BatchFilter{Name: "n", CreatedAfter: at, EndedBefore: at}, `name = "n" AND create_time > "2026-01-02T03:04:05Z" AND end_time < "2026-01-02T03:04:05Z"`},
	} {
		if got := row.filter.String(); got != row.want {
			t.Errorf("filter is %s, not %s", got, row.want)
		}
	}
}

func TestRuntimeTextLeavesOutWhatAWorkerDidNotSay(t *testing.T) {
	for _, row := range []struct {
		runtime *pawlv1.RuntimeInfo
		want    string
	}{
		{nil, ""},
		{&pawlv1.RuntimeInfo{Language: "go"}, "go"},
		{&pawlv1.RuntimeInfo{SdkName: "a", SdkVersion: "1", Language: "go", LanguageVersion: "2", Os: "linux"}, "a 1, go 2, linux"},
	} {
		if got := runtimeText(row.runtime); got != row.want {
			t.Errorf("%v is %q, not %q", row.runtime, got, row.want)
		}
	}
}

func TestCutCountsAsTheServerDoes(t *testing.T) {
	for _, row := range []struct{ text, want string }{
		{"abcd", "abcd"},
		{"abcde", "abc…"},
		{"éééé", "éééé"},
		{"😀😀", "😀😀"},
		{"😀😀😀", "😀…"},
	} {
		if got := cut(row.text, 4); got != row.want {
			t.Errorf("%q is cut to %q, not %q", row.text, got, row.want)
		}
	}
}

func TestDelaysDoubleUpToTheMostEachBetweenHalfAndWhole(t *testing.T) {
	delays := exponential{first: 100 * time.Millisecond, most: time.Second}
	for _, whole := range []time.Duration{100, 200, 400, 800, 1_000, 1_000} {
		whole *= time.Millisecond
		if delay := delays.next(); delay < whole/2 || delay > whole {
			t.Errorf("delay is %s of %s", delay, whole)
		}
	}
}

func TestCauseOfALongStackKeepsItsShape(t *testing.T) {
	stack := strings.Split(strings.Repeat("frame,", 10_000), ",")
	cause := failureOf(&handlerPanic{value: errors.New("x"), stack: stack}).GetError().GetCause()
	if len(cause) > causeCharsMax || !strings.HasSuffix(cause, `"]}`) {
		t.Errorf("cause has %d bytes and ends with %s", len(cause), cause[len(cause)-10:])
	}
}
