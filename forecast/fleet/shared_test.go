package fleet_test

import (
	"math"
	"math/rand"
	"slices"
	"testing"

	"presage/forecast/fleet"
)

func mustShared(tb testing.TB, trials []fleet.Trial, variance float64) fleet.Distribution {
	tb.Helper()
	f, err := fleet.NewFrailty(variance)
	if err != nil {
		tb.Fatal(err)
	}
	d, err := fleet.Shared(trials, f)
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func equalTrials(n int, p float64) []fleet.Trial {
	return slices.Repeat([]fleet.Trial{{P: p, Quantity: 1}}, n)
}

func TestSharedAgainstNumericalIntegration(t *testing.T) {
	t.Parallel()
	// scipy 1.17.1: the mean of stats.binom(n, 1-exp(-g*h)) over 4,000 quantiles
	// g of stats.gamma(16, scale=1/16), h = 16*((1-p)**(-1/16)-1).
	levels := []float64{.01, .1, .25, .5, .75, .9, .95, .99}
	tests := []struct {
		n        int
		p        float64
		variance float64
		want     []float64
		off      float64 // relative, beyond one piece
	}{
		{10, .1, 0.9502424317972177, []float64{0, 0, 0, 1, 2, 2, 3, 4}, 0},
		{50, .1, 5.867801030158401, []float64{0, 2, 3, 5, 7, 8, 9, 11}, 0},
		{300, .1, 77.07888884991215, []float64{12, 19, 24, 29, 36, 42, 45, 53}, 0},
		{10000, .01, 717.0368237036976, []float64{48, 67, 81, 98, 117, 135, 147, 172}, 0},
		{10000, .1, 56723.856546854244, []float64{522, 707, 831, 983, 1151, 1315, 1419, 1624}, .002},
		{100000, .01, 62799.30267883294, []float64{509, 695, 822, 979, 1156, 1332, 1444, 1672}, .001},
	}
	for _, tt := range tests {
		d := mustShared(t, equalTrials(tt.n, tt.p), 1.0/16)
		if math.Abs(d.Variance()/tt.variance-1) > .015 {
			t.Errorf("%d x %v: variance %v, want %v", tt.n, tt.p, d.Variance(), tt.variance)
		}
		if mean := float64(tt.n) * tt.p; math.Abs(d.Mean()/mean-1) > 1e-6 {
			t.Errorf("%d x %v: mean %v, want %v", tt.n, tt.p, d.Mean(), mean)
		}
		for i, q := range levels {
			if got := float64(d.Quantile(q)); math.Abs(got-tt.want[i]) > 1+tt.off*tt.want[i] {
				t.Errorf("%d x %v: quantile %v is %v, want %v", tt.n, tt.p, q, got, tt.want[i])
			}
		}
	}
}

func TestSharedBandHasAFloor(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1000, 10_000, 100_000} {
		trials := equalTrials(n, .02)
		width := func(d fleet.Distribution) float64 { return float64(d.Quantile(.95)-d.Quantile(.05)) / d.Mean() }
		// Of a gamma of mean 1 and variance 1/16: stats.gamma.ppf([.05, .95], 16, scale=1/16) = 0.6272, 1.4436.
		if got := width(mustShared(t, trials, 1.0/16)); got < 1.4436-0.6272-.01 {
			t.Errorf("%d vehicles: band %v of the mean, the common error alone is 0.816", n, got)
		}
		if n == 100_000 && width(mustSum(t, trials)) > .1 {
			t.Error("without a common error the band should have collapsed")
		}
	}
}

func TestSharedWithoutVarianceIsSum(t *testing.T) {
	t.Parallel()
	trials := random(generator(5), 100, 2)
	a, b := mustShared(t, trials, 0), mustSum(t, trials)
	narrow := mustShared(t, trials, 1e-6)
	for k := range 201 {
		if a.At(k) != b.At(k) || math.Abs(narrow.At(k)-b.At(k)) > 1e-4 {
			t.Fatalf("P(%d): %v and %v, want %v", k, a.At(k), narrow.At(k), b.At(k))
		}
	}
}

func TestSharedKeepsCertainty(t *testing.T) {
	t.Parallel()
	trials := []fleet.Trial{{P: 1, Quantity: 4}, {P: 0, Quantity: 2}, {P: 1 - 1e-12, Quantity: 2}}
	if d := mustShared(t, trials, .25); math.Abs(d.At(6)-1) > 1e-11 {
		t.Errorf("P(6) = %v, want 1", d.At(6))
	}
	if d := mustShared(t, nil, .25); d.At(0) != 1 {
		t.Error("nobody asks for something")
	}
}

// The generator is math/rand's and the gamma is drawn as a sum of
// exponentials: nothing in common with the convolution.
func TestSharedIsCalibratedAgainstSimulation(t *testing.T) {
	t.Parallel()
	const shape, rounds = 16, 20_000
	r := rand.New(rand.NewSource(11))
	trials := make([]fleet.Trial, 120)
	for i := range trials {
		trials[i] = fleet.Trial{P: math.Pow(r.Float64(), 3) * .8, Quantity: 1 + i%2}
	}
	d := mustShared(t, trials, 1.0/shape)
	levels := []float64{.1, .5, .9, .95, .99}
	under := make([]int, len(levels))
	for range rounds {
		factor := 0.0
		for range shape {
			factor += r.ExpFloat64() / shape
		}
		pieces := 0
		for _, x := range trials {
			hazard := shape * (math.Pow(1-x.P, -1.0/shape) - 1)
			if r.ExpFloat64() < factor*hazard {
				pieces += x.Quantity
			}
		}
		for i, q := range levels {
			if pieces <= d.Quantile(q) {
				under[i]++
			}
		}
	}
	for i, q := range levels {
		// The share must be what the distribution says of its own quantile, within 4 standard errors and the rule's own.
		want := 1 - d.Exceeds(d.Quantile(q))
		if got := float64(under[i]) / rounds; math.Abs(got-want) > 4*math.Sqrt(want*(1-want)/rounds)+.002 {
			t.Errorf("%v of the draws at or under quantile %v, want %v", got, q, want)
		}
	}
}

func TestNewFrailtyRefuses(t *testing.T) {
	t.Parallel()
	for _, v := range []float64{-.1, 1.5, math.NaN()} {
		if _, err := fleet.NewFrailty(v); err == nil {
			t.Errorf("variance %v was taken", v)
		}
	}
}
