package visit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/casework"
	"presage/outreach/contact"
)

// Lookout looks where the cars stand that a van comes to soon, and asks the customer
// of one that has left. Its fields are set once, before its first use.
type Lookout struct {
	Store   LookoutStore
	Files   *Files
	Planner *contact.Planner
	Now     func() time.Time
}

// LookoutStore finds visits and keeps what is asked about them.
type LookoutStore interface {
	Bookings(ctx context.Context, f presage.BookingFilter) ([]presage.Booking, error)
	// AmendCase notes why, once for the same who and why.
	AmendCase(ctx context.Context, id string, change presage.CaseChange, ev presage.CaseEvent) error
	// PutMessages inserts; a known Key is ignored.
	PutMessages(ctx context.Context, ms []presage.Message) error
	CaseEvents(ctx context.Context, caseID string) ([]presage.CaseEvent, error)
}

// lookAhead is how long before a van comes it is looked where the car stands.
const lookAhead = 24 * time.Hour

// Ask asks the customer of each car that stands further away than a van comes, within
// a day of its visit, once about each visit: it stands until they change it. It
// returns how many are asked.
func (l *Lookout) Ask(ctx context.Context) (int, error) {
	if l.Files.Agenda.Whereabouts == nil {
		return 0, nil
	}
	now := l.Now()
	visits, err := l.Store.Bookings(ctx, presage.BookingFilter{
		State: presage.BookingConfirmed, From: now, To: now.Add(lookAhead),
	})
	if err != nil {
		return 0, fmt.Errorf("cars of vans: %w", err)
	}
	asked := 0
	var faults []error
	for _, b := range visits {
		if b.Site == nil {
			continue
		}
		left, err := l.look(ctx, b)
		switch {
		case casework.Overtaken(err): // it moved while we looked
		case err != nil:
			faults = append(faults, fmt.Errorf("car of booking %s: %w", b.ID, err))
		case left:
			asked++
		}
	}
	return asked, errors.Join(faults...)
}

// look asks about one visit, where its car has left since it was sold.
func (l *Lookout) look(ctx context.Context, b presage.Booking) (bool, error) {
	events, err := l.Store.CaseEvents(ctx, b.CaseID)
	if err != nil {
		return false, err
	}
	if slices.ContainsFunc(events, func(e presage.CaseEvent) bool {
		return e.Reason.Code == presage.WhyVanAway && e.Reason.Args["booking"] == b.ID
	}) {
		return false, nil
	}
	at, seen, known, err := l.Files.Agenda.Whereabouts(ctx, b.VIN)
	if err != nil || !known || !seen.After(b.Site.SeenAt) {
		return false, err
	}
	f, err := l.Files.ByCase(ctx, b.CaseID)
	if err != nil || f.Unchanged(&b.ID) != nil {
		return false, err
	}
	bay, has := f.Workshop.Bay(b.BayID)
	if !has || f.Workshop.Place == nil || f.Workshop.Suits(bay, nil, &at) {
		return false, nil // the keeper looks after a van that is gone
	}
	return true, l.ask(ctx, f, f.Workshop.Place.To(at))
}

// ask notes that a car has left, and tells its customer, if any message can.
func (l *Lookout) ask(ctx context.Context, f CaseFile, km presage.Kilometre) error {
	now := l.Now()
	if route := l.Planner.Route(f.Customer.For(f.Case.Purpose())); len(route) > 0 {
		facts := f.Facts(l.Planner.Sender(f.Vehicle))
		facts.Start = f.Booking.Start
		m, err := l.Planner.Message(wording.Away, facts, contact.Draft{
			About: f.Booking.ID, Case: f.Case, OfferID: f.Offer.ID, Customer: f.Customer, Channel: route[0],
			At: l.Planner.AnswerAt(casework.BySweep, f.Customer),
		})
		if err != nil {
			return err
		}
		if err := l.Store.PutMessages(ctx, []presage.Message{m}); err != nil {
			return err
		}
	}
	return l.Store.AmendCase(ctx, f.Case.ID, presage.CaseChange{}, presage.CaseEvent{
		CaseID: f.Case.ID, At: now, Who: casework.BySweep,
		Reason: presage.Because(presage.WhyVanAway, "booking", f.Booking.ID,
			"km", strconv.FormatFloat(float64(km), 'f', 0, 64)),
	})
}
