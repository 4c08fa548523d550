package outreach

import (
	"context"
	"errors"
	"fmt"

	"github.com/nyaruka/phonenumbers"

	"presage"
	"presage/internal/wording"
	"presage/outreach/reply"
)

// Inbound is what came back over a channel.
type Inbound struct {
	Channel presage.ChannelName
	Text    string
	ID      string // the provider's, the same when it is delivered again; "" without one
}

// ReplyFrom is Reply for a channel that knows the sender's number only, in
// international form. ErrNotFound when no customer has it, ErrInvalid when it is none.
func (s *Service) ReplyFrom(ctx context.Context, from presage.Phone, in Inbound) (string, error) {
	n, err := phonenumbers.Parse(string(from), "")
	if err != nil {
		return "", fmt.Errorf("reply: %w phone number", presage.ErrInvalid)
	}
	cs, err := s.store.CustomersByPhone(ctx, presage.Phone(phonenumbers.Format(n, phonenumbers.E164)))
	if err != nil {
		return "", fmt.Errorf("reply from a number: %w", kindOf(err))
	}
	if len(cs) == 0 {
		return "", fmt.Errorf("reply from a number: customer %w", presage.ErrNotFound)
	}
	if reply.Parse(in.Text).Kind == reply.Stop {
		return s.stopAll(ctx, cs, in)
	}
	speaker, err := s.speaker(ctx, cs)
	if err != nil {
		return "", fmt.Errorf("reply from a number: %w", err)
	}
	return s.hear(ctx, speaker, in)
}

// stopAll takes a STOP from a number that several customers share: nothing more
// may go to it, whoever it was meant for.
func (s *Service) stopAll(ctx context.Context, cs []presage.Customer, in Inbound) (meaning string, err error) {
	var faults []error
	for _, c := range cs {
		var fault error
		meaning, fault = s.hear(ctx, c.ID, in)
		faults = append(faults, fault)
	}
	return meaning, errors.Join(faults...)
}

// speaker is the first of the customers with a case to speak of, else the first.
func (s *Service) speaker(ctx context.Context, cs []presage.Customer) (string, error) {
	for _, c := range cs {
		caseID, err := s.caseOfReply(ctx, c.ID)
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
func (s *Service) Reply(ctx context.Context, customerID string, channel presage.ChannelName, text string,
) (string, error) {
	return s.hear(ctx, customerID, Inbound{Channel: channel, Text: text})
}

func (s *Service) hear(ctx context.Context, customerID string, in Inbound) (string, error) {
	customer, err := s.store.Customer(ctx, customerID)
	if err != nil {
		return "", fmt.Errorf("reply: %w", err)
	}
	m, channel := reply.Parse(in.Text), in.Channel
	caseID, err := s.caseOfReply(ctx, customerID)
	if err != nil {
		return "", fmt.Errorf("reply: %w", err)
	}
	kept := presage.Reply{
		At: s.now(), CustomerID: customerID, Channel: channel, Text: in.Text, Meaning: m.String(), CaseID: caseID,
		ProviderID: in.ID,
	}
	if err := s.store.PutReply(ctx, kept); err != nil {
		return "", fmt.Errorf("reply: %w", err)
	}
	if m.Kind == reply.Stop {
		return m.String(), s.stop(ctx, customer, string(channel)+" STOP")
	}
	if m.Kind == reply.Start {
		return m.String(), s.start(ctx, customer, channel)
	}
	if caseID == "" {
		return m.String(), nil
	}
	d, err := s.byCase(ctx, caseID)
	if err != nil {
		return m.String(), fmt.Errorf("reply: %w", err)
	}
	return m.String(), s.act(ctx, d, m, channel)
}

// caseOfReply is the case that a customer most likely speaks of: one with an
// offer out, else a booked one, else one with an adviser, else none. One of a
// car that somebody else owns by now is not theirs to speak of.
func (s *Service) caseOfReply(ctx context.Context, customerID string) (string, error) {
	cases, err := s.store.CasesOf(ctx, customerID, 50)
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
			if lost, err := s.lost(ctx, c.VIN, customerID); err != nil || !lost {
				return c.ID, err
			}
		}
	}
	return "", nil
}

func (s *Service) act(ctx context.Context, d dossier, m reply.Meaning, channel presage.ChannelName) error {
	switch m.Kind {
	case reply.Slot:
		return s.bookNumber(ctx, d, m.Slot, channel)
	case reply.Yes:
		if d.booking == nil && len(d.offer.Slots) == 1 {
			return s.bookNumber(ctx, d, 1, channel)
		}
		if d.booking != nil {
			return nil // yes to a reminder
		}
		return s.tell(ctx, d, wording.Choose, channel)
	case reply.No:
		return s.decline(ctx, d, "")
	case reply.Reschedule:
		return s.tell(ctx, d, wording.Choose, channel)
	case reply.Help:
		return s.tell(ctx, d, wording.Help, channel)
	default:
		return s.toAdviser(ctx, d, channel)
	}
}

// toAdviser hands an offer to a person when its answer was not understood. A
// booked visit stays with the workshop; its reply is in the list all the same.
func (s *Service) toAdviser(ctx context.Context, d dossier, channel presage.ChannelName) error {
	if d.c.State == presage.CaseOffered {
		if err := s.escalate(ctx, d.c, byCustomer, "reply not understood"); err != nil {
			return err
		}
	}
	return s.tell(ctx, d, wording.Adviser, channel)
}

func (s *Service) bookNumber(ctx context.Context, d dossier, number int, channel presage.ChannelName) error {
	if number > len(d.offer.Slots) {
		return s.tell(ctx, d, wording.Choose, channel)
	}
	_, err := s.bookSlot(ctx, d, d.offer.Slots[number-1].ID, "reply", byCustomer)
	if overtaken(err) || errors.Is(err, presage.ErrExpired) {
		return s.tell(ctx, d, wording.Gone, channel)
	}
	return err
}

// start gives consent again for the channel that asked, push and SMS for the outbox.
func (s *Service) start(ctx context.Context, c presage.Customer, channel presage.ChannelName) error {
	consent := c.Consent
	consent.SMS = consent.SMS || channel == presage.ChannelSMS || channel == presage.ChannelOutbox
	consent.Push = consent.Push || channel == presage.ChannelPush || channel == presage.ChannelOutbox
	consent.Stopped.SMS = consent.Stopped.SMS && !consent.SMS
	consent.Stopped.Push = consent.Stopped.Push && !consent.Push
	consent.ChangedAt, consent.Source = s.now(), string(channel)+" START"
	if err := s.store.SetConsent(ctx, c.ID, consent); err != nil {
		return fmt.Errorf("start messages to customer %s: %w", c.ID, err)
	}
	return nil
}

// tell plans a direct answer on the channel that the customer used. It carries
// no numbers to reply: the offer's own numbers stay the only ones.
func (s *Service) tell(ctx context.Context, d dossier, kind wording.Kind, channel presage.ChannelName) error {
	if !s.allowed(d.customer, channel) {
		return nil
	}
	now := s.now()
	f := s.facts(d.customer, d.vehicle, d.workshop, d.plan)
	f.Link = d.link
	m, err := s.message(kind, f, draft{
		about: d.c.ID + "@" + instant(now), c: d.c, offerID: d.offer.ID, customer: d.customer, channel: channel, at: now,
	})
	if err != nil {
		return err
	}
	if err := s.store.PutMessages(ctx, []presage.Message{m}); err != nil {
		return fmt.Errorf("answer customer %s: %w", d.customer.ID, err)
	}
	return nil
}
