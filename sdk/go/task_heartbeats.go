package pawl

import "time"

// heartbeat takes what a handler says; many of them become one beat.
func (r *taskRuns) heartbeat(run *taskRun, details string, progress float32) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !run.isRunning() {
		return
	}
	if details != "" {
		run.beat.details = details
	}
	if progress != 0 {
		run.beat.progress = progress
	}
	run.beat.unsent = true
	if at := run.beat.sent.Add(run.beat.gap); at.After(time.Now()) {
		r.scheduleBeat(run, at)
	} else {
		r.beat(run)
	}
}

// beat sends one now and plans the next.
func (r *taskRuns) beat(run *taskRun) {
	run.beat.sent = time.Now()
	run.beat.due = time.Time{}
	if s := r.sessionOf(run); s != nil && !run.beat.queued {
		run.beat.queued = true
		s.beats = append(s.beats, run)
		s.wake()
	}
	if run.beat.every > 0 {
		r.scheduleBeat(run, run.beat.sent.Add(run.beat.every))
	}
}

// scheduleBeat plans a beat, unless there is an earlier one already.
func (r *taskRuns) scheduleBeat(run *taskRun, at time.Time) {
	if !run.beat.due.IsZero() && run.beat.due.Before(at) {
		return
	}
	run.beat.due = at
	if run.beat.timer == nil {
		run.beat.timer = time.AfterFunc(time.Until(at), func() { r.onBeatDue(run) })
	} else {
		run.beat.timer.Reset(time.Until(at))
	}
}

func (r *taskRuns) onBeatDue(run *taskRun) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if run.isRunning() && r.has(run) {
		r.beat(run)
	}
}
