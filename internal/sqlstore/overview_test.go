//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func overview(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutVehicles(ctx, []presage.Vehicle{
		{VIN: vin(1), LastSeen: noon()}, {VIN: vin(2), LastSeen: noon().Add(-time.Hour)}, {VIN: vin(3)},
	}))
	with := func(i int, c presage.ComponentID, st presage.Status, d30 float64) presage.Prognosis {
		p := prognosis(i, c)
		p.Status, p.FailWithin.D30 = st, d30
		return p
	}
	mild, worst := with(1, presage.TyreLeak, presage.StatusDue, 0.4), with(1, presage.Battery12V, presage.StatusDue, 0.6)
	ok := with(2, presage.TyreLeak, presage.StatusOK, 0.9)
	oil, filter := with(1, "engine_oil", presage.StatusDue, 0.99), with(2, "cabin_filter", presage.StatusDue, 0.98)
	oil.Basis, filter.Basis = presage.BasisClock, presage.BasisClock
	must(t, s.PutPrognoses(ctx, []presage.Prognosis{ok, mild, worst, oil, filter}))
	must(t, s.PutRollups(ctx, []presage.Rollup{{VIN: vin(1), Day: presage.DayOf(noon()), First: noon()}}))
	must(t, s.PutLabels(ctx, []presage.Label{
		{VIN: vin(1), Component: presage.TyreLeak, At: noon(), Outcome: presage.OutcomeFailed},
		{VIN: vin(2), Component: presage.TyreLeak, At: noon().Add(-time.Hour), Outcome: presage.OutcomeFailed}, // before us
		{VIN: vin(2), Component: presage.TyreLeak, At: noon(), Outcome: presage.OutcomeConfirmed, BookingID: "b1"},
		{VIN: vin(3), Component: presage.TyreLeak, At: noon(), Outcome: presage.OutcomeConfirmed}, // a service book
		{VIN: vin(1), Component: "engine_oil", At: noon(), Outcome: presage.OutcomeConfirmed, BookingID: "b2"},
		{VIN: vin(2), Component: "cabin_filter", At: noon(), Outcome: presage.OutcomeFailed},
	}))
	must(t, putPlan(ctx, s, []presage.PlannedPart{
		{Forecast: presage.PartForecast{Part: "A", DepotID: "d1", OrderNow: 2}},
		{Forecast: presage.PartForecast{Part: "B", DepotID: "d1"}},
		{Forecast: presage.PartForecast{Part: "A", OrderNow: 2}},
	}))
	mustOpen(t, s, 1)
	got, err := s.Overview(ctx, noon(), presage.Silence{Now: noon().Add(time.Minute), After: time.Hour})
	must(t, err)
	same(t, "overview", got, presage.Overview{
		Vehicles: 3, Heard: 1, Silent: 2, OpenParts: 1,
		ByStatus: map[presage.Status]int{presage.StatusDue: 1, presage.StatusOK: 1, presage.StatusUnknown: 1},
		Health: []presage.HealthCount{
			{Component: presage.Battery12V, Status: presage.StatusDue, Vehicles: 1},
			{Component: "cabin_filter", Status: presage.StatusDue, Vehicles: 1},
			{Component: "engine_oil", Status: presage.StatusDue, Vehicles: 1},
			{Component: presage.TyreLeak, Status: presage.StatusDue, Vehicles: 1},
			{Component: presage.TyreLeak, Status: presage.StatusOK, Vehicles: 1},
		},
		Cases:   map[presage.CaseState]int{presage.CaseOpen: 1},
		Avoided: 1, Occurred: 1, // a service is neither
		ServicesDue: 2, Serviced: 1,
	})
	urgent, err := s.Urgent(ctx, 0)
	must(t, err)
	worst.Path, filter.Path = nil, nil // predicted courses are not kept
	same(t, "urgent", urgent, []presage.Prognosis{worst, filter})
	for status, want := range map[presage.Status]presage.VIN{presage.StatusDue: vin(1), presage.StatusOK: vin(2)} {
		vs, err := s.Vehicles(ctx, presage.VehicleFilter{Status: status, ServiceDue: true})
		must(t, err)
		if len(vs) != 1 || vs[0].VIN != want {
			t.Errorf("%s with a service due: %v, want %s", status, vs, want)
		}
	}
}
