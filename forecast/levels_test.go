package forecast_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/forecast"
)

// at is the forecast of a part at a depot, in a region or everywhere.
func at(tb testing.TB, p forecast.Planned, part, depot, region string) presage.PartForecast {
	tb.Helper()
	i := slices.IndexFunc(p.Forecasts, func(f presage.PartForecast) bool {
		return f.Part == part && f.DepotID == depot && (depot != "" || f.Region == region)
	})
	if i < 0 {
		tb.Fatalf("%s is not planned at %q %q", part, depot, region)
	}
	return p.Forecasts[i]
}

func TestLevelsAddUp(t *testing.T) {
	t.Parallel()
	in := remembering(t, 90, 6, 3, 30)
	in.Catalogue.Jobs = in.Catalogue.Jobs[:5] // the sixth part is asked for by no job
	in.Catalogue.Components = in.Catalogue.Components[:5]
	p := planned(t, in)
	if len(p.Forecasts) != 6*(3+2+1) || len(p.Weeks) != len(p.Forecasts) {
		t.Fatalf("%d forecasts, %d weeks: want 6 parts at 3 depots, 2 regions and everywhere", len(p.Forecasts), len(p.Weeks))
	}
	for i, f := range p.Forecasts {
		checkForecast(t, f)
		if len(p.Weeks[i]) != 13 || p.Weeks[i][12].FromDay != 84 {
			t.Errorf("weeks ahead: %+v", p.Weeks[i])
		}
	}
	for _, part := range []string{"P-00", "P-05"} {
		all, north := at(t, p, part, "", ""), at(t, p, part, "", "north")
		sum, squares := 0.0, 0.0
		for _, depot := range []string{"D0", "D1", "D2"} {
			f := at(t, p, part, depot, "")
			sum += f.Mean
			squares += f.StdDev * f.StdDev
		}
		two := at(t, p, part, "D0", "").Mean + at(t, p, part, "D1", "").Mean
		if math.Abs(all.Mean-sum) > 1e-9 || math.Abs(north.Mean-two) > 1e-9 {
			t.Errorf("%s: everywhere %v, depots %v; north %v, depots %v", part, all.Mean, sum, north.Mean, two)
		}
		if all.StdDev*all.StdDev < squares-1e-9 {
			t.Errorf("%s: the band everywhere, %v, is narrower than of independent depots: %v", part, all.StdDev, math.Sqrt(squares))
		}
	}
	if w := at(t, p, "P-05", "D0", "").FleetWeight; w != 0 {
		t.Errorf("a part that no job asks for leans on the prognoses by %v", w)
	}
	if w := at(t, p, "P-00", "D0", "").FleetWeight; w != .5 {
		t.Errorf("before any score prognoses weigh %v, want the prior", w)
	}
}

// checkForecast checks what holds of every forecast.
func checkForecast(t *testing.T, f presage.PartForecast) {
	t.Helper()
	last := presage.DemandStep{}
	for _, s := range f.Horizons {
		mean, k := 0.0, -1.0
		for _, d := range s.Drivers {
			mean += d.Mean
		}
		for _, q := range []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99} {
			key := forecast.QuantileKey(q)
			if s.Quantiles[key] < k {
				t.Errorf("%s %s: quantiles of %d days fall at %v", f.Part, f.DepotID, s.Days, q)
			}
			k = s.Quantiles[key]
		}
		if mean != s.Mean || s.Days <= last.Days || s.Mean < last.Mean {
			t.Errorf("%s %s: drivers %v of %+v after %+v", f.Part, f.DepotID, mean, s, last)
		}
		last = s
		if s.Days == f.HorizonDays {
			if diff := cmp.Diff(s.Quantiles, f.Quantiles); diff != "" || s.Mean != f.Mean {
				t.Error("the horizon says something else", diff)
			}
		}
	}
}

// All subsets of the vehicles of two depots are enumerated: the forecast
// everywhere is their sum's.
func TestLevelsEqualEnumeration(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 9).Draw(rt, "vehicles")
		in := small()
		in.Prognoses, in.Cases, in.Bookings, in.Depots = nil, nil, nil, map[presage.VIN]string{}
		var ps []float64
		for i := range n {
			vin, p := presage.VIN(rune('a'+i)), rapid.Float64Range(.01, .99).Draw(rt, "p")
			in.Depots[vin] = []string{"D1", "D2"}[i%2]
			in.Prognoses = append(in.Prognoses, worn(vin, presage.BrakePadsFront, p))
			ps = append(ps, p)
		}
		mass := make([]float64, n+1)
		for set := range 1 << n {
			weight, count := 1.0, 0
			for i, p := range ps {
				if set>>i&1 == 1 {
					weight *= p
					count++
				} else {
					weight *= 1 - p
				}
			}
			mass[count] += weight
		}
		f := at(t, planned(t, in), "P-PAD", "", "")
		for _, q := range []float64{.1, .5, .9, .95} {
			sum, k := 0.0, 0
			for ; sum+mass[k] < q-1e-4; k++ { // the unpredicted are next to nothing, not nothing
				sum += mass[k]
			}
			if got := f.Quantiles[forecast.QuantileKey(q)]; got != float64(k) && math.Abs(sum+mass[k]-q) > 1e-3 {
				rt.Fatalf("quantile %v is %v, want %d of %v", q, got, k, mass)
			}
		}
	})
}

// Where the vehicles are served does not change what a region asks for: they
// share the models' error, whichever depot they belong to.
func TestRegionIsItsVehicles(t *testing.T) {
	t.Parallel()
	in := large(150, 2)
	in.Config.Unpredicted.Jobs, in.Use, in.UseFrom, in.Bookings = 1e-6, nil, today(), nil
	apart := at(t, planned(t, in), "P-00", "", "")
	strangers := 0.0
	for _, depot := range []string{"D0", "D1", "D2"} {
		f := at(t, planned(t, in), "P-00", depot, "")
		strangers += f.StdDev * f.StdDev
	}
	for vin := range in.Depots {
		in.Depots[vin] = "D1"
	}
	together := at(t, planned(t, in), "P-00", "D1", "")
	if diff := cmp.Diff(together.Quantiles, apart.Quantiles); diff != "" || math.Abs(apart.StdDev-together.StdDev) > 1e-5 {
		t.Errorf("standard deviation %v apart, %v together %s", apart.StdDev, together.StdDev, diff)
	}
	if apart.StdDev < 1.05*math.Sqrt(strangers) {
		t.Errorf("standard deviation %v, of independent depots %v", apart.StdDev, math.Sqrt(strangers))
	}
}

// What happens after a plan cannot have changed it, nor can the order of rows.
func TestPlanKnowsNoFuture(t *testing.T) {
	t.Parallel()
	use := record(6, 3, 30, today())
	in := remembering(t, 90, 6, 3, 30)
	want := planned(t, in)
	poison := slices.Clone(use)
	for day := range presage.Day(40) {
		poison = append(poison, presage.PartUse{DepotID: "D1", Part: "P-01", Day: today() + day, Quantity: 500})
		in.Use = append(in.Use, presage.PartUse{DepotID: "D1", Part: "P-01", Day: today() + day, Quantity: 500},
			presage.PartUse{DepotID: "FUTURE", Part: "P-77", Day: today() + day, Quantity: 500})
	}
	shuffle(rand.New(rand.NewPCG(2, 2)), poison)
	in.History = learnt(t, in, poison)
	if diff := cmp.Diff(want, planned(t, in)); diff != "" {
		t.Error(diff)
	}
}
