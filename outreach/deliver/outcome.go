package deliver

import (
	"context"
	"errors"
	"regexp"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
)

// refused acts on a channel's error by its kind.
func (d *Deliverer) refused(ctx context.Context, m presage.Message, c presage.Customer, cause error) error {
	d.Log.WarnContext(ctx, "message not sent", "message", m.ID, "channel", m.Channel, "attempt", m.Attempts,
		"reason", scrub(cause))
	switch {
	case ctx.Err() != nil:
		return ctx.Err() // stays claimed; the next pass asks the provider
	case errors.Is(cause, contact.ErrAccount):
		return d.atFault(ctx, m, c, cause, false)
	case errors.Is(cause, contact.ErrOptedOut), errors.Is(cause, contact.ErrQuietHours),
		errors.Is(cause, presage.ErrInvalid):
		d.passed(ctx, m, false)
		return d.declined(ctx, m, c, cause)
	}
	return d.later(ctx, m, cause, false)
}

// declined is the provider's refusal of one message.
func (d *Deliverer) declined(ctx context.Context, m presage.Message, c presage.Customer, cause error) error {
	switch {
	case errors.Is(cause, contact.ErrOptedOut) && m.WorkshopID != "": // a partner's stop is the provider's to keep
		m.Error = scrub(cause)
		return d.fail(ctx, m, c, presage.Because(presage.WhyOptedOut))
	case errors.Is(cause, contact.ErrOptedOut):
		if err := d.withdraw(ctx, c, m.Channel); err != nil {
			return err
		}
		c.Consent = contact.Without(c.Consent, m.Channel)
		m.Error = scrub(cause)
		return d.fail(ctx, m, c, presage.Because(presage.WhyOptedOut))
	case errors.Is(cause, contact.ErrBadAddress) && m.Channel == presage.ChannelEmail:
		if err := d.Store.SetEmailBad(ctx, c.ID, c.Email); err != nil {
			return err
		}
		c.EmailBad = true
	case errors.Is(cause, contact.ErrQuietHours):
		m.State, m.Error, m.UpdatedAt = presage.MessagePlanned, scrub(cause), d.Now()
		m.Reason = presage.Because(presage.WhyProviderQuiet)
		m.NotBefore = d.Planner.Quiet(c).Morning(m.UpdatedAt)
		return d.Store.SaveMessage(ctx, m)
	}
	m.Error = scrub(cause)
	return d.fail(ctx, m, c, presage.Because(presage.WhyRefused))
}

// atFault holds the channel of a message that met a fault of our account. The
// message waits with all others, or alone where only it is refused; one that the
// provider does not say to be our account's is then taken for refused.
// reported: a receipt said so, after the provider had taken the message.
func (d *Deliverer) atFault(ctx context.Context, m presage.Message, c presage.Customer, cause error, reported bool,
) error {
	f := Fault{Channel: m.Channel, Since: d.Now(), Reason: scrub(cause)}
	until, fresh, own := d.holds.fault(m, f, d.Rules().RetryAfter, reported)
	m.Error = f.Reason
	switch {
	case own && errors.Is(cause, presage.ErrInvalid):
		d.holds.pass(m, f.Since, false)
		return d.fail(ctx, m, c, presage.Because(presage.WhyRefused))
	case fresh:
		d.Log.ErrorContext(ctx, "our account at the provider is at fault: messages wait until it is mended",
			"channel", m.Channel, "one_only", own, "reason", f.Reason)
	case !own:
		until = until.Add(d.Rules().RetryAfter) // another message tries first
	}
	return d.wait(ctx, m, until)
}

// wait puts a message back that was not tried, or whose trial does not count.
func (d *Deliverer) wait(ctx context.Context, m presage.Message, until time.Time) error {
	m.State, m.UpdatedAt, m.Attempts = presage.MessagePlanned, d.Now(), max(0, m.Attempts-1)
	m.Reason, m.NotBefore = onChannel(presage.WhyAccount, m), until
	return d.Store.SaveMessage(ctx, m)
}

// passed notes that the provider deals with our messages.
func (d *Deliverer) passed(ctx context.Context, m presage.Message, delivered bool) {
	if d.holds.pass(m, d.Now(), delivered) {
		d.Log.InfoContext(ctx, "the provider takes our messages again", "channel", m.Channel)
	}
}

// unasked is for a question that the provider did not answer.
func (d *Deliverer) unasked(ctx context.Context, m presage.Message, c presage.Customer, cause error) error {
	if ctx.Err() == nil && errors.Is(cause, contact.ErrAccount) {
		return d.atFault(ctx, m, c, cause, false)
	}
	return d.later(ctx, m, cause, true)
}

// later tries again after a pause that doubles. The last attempt's outcome is
// found out by one more question; if even that gets no answer, the message is
// given up without trying another channel, because it may have arrived. Only
// news that must not be lost is asked for and tried on.
func (d *Deliverer) later(ctx context.Context, m presage.Message, cause error, asked bool) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if asked && m.Attempts > d.Rules().MaxAttempts && !mustTell(m) {
		m.Error = scrub(cause)
		return d.finish(ctx, m, presage.MessageFailed, presage.Because(presage.WhyOutcomeUnknown))
	}
	now := d.Now()
	m.State, m.Error, m.UpdatedAt = presage.MessagePlanned, scrub(cause), now
	m.Reason = presage.Because(presage.WhyTryAgain)
	pause := max(contact.Wait(cause), d.Rules().RetryAfter<<min(max(m.Attempts-1, 0), 20))
	m.NotBefore = now.Add(min(6*time.Hour, pause))
	return d.Store.SaveMessage(ctx, m)
}

// mustTell tells that a customer has to hear it, however long a provider is down.
func mustTell(m presage.Message) bool {
	switch wording.Kind(m.Kind) {
	case wording.Offer, wording.Cancellation, wording.Needless:
		return true
	default:
		return false
	}
}

func (d *Deliverer) sent(ctx context.Context, m presage.Message, providerID string) error {
	d.passed(ctx, m, false)
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

// withdraw takes back the consent that the provider says is gone.
func (d *Deliverer) withdraw(ctx context.Context, c presage.Customer, name presage.ChannelName) error {
	return d.Store.ChangeConsent(ctx, c.ID, presage.ConsentStep{
		Close: contact.Alone(name), At: d.Now(), Source: string(name) + " STOP at the provider",
	})
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
