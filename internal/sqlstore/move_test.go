//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/internal/sqlstore"
)

// moved is reservation i again, hours later, instead of the booking that it made.
func moved(i, hours int) presage.Reservation {
	r := reservation(i)
	r.Replaces = r.Booking.ID
	r.Booking.ID += fmt.Sprintf("+%dh", hours)
	shift := time.Duration(hours) * time.Hour
	r.Booking.Start, r.Booking.End = r.Booking.Start.Add(shift), r.Booking.End.Add(shift)
	r.Event.Reason, r.Change.DueAt = because("moved"), r.Booking.Start.Add(time.Hour)
	return r
}

func moveVisit(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 1}}))
	mustOpen(t, s, 1)
	mustOpen(t, s, 2)
	old, err := s.Reserve(ctx, reservation(1))
	must(t, err)
	before := state(t, s)
	for _, c := range []struct {
		name   string
		change func(*presage.Reservation)
		want   error
	}{
		{"no bay is free", func(r *presage.Reservation) { r.Bays = nil }, presage.ErrConflict},
		{"no technician is free", func(r *presage.Reservation) { r.Technicians = nil }, presage.ErrConflict},
		{"more pads than there are", func(r *presage.Reservation) { r.Booking.Parts[0].Quantity = 2 }, presage.ErrConflict},
		{"no such offer", func(r *presage.Reservation) { r.OfferID = "o9" }, presage.ErrNotFound},
		{"no such visit", func(r *presage.Reservation) { r.Replaces = "b9" }, presage.ErrNotFound},
		{"another's visit", func(r *presage.Reservation) { r.Booking.CaseID = "case-2" }, presage.ErrConflict},
	} {
		r := moved(1, 24)
		c.change(&r)
		_, err := s.Reserve(ctx, r)
		wantKind(t, err, c.want)
		same(t, c.name+": the old visit stands untouched", state(t, s), before)
	}

	overlap := moved(1, 1) // its own cells and its own pad count as free
	overlap.Bays, overlap.Technicians = overlap.Bays[:1], overlap.Technicians[:1]
	overlap.Messages = []presage.Message{message(1)}
	b, err := s.Reserve(ctx, overlap)
	must(t, err)
	got, err := s.Booking(ctx, old.ID)
	must(t, err)
	same(t, "the old visit", got.State, presage.BookingCancelled)
	same(t, "pads", stockOf(t, s, "PAD").Reserved, 1)
	busy, err := s.Busy(ctx, "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)
	same(t, "busy", busy, []presage.Busy{
		{Resource: "bay-1", Start: b.Start, End: b.End}, {Resource: "tech-1", Start: b.Start, End: b.End},
	})
	c, err := s.Case(ctx, "case-1")
	must(t, err)
	same(t, "case", []any{c.State, c.DueAt}, []any{presage.CaseBooked, overlap.Change.DueAt})
	es, err := s.CaseEvents(ctx, "case-1")
	must(t, err)
	same(t, "events", len(es), 3)
	same(t, "the move", es[2], presage.CaseEvent{
		CaseID: "case-1", At: noon(), Who: "customer", From: presage.CaseBooked, To: presage.CaseBooked, Reason: because("moved"),
	})
	_, err = s.Reserve(ctx, moved(1, 48)) // a stale page: that visit was moved before
	wantKind(t, err, presage.ErrConflict)
}

// moveRace lets the visits of one bay change places all at once, again and
// again: each customer has one visit after every move.
func moveRace(t *testing.T, s *sqlstore.Store) {
	const customers, moves = 6, 8
	must(t, s.PutWorkshops(t.Context(), []presage.Workshop{{ID: "w1"}}))
	must(t, s.PutStock(t.Context(), []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: customers}}))
	at := func(i, place int) presage.Reservation {
		r := reservation(i)
		r.Bays, r.Technicians = r.Bays[:1], r.Technicians[:1]
		r.Booking.Start = r.Booking.Start.Add(time.Duration(place) * 2 * time.Hour)
		r.Booking.End = r.Booking.Start.Add(2 * time.Hour)
		return r
	}
	for i := range customers {
		mustOpen(t, s, i)
		_, err := s.Reserve(t.Context(), at(i, i))
		must(t, err)
	}
	var g errgroup.Group
	for i := range customers {
		g.Go(func() error {
			has := reservation(i).Booking.ID
			for n := range moves {
				r := at(i, (i+n+1)%(customers+2))
				r.Replaces, r.Booking.ID = has, fmt.Sprintf("%s/%d", r.Booking.ID, n)
				if _, err := s.Reserve(t.Context(), r); err == nil {
					has = r.Booking.ID
				} else if !errors.Is(err, presage.ErrConflict) {
					return err
				}
				b, err := s.Booking(t.Context(), has)
				if err != nil || b.State != presage.BookingConfirmed {
					return fmt.Errorf("customer %d is left with %s, %w", i, b.State, err)
				}
			}
			return nil
		})
	}
	must(t, g.Wait())
	same(t, "pads", stockOf(t, s, "PAD").Reserved, customers)
	busy, err := s.Busy(t.Context(), "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)
	var hours float64
	for _, b := range busy {
		hours += b.End.Sub(b.Start).Hours()
	}
	same(t, "hours of the bay and the technician", hours, 2*2.0*customers)
}

func cancelAnswers(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	b := booked(t, s, 1)
	must(t, s.PutMessages(ctx, []presage.Message{message(2)}))
	c := presage.Cancellation{
		BookingID: b.ID, Now: noon(), OfferID: "o1", Answer: "declined", Messages: []presage.Message{message(1)},
		Event:  presage.CaseEvent{At: noon(), Who: "customer", To: presage.CaseEscalated},
		Change: presage.CaseChange{Owner: "adviser", DueAt: noon().Add(time.Hour)},
	}
	before := state(t, s)
	wantKind(t, s.Cancel(ctx, c), presage.ErrNotFound) // no such offer
	same(t, "the visit stands", state(t, s), before)

	mustOpen(t, s, 2)
	for _, o := range []presage.Offer{{ID: "o1", CaseID: "case-2"}, {ID: "o2", CaseID: "case-2", CreatedAt: noon()}} {
		must(t, s.CreateOffer(ctx, o, nil, noon(), presage.CaseEvent{}))
		must(t, s.MoveCase(ctx, "case-2", presage.CaseChange{}, fromTo(presage.CaseOffered, presage.CaseOpen, presage.CaseEvent{})))
	}
	must(t, s.Cancel(ctx, c))
	free(t, s)
	o, err := s.Offer(ctx, "o1")
	must(t, err)
	same(t, "answer", o.Answer, "declined")
	got, err := s.Case(ctx, "case-1")
	must(t, err)
	same(t, "case", []any{got.State, got.Owner, got.DueAt}, []any{presage.CaseEscalated, "adviser", noon().Add(time.Hour)})
	wantKind(t, s.Cancel(ctx, c), presage.ErrConflict)

	must(t, s.Cancel(ctx, presage.Cancellation{ // nothing is booked
		Now: noon(), OfferID: "o2", Answer: "declined",
		Event: presage.CaseEvent{CaseID: "case-2", At: noon(), To: presage.CaseSuperseded},
	}))
	got, err = s.Case(ctx, "case-2")
	must(t, err)
	same(t, "case", got.State, presage.CaseSuperseded)
}
