package waitlist

import (
	"cmp"
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
	"presage/outreach/rules"
	"presage/outreach/visit"
)

// List is who waits. Its fields are set once, before its first use.
type List struct {
	Store   Store
	Files   *visit.Files
	Agenda  *visit.Agenda
	Planner *contact.Planner
	Rules   rules.Current
	Now     func() time.Time
}

// Store keeps who waits, and what they were told of.
type Store interface {
	PutWaiting(ctx context.Context, w presage.Waiting, ev presage.CaseEvent) error
	EndWaiting(ctx context.Context, ev presage.CaseEvent) error
	// Waiting lists who waits, of one workshop or, for "", of all, in the order in which they asked.
	Waiting(ctx context.Context, workshopID string) ([]presage.Waiting, error)
	// FreedOffers lists the offers that are open, and all of those who wait.
	FreedOffers(ctx context.Context, workshopID string, now time.Time) ([]presage.FreedOffer, error)
	// OfferFreed keeps an offer, its message and a note, or none of them.
	OfferFreed(ctx context.Context, o presage.FreedOffer, ms []presage.Message, ev presage.CaseEvent) error
}

const (
	answerWithin = 4 * time.Hour // how long a freed time is one customer's to take
	leastGain    = time.Hour     // by how much a time must be earlier
)

// AskEarlier is the wish of whoever holds the link. ErrConflict without a visit to come.
func (l *List) AskEarlier(ctx context.Context, token string) error {
	f, err := l.Files.ByToken(ctx, token)
	if err != nil {
		return err
	}
	if err := l.Files.Acted(ctx, f); err != nil {
		return err
	}
	return l.put(ctx, f, casework.ByCustomer)
}

// PutOnList is the same by a person.
func (l *List) PutOnList(ctx context.Context, caseID, who string) error {
	if strings.TrimSpace(who) == "" {
		return fmt.Errorf("who: %w: want the person's name", presage.ErrInvalid)
	}
	f, err := l.Files.ByCase(ctx, caseID)
	if err != nil {
		return err
	}
	return l.put(ctx, f, who)
}

func (l *List) put(ctx context.Context, f visit.CaseFile, who string) error {
	b, now := f.Booking, l.Now()
	if b == nil || b.State != presage.BookingConfirmed || !now.Before(b.Start) {
		return fmt.Errorf("waiting list: %w: case %s has no visit to come", presage.ErrConflict, f.Case.ID)
	}
	return l.Store.PutWaiting(ctx, presage.Waiting{
		CaseID: f.Case.ID, CustomerID: f.Case.CustomerID, WorkshopID: b.WorkshopID, Since: now, VisitAt: b.Start, Who: who,
	}, presage.CaseEvent{At: now, Who: who, Reason: presage.Because(presage.WhyWaits)})
}

// LeaveList takes a case off the list. ErrNotFound when it is not on it.
func (l *List) LeaveList(ctx context.Context, caseID, who string) error {
	why := presage.Because(presage.WhyWaitsNoMore)
	return l.Store.EndWaiting(ctx, presage.CaseEvent{CaseID: caseID, At: l.Now(), Who: who, Reason: why})
}

// OfferFreed offers free times to those who wait, and takes off the list those whose
// wish is met or whose visit is over. It returns how many were offered a time.
func (l *List) OfferFreed(ctx context.Context) (int, error) {
	waiting, err := l.Store.Waiting(ctx, "")
	if err != nil {
		return 0, fmt.Errorf("waiting list: %w", err)
	}
	slices.SortStableFunc(waiting, func(a, b presage.Waiting) int {
		switch {
		case a.Severity.Graver(b.Severity):
			return -1
		case b.Severity.Graver(a.Severity):
			return 1
		}
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.CaseID, b.CaseID))
	})
	offered := 0
	var faults []error
	for _, w := range waiting {
		told, err := l.serve(ctx, w)
		switch {
		case casework.Overtaken(err) || errors.Is(err, presage.ErrNotFound): // it changed while we looked
		case err != nil:
			faults = append(faults, fmt.Errorf("waiting list: case %s: %w", w.CaseID, err))
		case told:
			offered++
		}
	}
	return offered, errors.Join(faults...)
}

// serve offers one customer a time, where there is one.
func (l *List) serve(ctx context.Context, w presage.Waiting) (bool, error) {
	now := l.Now()
	if settled(w, now) {
		return false, l.LeaveList(ctx, w.CaseID, casework.BySweep)
	}
	past, err := l.Store.FreedOffers(ctx, w.WorkshopID, now)
	if err != nil {
		return false, err
	}
	asked := func(o presage.FreedOffer) bool { return o.CaseID == w.CaseID && o.ExpiresAt.After(now) }
	if slices.ContainsFunc(past, asked) {
		return false, nil
	}
	f, err := l.Files.ByCase(ctx, w.CaseID)
	if err != nil {
		return false, err
	}
	route := l.Planner.Route(f.Customer.For(f.Case.Purpose()))
	if len(route) == 0 || f.Offer.ID == "" || f.Lost() {
		return false, nil
	}
	told := l.Planner.AnswerAt(casework.BySweep, f.Customer)
	slot, found, err := l.freed(ctx, f, past, told)
	if err != nil || !found {
		return false, err
	}
	return true, l.offer(ctx, f, slot, told)
}

// settled tells whether nobody waits any more: the visit is gone, earlier than it was,
// or begun.
func settled(w presage.Waiting, now time.Time) bool {
	return w.BookingID == "" || w.Start.Before(w.VisitAt) || !now.Before(w.Start)
}

// freed is the first time before a visit that is free, that its customer was not told
// of, and that nobody else may still take.
func (l *List) freed(ctx context.Context, f visit.CaseFile, past []presage.FreedOffer, told time.Time,
) (presage.Slot, bool, error) {
	now := l.Now()
	parts, err := l.Agenda.SupplyFor(ctx, f, now)
	if err != nil {
		return presage.Slot{}, false, err
	}
	slots, err := l.Agenda.Search(ctx, f.Workshop, f.Plan, visit.Window{
		From: casework.Later(told.Add(l.Rules().Notice), parts.Ready(now)), To: f.Booking.Start.Add(-leastGain),
		Keep: true, Except: f.Offer.ID,
	})
	for _, s := range slots {
		if !slices.ContainsFunc(past, func(o presage.FreedOffer) bool {
			mine := o.CaseID == f.Case.ID && o.Start.Equal(s.Start)
			return mine || o.ExpiresAt.After(now) && o.Start.Before(s.End) && o.End.After(s.Start)
		}) {
			return s, true, err
		}
	}
	return presage.Slot{}, false, err
}

// offer tells a customer of a time.
func (l *List) offer(ctx context.Context, f visit.CaseFile, s presage.Slot, told time.Time) error {
	now := l.Now()
	o := presage.FreedOffer{
		ID: casework.ID("f", f.Case.ID, s.ID), CaseID: f.Case.ID, WorkshopID: s.WorkshopID, BookingID: f.Booking.ID,
		Start: s.Start, End: s.End, OfferedAt: now, ExpiresAt: casework.Later(now, told).Add(answerWithin),
	}
	facts := f.Facts(l.Planner.Sender(f.Vehicle))
	facts.Start, facts.Slots = f.Booking.Start, []presage.Slot{s}
	m, err := l.Planner.Message(wording.Earlier, facts, contact.Draft{
		About: o.ID, Case: f.Case, OfferID: f.Offer.ID, Customer: f.Customer,
		Channel: l.Planner.Route(f.Customer.For(f.Case.Purpose()))[0], At: told,
	})
	if err != nil {
		return err
	}
	why := presage.Because(presage.WhyFreed, "start", s.Start.UTC().Format(time.RFC3339),
		"until", o.ExpiresAt.UTC().Format(time.RFC3339))
	return l.Store.OfferFreed(ctx, o, []presage.Message{m}, presage.CaseEvent{At: now, Who: casework.BySweep, Reason: why})
}
