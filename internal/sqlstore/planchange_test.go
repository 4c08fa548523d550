//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// keepPlan puts a plan in the place of the one in force; each part has its own rows.
func keepPlan(ctx context.Context, s *sqlstore.Store, plan []presage.PlannedPart) (presage.KeptPlan, error) {
	version, err := s.PlanVersion(ctx)
	if err != nil {
		return presage.KeptPlan{}, err
	}
	var parts []string
	rows := map[string][]presage.PlannedPart{}
	for _, p := range plan {
		if !slices.Contains(parts, p.Forecast.Part) {
			parts = append(parts, p.Forecast.Part)
		}
		rows[p.Forecast.Part] = append(rows[p.Forecast.Part], p)
	}
	return s.KeepPlan(ctx, presage.NextPlan{AsOf: noon(), Before: version},
		func(yield func(presage.PlannedRows, error) bool) {
			for _, part := range parts {
				if !yield(presage.PlannedRows{Part: part, Rows: rows[part]}, nil) {
					return
				}
			}
		})
}

func putPlan(ctx context.Context, s *sqlstore.Store, plan []presage.PlannedPart) error {
	_, err := keepPlan(ctx, s, plan)
	return err
}

// planChanges keeps plans one after the other: what is written is what says something new.
func planChanges(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	at := func(part, depot string, order int) presage.PartForecast {
		return presage.PartForecast{
			Part: part, DepotID: depot, Region: "north", HorizonDays: 30, Mean: 3, OrderNow: order,
			Quantiles: map[string]float64{"0.5": 2, "0.9": 6}, Stock: presage.Stock{OnOrder: 2},
			Horizons: []presage.DemandStep{
				{Days: 7, Mean: 1, Quantiles: map[string]float64{"0.5": 1, "0.9": 2}},
				{Days: 30, Mean: 3, Quantiles: map[string]float64{"0.5": 2, "0.9": 6}},
			},
			Advice: presage.ReorderAdvice{
				Policy: "service_level", StockOutRisk: 0.25, Cost: presage.Money{Minor: int64(order) * 100, Currency: "CNY"},
				Supersedes: []string{"OLD"},
			},
		}
	}
	type counts struct{ Written, Removed int }
	keep := func(want counts, asOf time.Time, parts ...presage.PlannedRows) {
		t.Helper()
		version, err := s.PlanVersion(ctx)
		must(t, err)
		kept, err := s.KeepPlan(ctx, presage.NextPlan{AsOf: asOf, Before: version}, handed(parts, nil))
		must(t, err)
		same(t, "counts", counts{kept.Written, kept.Removed}, want)
		same(t, "version", kept.Version, version+1)
	}
	pad := presage.PlannedRows{Part: "PAD", Rows: planOf(at("PAD", "d1", 0), at("PAD", "d2", 4), at("OLD", "d2", 0))}
	oil := presage.PlannedRows{Part: "OIL", Rows: planOf(at("OIL", "d1", 1))}
	keep(counts{Written: 4}, noon(), pad, oil)
	keep(counts{}, noon().Add(time.Hour), oil, pad)
	keep(counts{}, noon().Add(2*time.Hour), presage.PlannedRows{Part: "PAD", Unchanged: true}, presage.PlannedRows{Part: "OIL", Unchanged: true})
	lines, err := s.PlanLines(ctx, presage.ForecastFilter{})
	must(t, err)
	want := at("PAD", "d2", 4)
	want.AsOf, want.Quantiles, want.Horizons = noon().Add(2*time.Hour), nil, []presage.DemandStep{{Days: 7, Mean: 1}, {Days: 30, Mean: 3}}
	same(t, "a line", lines[3], want)
	page, err := s.PartForecasts(ctx, presage.ForecastFilter{After: lines[0].Place(), Limit: 2})
	must(t, err)
	at2, err := s.PartForecastsAt(ctx, "", []presage.PlanPlace{lines[2].Place(), {Part: "none"}, lines[1].Place()})
	must(t, err)
	same(t, "behind the first", []string{page[0].Part, page[1].Part, page[1].DepotID}, []string{"OLD", "PAD", "d1"})
	same(t, "in the order of the places", at2, []presage.PartForecast{page[1], page[0]})

	// One depot leaves, an old part becomes one of its own, one part ends.
	pad.Rows = planOf(at("PAD", "d1", 2))
	old := presage.PlannedRows{Part: "OLD", Rows: planOf(at("OLD", "d2", 0))}
	keep(counts{Written: 2, Removed: 2}, noon(), pad, old)
	lines, err = s.PlanLines(ctx, presage.ForecastFilter{})
	must(t, err)
	same(t, "left", []presage.PlanPlace{lines[0].Place(), lines[1].Place()},
		[]presage.PlanPlace{{Part: "OLD", Region: "north", DepotID: "d2"}, {Part: "PAD", Region: "north", DepotID: "d1"}})
	same(t, "rows", len(lines), 2)

	// What ends with an error, or comes too late, changes nothing.
	late := presage.NextPlan{AsOf: noon().Add(9 * time.Hour)}
	_, err = s.KeepPlan(ctx, late, handed([]presage.PlannedRows{oil}, nil))
	wantKind(t, err, presage.ErrConflict)
	late.Before, err = s.PlanVersion(ctx)
	must(t, err)
	_, err = s.KeepPlan(ctx, late, handed([]presage.PlannedRows{oil}, presage.ErrUnavailable))
	wantKind(t, err, presage.ErrUnavailable)
	_, err = s.KeepPlan(ctx, late, handed([]presage.PlannedRows{oil, oil}, nil))
	wantKind(t, err, presage.ErrConflict)
	again, err := s.PlanLines(ctx, presage.ForecastFilter{})
	must(t, err)
	same(t, "lines", again, lines)
}

// Another process that plans at the same time takes the staged rows away: the plan in force
// stays whole.
func planRace(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	rows := func(part string) presage.PlannedRows {
		return presage.PlannedRows{Part: part, Rows: planOf(presage.PartForecast{Part: part, DepotID: "d1"})}
	}
	_, err := s.KeepPlan(ctx, presage.NextPlan{AsOf: noon()}, func(yield func(presage.PlannedRows, error) bool) {
		for i := range 101 { // more than one piece
			if !yield(rows(fmt.Sprintf("A%03d", i)), nil) {
				return
			}
		}
		_, err := s.KeepPlan(ctx, presage.NextPlan{AsOf: noon()}, handed([]presage.PlannedRows{rows("B")}, nil))
		must(t, err)
	})
	wantKind(t, err, presage.ErrConflict)
	lines, err := s.PlanLines(ctx, presage.ForecastFilter{})
	must(t, err)
	same(t, "rows of the other's plan", len(lines), 1)
}

// handed hands parts over, then ends with the error.
func handed(parts []presage.PlannedRows, err error) iter.Seq2[presage.PlannedRows, error] {
	return func(yield func(presage.PlannedRows, error) bool) {
		for _, p := range parts {
			if !yield(p, nil) {
				return
			}
		}
		if err != nil {
			yield(presage.PlannedRows{}, err)
		}
	}
}
