package deliver

import (
	"context"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
)

// turn is when a channel may speak after those that tell the same offer before
// it: it was planned for when they speak in time and nobody looks. One that was
// late, or that the customer has read, is waited for from then on; one that a
// provider does not take now, or that our account keeps from leaving, is not.
func (d *Deliverer) turn(ctx context.Context, m presage.Message, c presage.Customer) (time.Time, error) {
	x, err := d.Store.Case(ctx, m.CaseID)
	if err != nil {
		return time.Time{}, err
	}
	known, err := d.Store.MessagesOf(ctx, m.CaseID)
	if err != nil {
		return time.Time{}, err
	}
	begun, err := d.begun(ctx, m)
	if err != nil {
		return time.Time{}, err
	}
	wait := d.Rules().Wait
	var until time.Time
	for _, k := range known {
		switch {
		case k.ID == m.ID || k.Kind != m.Kind:
		case k.State.Told() && !k.SentAt.Before(begun):
			until = casework.Later(until, wait.After(k, x.Severity))
		case d.before(k, m, c):
			until = casework.Later(until, casework.Later(k.NotBefore, d.Now()).Add(wait.Unseen(x.Severity)))
		}
	}
	return until, nil
}

// before tells whether k is going to say by itself what m says, over a channel
// that comes first.
func (d *Deliverer) before(k, m presage.Message, c presage.Customer) bool {
	waits := k.State == presage.MessagePlanned || k.State == presage.MessageSending
	return waits && k.About == m.About && k.Reason.IsZero() &&
		slices.Contains(d.Planner.From(c.For(m.Purpose()), k.Channel), m.Channel)
}
