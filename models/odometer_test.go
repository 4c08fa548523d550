package models_test

import (
	"math"
	"testing"

	"presage"
	"presage/models"
)

// An odometer that is replaced (back to 10 km) or set right (100,000 km up) in
// the middle of a life drives nobody anywhere: the pads last as long as with
// one that counts through, and no life is below nothing.
func TestOdometerSetAnew(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	want := p.Prognose(padHistory(90), evening(90))
	for name, shift := range map[string]float64{"replaced": 10 - 22800, "set right": 100_000} {
		h := padHistory(90)
		for day := 70; day < len(h.Rollups); day++ {
			h.Rollups[day].Features[models.FeatureOdometer] += shift
		}
		got := p.Prognose(h, evening(90))
		pads, through := of(got, presage.BrakePadsFront), of(want, presage.BrakePadsFront)
		if a, b := pads.RemainingLife.Days.P50, through.RemainingLife.Days.P50; math.Abs(a-b) > 0.1*b {
			t.Errorf("%s: the pads last %.0f days, want about %.0f", name, a, b)
		}
		for i := range got {
			km := got[i].RemainingLife.Km
			if km.P10 < 0 || km.P50 < km.P10 || km.P90 < km.P50 {
				t.Errorf("%s: %s: %v km left", name, got[i].Component, km)
			}
		}
	}
}
