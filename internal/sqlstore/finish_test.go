//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// booked reserves for case i with ten pads on hand.
func booked(t *testing.T, s *sqlstore.Store, i int) presage.Booking {
	t.Helper()
	must(t, s.PutStock(t.Context(), []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 10}, {DepotID: "d1", Part: "OIL", OnHand: 1}}))
	mustOpen(t, s, i)
	b, err := s.Reserve(t.Context(), reservation(i))
	must(t, err)
	return b
}

func free(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	busy, err := s.Busy(t.Context(), "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)
	same(t, "busy", len(busy), 0)
	same(t, "reserved", stockOf(t, s, "PAD").Reserved, 0)
}

func cancel(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	b := booked(t, s, 1)
	at, ev := noon().Add(time.Hour), presage.CaseEvent{At: noon().Add(time.Hour), Who: "customer", Reason: because("cannot come")}
	wantKind(t, s.CancelBooking(ctx, b.ID, at, ev, presage.CaseWithheld, nil), presage.ErrConflict) // not a move
	same(t, "still reserved", stockOf(t, s, "PAD").Reserved, 1)
	must(t, s.CancelBooking(ctx, b.ID, at, ev, presage.CaseOpen, []presage.Message{message(1)}))
	free(t, s)
	got, err := s.Booking(ctx, b.ID)
	must(t, err)
	b.State, b.UpdatedAt, b.Sequence = presage.BookingCancelled, at, 1
	same(t, "booking", got, b)
	c, err := s.Case(ctx, "case-1")
	must(t, err)
	same(t, "case", c.State, presage.CaseOpen)
	ms, err := s.Messages(ctx, presage.MessageFilter{})
	must(t, err)
	same(t, "messages", len(ms), 1)
	wantKind(t, s.CancelBooking(ctx, b.ID, at, ev, presage.CaseOpen, nil), presage.ErrConflict)
	wantKind(t, s.CancelBooking(ctx, "none", at, ev, presage.CaseOpen, nil), presage.ErrNotFound)

	r := reservation(1) // the same slot can be sold again, to the same case
	r.Booking.ID = "booking-1b"
	_, err = s.Reserve(ctx, r)
	must(t, err)
}

func bookingMoves(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	b := booked(t, s, 1)
	at := b.Start
	for _, m := range []struct {
		from, to presage.BookingState
		want     error
	}{
		{presage.BookingArrived, presage.BookingNoShow, presage.ErrConflict}, // not arrived
		{presage.BookingConfirmed, presage.BookingDone, presage.ErrConflict}, // by FinishBooking only
	} {
		wantKind(t, s.MoveBooking(ctx, b.ID, m.from, m.to, at), m.want)
	}
	wantKind(t, s.MoveBooking(ctx, "none", presage.BookingConfirmed, presage.BookingArrived, at), presage.ErrNotFound)
	must(t, s.MoveBooking(ctx, b.ID, presage.BookingConfirmed, presage.BookingArrived, at))
	wantKind(t, s.MoveBooking(ctx, b.ID, presage.BookingArrived, presage.BookingCancelled, at), presage.ErrConflict)
	same(t, "an arrived car keeps its parts", stockOf(t, s, "PAD").Reserved, 1)
	list, err := s.Bookings(ctx, presage.BookingFilter{State: presage.BookingArrived, VIN: vin(1), CaseID: "case-1"})
	must(t, err)
	same(t, "arrived", len(list), 1)

	mustOpen(t, s, 2)
	second, err := s.Reserve(ctx, reservation(2))
	must(t, err)
	must(t, s.MoveBooking(ctx, second.ID, presage.BookingConfirmed, presage.BookingNoShow, at))
	same(t, "who did not come gives the parts back", stockOf(t, s, "PAD").Reserved, 1)
	all, err := s.Bookings(ctx, presage.BookingFilter{})
	must(t, err)
	page, err := s.Bookings(ctx, presage.BookingFilter{AfterID: all[0].ID, Limit: 9})
	must(t, err)
	same(t, "the second page", page, all[1:])
}

func finish(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	b := booked(t, s, 1)
	at := b.End
	must(t, s.MoveBooking(ctx, b.ID, presage.BookingConfirmed, presage.BookingArrived, b.Start))
	result := presage.WorkshopResult{
		BookingID: b.ID, VIN: vin(1), At: at, OdometerKm: 81000,
		PartsUsed: []presage.PartQuantity{{Part: "PAD", Quantity: 2}, {Part: "OIL", Quantity: 3}},
	}
	label := presage.Label{
		VIN: vin(1), Component: presage.BrakePadsFront, At: at, OdometerKm: 81000,
		Outcome: presage.OutcomeConfirmed, Replaced: true, BookingID: b.ID,
	}
	evs := []presage.CaseEvent{
		{At: b.Start, Who: "workshop", From: presage.CaseBooked, To: presage.CaseArrived},
		{At: at, Who: "workshop", From: presage.CaseArrived, To: presage.CaseDone, Reason: because("pads replaced")},
	}
	foreign := result
	foreign.VIN = vin(2)
	wantKind(t, s.FinishBooking(ctx, foreign, nil, nil), presage.ErrInvalid)
	must(t, s.FinishBooking(ctx, result, []presage.Label{label}, evs))

	got, err := s.Booking(ctx, b.ID)
	must(t, err)
	same(t, "booking", got.State, presage.BookingDone)
	c, err := s.Case(ctx, "case-1")
	must(t, err)
	same(t, "case", c.State, presage.CaseDone)
	same(t, "timer", c.DueAt, time.Time{})
	es, err := s.CaseEvents(ctx, "case-1")
	must(t, err)
	same(t, "events", len(es), 4)
	same(t, "pads: one was reserved, two used", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnHand: 8})
	same(t, "oil: more used than the books knew", stockOf(t, s, "OIL"), presage.Stock{DepotID: "d1", Part: "OIL"})
	day := presage.DayOf(at)
	use, err := s.PartUse(ctx, "d1", "", day, day)
	must(t, err)
	same(t, "use", use, []presage.PartUse{
		{DepotID: "d1", Part: "OIL", Day: day, Quantity: 3}, {DepotID: "d1", Part: "PAD", Day: day, Quantity: 2},
	})
	ls, err := s.Labels(ctx, vin(1))
	must(t, err)
	same(t, "labels", ls, []presage.Label{label})
	free(t, s)

	wantKind(t, s.FinishBooking(ctx, result, nil, nil), presage.ErrConflict) // the same report again
	result.At = at.Add(time.Second)
	wantKind(t, s.FinishBooking(ctx, result, nil, nil), presage.ErrConflict) // the booking is over
	result.BookingID = "none"
	wantKind(t, s.FinishBooking(ctx, result, nil, nil), presage.ErrNotFound)
	same(t, "nothing used twice", stockOf(t, s, "PAD").OnHand, 8)

	second := booked(t, s, 2) // without events the store writes the last one itself
	must(t, s.FinishBooking(ctx, presage.WorkshopResult{BookingID: second.ID, VIN: vin(2), At: at}, nil, nil))
	c, err = s.Case(ctx, "case-2")
	must(t, err)
	same(t, "case", c.State, presage.CaseDone)
}

func breakdown(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	b := booked(t, s, 1)
	must(t, s.PutWorkshops(ctx, []presage.Workshop{{ID: "w1", DepotID: "d1"}}))
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1), WorkshopID: "w1"}}))
	result := presage.WorkshopResult{
		VIN: vin(1), At: noon().Add(time.Hour), PartsUsed: []presage.PartQuantity{{Part: "PAD", Quantity: 1}},
	}
	label := presage.Label{VIN: vin(1), Component: presage.BrakePadsFront, At: result.At, Outcome: presage.OutcomeFailed, Replaced: true}
	ev := presage.CaseEvent{
		CaseID: "case-1", At: result.At, Who: "workshop", To: presage.CaseResolvedElsewhere, Reason: because("towed"),
	}
	must(t, s.FinishBooking(ctx, result, []presage.Label{label}, []presage.CaseEvent{ev}))
	c, err := s.Case(ctx, "case-1")
	must(t, err)
	same(t, "case", c.State, presage.CaseResolvedElsewhere)
	got, err := s.Booking(ctx, b.ID)
	must(t, err)
	same(t, "booking", got.State, presage.BookingCancelled)
	free(t, s)
	same(t, "pads", stockOf(t, s, "PAD").OnHand, 9)

	// A car without workshop and without case: the label is what remains.
	result = presage.WorkshopResult{VIN: vin(7), At: noon(), PartsUsed: result.PartsUsed}
	label.VIN = vin(7)
	must(t, s.FinishBooking(ctx, result, []presage.Label{label}, nil))
	same(t, "pads", stockOf(t, s, "PAD").OnHand, 9)
	ls, err := s.AllLabels(ctx)
	must(t, err)
	same(t, "labels", len(ls), 2)
	result.At, ev.CaseID = noon().Add(time.Hour), "case-9"
	wantKind(t, s.FinishBooking(ctx, result, nil, []presage.CaseEvent{ev}), presage.ErrNotFound) // no case to close
}
