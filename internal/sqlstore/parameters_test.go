package sqlstore_test

import (
	"testing"

	"presage"
	"presage/internal/sqlstore"
)

// Versions count up, stay as they were, and are put by who looked at the newest.
func planningParameters(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	none, err := s.PlanningParameters(ctx, 0)
	must(t, err)
	same(t, "before the first", none, presage.PlanningParameters{Rules: []presage.PlanningRule{}})
	first := presage.PlanningParameters{
		Rules:  []presage.PlanningRule{{Part: "PAD", ServiceLevel: .97, Min: 2}, {Class: "CZ", Max: 4}},
		Floors: map[presage.Severity]float64{presage.Safety: .98}, PutAt: noon(), By: "Zhao Min", Note: "Winter",
	}
	kept, err := s.PutPlanningParameters(ctx, first)
	must(t, err)
	first.Version = 1
	same(t, "kept", kept, first)
	second, err := s.PutPlanningParameters(ctx, presage.PlanningParameters{
		Version: 1, Rules: []presage.PlanningRule{}, PutAt: noon(), By: "Li Na",
	})
	must(t, err)
	newest, err := s.PlanningParameters(ctx, 0)
	must(t, err)
	same(t, "in force", newest, second)
	old, err := s.PlanningParameters(ctx, 1)
	must(t, err)
	same(t, "the first", old, first)
	_, err = s.PlanningParameters(ctx, 3)
	wantKind(t, err, presage.ErrNotFound)
	_, err = s.PutPlanningParameters(ctx, first)
	wantKind(t, err, presage.ErrConflict)
}

// Who sells what is read anew with each version, and orders say who got them.
func sourcing(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	none, err := s.Sourcing(ctx)
	must(t, err)
	same(t, "nobody", none.SupplierOf("", "PAD"), "")
	first := presage.PlanningParameters{
		Rules:     []presage.PlanningRule{},
		Suppliers: []presage.Supplier{{ID: "nord", Zone: "Asia/Shanghai", Closures: []presage.DaysOff{{From: "2026-10-01", To: "2026-10-07"}}}},
		Sources:   []presage.Source{{Part: "PAD", Supplier: "nord"}}, PutAt: noon(), By: "Zhao Min",
	}
	kept, err := s.PutPlanningParameters(ctx, first)
	must(t, err)
	first.Version = 1
	same(t, "kept", kept, first)
	from, err := s.Sourcing(ctx)
	must(t, err)
	same(t, "nord sells pads", from.SupplierOf("", "PAD"), "nord")
	first.Sources[0].Part = ""
	_, err = s.PutPlanningParameters(ctx, first)
	must(t, err)
	from, err = s.Sourcing(ctx)
	must(t, err)
	same(t, "and now everything", from.SupplierOf("", "OIL"), "nord")
	must(t, s.PutOrder(ctx, presage.PurchaseOrder{
		ID: "p", DepotID: "d1", Part: "PAD", Quantity: 1, OrderedAt: noon(), ExpectedAt: noon(), Supplier: "nord",
	}))
	open, err := s.OpenOrders(ctx, "d1", "PAD")
	must(t, err)
	same(t, "on its way", open[0].Supplier, "nord")
	_, err = s.ActOrder(ctx, presage.OrderAct{Key: "k", OrderID: "p", Kind: presage.ActReceive, At: noon()}, "x", noon())
	must(t, err)
	came, err := s.ReceivedOrders(ctx, noon())
	must(t, err)
	same(t, "came", came[0].Supplier, "nord")
}
