//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/internal/sqlstore"
)

// lacking is reservation i for pieces of PAD that come by fours within a day.
func lacking(i, pieces int) presage.Reservation {
	r := reservation(i)
	r.Booking.Parts[0].Quantity = pieces
	r.Replenish = []presage.Replenishment{{Part: "PAD", Pack: 4, Arrives: r.Booking.Start.Add(-time.Hour)}}
	return r
}

func onOrder(t *testing.T, s *sqlstore.Store) (pieces []int) {
	t.Helper()
	os, err := s.OpenOrders(t.Context(), "d1", "PAD")
	must(t, err)
	for _, o := range os {
		pieces = append(pieces, o.Quantity)
	}
	return pieces
}

func replenish(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	for i := range 4 {
		mustOpen(t, s, i)
	}
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 1}}))
	late := lacking(0, 3)
	late.Replenish[0].Arrives = late.Booking.Start.Add(time.Second)
	_, err := s.Reserve(ctx, late)
	wantKind(t, err, presage.ErrConflict)
	lost := lacking(0, 3)
	lost.OfferID = "o9"
	_, err = s.Reserve(ctx, lost)
	wantKind(t, err, presage.ErrNotFound)
	same(t, "what was not sold orders nothing", len(onOrder(t, s)), 0)

	// 1 on hand: 3 lack 2, a pack of 4. 2 more are then there, of 3 one lacks.
	_, err = s.Reserve(ctx, lacking(0, 3))
	must(t, err)
	os, err := s.OpenOrders(ctx, "", "")
	must(t, err)
	same(t, "order", os, []presage.PurchaseOrder{{
		ID: "po-booking-0-PAD", DepotID: "d1", Part: "PAD", Quantity: 4, OrderedAt: noon(),
		ExpectedAt: reservation(0).Booking.Start.Add(-time.Hour),
	}})
	_, err = s.Reserve(ctx, lacking(1, 2))
	must(t, err)
	same(t, "orders", onOrder(t, s), []int{4})
	third := moved(2, 24)
	third.Replaces, third.Booking.Parts[0].Quantity, third.Replenish = "", 3, lacking(2, 3).Replenish
	_, err = s.Reserve(ctx, third)
	must(t, err)
	same(t, "orders", onOrder(t, s), []int{4, 4})
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnHand: 1, Reserved: 8, OnOrder: 8})

	elsewhere := lacking(3, 1) // a depot that never kept the part
	elsewhere.DepotID, elsewhere.Booking.WorkshopID = "d2", "w2"
	elsewhere.Bays, elsewhere.Technicians = []string{"bay-9"}, []string{"tech-9"}
	_, err = s.Reserve(ctx, elsewhere)
	must(t, err)
	ss, err := s.Stock(ctx, presage.StockFilter{DepotID: "d2"})
	must(t, err)
	same(t, "stock", ss, []presage.Stock{{DepotID: "d2", Part: "PAD", Reserved: 1, OnOrder: 4}})
}

// promisedOnOrder: one piece lies there, one arrives on day 3. A visit of day 4
// has that promised; a visit of day 1 takes what lies there, and one between
// them finds nothing.
func promisedOnOrder(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 1}}))
	day := reservation(0).Booking.Start
	must(t, s.PutOrder(ctx, presage.PurchaseOrder{
		ID: "o", DepotID: "d1", Part: "PAD", Quantity: 1, ExpectedAt: day.AddDate(0, 0, 2),
	}))
	for i := range 4 {
		mustOpen(t, s, i)
	}
	sell := func(i, days int) error {
		r := moved(i, 24*days)
		r.Replaces = ""
		_, err := s.Reserve(ctx, r)
		return err
	}
	must(t, sell(0, 3))
	must(t, sell(1, 0))
	wantKind(t, sell(2, 1), presage.ErrConflict)
	wantKind(t, sell(3, 5), presage.ErrConflict)
	same(t, "reserved", stockOf(t, s, "PAD").Reserved, 2)
}

// orderRace: ten bookers, two places, each lacks six pieces in packs of four.
// Two are sold: 12 pieces, of which 8 and 4 are ordered.
func orderRace(t *testing.T, s *sqlstore.Store) {
	const bookers = 10
	must(t, s.PutWorkshops(t.Context(), []presage.Workshop{{ID: "w1"}}))
	for i := range bookers {
		mustOpen(t, s, i)
	}
	var sold atomic.Int64
	var g errgroup.Group
	for i := range bookers {
		g.Go(func() error {
			_, err := s.Reserve(t.Context(), lacking(i, 6))
			if err == nil {
				sold.Add(1)
			} else if !errors.Is(err, presage.ErrConflict) {
				return err
			}
			return nil
		})
	}
	must(t, g.Wait())
	same(t, "sold", sold.Load(), int64(2))
	pieces := 0
	for _, n := range onOrder(t, s) {
		pieces += n
	}
	same(t, "orders and pieces", []int{len(onOrder(t, s)), pieces}, []int{2, 12})
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", Reserved: 12, OnOrder: 12})
}
