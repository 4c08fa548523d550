package converse

import (
	"context"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/reply"
	"presage/outreach/visit"
)

// inform answers what changes nothing from what is known of the case; what is not
// known is a person's to say.
func (l *Listener) inform(ctx context.Context, t talk, m reply.Meaning, channel presage.ChannelName) error {
	f := t.file
	facts := f.Facts(l.Planner.Sender(f.Vehicle))
	kind := wording.Danger
	switch m.Kind {
	case reply.Slot:
		return l.standing(ctx, t, m.Slot, channel)
	case reply.Later:
		return l.putOff(ctx, t, m, channel)
	case reply.Price:
		kind = wording.Cost
		if facts.Price.Minor == 0 && !facts.Covered {
			return l.toAdviser(ctx, f, m, channel)
		}
	case reply.Where:
		kind = wording.Where
		if facts.Workshop.Address.EN == "" && facts.Workshop.Address.ZH == "" {
			return l.toAdviser(ctx, f, m, channel)
		}
	case reply.Question:
		return l.informOn(ctx, f, facts, m, channel)
	default: // reply.Danger
		if err := l.forSafety(ctx, f); err != nil {
			return err
		}
	}
	return l.answer(ctx, f, kind, facts, channel)
}

// informOn answers a question by its topic; what is not known is a person's to say.
func (l *Listener) informOn(
	ctx context.Context, f visit.CaseFile, facts wording.Facts, m reply.Meaning, channel presage.ChannelName,
) error {
	kind, known := wording.Lasts, true
	switch m.Topic {
	case reply.TopicHours:
		kind, known = wording.Hours, len(facts.Workshop.Week) > 0 || facts.Workshop.CloseHour > facts.Workshop.OpenHour
	case reply.TopicStay:
		kind, known = wording.Stay, len(facts.Workshop.Stays) > 0 && !facts.Van
	case reply.TopicSource:
		kind = wording.Source
	case reply.TopicLasts:
	case reply.TopicVisit:
		kind, known = wording.Standing, f.Booking != nil
		if known {
			facts.Start = f.Booking.Start
		}
	}
	if !known {
		return l.toAdviser(ctx, f, m, channel)
	}
	return l.answer(ctx, f, kind, facts, channel)
}

// forSafety lets a person call beside our answer: a safety-critical case does not
// wait for later, and who asks whether it is dangerous may have felt something.
func (l *Listener) forSafety(ctx context.Context, f visit.CaseFile) error {
	if f.Case.Severity != presage.Safety || f.Case.State != presage.CaseOffered {
		return nil
	}
	return l.Ledger.Escalate(ctx, f.Case, casework.Note{
		Who: casework.ByCustomer, Why: presage.Because(presage.WhyNeedsPerson),
	})
}

// standing says that a visit stands whatever number was sent. The number of the
// visit itself says nothing new.
func (l *Listener) standing(ctx context.Context, t talk, number int, channel presage.ChannelName) error {
	f := t.file
	if number > len(f.Offer.Slots) || !t.current {
		return l.tell(ctx, f, wording.Choose, channel)
	}
	if f.Booking.Start.Equal(f.Offer.Slots[number-1].Start) {
		return nil
	}
	facts := f.Facts(l.Planner.Sender(f.Vehicle))
	facts.Start = f.Booking.Start
	return l.answer(ctx, f, wording.Standing, facts, channel)
}

// askBack answers a wish with a question: free times near one that was named, when to
// ask again, or whether the repair is done. Nothing is booked that was not offered.
func (l *Listener) askBack(ctx context.Context, t talk, m reply.Meaning, channel presage.ChannelName) error {
	f := t.file
	if m.Doubt || m.Kind == reply.Gibberish {
		return l.unclear(ctx, f, channel)
	}
	if m.Kind == reply.Later {
		return l.putOff(ctx, t, m, channel)
	}
	if m.Kind == reply.Done {
		facts := f.Facts(l.Planner.Sender(f.Vehicle))
		facts.Done, facts.Around = m.Past, m.Around
		return l.answer(ctx, f, wording.Repaired, facts, channel)
	}
	if m.Kind != reply.Reschedule || m.Wish.IsZero() || f.MayBook(l.Now()) != nil {
		return l.tell(ctx, f, wording.Choose, channel)
	}
	slots, err := l.Desk.Agenda.FreeSlots(ctx, f.Workshop, f.Plan, visit.Aim{Day: m.Wish})
	if err != nil {
		return err
	}
	if len(slots) == 0 {
		return l.tell(ctx, f, wording.Choose, channel)
	}
	facts := f.Facts(l.Planner.Sender(f.Vehicle))
	facts.Slots = slots
	return l.answer(ctx, f, wording.Times, facts, channel)
}

// unclear asks what is wanted; a visit that stands is named, so that nobody
// thinks it was changed. A safety-critical case has a person call beside it.
func (l *Listener) unclear(ctx context.Context, f visit.CaseFile, channel presage.ChannelName) error {
	if err := l.forSafety(ctx, f); err != nil {
		return err
	}
	facts := f.Facts(l.Planner.Sender(f.Vehicle))
	if f.Booking != nil {
		facts.Start = f.Booking.Start
	}
	return l.answer(ctx, f, wording.Unclear, facts, channel)
}

// closeCase ends a case whose car is sold, or whose repair the customer has
// confirmed to be done elsewhere; its visit is given back. What the car measures
// decides whether it comes up again.
func (l *Listener) closeCase(
	ctx context.Context, f visit.CaseFile, m reply.Meaning, channel presage.ChannelName,
) error {
	err := l.ends(ctx, f, m)
	if casework.Overtaken(err) {
		return l.toAdviser(ctx, f, m, channel)
	}
	if err != nil {
		return err
	}
	return l.tell(ctx, f, wording.Closed, channel)
}

// ends ends a case by what its customer says: sold, or repaired on the day that
// they told before they were asked; else by the day on which they say so.
func (l *Listener) ends(ctx context.Context, f visit.CaseFile, m reply.Meaning) error {
	if m.Kind == reply.Sold {
		return l.Desk.Close(ctx, f, casework.Note{Who: casework.ByCustomer, Why: presage.Because(presage.WhySold)})
	}
	on := m.Past
	if on.IsZero() {
		on = l.Now()
	}
	why := presage.Because(presage.WhyRepaired, "on", on.Format(time.DateOnly))
	return l.Desk.CloseRepaired(ctx, f, on, casework.Note{Who: casework.ByCustomer, Why: why})
}
