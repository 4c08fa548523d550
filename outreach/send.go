package outreach

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"time"

	"presage"
	"presage/internal/wording"
)

// claimBatch is how many messages are claimed at a time.
const claimBatch = 100

// SendDue sends every message whose time has come and returns how many went
// out. Messages left claimed by a crash are asked for at the provider first.
// A provider's fault stays with its message; an error means that the store or
// the context ended the pass, and the pass may simply be repeated.
func (s *Service) SendDue(ctx context.Context) (int, error) {
	sent := 0
	left, err := s.store.Sending(ctx, s.now().Add(-s.cfg.ClaimTimeout))
	if err != nil {
		return sent, fmt.Errorf("send: %w", err)
	}
	for _, m := range left {
		if err := s.dispatch(ctx, m, true, &sent); err != nil {
			return sent, err
		}
	}
	for {
		batch, err := s.store.ClaimMessages(ctx, s.now(), claimBatch)
		if err != nil {
			return sent, fmt.Errorf("send: %w", err)
		}
		for _, m := range batch {
			if err := s.dispatch(ctx, m, m.Attempts > 1, &sent); err != nil {
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
func (s *Service) dispatch(ctx context.Context, m presage.Message, ask bool, sent *int) error {
	if now := s.now(); now.Sub(m.UpdatedAt) >= s.cfg.ClaimTimeout/2 {
		err := s.store.RenewClaim(ctx, m.ID, m.UpdatedAt, now)
		if overtaken(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("send: %w", err)
		}
		m.UpdatedAt = now
	}
	ok, err := s.deliver(ctx, m, ask)
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
func (s *Service) deliver(ctx context.Context, m presage.Message, ask bool) (bool, error) {
	c, err := s.store.Customer(ctx, m.CustomerID)
	if errors.Is(err, presage.ErrNotFound) {
		return false, s.finish(ctx, m, presage.MessageFailed, "the customer is unknown")
	}
	if err != nil {
		return false, err
	}
	channel := s.channels[m.Channel]
	if channel == nil {
		return false, s.finish(ctx, m, presage.MessageFailed, "channel "+string(m.Channel)+" is not configured")
	}
	if ask {
		providerID, found, err := channel.Find(ctx, m, c)
		switch {
		case err != nil:
			return false, s.later(ctx, m, err, true)
		case found:
			return true, s.sent(ctx, m, providerID)
		case m.Attempts > s.cfg.MaxAttempts:
			return false, s.fail(ctx, m, c, "given up: "+m.Error)
		}
	}
	v, err := s.gate(ctx, m, c)
	if err != nil {
		return false, err
	}
	switch {
	case v.drop != "":
		return false, s.drop(ctx, m, c, v)
	case !v.hold.IsZero():
		m.State, m.NotBefore, m.UpdatedAt = presage.MessagePlanned, v.hold, s.now()
		return false, s.store.SaveMessage(ctx, m)
	}
	providerID, err := channel.Send(ctx, m, c)
	if err == nil {
		return true, s.sent(ctx, m, providerID)
	}
	return false, s.refused(ctx, m, c, err)
}

// refused acts on a channel's error by its kind.
func (s *Service) refused(ctx context.Context, m presage.Message, c presage.Customer, cause error) error {
	s.log.WarnContext(ctx, "message not sent", "message", m.ID, "channel", m.Channel, "attempt", m.Attempts,
		"reason", scrub(cause))
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // stays claimed; the next pass asks the provider
	case errors.Is(cause, ErrOptedOut):
		if err := s.withdraw(ctx, c, m.Channel); err != nil {
			return err
		}
		c.Consent = withoutChannel(c.Consent, m.Channel)
		return s.fail(ctx, m, c, scrub(cause))
	case errors.Is(cause, ErrQuietHours):
		m.State, m.Error, m.UpdatedAt = presage.MessagePlanned, scrub(cause), s.now()
		m.NotBefore = s.morning(m.UpdatedAt, zoneOf(c.Zone))
		return s.store.SaveMessage(ctx, m)
	case errors.Is(cause, presage.ErrInvalid):
		return s.fail(ctx, m, c, scrub(cause))
	}
	return s.later(ctx, m, cause, false)
}

// morning is the next end of quiet hours that is at least an hour away.
func (s *Service) morning(now time.Time, zone *time.Location) time.Time {
	local := now.Add(time.Hour).In(zone)
	y, mo, d := local.Date()
	t := time.Date(y, mo, d, s.cfg.QuietTo, 0, 0, 0, zone)
	if t.Before(local) {
		t = time.Date(y, mo, d+1, s.cfg.QuietTo, 0, 0, 0, zone)
	}
	return t.UTC()
}

// later tries again after a pause that doubles. The last attempt's outcome is
// found out by one more question; if even that gets no answer, the message is
// given up without trying another channel, because it may have arrived.
func (s *Service) later(ctx context.Context, m presage.Message, cause error, asked bool) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if asked && m.Attempts > s.cfg.MaxAttempts {
		return s.finish(ctx, m, presage.MessageFailed, "outcome unknown: "+scrub(cause))
	}
	now := s.now()
	m.State, m.Error, m.UpdatedAt = presage.MessagePlanned, scrub(cause), now
	m.NotBefore = now.Add(min(6*time.Hour, s.cfg.RetryAfter<<min(max(m.Attempts-1, 0), 20)))
	return s.store.SaveMessage(ctx, m)
}

func (s *Service) sent(ctx context.Context, m presage.Message, providerID string) error {
	now := s.now()
	m.State, m.ProviderID, m.SentAt, m.UpdatedAt, m.Error = presage.MessageSent, providerID, now, now, ""
	return s.store.SaveMessage(ctx, m)
}

func (s *Service) finish(ctx context.Context, m presage.Message, state presage.MessageState, why string) error {
	m.State, m.Error, m.UpdatedAt = state, why, s.now()
	return s.store.SaveMessage(ctx, m)
}

// drop suppresses a message. An offer that the customer may not be told of
// moves to the next channel, or ends its case.
func (s *Service) drop(ctx context.Context, m presage.Message, c presage.Customer, v verdict) error {
	if err := s.finish(ctx, m, presage.MessageSuppressed, v.drop); err != nil || !v.mute {
		return err
	}
	return s.next(ctx, m, c, v)
}

// fail records a permanent failure and moves to the next channel.
func (s *Service) fail(ctx context.Context, m presage.Message, c presage.Customer, why string) error {
	if err := s.finish(ctx, m, presage.MessageFailed, why); err != nil {
		return err
	}
	return s.next(ctx, m, c, verdict{drop: why, channel: true})
}

// next hands a message to the channel after its own, at once. When there is
// none and it was an offer, its case ends or a person calls.
func (s *Service) next(ctx context.Context, m presage.Message, c presage.Customer, v verdict) error {
	if v.channel {
		if name := after(m.Channel, s.route(c)); name != "" {
			return s.hand(ctx, m, name)
		}
	}
	if m.Kind != string(wording.Offer) {
		return nil
	}
	x, err := s.store.Case(ctx, m.CaseID)
	if err != nil {
		return err
	}
	told, err := s.told(ctx, m)
	if err != nil || told || x.State != presage.CaseOffered {
		return err
	}
	if x.Severity != presage.Safety && c.Consent.Call && v.channel {
		err = s.escalate(ctx, x, OwnerOutreach, "no channel is left: call the customer")
	} else {
		err = s.silence(ctx, x, v.drop)
	}
	if overtaken(err) {
		return nil
	}
	return err
}

// told tells whether the offer of m went out over another channel: it stands
// until it runs out, whatever becomes of m.
func (s *Service) told(ctx context.Context, m presage.Message) (bool, error) {
	known, err := s.store.MessagesOf(ctx, m.CaseID)
	return slices.ContainsFunc(known, func(k presage.Message) bool {
		return k.ID != m.ID && k.OfferID == m.OfferID && k.Kind == m.Kind &&
			(k.State == presage.MessageSent || k.State == presage.MessageDelivered)
	}), err
}

// after is the first channel of the route that comes behind name.
func after(name presage.ChannelName, route []presage.ChannelName) presage.ChannelName {
	rank := map[presage.ChannelName]int{presage.ChannelPush: 1, presage.ChannelSMS: 2, presage.ChannelOutbox: 3}
	for _, n := range route {
		if rank[n] > rank[name] {
			return n
		}
	}
	return ""
}

// hand plans the message for another channel now. Where that channel's message
// is planned for later already, it is brought forward; where it went out, nothing happens.
func (s *Service) hand(ctx context.Context, m presage.Message, name presage.ChannelName) error {
	now := s.now()
	key := messageKey(m.Kind, aboutOf(m.Key), name)
	known, err := s.store.MessagesOf(ctx, m.CaseID)
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
		return s.store.SaveMessage(ctx, k)
	}
	m.ID, m.Key, m.Channel = id("m", key), key, name
	m.State, m.NotBefore, m.UpdatedAt = presage.MessagePlanned, now, now
	m.SentAt, m.ProviderID, m.Attempts, m.Error = time.Time{}, "", 0, ""
	return s.store.PutMessages(ctx, []presage.Message{m})
}

// withdraw takes back the consent that the provider says is gone.
func (s *Service) withdraw(ctx context.Context, c presage.Customer, name presage.ChannelName) error {
	consent := withoutChannel(c.Consent, name)
	consent.ChangedAt, consent.Source = s.now(), string(name)+" STOP at the provider"
	return s.store.SetConsent(ctx, c.ID, consent)
}

func withoutChannel(c presage.Consent, name presage.ChannelName) presage.Consent {
	switch name {
	case presage.ChannelPush:
		c.Push, c.Stopped.Push = false, true
	case presage.ChannelSMS:
		c.SMS, c.Stopped.SMS = false, true
	default:
		c.Push, c.SMS = false, false
		c.Stopped.Push, c.Stopped.SMS = true, true
	}
	return c
}

// scrub makes an error's text safe to keep and to log: no links, no long
// digit strings that could be a number.
func scrub(err error) string {
	text := regexp.MustCompile(`https?://\S+`).ReplaceAllString(err.Error(), "<link>")
	return clip(regexp.MustCompile(`\+?\d{6,}`).ReplaceAllString(text, "***"))
}
