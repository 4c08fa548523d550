package forecast_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/forecast"
)

func contains(err error, words ...string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(err.Error(), w) })
}

func TestPlanLaws(t *testing.T) {
	t.Parallel()
	in := large(120, 6)
	before, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	out := plan(t, in)
	if after, err := json.Marshal(in); err != nil || string(after) != string(before) {
		t.Error("the input was changed")
	}
	if len(out) != 6*3 {
		t.Fatalf("%d forecasts, want 6 parts at 3 depots", len(out))
	}
	for _, f := range out {
		mean, last := 0.0, -1.0
		for _, d := range f.Drivers {
			mean += d.Mean
		}
		if mean != f.Mean {
			t.Errorf("%s %s: drivers add up to %v, mean %v", f.Part, f.DepotID, mean, f.Mean)
		}
		for _, q := range []float64{.1, .2, .3, .4, .5, .6, .7, .8, .9, .95, .99} {
			k, ok := f.Quantiles[forecast.QuantileKey(q)]
			if !ok || k < last || k != math.Trunc(k) {
				t.Errorf("%s %s: quantile %v is %v after %v", f.Part, f.DepotID, q, k, last)
			}
			last = k
		}
	}
}

func TestPlanIsTheSameInAnyOrder(t *testing.T) {
	t.Parallel()
	in := large(90, 5)
	want := plan(t, in)
	r := rand.New(rand.NewPCG(8, 8))
	shuffle(r, in.Prognoses)
	shuffle(r, in.Bookings)
	shuffle(r, in.Cases)
	shuffle(r, in.Use)
	shuffle(r, in.Stock)
	if diff := cmp.Diff(want, plan(t, in)); diff != "" { // to the last bit
		t.Error(diff)
	}
}

func shuffle[T any](r *rand.Rand, rows []T) {
	r.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
}

func TestMoreVehiclesNeverLowerDemand(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(4, 4))
	in := small()
	in.Config.ScaleVariance = 1.0 / 16
	for i := range 40 {
		less := pads(t, in)
		vin := presage.VIN(rune('a' + i))
		in.Depots[vin] = "D1"
		in.Prognoses = append(in.Prognoses, worn(vin, presage.BrakePadsFront, r.Float64()))
		more := pads(t, in)
		for key, k := range less.Quantiles {
			if more.Quantiles[key] < k {
				t.Fatalf("vehicle %d lowers quantile %s from %v to %v", i, key, k, more.Quantiles[key])
			}
		}
		if more.Mean < less.Mean || more.ReorderPoint < less.ReorderPoint {
			t.Fatalf("vehicle %d lowers mean %v to %v or reorder point %d to %d",
				i, less.Mean, more.Mean, less.ReorderPoint, more.ReorderPoint)
		}
	}
}

// Thousands of futures of the planned world are drawn vehicle by vehicle, with a
// generator of the test's own; the forecast must cover them as it says.
func TestPlanIsCalibratedAgainstSimulation(t *testing.T) {
	t.Parallel()
	const rounds = 4000
	in := large(150, 1)
	in.Cases, in.Bookings, in.Use = nil, nil, nil
	in.Config.Unpredicted.Jobs, in.Config.Unpredicted.Days = 16, 160 // a rate of 3 jobs in 30 days, give or take a quarter
	in.UseFrom = today()
	out := plan(t, in)
	r := rand.New(rand.NewPCG(21, 12))
	covered := map[string]int{}
	for range rounds {
		factor, rate := gamma16(r), gamma16(r)*3
		demand := make(map[string]float64)
		for _, p := range in.Prognoses {
			if hazard := 16 * (math.Pow(1-p.FailWithin.D30, -1.0/16) - 1); r.ExpFloat64() < factor*hazard {
				demand[in.Depots[p.VIN]]++
			}
		}
		for _, f := range out {
			for at := r.ExpFloat64(); at < rate; at += r.ExpFloat64() { // a Poisson process
				demand[f.DepotID]++
			}
			for key, k := range f.Quantiles {
				if demand[f.DepotID] <= k {
					covered[key]++
				}
			}
		}
	}
	for _, q := range []float64{.5, .9, .95, .99} {
		// A whole-number quantile covers its level at the least, and less than
		// its level and the likeliest number's mass (.12 here) at the most.
		share := float64(covered[forecast.QuantileKey(q)]) / (rounds * float64(len(out)))
		if share < q-.015 || share > q+.12 {
			t.Errorf("quantile %v covers %v of the futures", q, share)
		}
	}
}

// gamma16 draws a gamma of mean 1 and variance 1/16.
func gamma16(r *rand.Rand) float64 {
	sum := 0.0
	for range 16 {
		sum += r.ExpFloat64() / 16
	}
	return sum
}

func BenchmarkPlan(b *testing.B) {
	in := large(200, 15)
	for b.Loop() {
		plan(b, in)
	}
}
