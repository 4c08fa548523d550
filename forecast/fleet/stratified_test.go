package fleet_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"presage/forecast/fleet"
)

func stratified(t *testing.T, trials []fleet.Trial, f *fleet.Frailty) fleet.Stratified {
	t.Helper()
	g, err := fleet.StratifiedSum(trials, f)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// Two depots under one factor are one fleet: their sum in the strata is what
// Shared says of all their vehicles, and wider than the sum of strangers.
func TestDepotsUnderOneFactorAreOneFleet(t *testing.T) {
	t.Parallel()
	f, err := fleet.NewFrailty(.2)
	if err != nil {
		t.Fatal(err)
	}
	for _, quantity := range []int{1, 2} {
		a, b := random(generator(3), 300, 1), random(generator(4), 200, 1)
		for i := range b {
			b[i].Quantity = quantity // other jobs at the other depot
		}
		got := stratified(t, a, f).Plus(stratified(t, b, f)).Mixture()
		want := mustShared(t, append(a, b...), .2)
		for k := range 900 {
			if math.Abs(got.At(k)-want.At(k)) > 1e-9 {
				t.Fatalf("P(%d) = %v, one fleet has %v", k, got.At(k), want.At(k))
			}
		}
		strangers := fleet.Convolve(mustShared(t, a, .2), mustShared(t, b, .2))
		if got.Variance() < 1.2*strangers.Variance() {
			t.Errorf("variance %v, of strangers %v", got.Variance(), strangers.Variance())
		}
	}
}

// By hand: of two pieces with probability 1/2, each kept with 1/4: P(0) =
// 1/2 + 1/2 x 9/16, P(1) = 1/2 x 6/16, P(2) = 1/2 x 1/16.
func TestThinnedByHand(t *testing.T) {
	t.Parallel()
	d := fleet.Distribution{Mass: []float64{.5, 0, .5}}.Thinned(.25)
	for k, want := range []float64{25.0 / 32, 6.0 / 32, 1.0 / 32} {
		if math.Abs(d.At(k)-want) > 1e-15 {
			t.Errorf("P(%d) = %v, want %v", k, d.At(k), want)
		}
	}
}

// By hand: 0 to 2 pieces alike, less 1 or 3 alike: 0 is left of all pairs but
// the one of 2 and 1.
func TestLessByHand(t *testing.T) {
	t.Parallel()
	d := fleet.Distribution{Mass: []float64{1. / 3, 1. / 3, 1. / 3}}.
		Less(fleet.Distribution{First: 1, Mass: []float64{.5, 0, .5}})
	if math.Abs(d.At(0)-5.0/6) > 1e-15 || math.Abs(d.At(1)-1.0/6) > 1e-15 {
		t.Errorf("%+v", d)
	}
}

// By hand: .4 at most 0, .6 at most 2: .2 for 1 and 2 together; .4 for 3.
func TestFromCDFByHand(t *testing.T) {
	t.Parallel()
	d := fleet.FromCDF([]float64{0, 2, 3}, []float64{.4, .6, 1})
	for k, want := range []float64{.4, .1, .1, .4} {
		if math.Abs(d.At(k)-want) > 1e-15 {
			t.Errorf("P(%d) = %v, want %v", k, d.At(k), want)
		}
	}
}

// Whatever is kept of the pieces of a Poisson count is a Poisson count (thinning).
func TestTransformsKeepTheMass(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		mean, p := rapid.Float64Range(.1, 40).Draw(rt, "mean"), rapid.Float64Range(0, 1).Draw(rt, "share")
		d, err := fleet.NegativeBinomial(3, mean)
		if err != nil {
			rt.Fatal(err)
		}
		thin, err := fleet.NegativeBinomial(3, mean*p)
		if err != nil {
			rt.Fatal(err)
		}
		got := d.Thinned(p)
		for k := range 300 {
			if math.Abs(got.At(k)-thin.At(k)) > 1e-12 {
				rt.Fatalf("P(%d) = %v, want %v", k, got.At(k), thin.At(k))
			}
		}
		if left := d.Less(thin); math.Abs(left.Exceeds(-1)-1) > 1e-9 {
			rt.Fatalf("mass %v", left.Exceeds(-1))
		}
	})
}

// A wide distribution is thinned in another way, by the same rule: of a gamma-Poisson
// count with mean 2e4, a share p is one with mean p x 2e4.
func TestThinningAWideLaw(t *testing.T) {
	t.Parallel()
	for _, p := range []float64{.01, .3, .999} {
		d, err := fleet.NegativeBinomial(50, 2e4)
		if err != nil {
			t.Fatal(err)
		}
		want, err := fleet.NegativeBinomial(50, 2e4*p)
		if err != nil {
			t.Fatal(err)
		}
		got, worst := d.Thinned(p), 0.0
		for k := range 60_000 {
			worst = max(worst, math.Abs(got.At(k)-want.At(k)))
		}
		if worst > 1e-12 || math.Abs(got.Mean()/want.Mean()-1) > 1e-10 {
			t.Errorf("share %v: a mass differs by %v; mean %v, want %v", p, worst, got.Mean(), want.Mean())
		}
	}
}
