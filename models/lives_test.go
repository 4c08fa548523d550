package models_test

import (
	"math"
	"testing"
	"time"

	"presage"
	"presage/models"
)

// renewable are the components of lifeOf that a label may renew.
func renewable() []presage.ComponentID {
	return []presage.ComponentID{
		presage.BrakePadsFront, presage.BrakePadsRear, presage.TyreLeak, presage.ShockAbsorbers, "cabin_filter", "brake_fluid",
	}
}

// lifeOf is a vehicle with a life of its own: new and old, silent, leaking, renewed with and without a label.
func lifeOf(seed uint64) (models.History, time.Time) {
	c := newCar(seed)
	days := 3 + int(seed*37%430)
	if seed%3 == 0 {
		c.leakWheel, c.leakRate, c.leakFrom = int(seed%4), 0.2+0.1*float64(seed%9), max(0, days-25)
	}
	h := c.history(days)
	if seed%7 == 3 { // fitted elsewhere
		for i := days / 2; i < len(h.Rollups); i++ {
			f := h.Rollups[i].Features
			f[models.FeaturePadFront] = math.Max(0, f[models.FeaturePadFront]-60)
		}
	}
	if seed%5 == 1 {
		for _, id := range renewable() {
			h.Labels = append(h.Labels, presage.Label{
				VIN: testVIN, Component: id, At: evening(days / 3), Replaced: true, Outcome: presage.OutcomeConfirmed,
			})
		}
	}
	if seed%11 == 4 {
		h.Vehicle.InService = time.Time{}
	}
	if seed%13 == 5 {
		for i := range h.Rollups {
			delete(h.Rollups[i].Features, models.FeatureOdometer)
		}
	}
	return h, evening(days - 1 + int(seed%6)*int(seed%4))
}

// Whatever a vehicle lived through, its prognoses are sound, and probabilities
// and remaining life are of one law: half have failed by the median.
func TestPrognosesOfEveryLifeAreSound(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	for seed := range uint64(240) {
		h, asOf := lifeOf(seed)
		for _, x := range p.Prognose(h, asOf) {
			sound(t, x)
			f, life := x.FailWithin, x.RemainingLife.Days
			for _, c := range []struct{ days, p float64 }{{7, f.D7}, {30, f.D30}, {60, f.D60}, {90, f.D90}} {
				if life.P50 < c.days-1e-6 && c.p < 0.5-1e-6 || life.P50 > c.days+1e-6 && c.p > 0.5+1e-6 {
					t.Errorf("vehicle %d %s: %g by %g days, the median is %g days", seed, x.Component, c.p, c.days, life.P50)
				}
			}
		}
	}
}

// Wanted by hand from a table of the normal distribution: a filter changed 335
// days ago in a car of 40 km a day has used 335/365 of its interval, which it
// outlasts by 10 % as often as not: P(7 d) is Phi((342/365 - 1)/0.1).
func TestServiceItemByHand(t *testing.T) {
	t.Parallel()
	h := models.History{Vehicle: presage.Vehicle{VIN: testVIN, Powertrain: presage.Combustion}}
	for day := range 336 {
		h.Rollups = append(h.Rollups, rollup(day, map[string]float64{models.FeatureOdometer: 20000 + 40*float64(day)}))
	}
	h.Labels = []presage.Label{{
		VIN: testVIN, Component: "cabin_filter", At: evening(0), Replaced: true, Outcome: presage.OutcomeConfirmed,
	}}
	x := of(models.NewPrognoser(catalogue()).Prognose(h, evening(335)), "cabin_filter")
	for what, c := range map[string][2]float64{
		"P(7 d)": {x.FailWithin.D7, 0.2643}, "P(30 d)": {x.FailWithin.D30, 0.5}, "P(60 d)": {x.FailWithin.D60, 0.7944},
		"P(90 d)": {x.FailWithin.D90, 0.9499},
	} {
		if math.Abs(c[0]-c[1]) > 1e-4 {
			t.Errorf("%s is %.5f, want %.4f", what, c[0], c[1])
		}
	}
	if math.Abs(x.RemainingLife.Days.P50-30) > 0.01 {
		t.Errorf("half last %g days, want 30", x.RemainingLife.Days.P50)
	}
}
