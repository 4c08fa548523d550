package converse

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/reply"
	"presage/outreach/visit"
)

// act does what a text asks for of the car that it is about. What the workshop is to ask
// before stands on the visit.
func (l *Listener) act(ctx context.Context, h heard, channel presage.ChannelName) error {
	t, m := *h.about, h.meaning
	a := Plan(m, situation([]talk{t}))
	err := l.do(ctx, t, m, a, channel)
	if err == nil && m.Fault && a != Person && a != Fetch {
		err = l.tell(ctx, t.file, wording.FaultTold, channel)
	}
	if err == nil && m.AskFirst {
		err = l.Desk.Note(ctx, t.file.Case.ID, h.own)
	}
	return err
}

// do is one action. Whoever tells of a fault beside it is told not to drive on.
func (l *Listener) do(ctx context.Context, t talk, m reply.Meaning, a Action, channel presage.ChannelName) error {
	f := t.file
	switch a {
	case Ignore:
		return nil
	case Book:
		return l.bookNumber(ctx, t, max(m.Slot, 1), channel)
	case Answer:
		return l.inform(ctx, t, m, channel)
	case Ask:
		return l.askBack(ctx, t, m, channel)
	case Close:
		return l.closeCase(ctx, f, m, channel)
	case Decline:
		return l.decline(ctx, f, "")
	case Cancel:
		note := casework.Note{Who: casework.ByCustomer, Why: presage.Because(presage.WhyCancelled)}
		return l.Desk.Cancel(ctx, f, presage.CaseOffered, note)
	case Help:
		return l.tell(ctx, f, wording.Help, channel)
	case Fetch:
		return l.fetch(ctx, f, channel)
	default:
		return l.toPerson(ctx, f, m, channel)
	}
}

// toPerson hands a text to a person. Who may want no more messages gets none from us
// that says so.
func (l *Listener) toPerson(
	ctx context.Context, f visit.CaseFile, m reply.Meaning, channel presage.ChannelName,
) error {
	switch {
	case m.Fault:
		return l.fault(ctx, f, m, channel)
	case m.MayStop:
		return l.escalate(ctx, f, m)
	default:
		return l.toAdviser(ctx, f, m, channel)
	}
}

// fault tells who felt or saw a fault not to drive on, and has a person call at once
// whatever the case is about. A booked visit stays.
func (l *Listener) fault(
	ctx context.Context, f visit.CaseFile, m reply.Meaning, channel presage.ChannelName,
) error {
	if f.Case.State == presage.CaseOffered {
		err := l.Ledger.EscalateAs(ctx, f.Case, presage.Safety, casework.Note{
			Who: casework.ByCustomer, Why: presage.Because(presage.WhyFaultTold),
		})
		if err != nil {
			return err
		}
	}
	if m.MayStop {
		return nil
	}
	return l.tell(ctx, f, wording.FaultTold, channel)
}

// toAdviser hands an offer to a person when its answer was not understood. A
// booked visit stays with the workshop; its reply is in the list all the same.
func (l *Listener) toAdviser(
	ctx context.Context, f visit.CaseFile, m reply.Meaning, channel presage.ChannelName,
) error {
	if err := l.escalate(ctx, f, m); err != nil {
		return err
	}
	return l.tell(ctx, f, wording.Adviser, channel)
}

// fetch asks for the rescue of a car that stands still. Where the case is over, or the
// workshop has the car, the person who reads the text acts.
func (l *Listener) fetch(ctx context.Context, f visit.CaseFile, channel presage.ChannelName) error {
	_, err := l.Fetcher.Report(ctx, f.Case.ID, casework.ByCustomer)
	if casework.Overtaken(err) || errors.Is(err, presage.ErrExpired) {
		return l.tell(ctx, f, wording.Adviser, channel)
	}
	return err
}

// escalate hands an offer to a person when its answer was not understood, or is a wish
// for the work.
func (l *Listener) escalate(ctx context.Context, f visit.CaseFile, m reply.Meaning) error {
	if f.Case.State != presage.CaseOffered {
		return nil
	}
	why := presage.Because(presage.WhyNotUnderstood)
	if m.AskFirst {
		why = presage.Because(presage.WhyAskFirst)
	}
	return l.Ledger.Escalate(ctx, f.Case, casework.Note{Who: casework.ByCustomer, Why: why})
}

// bookNumber books a slot by its number in the message that was sent. Where
// another offer has taken its place, the numbers are not valid any more. Who has put
// the offer off and thinks better of it has the time, if it is still free.
func (l *Listener) bookNumber(ctx context.Context, t talk, number int, channel presage.ChannelName) error {
	f := t.file
	withdrawn := f.Case.State == presage.CaseOpen
	switch {
	case number > len(f.Offer.Slots) || !t.current || withdrawn && f.Offer.Answer != presage.AnswerLater:
		return l.tell(ctx, f, wording.Choose, channel)
	case withdrawn && l.Now().After(f.Offer.ExpiresAt):
		return l.tell(ctx, f, wording.Gone, channel)
	}
	_, err := l.Desk.BookSlot(ctx, f, presage.Wish{
		SlotID: f.Offer.Slots[number-1].ID, Via: "reply", Who: casework.ByCustomer,
	})
	if casework.Overtaken(err) || errors.Is(err, presage.ErrExpired) {
		return l.tell(ctx, f, wording.Gone, channel)
	}
	return err
}

// ask answers with the names of the cars that a text can be about.
func (l *Listener) ask(ctx context.Context, talks []talk, channel presage.ChannelName) error {
	f := talks[0].file
	facts := f.Facts(l.Planner.Sender(f.Vehicle))
	facts.Cars = names(talks, contact.LangOf(f.Customer))
	return l.answer(ctx, f, wording.Which, facts, channel)
}

// tell plans a direct answer on the channel that the customer used. It carries
// no numbers to reply: the offer's own numbers stay the only ones.
func (l *Listener) tell(ctx context.Context, f visit.CaseFile, kind wording.Kind, channel presage.ChannelName) error {
	return l.answer(ctx, f, kind, f.Facts(l.Planner.Sender(f.Vehicle)), channel)
}

// answer plans a text that no person wrote. A number gets few of them a day:
// what answers every text might be a machine.
func (l *Listener) answer(
	ctx context.Context, f visit.CaseFile, kind wording.Kind, facts wording.Facts, channel presage.ChannelName,
) error {
	if !l.Planner.Allows(f.Customer, channel) {
		return nil
	}
	now := l.Now()
	n, err := l.answered(ctx, f.Customer, now.Add(-24*time.Hour))
	switch {
	case err != nil:
		return err
	case n >= l.Rules().Answers:
		return l.unanswered(ctx, f, kind)
	}
	m, err := l.Planner.Message(kind, facts, contact.Draft{
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

// unanswered hands an offer to a person when no more is answered by itself.
func (l *Listener) unanswered(ctx context.Context, f visit.CaseFile, kind wording.Kind) error {
	if f.Case.State != presage.CaseOffered || kind == wording.Which {
		return nil
	}
	r := presage.Reply{At: l.Now(), CustomerID: f.Customer.ID, CaseID: f.Case.ID}
	if err := l.Persons.Heard(ctx, r, presage.Because(presage.WhyNeedsPerson), true); err != nil {
		return err
	}
	return l.Ledger.Escalate(ctx, f.Case, casework.Note{
		Who: casework.ByCustomer, Why: presage.Because(presage.WhyNotUnderstood),
	})
}

// answered counts the answers of ours to a customer's number since then.
func (l *Listener) answered(ctx context.Context, c presage.Customer, since time.Time) (int, error) {
	ids := []string{c.ID}
	if c.Phone != "" {
		cs, err := l.Store.CustomersByPhone(ctx, c.Phone)
		if err != nil {
			return 0, fmt.Errorf("answer customer %s: %w", c.ID, kindOf(err))
		}
		for _, other := range cs {
			ids = append(ids, other.ID)
		}
	}
	n, err := l.Store.Told(ctx, ids, []string{
		string(wording.Choose), string(wording.Gone), string(wording.Help), string(wording.Adviser),
		string(wording.Which), string(wording.Standing), string(wording.Cost), string(wording.Where),
		string(wording.Danger), string(wording.FaultTold), string(wording.Lasts), string(wording.Stay),
		string(wording.Source), string(wording.Hours), string(wording.Later), string(wording.Times),
		string(wording.Repaired), string(wording.Closed), string(wording.Unclear),
	}, since)
	if err != nil {
		return 0, fmt.Errorf("answer customer %s: %w", c.ID, err)
	}
	return n, nil
}
