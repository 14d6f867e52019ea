package pawl

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// ExecutionFilter says which executions; all conditions that are set must hold.
type ExecutionFilter struct {
	// StateMachine is a name or an ARN.
	StateMachine string
	// MapRun is the id or ARN of a map run: its executions.
	MapRun string
	// Status is where they stand.
	Status ExecutionStatus
	// Name is the whole name.
	Name string
	// NamePrefix is how names begin.
	NamePrefix string
	// Error is what they ended with.
	Error string
	// CurrentState finds open ones in a state of this name, in a branch or an item too.
	CurrentState string
	// StartedAfter and the others bound the times.
	StartedAfter, StartedBefore, EndedAfter, EndedBefore time.Time
	// Labels are all there.
	Labels map[string]string
	// Linked finds executions from which another one was chained, by a link that fulfils these conditions.
	Linked *LinkConditions
	// NotLinked finds all others. Not beside Linked.
	NotLinked *LinkConditions
	// Filter is a further condition in the server's filter language (AIP-160).
	Filter string
}

// String is the filter's text (AIP-160).
func (f ExecutionFilter) String() string {
	terms := filterTerms{}
	terms.equal("state_machine", f.StateMachine)
	terms.equal("map_run", f.MapRun)
	if f.Status != "" {
		terms.add("status = %s", f.Status)
	}
	terms.equal("name", f.Name)
	if f.NamePrefix != "" {
		terms.equal("name", f.NamePrefix+"*")
	}
	terms.time("start_time >", f.StartedAfter)
	terms.time("start_time <", f.StartedBefore)
	terms.time("end_time >", f.EndedAfter)
	terms.time("end_time <", f.EndedBefore)
	terms.equal("error", f.Error)
	terms.equal("current_state", f.CurrentState)
	for _, name := range slices.Sorted(maps.Keys(f.Labels)) {
		terms.add("labels.%s = %s", name, quoted(f.Labels[name]))
	}
	if f.Linked != nil {
		terms.add("linked = true")
		terms.link("link.", *f.Linked)
	}
	if f.NotLinked != nil {
		terms.add("linked = false")
		terms.link("link.", *f.NotLinked)
	}
	if f.Filter != "" {
		terms.add("%s", f.Filter)
	}
	return terms.String()
}

// filterTerms are the terms of a filter, all of which must hold.
type filterTerms []string

func (t filterTerms) String() string { return strings.Join(t, " AND ") }

func (t *filterTerms) add(format string, values ...any) {
	*t = append(*t, fmt.Sprintf(format, values...))
}

// equal adds a condition unless the text is empty.
func (t *filterTerms) equal(field, text string) {
	if text != "" {
		t.add("%s = %s", field, quoted(text))
	}
}

// is adds a condition unless the text is absent; it may be empty.
func (t *filterTerms) is(field string, text *string) {
	if text != nil {
		t.add("%s = %s", field, quoted(*text))
	}
}

func (t *filterTerms) time(comparison string, at time.Time) {
	if !at.IsZero() {
		t.add("%s %s", comparison, quoted(at.UTC().Format(time.RFC3339Nano)))
	}
}

func (t *filterTerms) link(prefix string, conditions LinkConditions) {
	t.equal(prefix+"source_execution", conditions.SourceExecution)
	t.equal(prefix+"source_state_machine", conditions.SourceStateMachine)
	t.is(prefix+"source_state", conditions.SourceState)
	t.is(prefix+"transformer", conditions.Transformer)
	t.equal(prefix+"target_execution", conditions.TargetExecution)
	t.equal(prefix+"target_state_machine", conditions.TargetStateMachine)
	t.time(prefix+"create_time >", conditions.CreatedAfter)
	t.time(prefix+"create_time <", conditions.CreatedBefore)
}

var filterEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func quoted(text string) string { return `"` + filterEscapes.Replace(text) + `"` }
