package models_test

import (
	"testing"
	"time"

	"presage"
	"presage/models"
)

// An owner pumps up three tyres and leaves the fourth, which is near enough to
// the placard: the fourth loses nothing, although it falls behind the others.
// The pressures are those of a simulated car that had been taken for leaking.
func TestThreeTyresPumpedUpAreNoLeakOfTheFourth(t *testing.T) {
	t.Parallel()
	catalogue, err := models.LoadCatalogue(nil)
	if err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	h := models.History{Vehicle: presage.Vehicle{VIN: "LPSPRSG10RA000042", Powertrain: presage.BatteryElectric}}
	for day := range 34 {
		kpa := [4]float64{229.8, 233.7, 236.8, 229.8}
		if day >= 28 {
			kpa = [4]float64{237.8, 241.7, 236.9, 241.5}
		}
		at := start.AddDate(0, 0, day)
		h.Rollups = append(h.Rollups, presage.Rollup{
			VIN: h.Vehicle.VIN, Day: presage.DayOf(at), Samples: 40, First: at, Last: at.Add(20 * time.Hour),
			Features: map[string]float64{
				models.FeatureOdometer: 40_000 + 40*float64(day), models.FeatureDistance: 40,
				models.FeatureTyreFrontLeft: kpa[0], models.FeatureTyreFrontRight: kpa[1],
				models.FeatureTyreRearLeft: kpa[2], models.FeatureTyreRearRight: kpa[3],
			},
		})
	}
	for _, p := range models.NewPrognoser(catalogue).Prognose(h, start.AddDate(0, 0, 34)) {
		if p.Component == presage.TyreLeak && p.Status != presage.StatusOK {
			t.Errorf("tyre_leak is %s (%.2f within 60 days), want ok", p.Status, p.FailWithin.D60)
		}
	}
}

// 150 of 200 Ah are 75 % of the capacity when new; without a nominal capacity nothing is claimed.
func TestCompleteAddsTheStateOfHealth(t *testing.T) {
	t.Parallel()
	for nominal, want := range map[float64]float64{200: 75, 0: 0} {
		r := presage.Rollup{Features: map[string]float64{models.FeatureCapacity: 150}}
		models.Complete(&r, presage.Vehicle{PackCapacityAh: nominal})
		if got := r.Features[models.FeatureHealth]; got != want {
			t.Errorf("nominal %g Ah: %g %%, want %g", nominal, got, want)
		}
	}
}
