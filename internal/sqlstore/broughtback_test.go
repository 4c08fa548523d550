package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// broughtBack: a result of a visit that was cancelled ends the one booked instead; taken
// back, that one stands again with its bay, technician and parts.
func broughtBack(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	old := booked(t, s, 1)
	must(t, s.Cancel(ctx, presage.Cancellation{
		BookingID: old.ID, Now: noon(), Event: presage.CaseEvent{At: noon(), Who: "customer", To: presage.CaseOffered},
	}))
	r := reservation(1)
	r.Booking.ID, r.Booking.Start, r.Booking.End = "instead", old.Start.AddDate(0, 0, 2), old.End.AddDate(0, 0, 2)
	r.Event.From = presage.CaseOffered
	instead, err := s.Reserve(ctx, r)
	must(t, err)
	pads := stockOf(t, s, "PAD")
	busy, err := s.Busy(ctx, "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)

	at := old.End
	result := presage.WorkshopResult{
		BookingID: old.ID, VIN: vin(1), At: at, OdometerKm: 81000, StoredAt: at,
		Findings: []presage.Finding{{Component: presage.BrakePadsFront, Outcome: presage.OutcomeConfirmed, Replaced: true}},
	}
	states := func(what string, x presage.CaseState, a, b presage.BookingState) {
		t.Helper()
		c, err := s.Case(ctx, "case-1")
		must(t, err)
		first, err := s.Booking(ctx, old.ID)
		must(t, err)
		second, err := s.Booking(ctx, instead.ID)
		must(t, err)
		same(t, what+": the case", c.State, x)
		same(t, what+": the visits", []presage.BookingState{first.State, second.State}, []presage.BookingState{a, b})
	}
	must(t, s.FinishBooking(ctx, result, result.Labels(), nil))
	states("reported", presage.CaseDone, presage.BookingDone, presage.BookingCancelled)
	must(t, s.UndoResult(ctx, old.ID, "Mia", at.Add(time.Minute)))
	states("taken back", presage.CaseBooked, presage.BookingCancelled, presage.BookingConfirmed)
	same(t, "pads", stockOf(t, s, "PAD"), pads)
	again, err := s.Busy(ctx, "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)
	same(t, "calendar", again, busy)
	back, err := s.Booking(ctx, instead.ID)
	must(t, err)
	if back.Sequence <= instead.Sequence {
		t.Errorf("the calendar entry of the visit that is back has number %d, it had %d", back.Sequence, instead.Sequence)
	}

	// Its time is sold to somebody else: it cannot be back, and a person calls.
	must(t, s.FinishBooking(ctx, result, result.Labels(), nil))
	mustOpen(t, s, 2)
	other := reservation(2)
	other.Booking.Start, other.Booking.End = instead.Start.Add(time.Hour), instead.End.Add(time.Hour)
	other.Bays, other.Technicians = []string{instead.BayID}, []string{instead.TechnicianID}
	_, err = s.Reserve(ctx, other)
	must(t, err)
	must(t, s.UndoResult(ctx, old.ID, "Mia", at.Add(2*time.Minute)))
	states("sold meanwhile", presage.CaseEscalated, presage.BookingCancelled, presage.BookingCancelled)
	again, err = s.Busy(ctx, "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)
	same(t, "calendar of the other", again, []presage.Busy{
		{Resource: instead.BayID, Start: other.Booking.Start, End: other.Booking.End},
		{Resource: instead.TechnicianID, Start: other.Booking.Start, End: other.Booking.End},
	})
	es, err := s.CaseEvents(ctx, "case-1")
	must(t, err)
	same(t, "a person calls", es[len(es)-1].Reason.And[0].Code, presage.WhyCall)
}

// replanArrived: a car that is there changes its bay for the rest of its time.
func replanArrived(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	b := booked(t, s, 1)
	must(t, s.MoveBooking(ctx, b.ID, presage.BookingConfirmed, presage.BookingArrived, b.Start))
	r := replanned(1, 0)
	r.Now, r.Technicians = b.Start.Add(40*time.Minute), []string{b.TechnicianID}
	_, err := s.Replan(ctx, r) // it was seen before the car came
	wantKind(t, err, presage.ErrConflict)
	r.Booking.State = presage.BookingArrived
	got, err := s.Replan(ctx, r)
	must(t, err)
	same(t, "bay", got.BayID, "bay-2")
	busy, err := s.Busy(ctx, "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)
	since := b.Start.Add(30 * time.Minute)
	same(t, "busy", busy, []presage.Busy{
		{Resource: "bay-1", Start: b.Start, End: since},
		{Resource: "bay-2", Start: since, End: b.End},
		{Resource: b.TechnicianID, Start: b.Start, End: b.End},
	})
}

// boardBlocks: a list of the fleet leaves alone what people blocked on the board.
func boardBlocks(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	listed := presage.Workshop{
		ID: "w1", Bays: presage.PlainBays("bay-1", "bay-2"), Closures: []presage.Closure{{From: "2026-12-25", Note: "Christmas"}},
	}
	must(t, s.PutFleet(ctx, presage.Fleet{Workshops: []presage.Workshop{listed}}))
	outing := presage.Closure{From: "2026-12-11", Note: "Outing", By: "Mia"}
	lift := func(bay string) presage.Absence {
		return presage.Absence{Resource: bay, Closure: presage.Closure{From: "2026-12-07", Note: "Lift", By: "Mia"}}
	}
	must(t, s.ChangeWorkshop(ctx, "w1", func(w *presage.Workshop) error {
		w.Closures = append(w.Closures, outing)
		w.Absences = []presage.Absence{lift("bay-1"), lift("bay-2")}
		return nil
	}, presage.WorkshopNotes{}))
	next := listed
	next.Bays, next.Closures = presage.PlainBays("bay-1"), []presage.Closure{{From: "2027-01-01", Note: "New Year"}}
	for range 2 {
		must(t, s.PutFleet(ctx, presage.Fleet{Workshops: []presage.Workshop{next}}))
	}
	w, err := s.Workshop(ctx, "w1")
	must(t, err)
	same(t, "closures", w.Closures, []presage.Closure{next.Closures[0], outing})
	same(t, "absences", w.Absences, []presage.Absence{lift("bay-1")})
}
