package converse

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/reply"
)

// StopByToken withdraws the consent to push, SMS and e-mail. Offers that are out end,
// safety-critical ones go to an adviser; a booked visit stands. The page still
// opens. Who has sold the car may stop all the same.
func (l *Listener) StopByToken(ctx context.Context, token string) error {
	f, err := l.Files.ByLink(ctx, token)
	if err != nil {
		return err
	}
	if err := l.stop(ctx, f.Customer, "link STOP", "offer "+f.Offer.ID); err != nil {
		return err
	}
	return l.Files.Acted(ctx, f)
}

// Unsubscribe withdraws the consent to e-mails of whom the token of an e-mail's
// own link names, see link. ErrForbidden, ErrExpired: it names nobody. A customer
// who was erased meanwhile gets none any more: that is no error.
func (l *Listener) Unsubscribe(ctx context.Context, token string) error {
	id, err := l.Planner.Links.ReadUnsubscribe(token, l.Now())
	if err != nil {
		return err
	}
	c, err := l.Store.Customer(ctx, id)
	if errors.Is(err, presage.ErrNotFound) || err == nil && c.Consent.Stopped.Email {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end e-mails to customer %s: %w", id, err)
	}
	err = l.Store.ChangeConsent(ctx, c.ID, presage.ConsentStep{
		Close: contact.Alone(presage.ChannelEmail), At: l.Now(), Source: presage.UnsubscribeSource,
		Evidence: "the signed link of an e-mail",
	})
	if err != nil {
		return fmt.Errorf("end e-mails to customer %s: %w", id, err)
	}
	return nil
}

// Unsubscriber is the language of whom the token of an e-mail's link names, ""
// where they are unknown by now. It changes nothing. Errors as of Unsubscribe.
func (l *Listener) Unsubscriber(ctx context.Context, token string) (presage.Lang, error) {
	id, err := l.Planner.Links.ReadUnsubscribe(token, l.Now())
	if err != nil {
		return "", err
	}
	c, err := l.Store.Customer(ctx, id)
	if errors.Is(err, presage.ErrNotFound) {
		return "", nil
	}
	return contact.LangOf(c), err
}

// AgreeByToken sets by which ways whoever holds the link wants to hear from us.
// None of push, SMS and e-mail is a STOP; one that is opened again brings back the cases
// that ended for want of it. seen is when the consent that the page showed was changed,
// nil where nobody knows: ErrStale with ErrConflict when it is another one by now, and
// then nothing is changed.
func (l *Listener) AgreeByToken(ctx context.Context, token string, ways presage.Channels, seen *time.Time) error {
	f, err := l.Files.ByToken(ctx, token)
	if err != nil {
		return err
	}
	had := f.Customer.Consent
	if seen == nil {
		seen = &had.ChangedAt
	}
	x := presage.ConsentStep{Seen: seen, At: l.Now(), Source: byLink, Evidence: "offer " + f.Offer.ID}
	x.Open, x.Close = had.StepTo(ways)
	if err := l.Store.ChangeConsent(ctx, f.Customer.ID, x); err != nil {
		return fmt.Errorf("choose the ways to customer %s: %w", f.Customer.ID, err)
	}
	switch {
	case !ways.Has(presage.ChannelOutbox):
		err = l.silence(ctx, f.Customer.ID, byLink)
	case x.Open.Has(presage.ChannelOutbox):
		err = l.reviveAll(ctx, f.Customer.ID, byLink)
	}
	if err != nil {
		return err
	}
	return l.Files.Acted(ctx, f)
}

// byLink is the source of what a customer chose on the page of a link.
const byLink = "link"

// stranger keeps what a number that nobody is registered with has stopped.
func (l *Listener) stranger(ctx context.Context, phone presage.Phone, in Inbound) error {
	channels := []presage.ChannelName{presage.ChannelSMS, presage.ChannelPush}
	switch reply.Parse(in.Text).Kind {
	case reply.Stop:
		var xs []presage.Suppression
		for _, name := range channels {
			xs = append(xs, presage.Suppression{
				Address: string(phone), Channel: name, Since: l.Now(), Source: string(in.Channel) + " STOP",
			})
		}
		return l.Store.Suppress(ctx, xs...)
	case reply.Start:
		return l.Store.Lift(ctx, phone, channels...)
	default:
		return nil
	}
}

// stop withdraws consent first, so that nothing more goes out whatever happens next.
func (l *Listener) stop(ctx context.Context, c presage.Customer, source, evidence string) error {
	err := l.Store.ChangeConsent(ctx, c.ID, presage.ConsentStep{
		Close: contact.Alone(presage.ChannelOutbox), At: l.Now(), Source: source, Evidence: evidence,
	})
	if err != nil {
		return fmt.Errorf("stop messages to customer %s: %w", c.ID, err)
	}
	return l.silence(ctx, c.ID, source)
}

// silence ends the offers that are out to a customer.
func (l *Listener) silence(ctx context.Context, customerID, source string) error {
	cases, err := l.Store.CasesOf(ctx, customerID, 50)
	if err != nil {
		return fmt.Errorf("stop messages to customer %s: %w", customerID, err)
	}
	var faults []error
	for _, x := range cases {
		if x.State != presage.CaseOpen && x.State != presage.CaseOffered || x.Route == presage.RouteOTA {
			continue // what is mended over the air needs nobody to be told
		}
		err := l.Ledger.Silence(ctx, x, presage.Because(presage.WhyStopped, "source", source))
		if err != nil && !casework.Overtaken(err) {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
}

// start gives back what STOP took, gives consent for the channel that asked (push
// and SMS for the outbox), and brings back the cases that ended for want of it.
func (l *Listener) start(ctx context.Context, c presage.Customer, in Inbound) error {
	channel := in.Channel
	more := presage.Consent{
		Push:      channel == presage.ChannelPush || channel == presage.ChannelOutbox,
		SMS:       channel == presage.ChannelSMS || channel == presage.ChannelOutbox,
		ChangedAt: l.Now(), Source: string(channel) + " START", Evidence: in.ID,
	}
	return l.resume(ctx, c, more)
}

// resume opens channels again, and brings back the cases that ended for want of them.
func (l *Listener) resume(ctx context.Context, c presage.Customer, more presage.Consent) error {
	if err := l.Store.Resume(ctx, c.ID, more); err != nil {
		return fmt.Errorf("start messages to customer %s: %w", c.ID, err)
	}
	return l.reviveAll(ctx, c.ID, more.Source)
}

// reviveAll brings back the cases of a customer that ended because they wanted no messages.
func (l *Listener) reviveAll(ctx context.Context, customerID, source string) error {
	cases, err := l.Store.CasesOf(ctx, customerID, 50)
	if err != nil {
		return fmt.Errorf("start messages to customer %s: %w", customerID, err)
	}
	var faults []error
	for _, x := range cases {
		if err := l.revive(ctx, x, source); err != nil && !casework.Overtaken(err) {
			faults = append(faults, fmt.Errorf("start messages to customer %s: %w", customerID, err))
		}
	}
	return errors.Join(faults...)
}

// revive opens a case again that ended because its customer wanted no messages,
// and offers it at once. A car that has a newer case keeps that one, and what is
// not due any more stays closed.
func (l *Listener) revive(ctx context.Context, c presage.Case, source string) error {
	if c.State != presage.CaseSuppressed {
		return nil
	}
	if lost, err := l.Ledger.Lost(ctx, c.VIN, c.CustomerID); err != nil || lost {
		return err
	}
	events, err := l.Store.CaseEvents(ctx, c.ID)
	if err != nil || len(events) == 0 || !unwanted(events[len(events)-1].Reason) {
		return err
	}
	if stands, err := l.stands(ctx, c); err != nil || !stands {
		return err
	}
	change := presage.CaseChange{Owner: presage.OwnerOutreach, DueAt: l.Now().Add(l.Rules().OfferTTL)}
	why := casework.Note{Who: casework.ByCustomer, Why: presage.Because(presage.WhyStarted, "source", source)}
	if err := l.Ledger.Move(ctx, c, presage.CaseOpen, change, why); err != nil {
		return err
	}
	return l.Offers.Offer(ctx, c.ID)
}

// unwanted tells that a reason is the customer's wish for no messages.
func unwanted(r presage.Reason) bool {
	switch r.Code {
	case presage.WhyStopped, presage.WhyOptedOut, presage.WhyNoConsent, presage.WhyNoChannel:
		return true
	}
	return slices.ContainsFunc(r.And, unwanted)
}

// stands tells whether one of the things that a case is about is still due, or
// alerted, and no newer case of the car is about it.
func (l *Listener) stands(ctx context.Context, c presage.Case) (bool, error) {
	latest, err := l.Store.LastCases(ctx, c.VIN, 1)
	if err != nil || len(latest) > 0 && latest[0].ID != c.ID {
		return false, err
	}
	ps, err := l.Store.Prognoses(ctx, c.VIN)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(ps, func(p presage.Prognosis) bool {
		return p.Status == presage.StatusDue && slices.Contains(c.Components, p.Component)
	}) {
		return true, nil
	}
	alerts, err := l.Ledger.Alerts(ctx, c.VIN)
	return len(casework.About(c, alerts)) > 0, err
}
