//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func prognosis(i int, c presage.ComponentID) presage.Prognosis {
	return presage.Prognosis{
		VIN: vin(i), Component: c, AsOf: noon(), DataThrough: noon().Add(-time.Hour), Status: presage.StatusWatch,
		FailWithin:    presage.FailWithin{D7: 0.01, D30: 0.1, D60: 0.3, D90: 0.5},
		RemainingLife: presage.RemainingLife{Days: presage.Quantiles{P10: 20, P50: 91, P90: 300}},
		Terms:         []presage.Term{{Name: "wear_per_1000km", Value: 2.5, Unit: "%", Effect: 0.02}},
		Model:         presage.ModelRef{ID: "wear", Version: "1"}, Basis: presage.BasisMeasured,
		Measured: &presage.Measured{Feature: "pad_front", Value: 71, Limit: 85, Unit: "%"},
		Path:     []presage.PathPoint{{Day: 20777, Quantiles: presage.Quantiles{P10: 70, P50: 71, P90: 72}}},
	}
}

func prognoses(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	pads, tyres := prognosis(1, presage.BrakePadsFront), prognosis(1, presage.TyreLeak)
	other := prognosis(2, presage.TyreLeak)
	must(t, s.PutPrognoses(ctx, []presage.Prognosis{other, tyres, pads}))
	for _, p := range []*presage.Prognosis{&pads, &tyres, &other} {
		p.Path = nil // predicted courses are not kept
	}
	tyres.Status, tyres.AsOf = presage.StatusDue, noon().Add(24*time.Hour)
	must(t, s.PutPrognoses(ctx, []presage.Prognosis{tyres, pads}))
	got, err := s.Prognoses(ctx, vin(1))
	must(t, err)
	same(t, "of a vehicle", got, []presage.Prognosis{pads, tyres})
	var all []presage.Prognosis
	for p, err := range s.AllPrognoses(ctx) {
		must(t, err)
		all = append(all, p)
		must(t, s.PutSetting(ctx, "written", "during the walk"))
	}
	same(t, "all", all, []presage.Prognosis{pads, tyres, other})
	for range 100 { // walks that are left early give their connection back
		for _, err := range s.AllPrognoses(ctx) {
			must(t, err)
			break
		}
	}
	// A component that a vehicle has no more goes, from its list and from the counts.
	must(t, s.PutPrognoses(ctx, []presage.Prognosis{tyres}))
	got, err = s.Prognoses(ctx, vin(1))
	must(t, err)
	same(t, "without the pads", got, []presage.Prognosis{tyres})
	counts, err := s.FleetHealth(ctx)
	must(t, err)
	same(t, "counts", counts, []presage.HealthCount{
		{Component: presage.TyreLeak, Status: presage.StatusDue, Vehicles: 1},
		{Component: presage.TyreLeak, Status: presage.StatusWatch, Vehicles: 1},
	})
	bad := prognosis(1, presage.BrakePadsFront)
	bad.FailWithin.D7 = math.NaN()
	err = s.PutPrognoses(ctx, []presage.Prognosis{other, bad})
	wantKind(t, err, presage.ErrInvalid)
	if strings.Contains(err.Error(), string(vin(1))) {
		t.Errorf("%v shows the VIN", err)
	}
}

func labels(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	depth := 3.25
	measured := presage.Label{
		VIN: vin(1), Component: presage.BrakePadsFront, At: noon(), OdometerKm: 81234.5,
		Outcome: presage.OutcomeConfirmed, Replaced: true, Measured: &depth, BookingID: "b1",
	}
	seen := presage.Label{VIN: vin(1), Component: presage.TyreLeak, At: noon().Add(-time.Hour), Outcome: presage.OutcomeNoFaultFound}
	other := presage.Label{VIN: vin(0), Component: presage.TyreLeak, At: noon(), Outcome: presage.OutcomeFailed}
	must(t, s.PutLabels(ctx, []presage.Label{measured, seen, other}))
	must(t, s.PutLabels(ctx, []presage.Label{measured}))
	got, err := s.Labels(ctx, vin(1))
	must(t, err)
	same(t, "of a vehicle", got, []presage.Label{seen, measured})
	got, err = s.AllLabels(ctx)
	must(t, err)
	same(t, "all", got, []presage.Label{other, seen, measured})
}
