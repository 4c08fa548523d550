//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// lackingParts promises a piece each to three visits: two lie on the shelf, the
// third arrives the day before it is needed. Then one is used elsewhere.
func lackingParts(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 2}}))
	lacks := func(step string, want ...string) {
		t.Helper()
		ids, err := s.Lacking(ctx, noon())
		must(t, err)
		same(t, step, ids, want)
	}
	order := presage.PurchaseOrder{ID: "p1", DepotID: "d1", Part: "PAD", Quantity: 1}
	for i := range 3 {
		mustOpen(t, s, i)
		r := reservation(i)
		r.Booking.Start, r.Booking.End = r.Booking.Start.AddDate(0, 0, i), r.Booking.End.AddDate(0, 0, i)
		if i == 2 {
			order.ExpectedAt = r.Booking.Start.AddDate(0, 0, -1)
			must(t, s.PutOrder(ctx, order))
		}
		_, err := s.Reserve(ctx, r)
		must(t, err)
	}
	lacks("two on the shelf, one arrives in time")
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 1, OnOrder: 1}})) // counted: one is gone
	// The first visit takes the one that is left, the second, on the day the order comes, that one.
	lacks("one is gone: the third visit has none", "booking-2")
	must(t, s.PutOrder(ctx, presage.PurchaseOrder{
		ID: "p2", DepotID: "d1", Part: "PAD", Quantity: 1, ExpectedAt: order.ExpectedAt.Add(25 * time.Hour),
	}))
	lacks("another order is an hour late", "booking-2")
	must(t, s.PutOrder(ctx, presage.PurchaseOrder{
		ID: "p3", DepotID: "d1", Part: "PAD", Quantity: 1, ExpectedAt: order.ExpectedAt.Add(24 * time.Hour),
	}))
	lacks("and one comes as the visit begins")
}

// renewedSince books a visit of a car and has parts of it replaced before and after.
func renewedSince(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 2}}))
	mustOpen(t, s, 1)
	_, err := s.Reserve(ctx, reservation(1))
	must(t, err)
	b, err := s.Booking(ctx, "booking-1")
	must(t, err)
	done := b.CreatedAt.Add(time.Hour)
	for _, c := range []struct {
		what  string
		label presage.Label
		want  []string
	}{
		{"before it was booked", presage.Label{VIN: b.VIN, At: b.CreatedAt.Add(-time.Hour), Replaced: true}, nil},
		{"looked at only", presage.Label{VIN: b.VIN, At: done}, nil},
		{"another car's", presage.Label{VIN: vin(7), At: done, Replaced: true}, nil},
		{"just now", presage.Label{VIN: b.VIN, At: done.Add(time.Second), Replaced: true}, nil},
		{"meanwhile", presage.Label{VIN: b.VIN, At: done, Replaced: true}, []string{b.ID}},
	} {
		c.label.Component, c.label.Outcome = "brake_pads_front", presage.OutcomeConfirmed
		must(t, s.PutLabels(ctx, []presage.Label{c.label}))
		ids, err := s.Renewed(ctx, done)
		must(t, err)
		same(t, c.what, ids, c.want)
	}
	must(t, s.MoveBooking(ctx, b.ID, presage.BookingConfirmed, presage.BookingArrived, done))
	ids, err := s.Renewed(ctx, done)
	must(t, err)
	same(t, "the car is there", len(ids), 0)
}
