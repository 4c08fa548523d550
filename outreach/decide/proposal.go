package decide

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/visit"
)

// soon is how far ahead the first time of an offer about an alert is at least.
const soon = time.Hour

// slots are the times of an offer: around the cheapest day, for an alert the
// first ones within its limit.
func (o *Offerer) slots(ctx context.Context, c presage.Case, x subject, plan visit.Plan, w presage.Workshop,
) ([]presage.Slot, error) {
	if len(c.Alerted) == 0 {
		return o.Agenda.FreeSlots(ctx, w, plan, visit.Aim{Day: c.VisitBy, Safety: c.Severity == presage.Safety})
	}
	told := o.Now()
	if !x.urgent {
		told = o.Planner.Quiet().Until(told, contact.ZoneOf(x.customer.Zone))
	}
	return o.Agenda.SoonSlots(ctx, w, plan, visit.Window{From: told.Add(soon), To: c.VisitBy})
}

// warn hands a case about an alert to a person, because no time is free within
// its limit, and tells the customer what the alert means until that person calls.
func (o *Offerer) warn(ctx context.Context, c presage.Case, x subject, facts wording.Facts) error {
	route := o.Planner.From(x.customer.For(c.Purpose()), x.from)
	if len(route) > 0 {
		at := o.Now()
		if !x.urgent {
			at = o.Planner.Quiet().Until(at, contact.ZoneOf(x.customer.Zone))
		}
		m, err := o.Planner.Message(wording.Warning, facts, contact.Draft{
			About: c.ID, Case: c, Customer: x.customer, Channel: route[0], At: at,
		})
		if err != nil {
			return err
		}
		if err := o.Store.PutMessages(ctx, []presage.Message{m}); err != nil {
			return fmt.Errorf("warn: %w", err)
		}
	}
	why := presage.Because(presage.WhyNoSlot).With(presage.Because(presage.WhyCall))
	return o.Ledger.Escalate(ctx, c, casework.Note{Who: casework.ByWatch, Why: why})
}

// deadline is when an offer without an answer is acted on: when it runs out, or
// when a person calls about what is a matter of safety. The offer still stands then.
func (o *Offerer) deadline(c presage.Case, made presage.Offer, x subject) time.Time {
	at := made.ExpiresAt
	sooner := func(t time.Time) {
		if t.Before(at) {
			at = t
		}
	}
	if c.Severity == presage.Safety {
		sooner(made.CreatedAt.Add(o.Rules().SafetySilence))
		if x.from != "" { // made again: nobody waits longer for it
			sooner(c.DueAt)
		}
	}
	if x.urgent {
		sooner(made.CreatedAt.Add(casework.CallWithin(presage.Safety)))
	}
	return at
}

// urgentSilence is Config.Silence where a safety-critical alert stands.
const urgentSilence = time.Hour

// messages plans one message a channel, at once and with short silences when it
// is urgent; what is no matter of safety is offered once more by the last
// channel before the offer runs out, unless the offer is made again itself.
func (o *Offerer) messages(c presage.Case, made presage.Offer, x subject, f wording.Facts) ([]presage.Message, error) {
	var ms []presage.Message
	plan := func(about string, channel presage.ChannelName, at time.Time) error {
		m, err := o.Planner.Message(wording.Offer, f, contact.Draft{
			About: about, Case: c, OfferID: made.ID, Customer: x.customer, Channel: channel, At: at,
		})
		ms = append(ms, m)
		return err
	}
	proper := func(at time.Time) time.Time {
		if x.urgent {
			return at
		}
		return o.Planner.Quiet().Until(at, contact.ZoneOf(x.customer.Zone))
	}
	at, silence := made.CreatedAt, o.Rules().Silence
	if x.urgent {
		silence = min(silence, urgentSilence)
	}
	var last presage.ChannelName
	for _, last = range o.Planner.From(x.customer.For(c.Purpose()), x.from) {
		at = proper(at)
		if err := plan(made.ID, last, at); err != nil {
			return nil, err
		}
		at = at.Add(silence)
	}
	once := proper(casework.Later(at, made.ExpiresAt.Add(-o.Rules().Silence)))
	if c.Severity != presage.Safety && x.from == "" && once.Before(made.ExpiresAt) {
		if err := plan(made.ID+"/again", last, once); err != nil {
			return nil, err
		}
	}
	return ms, nil
}
