//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// recalls: a car is one of a recall by VIN or by range, is known when it registers, and
// done when a workshop has reported it or somebody says so.
func recalls(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	car := func(i int, brand string) presage.Vehicle {
		return presage.Vehicle{VIN: vin(i), Make: brand, Model: "One", CustomerID: "k", WorkshopID: "w"}
	}
	must(t, s.PutVehicles(ctx, []presage.Vehicle{car(1, "Aurora"), car(2, "aurora"), car(3, "Borea")}))
	r := presage.Recall{
		ID: "R-1", Safety: true, Job: "j", At: noon(), VINs: []presage.VIN{vin(3), vin(9)},
		Ranges: []presage.RecallRange{{Make: "Aurora", Models: []string{"one"}}},
	}
	for range 2 {
		must(t, s.PutRecalls(ctx, []presage.Recall{r}))
	}
	progress := func() presage.RecallProgress {
		all, err := s.Recalls(ctx, "", 0)
		must(t, err)
		return all[0]
	}
	same(t, "progress", progress(), presage.RecallProgress{Recall: r, Cars: 4, Open: 4})
	due, err := s.RecallsDue(ctx)
	must(t, err)
	if len(due) != 3 {
		t.Errorf("%d cars to ask in, want 3: nobody has registered the fourth", len(due))
	}
	mustOpen(t, s, 1)
	must(t, s.TakeRecall(ctx, "R-1", vin(1), caseID(t, s, 1)))
	must(t, s.PutLabels(ctx, []presage.Label{{
		VIN: vin(2), Component: presage.RecallComponent("R-1"), At: noon(), Outcome: presage.OutcomeConfirmed, Replaced: true,
	}}))
	must(t, s.PutVehicles(ctx, []presage.Vehicle{car(4, "Aurora")}))
	must(t, s.SettleRecalls(ctx, noon().Add(time.Hour)))
	if n, err := s.RecallDone(ctx, "R-1", []presage.VIN{vin(3), vin(7)}, noon()); err != nil || n != 1 {
		t.Errorf("%d noted, %v; want 1", n, err)
	}
	same(t, "progress", progress(), presage.RecallProgress{Recall: r, Cars: 5, Open: 3, Done: 2})
	cars, err := s.RecallCars(ctx, presage.RecallCarFilter{Recall: "R-1", State: presage.RecallDone, Limit: 1})
	must(t, err)
	same(t, "first of the done", cars, []presage.RecallCar{{
		Recall: "R-1", VIN: vin(2), State: presage.RecallDone, DoneAt: noon().Add(time.Hour), Known: true,
	}})
	r.Closed = true
	must(t, s.PutRecalls(ctx, []presage.Recall{r}))
	if due, err = s.RecallsDue(ctx); err != nil || len(due) != 0 {
		t.Errorf("%d cars of a closed recall, %v", len(due), err)
	}
}

func caseID(t *testing.T, s *sqlstore.Store, i int) string {
	cs, err := s.LastCases(t.Context(), vin(i), 1)
	must(t, err)
	return cs[0].ID
}
