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
	for name, shift := range map[string]float64{"replaced": 10 - 21600, "set right": 100_000} {
		h := padHistory(90)
		for day := 40; day < len(h.Rollups); day++ {
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

// roadCar drives 60 km a day for 120 days, and its front pads wear by 0.4 points a
// day, to 87.6 %; on the last of them its odometer stands at 30,000 + 119*60 = 37,140 km.
func roadCar() models.History {
	h := models.History{Vehicle: presage.Vehicle{VIN: testVIN, Powertrain: presage.Combustion}}
	for d := range 120 {
		h.Rollups = append(h.Rollups, rollup(d, map[string]float64{
			models.FeatureOdometer: 30_000 + 60*float64(d), models.FeatureDistance: 0,
			models.FeaturePadFront: 40 + 0.4*float64(d) + 0.1*float64(d%3-1),
		}))
	}
	return h
}

// mileageOf is what the prognosis of a part without a sensor counts by.
func mileageOf(t *testing.T, ps []presage.Prognosis) float64 {
	t.Helper()
	for _, term := range of(ps, presage.ShockAbsorbers).Terms {
		if term.Name == models.TermMileage {
			return term.Value
		}
	}
	t.Fatal("no mileage")
	return 0
}

// While the odometer tells nonsense or nothing, the car goes on as it did: it
// has 37,140 km, the pads, which are measured, fail as before, and nothing ages
// by kilometres that nobody drove.
func TestOdometerFails(t *testing.T) {
	t.Parallel()
	odometer := func(f func(day int, km float64) float64) func(int, map[string]float64) {
		return func(day int, row map[string]float64) {
			km := f(day, row[models.FeatureOdometer])
			if math.IsNaN(km) {
				delete(row, models.FeatureOdometer)
				return
			}
			row[models.FeatureOdometer] = km
		}
	}
	last := func(n int, f func(km float64) float64) func(int, map[string]float64) {
		return odometer(func(day int, km float64) float64 {
			if day < 120-n {
				return km
			}
			return f(km)
		})
	}
	code := func(float64) float64 { return 1_677_721.5 } // 0xFFFFFF tenths of a km
	for name, fault := range map[string]func(int, map[string]float64){
		"an error code for a day":       last(1, code),
		"an error code for 4 days":      last(4, code),
		"an error code for 10 days":     last(10, code),
		"an error code for 40 days":     last(40, code),
		"km for m for 10 days":          last(10, func(km float64) float64 { return km / 1000 }),
		"10 times for 10 days":          last(10, func(km float64) float64 { return 10 * km }),
		"miles for km for 10 days":      last(10, func(km float64) float64 { return km / 1.609344 }),
		"stuck for 5 days":              last(5, func(float64) float64 { return 30_000 + 60*114 }),
		"stuck for 10 days":             last(10, func(float64) float64 { return 30_000 + 60*109 }),
		"stuck at 0.1 km for 10 days":   last(10, func(float64) float64 { return 0.1 }),
		"reset and counting on":         last(10, func(km float64) float64 { return km - 30_000 - 60*110 }),
		"replaced by one of 12,345 km":  last(30, func(km float64) float64 { return km - 30_000 - 60*90 + 12_345 }),
		"nothing for 10 days":           func(day int, row map[string]float64) { missing(day >= 110, row) },
		"nothing for 10 days, then on":  func(day int, row map[string]float64) { missing(day >= 100 && day < 110, row) },
		"error codes, then right again": odometer(func(day int, km float64) float64 { return pick(day >= 100 && day < 110, 1_677_721.5, km) }),
		"10 times on every 9th day":     odometer(func(day int, km float64) float64 { return pick(day%9 == 8, 10*km, km) }),
		"an error code at first":        odometer(func(day int, km float64) float64 { return pick(day < 10, 1_677_721.5, km) }),
		"speeds alone for 10 days": func(day int, row map[string]float64) {
			if day >= 110 {
				delete(row, models.FeatureOdometer)
				row[models.FeatureDistance] = 60
			}
		},
		"stuck for 10 days, speeds tell": func(day int, row map[string]float64) {
			if day >= 110 {
				row[models.FeatureOdometer], row[models.FeatureDistance] = 30_000+60*109, 60
				delete(row, models.FeaturePadFront)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, h := models.NewPrognoser(catalogue()), roadCar()
			want := p.Prognose(h, evening(119))
			for day, r := range h.Rollups {
				fault(day, r.Features)
			}
			got := p.Prognose(h, evening(119))
			if km := mileageOf(t, got); math.Abs(km-37_140) > 60 {
				t.Errorf("%.0f km, want 37,140", km)
			}
			shock, was := of(got, presage.ShockAbsorbers).FailWithin.D90, of(want, presage.ShockAbsorbers).FailWithin.D90
			if math.Abs(shock-was) > 0.1*was {
				t.Errorf("shock absorbers: %g, was %g", shock, was)
			}
			pads, were := of(got, presage.BrakePadsFront).FailWithin.D30, of(want, presage.BrakePadsFront).FailWithin.D30
			if math.Abs(pads-were) > 0.05 && h.Rollups[119].Features[models.FeaturePadFront] > 0 {
				t.Errorf("pads: %.3f, were %.3f", pads, were)
			}
		})
	}
}

func missing(is bool, row map[string]float64) {
	if is {
		delete(row, models.FeatureOdometer)
		delete(row, models.FeatureDistance)
	}
}

func pick(is bool, a, b float64) float64 {
	if is {
		return a
	}
	return b
}

// A car that stands wears nothing: its odometer is believed.
func TestStandingIsNotStuck(t *testing.T) {
	t.Parallel()
	h := roadCar()
	for _, r := range h.Rollups[100:] {
		r.Features[models.FeatureOdometer] = 30_000 + 60*99
		r.Features[models.FeaturePadFront] = 79.6
	}
	if km := mileageOf(t, models.NewPrognoser(catalogue()).Prognose(h, evening(119))); km != 30_000+60*99 {
		t.Errorf("%.0f km, want 35,940", km)
	}
}
