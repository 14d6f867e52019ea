package pawl

import "context"

// registration is a handler and what it was registered for.
type registration struct {
	resource      string
	handle        func(ctx context.Context, input []byte) (string, error)
	autoHeartbeat bool
}

// slotPool is what shares slots. A slot is taken from a task's arrival until its outcome is acknowledged.
type slotPool struct {
	name          string
	slots         int
	registrations []*registration
	taken         int
}

func (p *slotPool) resources() []string {
	names := make([]string, len(p.registrations))
	for index, registered := range p.registrations {
		names[index] = registered.resource
	}
	return names
}

// registrationFor finds a task's handler: the exact resource, else a spelling or prefix that leads to it, the longest
// first.
func (p *slotPool) registrationFor(resource, rawResource string) *registration {
	if len(p.registrations) == 1 {
		return p.registrations[0]
	}
	var best *registration
	for _, candidate := range p.registrations {
		if candidate.resource == resource || candidate.resource == rawResource {
			return candidate
		}
		serves := servesResource(candidate.resource, resource) || servesResource(candidate.resource, rawResource)
		if serves && (best == nil || len(candidate.resource) > len(best.resource)) {
			best = candidate
		}
	}
	return best
}
