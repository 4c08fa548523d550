package sqlstore_test

import (
	"fmt"
	"strconv"
	"testing"

	"presage"
	"presage/internal/sqlstore"
	"presage/internal/sqlstore/sqltest"
)

// A plan of 56,000 rows: 2,800 parts at 16 depots in 3 regions.
const planParts, planDepots, planRegions = 2800, 16, 3

func planStep(from, days int, mean float64) presage.DemandStep {
	s := presage.DemandStep{FromDay: from, Days: days, Mean: mean, StdDev: mean / 3, Quantiles: map[string]float64{}}
	for _, q := range []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99} {
		s.Quantiles[strconv.FormatFloat(q, 'g', -1, 64)] = float64(int(mean * (1 + q)))
	}
	return s
}

// plannedRows are the rows of one part, whose figures follow from turn.
func plannedRows(part, turn int) []presage.PlannedPart {
	var out []presage.PlannedPart
	for place := range planDepots + planRegions + 1 {
		f := presage.PartForecast{
			Part: fmt.Sprintf("P-%05d", part), AsOf: noon(), HorizonDays: 30, FleetWeight: 0.4,
			ReorderPoint: 4, OrderNow: (part + place) % 10 / 9 * 6,
			Advice: presage.ReorderAdvice{
				Policy: "service_level", Target: 0.95, OrderUpTo: 9, LeadTimeDays: 21.5, LeadTimeP90: 30.25,
				StockOutRisk: float64((part+place)%100) / 100, Cost: presage.Money{Minor: 129900, Currency: "CNY"},
			},
		}
		switch {
		case place < planDepots:
			f.DepotID, f.Region = fmt.Sprintf("d%02d", place), fmt.Sprintf("r%d", place%planRegions)
		case place < planDepots+planRegions:
			f.Region = fmt.Sprintf("r%d", place-planDepots)
		}
		mean := 1.234567891 * float64(1+(part+turn)%17)
		for _, days := range []int{7, 14, 30, 60, 90} {
			step := planStep(0, days, mean*float64(days)/30)
			for i, name := range []string{"booked", "predicted", "unpredicted", "history"} {
				step.Drivers = append(step.Drivers, presage.DemandDriver{Name: name, Mean: step.Mean * float64(1+i) / 10})
			}
			f.Horizons = append(f.Horizons, step)
		}
		f.Mean, f.StdDev, f.Quantiles, f.Drivers = mean, mean/3, f.Horizons[2].Quantiles, f.Horizons[2].Drivers
		p := presage.PlannedPart{Forecast: f}
		for week := range 13 {
			p.Weeks = append(p.Weeks, planStep(7*week, 7, mean*7/30))
		}
		out = append(out, p)
	}
	return out
}

// BenchmarkKeepPlan keeps a whole plan that says something new, one of which a hundredth of the
// parts say something new, and one of which the others are not even planned anew.
func BenchmarkKeepPlan(b *testing.B) { benchKeepPlan(b, sqltest.Open) }

func benchKeepPlan(b *testing.B, open func(testing.TB) *sqlstore.Store) {
	b.Helper()
	for name, c := range map[string]struct {
		step      int // each step-th part says something new
		unchanged bool
	}{"all": {1, false}, "hundredth": {100, false}, "hundredth_known": {100, true}} {
		b.Run(name, func(b *testing.B) {
			s := open(b)
			keep := func(turn int) presage.KeptPlan {
				kept, err := s.KeepPlan(b.Context(), presage.NextPlan{AsOf: noon(), Before: int64(turn)},
					func(yield func(presage.PlannedRows, error) bool) {
						for part := range planParts {
							b.StopTimer() // making the rows up is not keeping them
							rows := presage.PlannedRows{Part: fmt.Sprintf("P-%05d", part)}
							switch {
							case part%c.step == 0:
								rows.Rows = plannedRows(part, turn)
							case c.unchanged && turn > 0:
								rows.Unchanged = true
							default:
								rows.Rows = plannedRows(part, 0)
							}
							b.StartTimer()
							if !yield(rows, nil) {
								return
							}
						}
					})
				must(b, err)
				return kept
			}
			keep(0)
			b.ReportAllocs()
			var kept presage.KeptPlan
			for turn := 1; b.Loop(); turn++ {
				kept = keep(turn)
			}
			b.ReportMetric(float64(kept.Written), "rows")
		})
	}
}

// BenchmarkPlanReads reads what pages of a whole plan need.
func BenchmarkPlanReads(b *testing.B) {
	s := sqltest.Open(b)
	_, err := s.KeepPlan(b.Context(), presage.NextPlan{AsOf: noon()}, func(yield func(presage.PlannedRows, error) bool) {
		for part := range planParts {
			if !yield(presage.PlannedRows{Part: fmt.Sprintf("P-%05d", part), Rows: plannedRows(part, 0)}, nil) {
				return
			}
		}
	})
	must(b, err)
	var lines []presage.PartForecast
	b.Run("lines", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			lines, err = s.PlanLines(b.Context(), presage.ForecastFilter{})
			must(b, err)
		}
	})
	b.Run("page", func(b *testing.B) {
		b.ReportAllocs()
		places := make([]presage.PlanPlace, 120)
		for i := range places {
			places[i] = lines[i*97].Place()
		}
		for b.Loop() {
			_, err := s.PartForecastsAt(b.Context(), "", places)
			must(b, err)
		}
	})
	b.Run("cursor", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			_, err := s.PartForecasts(b.Context(), presage.ForecastFilter{After: lines[20000].Place(), Limit: 1001})
			must(b, err)
		}
	})
}
