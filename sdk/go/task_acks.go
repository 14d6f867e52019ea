package pawl

import (
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// OutcomeStatus is how the server took an outcome. All but RETRY are final.
type OutcomeStatus string

// The verdicts.
const (
	// OutcomeRecorded : it is durable.
	OutcomeRecorded OutcomeStatus = "RECORDED"
	// OutcomeAlreadyRecorded : the same outcome was recorded before.
	OutcomeAlreadyRecorded OutcomeStatus = "ALREADY_RECORDED"
	// OutcomeLeaseLost : another attempt owns the task.
	OutcomeLeaseLost OutcomeStatus = "LEASE_LOST"
	// OutcomeExecutionClosed : the execution is over.
	OutcomeExecutionClosed OutcomeStatus = "EXECUTION_CLOSED"
	// OutcomeInvalid : it can not be recorded; the task fails instead.
	OutcomeInvalid OutcomeStatus = "INVALID"
	// OutcomeRetry : it is sent again later.
	OutcomeRetry OutcomeStatus = "RETRY"
	// OutcomeTimedOut : the task had timed out already.
	OutcomeTimedOut OutcomeStatus = "TIMED_OUT"
)

// ReportedOutcome is the server's answer to an outcome.
type ReportedOutcome struct {
	// TaskID names the task in logs.
	TaskID string
	// Resource is the queue the task came from.
	Resource string
	// Execution is the execution's id.
	Execution string
	// Status is the verdict.
	Status OutcomeStatus
}

// resendDelayMax bounds the wait before an outcome is sent that the server could not take.
const resendDelayMax = 10 * time.Second

func (r *taskRuns) onAcks(acks []*pawlv1.OutcomeAck) {
	reported := make([]ReportedOutcome, 0, len(acks))
	r.mu.Lock()
	for _, ack := range acks {
		run := r.runs[string(ack.GetTaskToken())]
		if run == nil || run.isRunning() {
			continue
		}
		reported = append(reported, ReportedOutcome{
			TaskID:    run.task.GetTaskId(),
			Resource:  run.task.GetResource(),
			Execution: run.task.GetExecution(),
			Status:    OutcomeStatus(enumName(ack.GetStatus(), "OUTCOME_STATUS_")),
		})
		if r.isSettled(run, ack) {
			r.forget(run)
		}
	}
	r.mu.Unlock()
	if r.onOutcome == nil {
		return
	}
	for _, outcome := range reported {
		r.onOutcome(outcome)
	}
}

// isSettled says whether a run is over, and sends its outcome again when it is not.
func (r *taskRuns) isSettled(run *taskRun, ack *pawlv1.OutcomeAck) bool {
	switch ack.GetStatus() {
	case pawlv1.OutcomeStatus_OUTCOME_STATUS_RECORDED, pawlv1.OutcomeStatus_OUTCOME_STATUS_ALREADY_RECORDED:
		return true
	case pawlv1.OutcomeStatus_OUTCOME_STATUS_RETRY:
		run.retries++
		delay := jittered(min(resendDelayMax, 100*time.Millisecond<<min(run.retries, 10)))
		time.AfterFunc(delay, func() { r.sendAgain(run) })
		return false
	case pawlv1.OutcomeStatus_OUTCOME_STATUS_INVALID:
		r.log.Error("an outcome was refused", "resource", run.task.GetResource(), "reason", ack.GetReason(),
			"message", ack.GetMessage(), "execution", run.task.GetExecution(), "state", run.task.GetStatePath())
		return !r.failInstead(run, ack)
	default:
		r.log.Debug("an outcome came too late", "resource", run.task.GetResource(),
			"status", enumName(ack.GetStatus(), "OUTCOME_STATUS_"), "execution", run.task.GetExecution())
		return true
	}
}

// failInstead makes an output that can not be recorded the task's failure: else the task would stay open for as long as
// this worker lives. Where the server failed the task itself, it answers ALREADY_RECORDED.
func (r *taskRuns) failInstead(run *taskRun, ack *pawlv1.OutcomeAck) bool {
	if _, isOutput := run.outcome.GetResult().(*pawlv1.TaskOutcome_Output); !isOutput || ack.GetReason() == "INVALID_TOKEN" {
		return false
	}
	name := errorInvalidOutput
	if ack.GetReason() == "OUTPUT_TOO_LARGE" {
		name = errorDataLimitExceeded
	}
	cause := ack.GetMessage()
	if cause == "" {
		cause = ack.GetReason()
	}
	failure := failureOf(&TaskError{Name: name, Cause: cause, NonRetryable: true})
	run.outcome = &pawlv1.TaskOutcome{
		TaskToken: run.outcome.GetTaskToken(),
		Result:    &pawlv1.TaskOutcome_Failure{Failure: failure},
		Logs:      run.outcome.GetLogs(),
	}
	r.send(run)
	return true
}

func (r *taskRuns) sendAgain(run *taskRun) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.has(run) {
		r.send(run)
	}
}

// resendStale sends again what has had no acknowledgement for longer than a stream should need.
func (r *taskRuns) resendStale(s *session, stale time.Duration) {
	before := time.Now().Add(-stale)
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range r.runs {
		isMine := run.session == s || !run.session.isOpen()
		if !run.isRunning() && isMine && run.retries == 0 && run.outcomeSent.Before(before) {
			r.send(run)
		}
	}
}
