package converse

import (
	"context"
	"errors"
	"fmt"

	"github.com/nyaruka/phonenumbers"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/reply"
	"presage/outreach/visit"
	"presage/internal/wording"
)

// Inbound is what came back over a channel.
type Inbound struct {
	Channel presage.ChannelName
	Text    string
	ID      string // the provider's, the same when it is delivered again; "" without one
}

// ReplyFrom is Reply for a channel that knows the sender's number only, in
// international form. ErrNotFound when no customer has it, ErrInvalid when it is none.
func (l *Listener) ReplyFrom(ctx context.Context, from presage.Phone, in Inbound) (string, error) {
	n, err := phonenumbers.Parse(string(from), "")
	if err != nil {
		return "", fmt.Errorf("reply: %w phone number", presage.ErrInvalid)
	}
	cs, err := l.Store.CustomersByPhone(ctx, presage.Phone(phonenumbers.Format(n, phonenumbers.E164)))
	if err != nil {
		return "", fmt.Errorf("reply from a number: %w", kindOf(err))
	}
	if len(cs) == 0 {
		return "", fmt.Errorf("reply from a number: customer %w", presage.ErrNotFound)
	}
	if reply.Parse(in.Text).Kind == reply.Stop {
		return l.stopAll(ctx, cs, in)
	}
	speaker, err := l.speaker(ctx, cs)
	if err != nil {
		return "", fmt.Errorf("reply from a number: %w", err)
	}
	return l.hear(ctx, speaker, in)
}

// stopAll takes a STOP from a number that several customers share: nothing more
// may go to it, whoever it was meant for.
func (l *Listener) stopAll(ctx context.Context, cs []presage.Customer, in Inbound) (meaning string, err error) {
	var faults []error
	for _, c := range cs {
		var fault error
		meaning, fault = l.hear(ctx, c.ID, in)
		faults = append(faults, fault)
	}
	return meaning, errors.Join(faults...)
}

// speaker is the first of the customers with a case to speak of, else the first.
func (l *Listener) speaker(ctx context.Context, cs []presage.Customer) (string, error) {
	for _, c := range cs {
		caseID, err := l.caseOfReply(ctx, c.ID)
		if err != nil || caseID != "" {
			return c.ID, err
		}
	}
	return cs[0].ID, nil
}

// kindOf strips an error to its kind, so that a number in its text goes no further.
func kindOf(err error) error {
	for _, kind := range []error{
		presage.ErrInvalid, presage.ErrNotFound, presage.ErrConflict, presage.ErrForbidden, presage.ErrExpired,
	} {
		if errors.Is(err, kind) {
			return kind
		}
	}
	return presage.ErrUnavailable
}

// Reply keeps what a customer wrote back, does what it asks for, and returns
// what it was taken to mean ("slot:2", "yes", "no", "reschedule", "stop",
// "help", "start", "" for not understood). What is not understood goes to an
// adviser. A wish that cannot be met any more (a slot that is gone) is answered
// with a new choice and is no error.
func (l *Listener) Reply(ctx context.Context, customerID string, channel presage.ChannelName, text string,
) (string, error) {
	return l.hear(ctx, customerID, Inbound{Channel: channel, Text: text})
}

func (l *Listener) hear(ctx context.Context, customerID string, in Inbound) (string, error) {
	customer, err := l.Store.Customer(ctx, customerID)
	if err != nil {
		return "", fmt.Errorf("reply: %w", err)
	}
	m, channel := reply.Parse(in.Text), in.Channel
	caseID, err := l.caseOfReply(ctx, customerID)
	if err != nil {
		return "", fmt.Errorf("reply: %w", err)
	}
	kept := presage.Reply{
		At: l.Now(), CustomerID: customerID, Channel: channel, Text: in.Text, Meaning: m.String(), CaseID: caseID,
		ProviderID: in.ID,
	}
	if err := l.Store.PutReply(ctx, kept); err != nil {
		return "", fmt.Errorf("reply: %w", err)
	}
	if m.Kind == reply.Stop {
		return m.String(), l.stop(ctx, customer, string(channel)+" STOP")
	}
	if m.Kind == reply.Start {
		return m.String(), l.start(ctx, customer, channel)
	}
	if caseID == "" {
		return m.String(), nil
	}
	f, err := l.Files.ByCase(ctx, caseID)
	if err != nil {
		return m.String(), fmt.Errorf("reply: %w", err)
	}
	return m.String(), l.act(ctx, f, m, channel)
}

// caseOfReply is the case that a customer most likely speaks of: one with an
// offer out, else a booked one, else one with an adviser, else none. One of a
// car that somebody else owns by now is not theirs to speak of.
func (l *Listener) caseOfReply(ctx context.Context, customerID string) (string, error) {
	cases, err := l.Store.CasesOf(ctx, customerID, 50)
	if err != nil {
		return "", err
	}
	for _, state := range []presage.CaseState{
		presage.CaseOffered, presage.CaseBooked, presage.CaseEscalated, presage.CaseArrived,
	} {
		for _, c := range cases {
			if c.State != state {
				continue
			}
			if lost, err := l.Ledger.Lost(ctx, c.VIN, customerID); err != nil || !lost {
				return c.ID, err
			}
		}
	}
	return "", nil
}

func (l *Listener) act(ctx context.Context, f visit.CaseFile, m reply.Meaning, channel presage.ChannelName) error {
	switch m.Kind {
	case reply.Slot:
		return l.bookNumber(ctx, f, m.Slot, channel)
	case reply.Yes:
		if f.Booking == nil && len(f.Offer.Slots) == 1 {
			return l.bookNumber(ctx, f, 1, channel)
		}
		if f.Booking != nil {
			return nil // yes to a reminder
		}
		return l.tell(ctx, f, wording.Choose, channel)
	case reply.No:
		return l.decline(ctx, f, "")
	case reply.Reschedule:
		return l.tell(ctx, f, wording.Choose, channel)
	case reply.Help:
		return l.tell(ctx, f, wording.Help, channel)
	default:
		return l.toAdviser(ctx, f, channel)
	}
}

// toAdviser hands an offer to a person when its answer was not understood. A
// booked visit stays with the workshop; its reply is in the list all the same.
func (l *Listener) toAdviser(ctx context.Context, f visit.CaseFile, channel presage.ChannelName) error {
	if f.Case.State == presage.CaseOffered {
		if err := l.Ledger.Escalate(ctx, f.Case, casework.Note{
			Who: casework.ByCustomer, Why: presage.Because(presage.WhyNotUnderstood),
		}); err != nil {
			return err
		}
	}
	return l.tell(ctx, f, wording.Adviser, channel)
}

func (l *Listener) bookNumber(ctx context.Context, f visit.CaseFile, number int, channel presage.ChannelName) error {
	if number > len(f.Offer.Slots) {
		return l.tell(ctx, f, wording.Choose, channel)
	}
	_, err := l.Desk.BookSlot(ctx, f, f.Offer.Slots[number-1].ID, visit.Wish{Via: "reply", Who: casework.ByCustomer})
	if casework.Overtaken(err) || errors.Is(err, presage.ErrExpired) {
		return l.tell(ctx, f, wording.Gone, channel)
	}
	return err
}

// start gives consent again for the channel that asked, push and SMS for the outbox.
func (l *Listener) start(ctx context.Context, c presage.Customer, channel presage.ChannelName) error {
	consent := c.Consent
	consent.SMS = consent.SMS || channel == presage.ChannelSMS || channel == presage.ChannelOutbox
	consent.Push = consent.Push || channel == presage.ChannelPush || channel == presage.ChannelOutbox
	consent.Stopped.SMS = consent.Stopped.SMS && !consent.SMS
	consent.Stopped.Push = consent.Stopped.Push && !consent.Push
	consent.ChangedAt, consent.Source = l.Now(), string(channel)+" START"
	if err := l.Store.SetConsent(ctx, c.ID, consent); err != nil {
		return fmt.Errorf("start messages to customer %s: %w", c.ID, err)
	}
	return nil
}

// tell plans a direct answer on the channel that the customer used. It carries
// no numbers to reply: the offer's own numbers stay the only ones.
func (l *Listener) tell(ctx context.Context, f visit.CaseFile, kind wording.Kind, channel presage.ChannelName) error {
	if !l.Planner.Allows(f.Customer, channel) {
		return nil
	}
	now := l.Now()
	m, err := l.Planner.Message(kind, f.Facts(l.Planner.Sender), contact.Draft{
		About: f.Case.ID + "@" + casework.Instant(now), Case: f.Case, OfferID: f.Offer.ID, Customer: f.Customer,
		Channel: channel, At: now,
	})
	if err != nil {
		return err
	}
	if err := l.Store.PutMessages(ctx, []presage.Message{m}); err != nil {
		return fmt.Errorf("answer customer %s: %w", f.Customer.ID, err)
	}
	return nil
}
