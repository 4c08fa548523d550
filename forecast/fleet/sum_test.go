package fleet_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/forecast/fleet"
)

func generator(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 2026)) }

// random makes n trials of up to most pieces each.
func random(r *rand.Rand, n, most int) []fleet.Trial {
	out := make([]fleet.Trial, n)
	for i := range out {
		out[i] = fleet.Trial{P: r.Float64(), Quantity: 1 + r.IntN(most)}
	}
	return out
}

func mustSum(tb testing.TB, trials []fleet.Trial) fleet.Distribution {
	tb.Helper()
	d, err := fleet.Sum(trials)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// enumerate adds the probability of every outcome of the remaining trials.
func enumerate(trials []fleet.Trial, p float64, pieces int, mass []float64) {
	if len(trials) == 0 {
		mass[pieces] += p
		return
	}
	enumerate(trials[1:], p*(1-trials[0].P), pieces, mass)
	enumerate(trials[1:], p*trials[0].P, pieces+trials[0].Quantity, mass)
}

func TestSumEqualsBruteForceOverAllOutcomesOfTwentyVehicles(t *testing.T) {
	t.Parallel()
	for seed, most := range []int{1, 1, 2, 4} {
		trials := random(generator(uint64(seed)), 20, most)
		want := make([]float64, 20*most+1)
		enumerate(trials, 1, 0, want)
		got := mustSum(t, trials)
		for k, p := range want {
			if math.Abs(got.At(k)-p) > 1e-12 {
				t.Errorf("seed %d: P(%d) = %v, 2^20 outcomes give %v", seed, k, got.At(k), p)
			}
		}
	}
}

func TestSumAgainstScipy(t *testing.T) {
	t.Parallel()
	// scipy 1.17.1: stats.poisson_binom([...]).pmf, stats.binom(5000, .3).pmf,
	// stats.poisson_binom(.001 + .998*arange(2000)/1999).pmf
	unequal := []float64{.01, .2, .35, .5, .9, .07}
	equal := slices.Repeat([]float64{.3}, 5000)
	ramp := make([]float64, 2000)
	for i := range ramp {
		ramp[i] = .001 + .998*float64(i)/1999
	}
	tests := map[string]struct {
		p    []float64
		want map[int]float64
	}{
		"six unequal": {unequal, map[int]float64{
			0: 0.0239382, 1: 0.26029995, 2: 0.42947525, 3: 0.2370705, 4: 0.0465645, 5: 0.00262955, 6: 2.205e-05,
		}},
		"binomial 5000": {equal, map[int]float64{
			1300: 4.0453487569067914e-11, 1400: 0.00010083719612828195,
			1500: 0.012310854166288887, 1600: 0.00010955814726084113,
		}},
		"ramp of 2000": {ramp, map[int]float64{
			960: 0.00198806049474768, 1000: 0.021832966493244, 1030: 0.005672699222487269,
		}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			trials := make([]fleet.Trial, len(tt.p))
			for i, p := range tt.p {
				trials[i] = fleet.Trial{P: p, Quantity: 1}
			}
			got := mustSum(t, trials)
			for k, want := range tt.want {
				if math.Abs(got.At(k)-want) > 1e-11 {
					t.Errorf("P(%d) = %v, want %v", k, got.At(k), want)
				}
			}
		})
	}
}

func TestSumByTransformEqualsTheDirectRecursion(t *testing.T) {
	t.Parallel()
	trials := random(generator(7), 6000, 3)
	want := make([]float64, 6000*3+1) // the textbook recursion, vehicle by vehicle, nothing cut off
	want[0] = 1
	for _, x := range trials {
		for k := len(want) - 1; k >= 0; k-- {
			want[k] *= 1 - x.P
			if k >= x.Quantity {
				want[k] += want[k-x.Quantity] * x.P
			}
		}
	}
	got, worst := mustSum(t, trials), 0.0
	for k, p := range want {
		worst = max(worst, math.Abs(got.At(k)-p))
	}
	if worst > 1e-14 {
		t.Errorf("largest difference of a mass %v", worst)
	}
}

func TestSumOfAMillionVehiclesKeepsMassAndMoments(t *testing.T) {
	t.Parallel()
	trials := random(generator(3), 1_000_000, 2)
	d := mustSum(t, trials)
	variance := 0.0
	for _, x := range trials {
		variance += x.P * (1 - x.P) * float64(x.Quantity*x.Quantity)
	}
	mass := d.Tail
	for k, m := range d.Mass {
		if m < 0 || math.IsNaN(m) {
			t.Fatalf("P(%d) = %v", d.First+k, m)
		}
		mass += m
	}
	if math.Abs(mass-1) > 1e-12 || d.Tail > 1e-12 {
		t.Errorf("mass %v of it tail %v, want 1 and next to nothing", mass, d.Tail)
	}
	if math.Abs(d.Mean()/fleet.Mean(trials)-1) > 1e-11 || math.Abs(d.Variance()/variance-1) > 1e-8 {
		t.Errorf("mean %v, variance %v; want %v, %v", d.Mean(), d.Variance(), fleet.Mean(trials), variance)
	}
	// By the central limit theorem the 99 % quantile lies 2.3263 standard deviations up.
	if want := fleet.Mean(trials) + 2.3263*math.Sqrt(variance); math.Abs(float64(d.Quantile(.99))-want) > 2 {
		t.Errorf("99 %% quantile %d, want about %v", d.Quantile(.99), want)
	}
}

func TestSumLaws(t *testing.T) {
	t.Parallel()
	trial := rapid.Custom(func(t *rapid.T) fleet.Trial {
		return fleet.Trial{P: rapid.Float64Range(0, 1).Draw(t, "p"), Quantity: rapid.IntRange(1, 4).Draw(t, "quantity")}
	})
	levels := []float64{.01, .1, .5, .9, .99}
	rapid.Check(t, func(rt *rapid.T) {
		trials := rapid.SliceOfN(trial, 0, 300).Draw(rt, "trials")
		before := slices.Clone(trials)
		d, err := fleet.Sum(trials)
		if err != nil {
			rt.Fatal(err)
		}
		if !cmp.Equal(before, trials) {
			rt.Fatal("the trials were changed")
		}
		if math.Abs(d.Mean()-fleet.Mean(trials)) > 1e-9 {
			rt.Fatalf("mean %v, want %v", d.Mean(), fleet.Mean(trials))
		}
		shuffled := slices.Clone(trials)
		slices.Reverse(shuffled)
		reversed, more := mustSum(t, shuffled), mustSum(t, append(shuffled, trial.Draw(rt, "one more")))
		last := 0
		for _, q := range levels {
			k := d.Quantile(q)
			if k < last {
				rt.Fatalf("quantile %v is %d, below a lower one's %d", q, k, last)
			}
			if reversed.Quantile(q) != k {
				rt.Fatalf("quantile %v is %d, in reverse order %d", q, k, reversed.Quantile(q))
			}
			if more.Quantile(q) < k {
				rt.Fatalf("one more vehicle lowers quantile %v from %d to %d", q, k, more.Quantile(q))
			}
			last = k
		}
	})
}

func TestSumRefuses(t *testing.T) {
	t.Parallel()
	for _, bad := range []fleet.Trial{{P: -.1, Quantity: 1}, {P: 1.1, Quantity: 1}, {P: math.NaN(), Quantity: 1}, {P: .5}} {
		if _, err := fleet.Sum([]fleet.Trial{{P: .5, Quantity: 1}, bad}); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%+v: error %v, want invalid", bad, err)
		}
	}
}
