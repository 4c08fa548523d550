package fleet_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"presage/forecast/fleet"
)

// Lives without memory make replacements a Poisson process: of vehicles with
// hazards .2, .5 and 1.3 over the span, of mean 2.
func TestMemorylessRenewalsArePoisson(t *testing.T) {
	t.Parallel()
	none, err := fleet.NewFrailty(0)
	if err != nil {
		t.Fatal(err)
	}
	var trials []fleet.Trial
	for _, h := range []float64{.2, .5, 1.3} {
		trials = append(trials, fleet.Trial{P: 1 - math.Exp(-h), Quantity: 1, Again: h})
	}
	got, err := fleet.StratifiedSum(trials, none)
	if err != nil {
		t.Fatal(err)
	}
	want := math.Exp(-2)
	for k := range 12 {
		if p := got.Mixture().At(k); math.Abs(p-want) > 1e-8 { // of the quadrature
			t.Errorf("P(%d) = %v, want %v", k, p, want)
		}
		want *= 2 / float64(k+1)
	}
	if math.Abs(got.Mean()-2) > 1e-8 {
		t.Errorf("mean %v", got.Mean())
	}
}

// Forty vehicles lived through 40,000 times: some sure to fail, some whose
// renewed part fails soon, all under one common factor.
func TestRenewalsAgreeWithSimulation(t *testing.T) {
	t.Parallel()
	const rounds, k = 40_000, 16
	f, err := fleet.NewFrailty(1. / k)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(5, 6))
	var trials []fleet.Trial
	for i := range 40 {
		trials = append(trials, fleet.Trial{P: float64(i) / 41, Quantity: 1 + i%2, Again: float64(i%4) * .3})
	}
	stratified, err := fleet.StratifiedSum(trials, f)
	if err != nil {
		t.Fatal(err)
	}
	law, sum := stratified.Mixture(), 0.0
	below := map[int]int{}
	for range rounds {
		factor := 0.0
		for range k {
			factor += r.ExpFloat64() / k
		}
		pieces := 0
		for _, v := range trials {
			at := r.ExpFloat64() / (factor * k * (math.Pow(1-v.P, -1./k) - 1))
			for ; at < 1; at += r.ExpFloat64() / (factor * v.Again) {
				pieces += v.Quantity
			}
		}
		sum += float64(pieces)
		for _, x := range []int{20, 25, 30, 35, 40, 50} {
			if pieces <= x {
				below[x]++
			}
		}
	}
	if mean := sum / rounds; math.Abs(mean-stratified.Mean()) > .15 {
		t.Errorf("mean %v, simulated %v", stratified.Mean(), mean)
	}
	for x, n := range below { // nine strata keep 96 % of the factor's variance
		if simulated := float64(n) / rounds; math.Abs(1-law.Exceeds(x)-simulated) > .012 {
			t.Errorf("P(<= %d) = %v, simulated %v", x, 1-law.Exceeds(x), simulated)
		}
	}
}
