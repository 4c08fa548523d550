package models_test

import (
	"testing"

	"pgregory.net/rapid"

	"presage"
	"presage/models"
)

// stand is the row of a day on which a car only told that it stands: no odometer, no speed, no pads.
func stand(day int) presage.Rollup {
	return rollup(day, map[string]float64{models.FeatureRest12V: 12.6})
}

// A car of 30,000 km that drives 60 km a day and is silent about it on any days,
// also on the first, has driven what its odometer said last and at most 60 km for
// each day since. (The fleet drives 40 km a day.)
func TestDaysWithoutOdometerAddWhatTheCarDrives(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	rapid.Check(t, func(r *rapid.T) {
		silent := rapid.SliceOfN(rapid.Bool(), 2, 120).Draw(r, "silent")
		h := models.History{Vehicle: presage.Vehicle{VIN: testVIN, Powertrain: presage.Combustion}}
		read, since := 0., 0
		for day, s := range silent {
			if since++; s {
				h.Rollups = append(h.Rollups, stand(day))
				continue
			}
			read, since = 30_000+60*float64(day), 0
			h.Rollups = append(h.Rollups, rollup(day, map[string]float64{models.FeatureOdometer: read, models.FeatureDistance: 60}))
		}
		if read == 0 {
			return
		}
		ps := p.Prognose(h, evening(len(silent)-1))
		if km := mileageOf(t, ps); km < read-1e-6 || km > read+60*float64(since)+1e-6 {
			r.Errorf("%.0f km, %d days after %.0f km", km, since, read)
		}
		if got := float64(of(ps, presage.BrakePadsFront).OdometerKm); got != read {
			r.Errorf("the newest reading: %.0f km, want %.0f", got, read)
		}
	})
}

// watched is one car of the fleet below, judged every night.
type watched struct {
	*car

	days    models.History
	was     presage.Status
	alarms  int // alarms that began with half a year of life left, or more
	worn    int // nights with a fortnight of life left, or less
	unheard int // those on which it was not due
}

// The pads of 400 cars are judged each night of their first 60 days with the
// service. Two days in seven a car only tells that it stands, and so it begins.
// None is called in with half a year of life left or more, give or take 10 alarms in 1,000
// vehicle-years; those with a fortnight left, or less, are due on 19 nights of 20.
// What is left is the truth of this test's own law: % left by % a day.
func TestPadsFarFromTheLimitRaiseNoAlarm(t *testing.T) {
	t.Parallel()
	const cars, nights = 400, 60
	cat := catalogue()
	cat.Components = []presage.Component{padsOf(t, cat)}
	p := models.NewPrognoser(cat)
	alarms, worn, unheard := 0, 0, 0
	for seed := range uint64(cars) {
		c := watched{car: newCar(seed)}
		c.pad = 98 * c.rng.Float64()
		c.days.Vehicle = c.vehicle()
		for day := range nights {
			c.live(p, day)
		}
		alarms, worn, unheard = alarms+c.alarms, worn+c.worn, unheard+c.unheard
	}
	years := float64(cars*nights) / 365.25
	t.Logf("%d alarms in %.0f vehicle-years; not due on %d of %d nights with a fortnight left", alarms, years, unheard, worn)
	if rate := 1000 * float64(alarms) / years; rate > 10 {
		t.Errorf("%d false alarms, %.0f in 1,000 vehicle-years", alarms, rate)
	}
	if worn < 200 || 20*unheard > worn {
		t.Errorf("not due on %d of %d nights with a fortnight left", unheard, worn)
	}
}

func padsOf(t *testing.T, cat *presage.Catalogue) presage.Component {
	t.Helper()
	c, err := cat.Component(presage.BrakePadsFront)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// live is a day and the night after it.
func (c *watched) live(p *models.Prognoser, day int) {
	if day == 0 || c.rng.Float64() < 2./7 {
		c.days.Rollups = append(c.days.Rollups, stand(day))
	} else if f := c.drive(day); f != nil {
		c.days.Rollups = append(c.days.Rollups, rollup(day, f))
	}
	got := of(p.Prognose(c.days, evening(day)), presage.BrakePadsFront).Status
	left := (100 - c.pad) / (5. / 7 * c.kmPerDay / 1000 * c.padRate) // days
	switch {
	case left > 183 && got == presage.StatusDue && c.was != presage.StatusDue:
		c.alarms++
	case left < 14 && day >= 14:
		c.worn++
		if got != presage.StatusDue {
			c.unheard++
		}
	}
	c.was = got
}
