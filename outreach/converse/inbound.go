package converse

import (
	"context"
	"errors"
	"fmt"

	"github.com/nyaruka/phonenumbers"

	"presage"
	"presage/outreach/reply"
)

// Inbound is what came back over a channel.
type Inbound struct {
	Channel presage.ChannelName
	Text    string
	ID      string // the provider's, the same when it is delivered again; "" without one
}

// ReplyFrom is Reply for a channel that knows the sender's number only, in
// international form. ErrNotFound when no customer has it (a STOP is kept all
// the same), ErrInvalid when it is none.
func (l *Listener) ReplyFrom(ctx context.Context, from presage.Phone, in Inbound) (string, error) {
	n, err := phonenumbers.Parse(string(from), "")
	if err != nil {
		return "", fmt.Errorf("reply: %w phone number", presage.ErrInvalid)
	}
	phone := presage.Phone(phonenumbers.Format(n, phonenumbers.E164))
	cs, err := l.Store.CustomersByPhone(ctx, phone)
	if err != nil {
		return "", fmt.Errorf("reply from a number: %w", kindOf(err))
	}
	if len(cs) == 0 {
		if err := l.stranger(ctx, phone, in); err != nil {
			return "", fmt.Errorf("reply from a number: %w", kindOf(err))
		}
		return "", fmt.Errorf("reply from a number: customer %w", presage.ErrNotFound)
	}
	return l.hear(ctx, cs, in)
}

// Reply keeps what a customer wrote back, does what it asks for, and returns
// what it was taken to mean ("slot:2", "yes", "no", "reschedule", "stop",
// "help", "start", "" for not understood). What is not understood goes to an
// adviser. A wish that cannot be met any more (a slot that is gone) is answered
// with a new choice and is no error.
func (l *Listener) Reply(ctx context.Context, customerID string, channel presage.ChannelName, text string,
) (string, error) {
	customer, err := l.Store.Customer(ctx, customerID)
	if err != nil {
		return "", fmt.Errorf("reply: %w", err)
	}
	return l.hear(ctx, []presage.Customer{customer}, Inbound{Channel: channel, Text: text})
}

// hear acts on a text of one of those who share a number.
func (l *Listener) hear(ctx context.Context, cs []presage.Customer, in Inbound) (string, error) {
	talks, err := l.talks(ctx, cs, in.Channel)
	if err != nil {
		return "", fmt.Errorf("reply: %w", err)
	}
	h, err := l.understand(ctx, cs, talks, in.Text)
	if err != nil {
		return "", err
	}
	m := h.meaning
	if m.Kind == reply.Stop || m.Kind == reply.Start {
		return m.String(), errors.Join(l.forAll(ctx, cs, h, in), l.others(ctx, cs, h, presage.Reply{}))
	}
	speaker := cs[0]
	if h.about != nil {
		speaker = h.about.file.Customer
	}
	if err := l.keep(ctx, speaker, h, in); err != nil {
		return "", err
	}
	said := presage.Reply{At: l.Now(), CustomerID: speaker.ID, Channel: in.Channel, Text: in.Text, ProviderID: in.ID}
	if err := l.others(ctx, cs, h, said); err != nil {
		return "", err
	}
	switch {
	case m.Silent():
		return m.String(), nil
	case h.several != nil:
		return m.String(), l.ask(ctx, h.several, in.Channel)
	case h.about == nil:
		return m.String(), nil
	}
	return m.String(), l.act(ctx, h, in.Channel)
}

// keep writes down what was said, and about which case.
func (l *Listener) keep(ctx context.Context, c presage.Customer, h heard, in Inbound) error {
	kept := presage.Reply{
		At: l.Now(), CustomerID: c.ID, Channel: in.Channel, Text: in.Text, Meaning: h.meaning.String(), ProviderID: in.ID,
	}
	if h.about != nil {
		kept.CaseID = h.about.file.Case.ID
	}
	if err := l.Store.PutReply(ctx, kept); err != nil {
		return fmt.Errorf("reply: %w", err)
	}
	why, asks := forPersons(h)
	if err := l.Persons.Heard(ctx, kept, why, asks); err != nil {
		return fmt.Errorf("reply: %w", err)
	}
	if h.about == nil || h.meaning.Kind == reply.Automatic {
		return nil
	}
	return l.heard(ctx, h.about.told, !h.meaning.Silent())
}

// heard notes that a text was read, and answered unless the answer asks for nothing.
func (l *Listener) heard(ctx context.Context, m presage.Message, answered bool) error {
	err := l.Store.React(ctx, presage.Reaction{MessageID: m.ID, At: l.Now(), Answered: answered})
	if err != nil {
		return fmt.Errorf("reply: %w", err)
	}
	return nil
}

// forAll takes a STOP or START from a number that several customers may share:
// it counts for each of them, whoever it was meant for.
func (l *Listener) forAll(ctx context.Context, cs []presage.Customer, h heard, in Inbound) error {
	var faults []error
	for _, c := range cs {
		own := h
		if h.about != nil && h.about.file.Customer.ID != c.ID {
			own.about = nil
		}
		if err := l.keep(ctx, c, own, in); err != nil {
			faults = append(faults, err)
			continue
		}
		if h.meaning.Kind == reply.Stop {
			faults = append(faults, l.stop(ctx, c, string(in.Channel)+" STOP", in.ID))
		} else {
			faults = append(faults, l.start(ctx, c, in))
		}
	}
	return errors.Join(faults...)
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
