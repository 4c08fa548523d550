package fleet_test

import (
	"errors"
	"math"
	"testing"

	"presage"
	"presage/forecast/fleet"
)

// Trials are numbers too: both ways of adding them must agree.
func TestSumOfTrialsEqualsTheirSum(t *testing.T) {
	t.Parallel()
	trials := random(generator(5), 200, 3)
	numbers := make([]fleet.Distribution, len(trials))
	for i, x := range trials {
		mass := make([]float64, x.Quantity+1)
		mass[0], mass[x.Quantity] = 1-x.P, x.P
		d, err := fleet.FromMass(mass)
		if err != nil {
			t.Fatal(err)
		}
		numbers[i] = d
	}
	want, got := mustSum(t, trials), fleet.SumOf(numbers)
	for k := range want.First + len(want.Mass) {
		if math.Abs(got.At(k)-want.At(k)) > 1e-12 {
			t.Errorf("P(%d) = %v, want %v", k, got.At(k), want.At(k))
		}
	}
	if d := fleet.SumOf(nil); d.At(0) != 1 {
		t.Errorf("the sum of nothing is %+v", d)
	}
}

// By hand: a coin between a certain 1 and a certain 3 is 1 or 3 with a half
// each, mean 2, variance 1.
func TestMixture(t *testing.T) {
	t.Parallel()
	d := fleet.Mixture([]fleet.Distribution{fleet.Point(1), fleet.Point(3)}, []float64{.5, .5})
	if d.At(1) != 0.5 || d.At(2) != 0 || d.At(3) != 0.5 || d.Mean() != 2 || d.Variance() != 1 {
		t.Errorf("%+v", d)
	}
}

func TestFromMassRefuses(t *testing.T) {
	t.Parallel()
	for name, mass := range map[string][]float64{
		"none": nil, "negative": {1.5, -.5}, "too little": {.5, .4}, "no number": {math.NaN(), 1},
	} {
		if _, err := fleet.FromMass(mass); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
