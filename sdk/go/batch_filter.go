package pawl

import "time"

// BatchFilter says which batches; all conditions that are set must hold.
type BatchFilter struct {
	// Status is where they stand.
	Status BatchStatus
	// StateMachine is the name or ARN of what is started.
	StateMachine string
	// Name is the whole name.
	Name string
	// NamePrefix is how names begin.
	NamePrefix string
	// CreatedAfter and the others bound the times.
	CreatedAfter, CreatedBefore, EndedAfter, EndedBefore time.Time
}

// String is the filter's text (AIP-160).
func (f BatchFilter) String() string {
	terms := filterTerms{}
	if f.Status != "" {
		terms.add("status = %s", f.Status)
	}
	terms.equal("state_machine", f.StateMachine)
	terms.equal("name", f.Name)
	if f.NamePrefix != "" {
		terms.equal("name", f.NamePrefix+"*")
	}
	terms.time("create_time >", f.CreatedAfter)
	terms.time("create_time <", f.CreatedBefore)
	terms.time("end_time >", f.EndedAfter)
	terms.time("end_time <", f.EndedBefore)
	return terms.String()
}
