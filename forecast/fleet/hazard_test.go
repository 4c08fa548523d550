package fleet_test

import (
	"math"
	"testing"

	"presage/forecast/fleet"
)

// Whatever the common factor's variance, a vehicle alone keeps its probability:
// small and large ones, and those about 1 - exp(-4) = .98168, where hazards
// known beforehand end.
func TestOneVehicleKeepsItsProbability(t *testing.T) {
	t.Parallel()
	for _, variance := range []float64{1e-4, 1. / 16, 1} {
		f, err := fleet.NewFrailty(variance)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range []float64{1e-12, 1e-7, .001, .00390624, .0123, .2, .5, .777, .95, .9816, .98168, .9817, .999, 1} {
			law, err := fleet.Shared([]fleet.Trial{{P: p, Quantity: 1}}, f)
			if err != nil {
				t.Fatal(err)
			}
			if got := law.At(1); math.Abs(got-p) > 1e-12 {
				t.Errorf("variance %v: %v, want %v", variance, got, p)
			}
		}
	}
}
