package deliver

import (
	"context"
	"slices"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
)

// drop suppresses a message. An offer that the customer may not be told of
// moves to the next channel, or ends its case.
func (d *Deliverer) drop(ctx context.Context, m presage.Message, c presage.Customer, v verdict) error {
	if err := d.finish(ctx, m, presage.MessageSuppressed, v.drop); err != nil || !v.mute {
		return err
	}
	return d.next(ctx, m, c, v)
}

// fail records a permanent failure and moves to the next channel.
func (d *Deliverer) fail(ctx context.Context, m presage.Message, c presage.Customer, why presage.Reason) error {
	if err := d.finish(ctx, m, presage.MessageFailed, why); err != nil {
		return err
	}
	return d.next(ctx, m, c, verdict{drop: why, channel: true})
}

// next hands a message to the channel after its own, at once. When there is
// none and it was an offer, its case ends or a person calls.
func (d *Deliverer) next(ctx context.Context, m presage.Message, c presage.Customer, v verdict) error {
	if v.channel {
		if name := d.Planner.After(c.For(m.Purpose()), m.Channel); name != "" {
			return d.hand(ctx, m, name)
		}
	}
	if m.Kind == presage.KindPersonal { // the conversation opens again
		return nil
	}
	x, err := d.Store.Case(ctx, m.CaseID)
	if err != nil {
		return err
	}
	told, err := d.told(ctx, m)
	if err != nil || told {
		return err
	}
	return d.untold(ctx, m, x, c, v)
}

// untold acts on news that no channel brings to the customer. That a visit is
// cancelled must be heard, whatever else somebody wants to hear.
func (d *Deliverer) untold(ctx context.Context, m presage.Message, x presage.Case, c presage.Customer, v verdict,
) error {
	if x.State != presage.CaseOffered {
		return nil
	}
	var err error
	switch {
	case m.Kind == string(wording.Cancellation):
		why := presage.Because(presage.WhyChannelsEnd).With(presage.Because(presage.WhyCall))
		err = d.Ledger.Escalate(ctx, x, casework.Note{Who: presage.OwnerOutreach, Why: why})
	case m.Kind != string(wording.Offer):
	case x.Severity == presage.Mobility && contact.Callable(c.For(m.Purpose())) && v.channel:
		why := presage.Because(presage.WhyChannelsEnd).With(presage.Because(presage.WhyCall))
		err = d.Ledger.Escalate(ctx, x, casework.Note{Who: presage.OwnerOutreach, Why: why})
	default:
		err = d.Ledger.Silence(ctx, x, v.drop)
	}
	if casework.Overtaken(err) {
		return nil
	}
	return err
}

// told tells whether what m says went out over another channel: it stands,
// whatever becomes of m. Of an offer whose times were made anew the customer
// knows all but the times, and their link shows those.
func (d *Deliverer) told(ctx context.Context, m presage.Message) (bool, error) {
	known, err := d.Store.MessagesOf(ctx, m.CaseID)
	if err != nil {
		return false, err
	}
	begun, err := d.begun(ctx, m)
	return slices.ContainsFunc(known, func(k presage.Message) bool {
		same := k.About == m.About || m.Kind == string(wording.Offer) && !k.SentAt.Before(begun)
		return k.ID != m.ID && k.Kind == m.Kind && same && k.State.Told()
	}), err
}

// begun is when the case of an offer came to be about what it is about now.
func (d *Deliverer) begun(ctx context.Context, m presage.Message) (time.Time, error) {
	events, err := d.Store.CaseEvents(ctx, m.CaseID)
	for _, e := range slices.Backward(events) {
		switch e.Reason.Code {
		case presage.WhyOffered, presage.WhyTimesPassed, presage.WhyCapped, presage.WhyOfferExpired:
		default:
			return e.At, err
		}
	}
	return time.Time{}, err
}

// hand plans the message for another channel now. Where that channel's message
// is planned for later already, it is brought forward; where it went out, nothing happens.
func (d *Deliverer) hand(ctx context.Context, m presage.Message, name presage.ChannelName) error {
	now := d.Now()
	key := contact.MessageKey(m.Kind, m.About, name)
	known, err := d.Store.MessagesOf(ctx, m.CaseID)
	if err != nil {
		return err
	}
	for _, k := range known {
		if k.Key != key {
			continue
		}
		if k.State != presage.MessagePlanned || !k.NotBefore.After(now) {
			return nil
		}
		k.NotBefore, k.UpdatedAt = now, now
		return d.Store.SaveMessage(ctx, k)
	}
	m.ID, m.Key, m.Channel = casework.ID("m", key), key, name
	m.State, m.NotBefore, m.UpdatedAt = presage.MessagePlanned, now, now
	m.SentAt, m.ProviderID, m.Attempts, m.Error, m.Reason = time.Time{}, "", 0, "", presage.Reason{}
	m.DeliveredAt, m.SeenAt, m.AnsweredAt = time.Time{}, time.Time{}, time.Time{}
	return d.Store.PutMessages(ctx, []presage.Message{m})
}
