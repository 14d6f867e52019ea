package pawl

import (
	"context"
	"log/slog"
	"sync"
	"time"

	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// taskRuns are the tasks of one worker, over all its sessions: each from its arrival until its outcome is acknowledged.
//
// Its one lock guards the runs, the pools and what the sessions have to send; it is never held while anything blocks.
type taskRuns struct {
	log        *slog.Logger
	pools      map[string]*slotPool
	fetchInput func(ctx context.Context, taskToken []byte) (string, error)
	onOutcome  func(ReportedOutcome)

	mu   sync.Mutex
	runs map[string]*taskRun
	// current is where outcomes go whose own session is gone.
	current *session
	// refusing is set when the worker closes: what still arrives goes back.
	refusing bool
	// changed is closed when a run is over, if somebody waits for that.
	changed chan struct{}
}

// held are the runs that are not over: a new session says that they are still here.
func (r *taskRuns) held() []*taskRun {
	r.mu.Lock()
	defer r.mu.Unlock()
	held := make([]*taskRun, 0, len(r.runs))
	for _, run := range r.runs {
		held = append(held, run)
	}
	return held
}

// running counts the tasks in progress per pool, for the server's display.
func (r *taskRuns) running() map[string]int32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	counts := map[string]int32{}
	for _, run := range r.runs {
		if run.isRunning() {
			counts[run.pool.name]++
		}
	}
	return counts
}

func (r *taskRuns) onTasks(s *session, tasks []*pawlv1.Task) {
	begun := make([]*taskRun, 0, len(tasks))
	r.mu.Lock()
	for _, task := range tasks {
		if run := r.take(s, task); run != nil {
			begun = append(begun, run)
		}
	}
	r.mu.Unlock()
	for _, run := range begun {
		go run.execute()
	}
	s.wake()
}

// take makes a run of a task, or hands the task back.
func (r *taskRuns) take(s *session, task *pawlv1.Task) *taskRun {
	s.received[task.GetPool()]++
	key := string(task.GetTaskToken())
	if r.runs[key] != nil {
		s.demandDue = true
		return nil
	}
	var registered *registration
	pool := r.pools[task.GetPool()]
	if pool != nil {
		registered = pool.registrationFor(task.GetResource(), task.GetRawResource())
	}
	if registered == nil {
		r.log.Error("no handler for a task", "resource", task.GetResource(), "pool", task.GetPool())
	}
	if registered == nil || r.refusing {
		s.releases = append(s.releases, task.GetTaskToken())
		s.demandDue = true
		return nil
	}
	pool.taken++
	run := newTaskRun(r, s, task, pool, registered)
	r.runs[key] = run
	s.accepts = append(s.accepts, run)
	if run.beat.every > 0 {
		r.scheduleBeat(run, time.Now().Add(run.beat.every))
	}
	return run
}

// adopt obeys a new session's verdicts on what is held here, and says again what may have been lost.
func (r *taskRuns) adopt(s *session, held []*taskRun) {
	verdicts := make(map[string]pawlv1.TaskTokenState, len(held))
	for _, verdict := range s.welcome.GetHeld() {
		verdicts[string(verdict.GetTaskToken())] = verdict.GetState()
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.current = s
	for _, run := range held {
		if !r.has(run) {
			continue
		}
		run.session = s
		r.obey(run, verdicts[string(run.task.GetTaskToken())], CancelExecutionStopped)
		switch {
		case !r.has(run) || run.cancelled == CancelLeaseLost:
		case run.isRunning():
			s.accepts = append(s.accepts, run)
			if run.beat.every > 0 || run.beat.unsent {
				run.beat.queued = false
				r.beat(run)
			}
		default:
			r.send(run)
		}
	}
	s.wake()
}

// finish reports what a handler returned. The cause is why its context was cancelled, if it was.
func (r *taskRuns) finish(run *taskRun, output string, err, cause error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if run.beat.timer != nil {
		run.beat.timer.Stop()
	}
	if !r.has(run) {
		return
	}
	reason := run.cancelled
	if reason == "" {
		reason = reasonOf(cause)
	}
	if outcome := run.outcomeOf(output, err, reason); outcome != nil {
		run.outcome = outcome
		r.send(run)
		return
	}
	if s := r.sessionOf(run); s != nil && reason != CancelLeaseLost {
		s.releases = append(s.releases, run.task.GetTaskToken())
		s.wake()
	}
	r.forget(run)
}

func (r *taskRuns) onCancel(message *pawlv1.CancelTasks) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, token := range message.GetTaskTokens() {
		if run := r.runs[string(token)]; run != nil {
			r.cancel(run, cancelReasonOf(message.GetReason()))
		}
	}
}

func (r *taskRuns) onHeartbeatReplies(replies []*pawlv1.HeartbeatReply) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, reply := range replies {
		if run := r.runs[string(reply.GetTaskToken())]; run != nil && run.isRunning() {
			r.obey(run, reply.GetState(), cancelReasonOf(reply.GetCancelReason()))
		}
	}
}

// cancelAll tells every handler to stop.
func (r *taskRuns) cancelAll(reason CancelReason) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range r.runs {
		if run.isRunning() {
			r.cancel(run, reason)
		}
	}
}

// refuse hands back what still arrives.
func (r *taskRuns) refuse() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.refusing = true
}

// releaseAll hands back what still runs and forgets everything. It returns how many outcomes nobody has acknowledged.
func (r *taskRuns) releaseAll() (unacknowledged int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, run := range r.runs {
		if !run.isRunning() {
			unacknowledged++
		} else if s := r.sessionOf(run); s != nil {
			s.releases = append(s.releases, run.task.GetTaskToken())
			s.wake()
		}
		if run.beat.timer != nil {
			run.beat.timer.Stop()
		}
	}
	clear(r.runs)
	return unacknowledged
}

// waitIdle waits until no run is left (of that session); false: the context was done first.
func (r *taskRuns) waitIdle(ctx context.Context, s *session) bool {
	for {
		r.mu.Lock()
		isIdle := r.isIdle(s)
		if r.changed == nil {
			r.changed = make(chan struct{})
		}
		changed := r.changed
		r.mu.Unlock()
		if isIdle {
			return true
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return false
		}
	}
}

func (r *taskRuns) isIdle(s *session) bool {
	if s == nil {
		return len(r.runs) == 0
	}
	for _, run := range r.runs {
		if run.session == s {
			return false
		}
	}
	return true
}

// ---- what needs the lock

// has is false once a run is over.
func (r *taskRuns) has(run *taskRun) bool { return r.runs[string(run.task.GetTaskToken())] == run }

// obey does what the server says a token is worth.
func (r *taskRuns) obey(run *taskRun, state pawlv1.TaskTokenState, reason CancelReason) {
	switch state {
	case pawlv1.TaskTokenState_TASK_TOKEN_STATE_CANCEL_REQUESTED:
		r.cancel(run, reason)
	case pawlv1.TaskTokenState_TASK_TOKEN_STATE_LEASE_LOST,
		pawlv1.TaskTokenState_TASK_TOKEN_STATE_FINISHED,
		pawlv1.TaskTokenState_TASK_TOKEN_STATE_UNKNOWN:
		r.cancel(run, CancelLeaseLost)
		if !run.isRunning() {
			r.forget(run)
		}
	}
}

// cancel tells a handler to stop; what it returns all the same is reported, except for a lost lease.
func (r *taskRuns) cancel(run *taskRun, reason CancelReason) {
	if run.cancelled != "" && reason != CancelLeaseLost {
		return
	}
	run.cancelled = reason
	run.cancel(&TaskCancelledError{Reason: reason})
}

// send gives the run's outcome to a session; without one the next session will ask.
func (r *taskRuns) send(run *taskRun) {
	s := r.sessionOf(run)
	if s == nil {
		return
	}
	run.session = s
	run.outcomeSent = time.Now()
	s.outcomes = append(s.outcomes, run)
	s.wake()
}

// sessionOf is the run's own session while it lives, else the present one.
func (r *taskRuns) sessionOf(run *taskRun) *session {
	if run.session.isOpen() {
		return run.session
	}
	if r.current != nil && r.current.isOpen() {
		return r.current
	}
	return nil
}

func (r *taskRuns) forget(run *taskRun) {
	delete(r.runs, string(run.task.GetTaskToken()))
	run.pool.taken--
	if r.current != nil {
		r.current.demandDue = true
		r.current.wake()
	}
	if r.changed != nil {
		close(r.changed)
		r.changed = nil
	}
}

func cancelReasonOf(reason pawlv1.CancelReason) CancelReason {
	if reason == pawlv1.CancelReason_CANCEL_REASON_UNSPECIFIED {
		return CancelExecutionStopped
	}
	return CancelReason(enumName(reason, "CANCEL_REASON_"))
}
