package pawl

import (
	pawlv1 "github.com/pawl-dev/pawl/sdk/go/gen/pawl/v1"
)

// take makes messages of all that is to be sent; true: these are the last.
func (s *session) take() (requests []*pawlv1.WorkRequest, isEnd bool) {
	s.runs.mu.Lock()
	defer s.runs.mu.Unlock()
	if s.welcome == nil {
		return nil, false
	}
	if accept := s.takeAccepts(); accept != nil {
		requests = append(requests, &pawlv1.WorkRequest{Message: &pawlv1.WorkRequest_Accept{Accept: accept}})
	}
	if beats := s.takeBeats(); beats != nil {
		requests = append(requests, &pawlv1.WorkRequest{Message: &pawlv1.WorkRequest_Heartbeats{Heartbeats: beats}})
	}
	for _, outcomes := range s.takeOutcomes() {
		requests = append(requests, &pawlv1.WorkRequest{Message: &pawlv1.WorkRequest_Outcomes{Outcomes: outcomes}})
	}
	if len(s.releases) > 0 {
		release := &pawlv1.ReleaseTasks{TaskTokens: s.releases, Reason: "the worker can not finish it"}
		s.releases = nil
		requests = append(requests, &pawlv1.WorkRequest{Message: &pawlv1.WorkRequest_Release{Release: release}})
	}
	if demand := s.takeDemand(); demand != nil {
		requests = append(requests, &pawlv1.WorkRequest{Message: &pawlv1.WorkRequest_Demand{Demand: demand}})
	}
	if s.ping != nil {
		requests = append(requests, &pawlv1.WorkRequest{Message: &pawlv1.WorkRequest_Ping{Ping: s.ping}})
		s.ping = nil
	}
	if s.drain != nil {
		requests = append(requests, &pawlv1.WorkRequest{Message: &pawlv1.WorkRequest_Drain{Drain: s.drain}})
		s.drain = nil
	}
	return requests, s.ending
}

// takeAccepts leaves out what is over already: its outcome says more.
func (s *session) takeAccepts() *pawlv1.AcceptTasks {
	accept := &pawlv1.AcceptTasks{}
	for _, run := range s.accepts {
		if run.isRunning() {
			accept.TaskTokens = append(accept.TaskTokens, run.task.GetTaskToken())
		}
	}
	clear(s.accepts)
	s.accepts = s.accepts[:0]
	if len(accept.TaskTokens) == 0 {
		return nil
	}
	return accept
}

func (s *session) takeBeats() *pawlv1.TaskHeartbeats {
	beats := &pawlv1.TaskHeartbeats{}
	for _, run := range s.beats {
		run.beat.queued = false
		if !run.isRunning() {
			continue
		}
		run.beat.unsent = false
		beats.Beats = append(beats.Beats, &pawlv1.TaskHeartbeat{
			TaskToken: run.task.GetTaskToken(),
			Details:   run.beat.details,
			Progress:  run.beat.progress,
		})
	}
	clear(s.beats)
	s.beats = s.beats[:0]
	if len(beats.Beats) == 0 {
		return nil
	}
	return beats
}

func (s *session) takeOutcomes() []*pawlv1.TaskOutcomes {
	if len(s.outcomes) == 0 {
		return nil
	}
	most := messageBytesMax
	if wanted := int(s.welcome.GetMaxMessageBytes()); wanted > 0 {
		most = min(most, wanted)
	}
	flight := &pawlv1.TaskOutcomes{}
	flights := []*pawlv1.TaskOutcomes{flight}
	bytes := 0
	for _, run := range s.outcomes {
		// A failure and the log beside it are small; so much is left for them.
		size := 1_000 + len(run.outcome.GetOutput())
		if bytes+size > most && len(flight.Outcomes) > 0 {
			flight, bytes = &pawlv1.TaskOutcomes{}, 0
			flights = append(flights, flight)
		}
		flight.Outcomes = append(flight.Outcomes, run.outcome)
		bytes += size
	}
	clear(s.outcomes)
	s.outcomes = s.outcomes[:0]
	return flights
}

// takeDemand is cumulative: tasks received so far, plus the slots that are free. Only what has changed is said.
func (s *session) takeDemand() *pawlv1.Demand {
	if !s.demandDue || !s.hasCredit {
		return nil
	}
	s.demandDue = false
	demand := &pawlv1.Demand{Limits: map[string]int64{}}
	for name, pool := range s.runs.pools {
		limit := s.received[name] + int64(max(0, pool.slots-pool.taken))
		if limit > s.limits[name] {
			s.limits[name] = limit
			demand.Limits[name] = limit
		}
	}
	if len(demand.Limits) == 0 {
		return nil
	}
	return demand
}
