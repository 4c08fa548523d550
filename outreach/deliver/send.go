package deliver

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/internal/wording"
)

// claimBatch is how many messages are claimed at a time.
const claimBatch = 100

// SendDue sends every message whose time has come and returns how many went
// out. Messages left claimed by a crash are asked for at the provider first.
// A provider's fault stays with its message; an error means that the store or
// the context ended the pass, and the pass may simply be repeated.
func (d *Deliverer) SendDue(ctx context.Context) (int, error) {
	sent := 0
	left, err := d.Store.Sending(ctx, d.Now().Add(-d.Rules.ClaimTimeout))
	if err != nil {
		return sent, fmt.Errorf("send: %w", err)
	}
	for _, m := range left {
		if err := d.dispatch(ctx, m, true, &sent); err != nil {
			return sent, err
		}
	}
	for {
		batch, err := d.Store.ClaimMessages(ctx, d.Now(), claimBatch)
		if err != nil {
			return sent, fmt.Errorf("send: %w", err)
		}
		for _, m := range batch {
			if err := d.dispatch(ctx, m, m.Attempts > 1, &sent); err != nil {
				return sent, err
			}
		}
		if len(batch) == 0 {
			return sent, nil
		}
	}
}

// dispatch delivers one claimed message and counts it in sent. A claim that
// grows old, behind slow ones of its batch or left by a crash, is renewed
// first: another process may take it over, and only one of them may send.
func (d *Deliverer) dispatch(ctx context.Context, m presage.Message, ask bool, sent *int) error {
	if now := d.Now(); now.Sub(m.UpdatedAt) >= d.Rules.ClaimTimeout/2 {
		err := d.Store.RenewClaim(ctx, m.ID, m.UpdatedAt, now)
		if casework.Overtaken(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("send: %w", err)
		}
		m.UpdatedAt = now
	}
	ok, err := d.deliver(ctx, m, ask)
	if err != nil {
		return fmt.Errorf("send message %s: %w", m.ID, err)
	}
	if ok {
		*sent++
	}
	return nil
}

// deliver takes one claimed message to its end: sent, held, dropped or failed.
// ask is set when the provider may have it already.
func (d *Deliverer) deliver(ctx context.Context, m presage.Message, ask bool) (bool, error) {
	c, err := d.Store.Customer(ctx, m.CustomerID)
	if errors.Is(err, presage.ErrNotFound) {
		return false, d.finish(ctx, m, presage.MessageFailed, presage.Because(presage.WhyNoCustomer))
	}
	if err != nil {
		return false, err
	}
	channel := d.Planner.Directory[m.Channel]
	if channel == nil {
		return false, d.finish(ctx, m, presage.MessageFailed, onChannel(presage.WhyNoProvider, m))
	}
	if ask {
		providerID, found, err := channel.Find(ctx, m, c)
		switch {
		case err != nil:
			return false, d.later(ctx, m, err, true)
		case found:
			return true, d.sent(ctx, m, providerID)
		case m.Attempts > d.Rules.MaxAttempts:
			return false, d.fail(ctx, m, c, presage.WhyGivenUp)
		}
	}
	v, err := d.gate(ctx, m, c)
	if err != nil {
		return false, err
	}
	switch {
	case !v.drop.IsZero():
		return false, d.drop(ctx, m, c, v)
	case !v.hold.IsZero():
		m.State, m.NotBefore, m.UpdatedAt = presage.MessagePlanned, v.hold, d.Now()
		return false, d.Store.SaveMessage(ctx, m)
	}
	providerID, err := channel.Send(ctx, m, c)
	if err == nil {
		return true, d.sent(ctx, m, providerID)
	}
	return false, d.refused(ctx, m, c, err)
}

// refused acts on a channel's error by its kind.
func (d *Deliverer) refused(ctx context.Context, m presage.Message, c presage.Customer, cause error) error {
	d.Log.WarnContext(ctx, "message not sent", "message", m.ID, "channel", m.Channel, "attempt", m.Attempts,
		"reason", scrub(cause))
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // stays claimed; the next pass asks the provider
	case errors.Is(cause, contact.ErrOptedOut):
		if err := d.withdraw(ctx, c, m.Channel); err != nil {
			return err
		}
		c.Consent = contact.Without(c.Consent, m.Channel)
		m.Error = scrub(cause)
		return d.fail(ctx, m, c, presage.WhyOptedOut)
	case errors.Is(cause, contact.ErrQuietHours):
		m.State, m.Error, m.UpdatedAt = presage.MessagePlanned, scrub(cause), d.Now()
		m.Reason = presage.Because(presage.WhyProviderQuiet)
		m.NotBefore = d.Planner.Quiet.Morning(m.UpdatedAt, contact.ZoneOf(c.Zone))
		return d.Store.SaveMessage(ctx, m)
	case errors.Is(cause, presage.ErrInvalid):
		m.Error = scrub(cause)
		return d.fail(ctx, m, c, presage.WhyRefused)
	}
	return d.later(ctx, m, cause, false)
}

// later tries again after a pause that doubles. The last attempt's outcome is
// found out by one more question; if even that gets no answer, the message is
// given up without trying another channel, because it may have arrived.
func (d *Deliverer) later(ctx context.Context, m presage.Message, cause error, asked bool) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if asked && m.Attempts > d.Rules.MaxAttempts {
		m.Error = scrub(cause)
		return d.finish(ctx, m, presage.MessageFailed, presage.Because(presage.WhyOutcomeUnknown))
	}
	now := d.Now()
	m.State, m.Error, m.UpdatedAt = presage.MessagePlanned, scrub(cause), now
	m.Reason = presage.Because(presage.WhyTryAgain)
	m.NotBefore = now.Add(min(6*time.Hour, d.Rules.RetryAfter<<min(max(m.Attempts-1, 0), 20)))
	return d.Store.SaveMessage(ctx, m)
}

func (d *Deliverer) sent(ctx context.Context, m presage.Message, providerID string) error {
	now := d.Now()
	m.State, m.ProviderID, m.SentAt, m.UpdatedAt = presage.MessageSent, providerID, now, now
	m.Error, m.Reason = "", presage.Reason{}
	return d.Store.SaveMessage(ctx, m)
}

func (d *Deliverer) finish(ctx context.Context, m presage.Message, state presage.MessageState, why presage.Reason,
) error {
	m.State, m.Reason, m.UpdatedAt = state, why, d.Now()
	return d.Store.SaveMessage(ctx, m)
}

// drop suppresses a message. An offer that the customer may not be told of
// moves to the next channel, or ends its case.
func (d *Deliverer) drop(ctx context.Context, m presage.Message, c presage.Customer, v verdict) error {
	if err := d.finish(ctx, m, presage.MessageSuppressed, v.drop); err != nil || !v.mute {
		return err
	}
	return d.next(ctx, m, c, v)
}

// fail records a permanent failure and moves to the next channel.
func (d *Deliverer) fail(ctx context.Context, m presage.Message, c presage.Customer, code string) error {
	why := presage.Because(code)
	if err := d.finish(ctx, m, presage.MessageFailed, why); err != nil {
		return err
	}
	return d.next(ctx, m, c, verdict{drop: why, channel: true})
}

// next hands a message to the channel after its own, at once. When there is
// none and it was an offer, its case ends or a person calls.
func (d *Deliverer) next(ctx context.Context, m presage.Message, c presage.Customer, v verdict) error {
	if v.channel {
		if name := d.Planner.After(c, m.Channel); name != "" {
			return d.hand(ctx, m, name)
		}
	}
	if m.Kind != string(wording.Offer) {
		return nil
	}
	x, err := d.Store.Case(ctx, m.CaseID)
	if err != nil {
		return err
	}
	told, err := d.told(ctx, m)
	if err != nil || told || x.State != presage.CaseOffered {
		return err
	}
	if x.Severity != presage.Safety && c.Consent.Call && v.channel {
		why := presage.Because(presage.WhyChannelsEnd).With(presage.Because(presage.WhyCall))
		err = d.Ledger.Escalate(ctx, x, casework.Note{Who: presage.OwnerOutreach, Why: why})
	} else {
		err = d.Ledger.Silence(ctx, x, v.drop)
	}
	if casework.Overtaken(err) {
		return nil
	}
	return err
}

// told tells whether the offer of m went out over another channel: it stands
// until it runs out, whatever becomes of m.
func (d *Deliverer) told(ctx context.Context, m presage.Message) (bool, error) {
	known, err := d.Store.MessagesOf(ctx, m.CaseID)
	return slices.ContainsFunc(known, func(k presage.Message) bool {
		return k.ID != m.ID && k.OfferID == m.OfferID && k.Kind == m.Kind &&
			(k.State == presage.MessageSent || k.State == presage.MessageDelivered)
	}), err
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
	return d.Store.PutMessages(ctx, []presage.Message{m})
}

// withdraw takes back the consent that the provider says is gone.
func (d *Deliverer) withdraw(ctx context.Context, c presage.Customer, name presage.ChannelName) error {
	consent := contact.Without(c.Consent, name)
	consent.ChangedAt, consent.Source = d.Now(), string(name)+" STOP at the provider"
	return d.Store.SetConsent(ctx, c.ID, consent)
}

// onChannel is a reason that names the message's channel.
func onChannel(code string, m presage.Message) presage.Reason {
	return presage.Because(code, "channel", string(m.Channel))
}

// scrub makes an error's text safe to keep and to log: no links, no long
// digit strings that could be a number.
func scrub(err error) string {
	text := regexp.MustCompile(`https?://\S+`).ReplaceAllString(err.Error(), "<link>")
	return casework.Clip(regexp.MustCompile(`\+?\d{6,}`).ReplaceAllString(text, "***"))
}
