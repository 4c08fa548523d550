package decide

import (
	"time"

	"presage"
	"presage/outreach/contact"
)

// start settles where a new case starts: with messages, with a person who
// calls, or suppressed. again: an earlier case came to nothing.
func (o *Offerer) start(c *presage.Case, customer presage.Customer, again bool, ev presage.CaseEvent,
) presage.CaseEvent {
	customer = customer.For(c.Purpose())
	reachable, safety := len(o.Planner.Route(customer)) > 0, c.Severity == presage.Safety
	if reachable && !again {
		return ev
	}
	call := presage.Because(presage.WhyCall)
	switch {
	case again:
		ev.Reason = ev.Reason.With(presage.Because(presage.WhyAfterCase), call)
	case safety || c.Severity == presage.Mobility && contact.Callable(customer):
		ev.Reason = ev.Reason.With(presage.Because(presage.WhyNoChannel), call)
	default:
		c.State, c.DueAt = presage.CaseSuppressed, time.Time{}
		ev.To, ev.Reason = c.State, ev.Reason.With(presage.Because(presage.WhyNoChannel))
		return ev
	}
	c.State, c.Owner = presage.CaseEscalated, presage.OwnerAdviser
	c.DueAt, ev.To = c.OpenedAt.Add(o.Rules().CallWithin(c.Severity)), c.State
	return ev
}
