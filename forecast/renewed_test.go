package forecast_test

import (
	"fmt"
	"math"
	"testing"

	"presage"
	"presage/forecast"
)

// hazardOf is the prognosis of a constant hazard a day.
func hazardOf(rate float64) presage.FailWithin {
	by := func(days float64) float64 { return -math.Expm1(-rate * days) }
	return presage.FailWithin{D7: by(7), D30: by(30), D60: by(60), D90: by(90)}
}

// Forty vehicles that fail by chance, once in 400 days: 40 x 365/400 = 36.5 a
// year, renewed ones included, and 40 (1 - exp(-90/400)) = 8.06 in the 90 days
// in which each fails once at most. Where a quarter of the fleet is new and
// shows no hazard, what is renewed holds, and so it does where there are too
// few vehicles to tell.
func TestRenewalsBeyondThePrognoses(t *testing.T) {
	t.Parallel()
	once := func(n, days float64) float64 { return n * -math.Expm1(-days/400) }
	tests := map[string]struct {
		vehicles, fresh int
		year            float64
	}{
		"by chance": {40, 0, 36.5},
		"worn out":  {40, 10, once(30, 365)},
		"too few":   {19, 0, once(19, 365)},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := small()
			in.Config.Horizons = []int{90, 365}
			in.Bookings, in.Cases, in.Prognoses, in.Depots = nil, nil, nil, map[presage.VIN]string{}
			for i := range tc.vehicles {
				vin := presage.VIN(fmt.Sprint("V", i))
				in.Depots[vin] = "D1"
				p := worn(vin, presage.BrakePadsFront, 0)
				p.FailWithin = presage.FailWithin{}
				if i >= tc.fresh {
					p.FailWithin = hazardOf(1. / 400)
				}
				in.Prognoses = append(in.Prognoses, p)
			}
			f := pads(t, in)
			want := map[int]float64{90: once(float64(tc.vehicles-tc.fresh), 90), 365: tc.year}
			for _, step := range f.Horizons {
				got := step.Drivers[1]
				if mean, ok := want[step.Days]; ok && (got.Name != forecast.DriverPredicted || math.Abs(got.Mean-mean) > 1e-6) {
					t.Errorf("%d days: %+v, want %v", step.Days, got, mean)
				}
			}
		})
	}
}
