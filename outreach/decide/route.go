package decide

import (
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/contact"
)

// route is one stop a channel, each when the one before has stayed without an
// answer, and when the wait for the last is over. At night it rests, unless the
// case is urgent. That somebody has seen a text, or not got it in time, is known
// when the next one comes up: see deliver.
func (o *Offerer) route(c presage.Case, made presage.Offer, x subject) ([]contact.Stop, time.Time) {
	wait := o.Rules().Wait.Unseen(c.Severity)
	if x.urgent {
		wait = min(wait, contact.UrgentWait)
	}
	return contact.Course{
		Channels: o.Planner.From(x.customer.For(c.Purpose()), x.from), Wait: wait,
		Proper: func(t time.Time) time.Time { return o.proper(c, t, x) },
		Once:   !o.calls(c, x.customer) && x.from == "", Remind: o.Rules().Remind, Expires: made.ExpiresAt,
	}.Stops(made.CreatedAt)
}

// begins is from when on the times of an offer count: from now, or from the end of
// the holidays that it waits for.
func (o *Offerer) begins(c presage.Case, x subject) time.Time {
	now := o.Now()
	if told := o.proper(c, now, x); told.Sub(now) > day {
		return told
	}
	return now
}

const day = 24 * time.Hour

// proper is when the customer may be written to from at on.
func (o *Offerer) proper(c presage.Case, at time.Time, x subject) time.Time {
	if x.urgent {
		return at
	}
	return o.Planner.QuietFor(x.customer, c.Purpose()).Until(at)
}

// calls tells whether the route ends with a call: always about safety.
func (o *Offerer) calls(c presage.Case, customer presage.Customer) bool {
	return c.Severity == presage.Safety || o.Rules().CallsAbout(c.Severity) && contact.Callable(customer.For(c.Purpose()))
}

// deadline is when an offer without an answer is acted on: when a person calls,
// else when it runs out. Before a call the offer still stands.
func (o *Offerer) deadline(c presage.Case, made presage.Offer, end time.Time, x subject) time.Time {
	at := made.ExpiresAt
	sooner := func(t time.Time) {
		if t.Before(at) {
			at = t
		}
	}
	if o.calls(c, x.customer) {
		sooner(end)
	}
	if c.Severity == presage.Safety && x.from != "" { // made again: nobody waits longer for it
		sooner(c.DueAt)
	}
	if x.urgent {
		sooner(made.CreatedAt.Add(o.Rules().CallWithin(presage.Safety)))
	}
	return at
}

// messages plans what is said at each stop: what nobody is called about is
// offered once more by the last channel before the offer runs out, unless the
// offer is made again itself.
func (o *Offerer) messages(
	c presage.Case, made presage.Offer, stops []contact.Stop, x subject, f wording.Facts,
) ([]presage.Message, error) {
	ms := make([]presage.Message, 0, len(stops))
	for _, s := range stops {
		about := made.ID
		if s.Again {
			about += "/again"
		}
		m, err := o.Planner.Message(wording.Offer, f, contact.Draft{
			About: about, Case: c, OfferID: made.ID, Customer: x.customer, Channel: s.Channel, At: s.At,
		})
		if err != nil {
			return nil, err
		}
		ms = append(ms, m)
	}
	return ms, nil
}
