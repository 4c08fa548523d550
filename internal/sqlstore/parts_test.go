//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func orders(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	part := presage.Part{Number: "PAD", Name: presage.Text{ZH: "片", EN: "pad"}, Cost: presage.Money{Minor: 100, Currency: "CNY"}, PackSize: 2}
	must(t, s.PutParts(ctx, []presage.Part{part}))
	ps, err := s.Parts(ctx)
	must(t, err)
	same(t, "parts", ps, []presage.Part{part})

	day := 24 * time.Hour
	soon := presage.PurchaseOrder{ID: "p1", DepotID: "d1", Part: "PAD", Quantity: 4, OrderedAt: noon(), ExpectedAt: noon().Add(day)}
	late := presage.PurchaseOrder{ID: "p2", DepotID: "d1", Part: "PAD", Quantity: 2, OrderedAt: noon(), ExpectedAt: noon().Add(2 * day)}
	must(t, s.PutOrder(ctx, late))
	must(t, s.PutOrder(ctx, soon))
	wantKind(t, s.PutOrder(ctx, soon), presage.ErrConflict)
	wantKind(t, s.PutOrder(ctx, presage.PurchaseOrder{ID: "p3", DepotID: "d1", Part: "PAD"}), presage.ErrInvalid)
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnOrder: 6})
	open, err := s.OpenOrders(ctx, "d1", "PAD")
	must(t, err)
	same(t, "open", open, []presage.PurchaseOrder{soon, late})

	arrives := presage.OrderAct{Key: "arrives", OrderID: "p1", Kind: presage.ActReceive, By: "li", At: noon().Add(day)}
	for range 2 { // an order arrives once
		o, err := s.ActOrder(ctx, arrives, "x", noon().Add(day))
		must(t, err)
		same(t, "received", o.State, presage.OrderReceived)
		same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", OnHand: 4, OnOrder: 2})
	}
	open, err = s.OpenOrders(ctx, "", "")
	must(t, err)
	same(t, "open", open, []presage.PurchaseOrder{late})
	arrived := soon
	arrived.ReceivedAt = noon().Add(day)
	for since, want := range map[time.Time][]presage.PurchaseOrder{
		{}: {arrived}, arrived.ReceivedAt: {arrived}, arrived.ReceivedAt.Add(time.Second): nil,
	} {
		got, err := s.ReceivedOrders(ctx, since)
		must(t, err)
		same(t, "received", got, want)
	}

	mustOpen(t, s, 1)
	_, err = s.Reserve(ctx, reservation(1))
	must(t, err)
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD"}}))                                    // the count finds an empty shelf
	same(t, "stock", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", Reserved: 1, OnOrder: 2}) // late is on its way
	wantKind(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: -1}}), presage.ErrInvalid)
}
