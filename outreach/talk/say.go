package talk

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
)

// directly is how recent the customer's text has to be for its answer to go out in
// quiet hours.
const directly = time.Hour

// Say plans what a person writes to a customer, and closes the conversation. The case
// behind it is noted as answered. ErrInvalid names every fault of the message,
// ErrConflict says why the customer may not be told, ErrNotFound: nobody is known
// under the ID.
func (s *Switchboard) Say(ctx context.Context, p presage.PersonalMessage) (presage.Message, error) {
	p.Text, p.Who = strings.TrimSpace(p.Text), strings.TrimSpace(p.Who)
	if err := p.Validate(); err != nil {
		return presage.Message{}, fmt.Errorf("answer customer %s: %w", p.CustomerID, err)
	}
	m, err := s.say(ctx, p)
	if err != nil {
		return m, fmt.Errorf("answer customer %s: %w", p.CustomerID, err)
	}
	return m, nil
}

func (s *Switchboard) say(ctx context.Context, p presage.PersonalMessage) (presage.Message, error) {
	customer, err := s.Store.Customer(ctx, p.CustomerID)
	if err != nil {
		return presage.Message{}, err
	}
	last, err := s.lastText(ctx, customer.ID)
	if err != nil {
		return presage.Message{}, err
	}
	if p.Channel, err = s.channel(customer, p.Channel, last.Channel); err != nil {
		return presage.Message{}, err
	}
	c, err := s.Store.Conversation(ctx, customer.ID)
	if err != nil && !errors.Is(err, presage.ErrNotFound) {
		return presage.Message{}, err
	}
	c.CustomerID = customer.ID
	x, err := s.caseOf(ctx, c)
	if err != nil {
		return presage.Message{}, err
	}
	m, err := s.letter(ctx, p, customer, x)
	if err != nil {
		return m, err
	}
	if s.Now().Sub(last.At) > directly {
		m.NotBefore = s.Planner.Quiet(customer).Until(s.Now())
	}
	if err := s.Store.PutMessages(ctx, []presage.Message{m}); err != nil {
		return m, err
	}
	return m, s.answered(ctx, p, x)
}

// lastText is what a customer wrote last; zero for nothing.
func (s *Switchboard) lastText(ctx context.Context, customerID string) (presage.Reply, error) {
	rs, err := s.Store.RepliesOf(ctx, customerID, 1)
	if err != nil || len(rs) == 0 {
		return presage.Reply{}, err
	}
	return rs[0], nil
}

// channel is by which the customer is told: as asked for, else as they wrote, else
// the first of their route.
func (s *Switchboard) channel(c presage.Customer, asked, wrote presage.ChannelName) (presage.ChannelName, error) {
	route := s.Planner.Route(c)
	switch {
	case len(route) == 0 && (c.Consent.Stopped.SMS || c.Consent.Stopped.Push || c.Consent.Stopped.Email):
		return "", presage.Refuse(fmt.Errorf("%w: the customer has said STOP: no message may go out; a call needs "+
			"their consent to calls", presage.ErrConflict), presage.WhySaidStop)
	case len(route) == 0:
		return "", presage.Refuse(fmt.Errorf("%w: the customer has agreed to no channel that is configured, or has no "+
			"address there", presage.ErrConflict), presage.WhyNobodyToTell)
	case asked != "" && !slices.Contains(route, asked):
		return "", presage.Refuse(
			fmt.Errorf("%w: the customer may not be told by %s; by %v", presage.ErrConflict, asked, route),
			presage.WhyNotByChannel, "channel", string(asked))
	case asked != "":
		return asked, nil
	case slices.Contains(route, wrote):
		return wrote, nil
	}
	return route[0], nil
}

// letter is the message. It belongs to the newest offer of its case, so that a number
// that answers it books of that offer.
func (s *Switchboard) letter(ctx context.Context, p presage.PersonalMessage, c presage.Customer, x presage.Case,
) (presage.Message, error) {
	offerID := ""
	if x.ID != "" {
		offers, err := s.Store.OffersOf(ctx, x.ID)
		if err != nil {
			return presage.Message{}, err
		}
		if len(offers) > 0 {
			offerID = offers[0].ID
		}
	}
	car, err := s.car(ctx, x)
	if err != nil {
		return presage.Message{}, err
	}
	now, lang := s.Now(), contact.LangOf(c)
	sender := s.Planner.Sender(car).In(lang)
	body := sender + ": " + p.Text
	if lang == presage.Chinese {
		body = "【" + sender + "】" + p.Text
	}
	text := wording.Text{Title: sender, Body: body, Push: body, SMS: wording.ForSMS(body), Email: p.Text + "\n\n" + sender}
	about := c.ID + "@" + casework.Instant(now)
	if p.Key != "" {
		about = c.ID + "#" + p.Key
	}
	return s.Planner.Plan(presage.KindPersonal, text, "", contact.Draft{
		About: about, Case: x, OfferID: offerID, Customer: c, Channel: p.Channel, At: now,
	}), nil
}

// answered notes that a person answered: on the case that waits for a person, and on the
// conversation. Where the case still waits for one, so does the conversation.
func (s *Switchboard) answered(ctx context.Context, p presage.PersonalMessage, x presage.Case) error {
	if x.State == presage.CaseEscalated {
		_, err := s.Cases.Act(ctx, presage.CaseAction{
			CaseID: x.ID, Kind: presage.ActionAnswered, Who: p.Who, Note: note(p.Text),
		})
		if err != nil {
			return err
		}
	}
	return s.change(ctx, p.CustomerID, func(c *presage.Conversation) (bool, error) {
		if c.Version == 0 { // nobody waited: a person begins
			c.Since, c.CaseID = s.Now(), x.ID
			if _, err := s.about(ctx, c); err != nil {
				return false, err
			}
		}
		if c.Owner == "" || c.Owner == presage.OwnerManager {
			c.Owner = p.Who
		}
		s.end(c, presage.Because(presage.WhyAnswered, "text", casework.Clip(p.Text)))
		return true, nil
	})
}

// note keeps an answer short enough for the history of a case.
func note(text string) string {
	return casework.Clip(strings.Join(strings.Fields(text), " "))
}

// car is the one that a case is about: its brand signs. No case, no car.
func (s *Switchboard) car(ctx context.Context, x presage.Case) (presage.Vehicle, error) {
	if x.VIN == "" {
		return presage.Vehicle{}, nil
	}
	v, err := s.Store.Vehicle(ctx, x.VIN)
	if err != nil && !errors.Is(err, presage.ErrNotFound) {
		return v, fmt.Errorf("say: %w", err)
	}
	return v, nil
}
