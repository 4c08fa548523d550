//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"math"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func firstUse(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	_, err := s.FirstPartUse(ctx)
	wantKind(t, err, presage.ErrNotFound)
	must(t, s.PutWorkshops(ctx, []presage.Workshop{{ID: "w1", DepotID: "d1"}}))
	must(t, s.PutVehicles(ctx, []presage.Vehicle{{VIN: vin(1), WorkshopID: "w1"}}))
	for _, days := range []int{0, -9, -2} {
		must(t, s.FinishBooking(ctx, presage.WorkshopResult{
			VIN: vin(1), At: noon().AddDate(0, 0, days), PartsUsed: []presage.PartQuantity{{Part: "PAD", Quantity: 1}},
		}, nil, nil))
	}
	day, err := s.FirstPartUse(ctx)
	must(t, err)
	same(t, "first day of the record", day, presage.DayOf(noon())-9)
}

func planOf(fs ...presage.PartForecast) []presage.PlannedPart {
	out := make([]presage.PlannedPart, len(fs))
	for i, f := range fs {
		out[i].Forecast = f
	}
	return out
}

// padAtDepots is a plan of one part at two depots of one region.
func padAtDepots(t *testing.T, s *sqlstore.Store) {
	must(t, putPlan(t.Context(), s, planOf(
		presage.PartForecast{Part: "PAD", DepotID: "d1", Region: "north"},
		presage.PartForecast{Part: "PAD", DepotID: "d2", Region: "north"},
		presage.PartForecast{Part: "PAD", Region: "north"}, presage.PartForecast{Part: "PAD"},
	)))
}

func plans(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	f := presage.PartForecast{
		Part: "PAD", DepotID: "d1", Region: "north", AsOf: noon(), HorizonDays: 30, Mean: 2.5,
		Quantiles: map[string]float64{"0.9": 5}, Drivers: []presage.DemandDriver{{Name: "booked", Mean: 1, Vehicles: 1}},
		Horizons: []presage.DemandStep{{Days: 30, Mean: 2.5}}, FleetWeight: 0.5, ReorderPoint: 4, OrderNow: 2,
	}
	week := []presage.DemandStep{{Days: 7, Mean: 0.6}, {FromDay: 7, Days: 7, Mean: 0.5}}
	other := presage.PartForecast{Part: "OIL", DepotID: "d2", Region: "south", AsOf: noon()}
	north, all := presage.PartForecast{Part: "PAD", Region: "north", AsOf: noon()}, presage.PartForecast{Part: "PAD", AsOf: noon()}
	plan := planOf(all, north, other, f)
	plan[3].Weeks = week
	must(t, putPlan(ctx, s, planOf(f, presage.PartForecast{Part: "OLD", DepotID: "d1"})))
	must(t, putPlan(ctx, s, plan))
	for _, c := range []struct {
		filter presage.ForecastFilter
		want   []presage.PartForecast
	}{
		{presage.ForecastFilter{}, []presage.PartForecast{other, f}},
		{presage.ForecastFilter{Level: "depot", Region: "south"}, []presage.PartForecast{other}},
		{presage.ForecastFilter{Part: "PAD", DepotID: "d1"}, []presage.PartForecast{f}},
		{presage.ForecastFilter{Level: "region"}, []presage.PartForecast{north}},
		{presage.ForecastFilter{Level: "all", Part: "PAD"}, []presage.PartForecast{all}},
		{presage.ForecastFilter{Level: "all", Part: "OIL"}, nil},
	} {
		got, err := s.PartForecasts(ctx, c.filter)
		must(t, err)
		same(t, "forecasts", got, c.want)
	}
	for _, c := range []struct {
		depot, region string
		want          presage.PlannedPart
	}{
		{"d1", "", plan[3]}, {"d1", "north", plan[3]}, {"", "north", plan[1]}, {"", "", plan[0]},
	} {
		got, err := s.PlannedPart(ctx, "PAD", c.depot, c.region)
		must(t, err)
		same(t, "planned", got, c.want)
	}
	for _, at := range [][3]string{{"PAD", "d2", ""}, {"PAD", "d1", "south"}, {"PAD", "", "south"}, {"", "d1", ""}} {
		_, err := s.PlannedPart(ctx, at[0], at[1], at[2])
		wantKind(t, err, presage.ErrNotFound)
	}
	wantKind(t, putPlan(ctx, s, planOf(f, f)), presage.ErrConflict)
	wantKind(t, putPlan(ctx, s, planOf(presage.PartForecast{Mean: math.NaN()})), presage.ErrInvalid)
	got, err := s.PartForecasts(ctx, presage.ForecastFilter{})
	must(t, err)
	same(t, "the set before stands", len(got), 2)
	must(t, putPlan(ctx, s, nil))
}

func overrides(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	padAtDepots(t, s)
	today := presage.DayOf(noon())
	put := func(depot string, mean float64, at time.Time, until presage.Day) presage.DemandOverride {
		o, err := s.PutOverride(ctx, presage.DemandOverride{
			Part: "PAD", DepotID: depot, Mean: mean, Days: 30, Until: until, By: "li", Why: "tender\x00", CreatedAt: at,
			WithdrawnAt: at, WithdrawnBy: "nobody yet",
		})
		must(t, err)
		return o
	}
	ended := put("d1", 3, noon().AddDate(0, 0, -9), today-5)
	first := put("d1", 5, noon().Add(-time.Hour), today+7)
	elsewhere := put("d2", 6, noon(), today)
	second := put("d1", 8.5, noon(), today+7)
	same(t, "kept", second, presage.DemandOverride{
		ID: 4, Part: "PAD", DepotID: "d1", Mean: 8.5, Days: 30, Until: today + 7, By: "li", Why: "tender", CreatedAt: noon(),
	})
	first.WithdrawnAt, first.WithdrawnBy = noon(), "li" // the one in force; the one that had ended is left alone
	for filter, want := range map[[2]string][]presage.DemandOverride{
		{"", ""}: {second, elsewhere, first, ended}, {"PAD", "d1"}: {second, first, ended}, {"", "d2"}: {elsewhere}, {"OIL", ""}: nil,
	} {
		got, err := s.Overrides(ctx, filter[0], filter[1])
		must(t, err)
		same(t, "overrides", got, want)
	}
	for day, want := range map[presage.Day][]presage.DemandOverride{
		today: {second, elsewhere}, today + 7: {second}, today + 8: nil,
	} {
		got, err := s.OverridesInForce(ctx, day)
		must(t, err)
		same(t, "in force", got, want)
	}
	for _, o := range []presage.DemandOverride{
		{Part: "PAD", DepotID: "d3", Days: 30}, {Part: "OIL", DepotID: "d1", Days: 30}, {Part: "PAD", Days: 30},
	} {
		_, err := s.PutOverride(ctx, o)
		wantKind(t, err, presage.ErrNotFound)
	}
	_, err := s.PutOverride(ctx, presage.DemandOverride{Part: "PAD", DepotID: "d1", Mean: -1, Days: 30, CreatedAt: noon()})
	wantKind(t, err, presage.ErrInvalid)
	got, err := s.OverridesInForce(ctx, today)
	must(t, err)
	same(t, "a refused one ends nothing", got, []presage.DemandOverride{second, elsewhere})
}

func withdrawals(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	padAtDepots(t, s)
	today := presage.DayOf(noon())
	o, err := s.PutOverride(ctx, presage.DemandOverride{
		Part: "PAD", DepotID: "d1", Mean: 1, Days: 30, Until: today, By: "li", Why: "x", CreatedAt: noon(),
	})
	must(t, err)
	wantKind(t, s.WithdrawOverride(ctx, o.ID+1, "wu", noon()), presage.ErrNotFound)
	wantKind(t, s.WithdrawOverride(ctx, o.ID, "wu", noon().AddDate(0, 0, 1)), presage.ErrConflict) // it has ended by then
	must(t, s.WithdrawOverride(ctx, o.ID, "wu", noon()))
	wantKind(t, s.WithdrawOverride(ctx, o.ID, "li", noon()), presage.ErrConflict)
	o.WithdrawnAt, o.WithdrawnBy = noon(), "wu"
	got, err := s.Overrides(ctx, "", "")
	must(t, err)
	same(t, "kept for good", got, []presage.DemandOverride{o})
}

// Planners who decide at the same moment: one stands, the others were before it.
func overrideRace(t *testing.T, s *sqlstore.Store) {
	padAtDepots(t, s)
	today := presage.DayOf(noon())
	var wg sync.WaitGroup
	errs := make([]error, 8)
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = s.PutOverride(t.Context(), presage.DemandOverride{
				Part: "PAD", DepotID: "d1", Mean: float64(i), Days: 30, Until: today, By: "li", Why: "x", CreatedAt: noon(),
			})
		})
	}
	wg.Wait()
	for _, err := range errs {
		must(t, err)
	}
	standing, err := s.OverridesInForce(t.Context(), today)
	must(t, err)
	all, err := s.Overrides(t.Context(), "PAD", "d1")
	must(t, err)
	if len(standing) != 1 || len(all) != len(errs) || standing[0].ID != all[0].ID {
		t.Errorf("%d of %d stand: %+v; want the newest alone", len(standing), len(all), standing)
	}
}

func archivedLaws(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	today := presage.DayOf(noon())
	law := func(part string, asOf presage.Day, days int, mean float64) presage.ArchivedForecast {
		at := asOf.Start().Add(3 * time.Hour)
		return presage.ArchivedForecast{Part: part, DepotID: "d1", AsOf: at, HorizonDays: days, Support: []int{0, 2}, Mean: mean}
	}
	week, month := law("PAD", today-7, 7, 1), law("PAD", today-7, 30, 4)
	never, err := s.NewestArchived(ctx)
	must(t, err)
	same(t, "before the first", never, time.Time{})
	must(t, s.ArchiveForecasts(ctx, []presage.ArchivedForecast{month, law("PAD", today-7, 7, 0), law("OIL", today-7, 7, 0)}))
	must(t, s.ArchiveForecasts(ctx, []presage.ArchivedForecast{week})) // a repeat on the same day
	must(t, s.ArchiveForecasts(ctx, nil))
	due := func(now time.Time) []presage.ArchivedForecast {
		forecasts, err := s.UnscoredForecasts(ctx, now)
		must(t, err)
		return forecasts
	}
	newest := func(want time.Time) {
		got, err := s.NewestArchived(ctx)
		must(t, err)
		same(t, "newest", got, want)
	}
	newest((today - 7).Start())
	same(t, "the day before", due(today.Start().Add(-time.Second)), []presage.ArchivedForecast(nil))
	same(t, "due", due(today.Start()), []presage.ArchivedForecast{law("OIL", today-7, 7, 0), week})
	must(t, s.PutForecastScores(ctx, []presage.ScoredForecast{
		scoreOf("PAD", "d1", today-7, 1),
	}))
	must(t, s.PutForecastScores(ctx, []presage.ScoredForecast{scoreOf("OIL", "d9", today, 0)}))
	newest(today.Start()) // a scored one counts
	same(t, "scored ones are gone", due(noon()), []presage.ArchivedForecast{law("OIL", today-7, 7, 0)})
	same(t, "the longer one waits", due(noon().AddDate(0, 0, 23))[1:], []presage.ArchivedForecast{month})
}

func scoreOf(part, depot string, asOf presage.Day, rps float64) presage.ScoredForecast {
	return presage.ScoredForecast{PastForecast: presage.PastForecast{
		Part: part, DepotID: depot, AsOf: asOf.Start().Add(3 * time.Hour), HorizonDays: 7, RPS: rps,
	}}
}

func listedScores(t *testing.T, s *sqlstore.Store, f presage.ScoreFilter) (out []presage.ScoredForecast) {
	t.Helper()
	must(t, s.EachForecastScore(t.Context(), f, func(sc presage.ScoredForecast) { out = append(out, sc) }))
	return out
}

func scores(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	today := presage.DayOf(noon())
	oldest, edge := scoreOf("PAD", "d1", today-731, 0), scoreOf("PAD", "d1", today-730, 0)
	fresh, other := scoreOf("PAD", "d1", today, 2), scoreOf("PAD", "d2", today, 0)
	must(t, s.PutForecastScores(ctx, nil))
	must(t, s.PutForecastScores(ctx, []presage.ScoredForecast{oldest, edge}))
	must(t, s.PutForecastScores(ctx, []presage.ScoredForecast{other, scoreOf("PAD", "d1", today, 0)}))
	must(t, s.PutForecastScores(ctx, []presage.ScoredForecast{fresh})) // a repeat replaces
	for _, c := range []struct {
		filter presage.ScoreFilter
		want   []presage.ScoredForecast
	}{
		{presage.ScoreFilter{}, []presage.ScoredForecast{edge, fresh, other}},
		{presage.ScoreFilter{Since: today}, []presage.ScoredForecast{fresh, other}},
		{presage.ScoreFilter{Part: "PAD", DepotID: "d2"}, []presage.ScoredForecast{other}},
		{presage.ScoreFilter{Part: "OIL"}, nil},
	} {
		same(t, "scores", listedScores(t, s, c.filter), c.want)
	}
}

func planningSnapshot(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	padAtDepots(t, s)
	today := presage.DayOf(noon())
	counts := func(at *sqlstore.Store) [5]int {
		fs, err := at.PartForecasts(ctx, presage.ForecastFilter{})
		must(t, err)
		os, err := at.OverridesInForce(ctx, today)
		must(t, err)
		scores := listedScores(t, at, presage.ScoreFilter{}) //nolint:contextcheck // it takes the test's own
		forecasts, err := at.UnscoredForecasts(ctx, noon())
		must(t, err)
		orders, err := at.ReceivedOrders(ctx, time.Time{})
		must(t, err)
		return [5]int{len(fs), len(os), len(scores), len(forecasts), len(orders)}
	}
	must(t, s.Snapshot(ctx, func(at *sqlstore.Store) error {
		same(t, "before", counts(at), [5]int{2})
		_, err := s.PutOverride(ctx, presage.DemandOverride{
			Part: "PAD", DepotID: "d1", Days: 7, Until: today, By: "li", Why: "x", CreatedAt: noon(),
		})
		must(t, err)
		must(t, s.ArchiveForecasts(ctx, []presage.ArchivedForecast{{Part: "PAD", DepotID: "d1", AsOf: noon().AddDate(0, 0, -7), HorizonDays: 7}}))
		must(t, s.PutForecastScores(ctx, []presage.ScoredForecast{scoreOf("OIL", "d1", today, 0)}))
		must(t, s.PutOrder(ctx, presage.PurchaseOrder{
			ID: "p", DepotID: "d1", Part: "PAD", Quantity: 1, OrderedAt: noon(), ExpectedAt: noon(),
		}))
		_, err = s.ActOrder(ctx, presage.OrderAct{Key: "k", OrderID: "p", Kind: presage.ActReceive, At: noon()}, "x", noon())
		must(t, err)
		must(t, putPlan(ctx, s, nil))
		same(t, "in the snapshot", counts(at), [5]int{2})
		return nil
	}))
	same(t, "after", counts(s), [5]int{0, 1, 1, 1, 1})
}
