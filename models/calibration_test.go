package models_test

import (
	"math"
	"testing"

	"presage"
	"presage/models"
)

// forecasts sorts predicted probabilities into bins beside what came true.
type forecasts struct {
	n, sum, hits [5]float64
}

func (f *forecasts) add(p float64, hit bool) {
	b := min(int(5*p), 4)
	y := 0.
	if hit {
		y = 1
	}
	f.n[b]++
	f.sum[b] += p
	f.hits[b] += y
}

// check wants every bin's mean forecast no more than over above, and no more
// than under below, what came true, give or take three standard errors.
func (f *forecasts) check(t *testing.T, what string, over, under float64) {
	t.Helper()
	for b := range f.n {
		if f.n[b] < 15 {
			continue
		}
		p, y := f.sum[b]/f.n[b], f.hits[b]/f.n[b]
		t.Logf("%s: %4.0f forecasts of %.3f came true %.3f", what, f.n[b], p, y)
		if chance := 3 * math.Sqrt(p*(1-p)/f.n[b]); p-y > over+chance || y-p > under+chance {
			t.Errorf("%s: forecasts of %.3f came true %.3f of the time (%.0f of them)", what, p, y, f.n[b])
		}
	}
}

// Pads of 1,500 cars, drawn by this test's own law, forecast on day 120 and followed for 90 days more.
func TestPadsAreCalibrated(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	var at30, at90 forecasts
	inside, all := 0, 0
	for seed := range uint64(1500) {
		c := newCar(seed)
		c.padStart = 40 + 50*c.rng.Float64()
		c.pad = c.padStart
		h := c.history(120)
		if c.pad >= 99 {
			continue
		}
		got := of(p.Prognose(h, evening(119)), presage.BrakePadsFront)
		failed := math.Inf(1)
		for d := range 600 {
			if c.drive(120 + d); c.pad >= 100 {
				failed = float64(d + 1)
				break
			}
		}
		at30.add(got.FailWithin.D30, failed <= 30)
		at90.add(got.FailWithin.D90, failed <= 90)
		if failed < 600 {
			all++
			if failed >= got.RemainingLife.Days.P10 && failed <= got.RemainingLife.Days.P90 {
				inside++
			}
		}
	}
	at30.check(t, "30 d", 0.05, 0.05)
	at90.check(t, "90 d", 0.05, 0.05)
	share := float64(inside) / float64(all)
	t.Logf("the 80 %% interval held %.3f of %d lives", share, all)
	if share < 0.72 || share > 0.95 {
		t.Errorf("the 80 %% interval held %.3f of %d lives", share, all)
	}
}

// Leaks of 0.3 to 3 kPa a day that began 5 to 25 days before the forecast.
func TestLeaksAreFound(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	var at30 forecasts
	falseAlarms, healthy := 0, 0
	for seed := range uint64(2000) {
		c := newCar(seed)
		leaks := seed%8 == 0
		if leaks {
			c.leakWheel, c.leakRate = int(seed/8%4), 0.3*math.Exp(2.3*c.rng.Float64())
			c.leakFrom = 55 + c.rng.IntN(20)
		}
		got := of(p.Prognose(c.history(80), evening(79)), presage.TyreLeak)
		failed := false
		for d := range 30 {
			c.drive(80 + d)
			for _, kpa := range c.kpa {
				failed = failed || kpa < 0.8*237
			}
		}
		at30.add(got.FailWithin.D30, failed)
		if !leaks {
			healthy++
			if got.Status != presage.StatusOK {
				falseAlarms++
			}
		}
	}
	at30.check(t, "leak, 30 d", 0.1, 0.1)
	t.Logf("%d of %d healthy cars alarmed", falseAlarms, healthy)
	if falseAlarms > healthy/200 {
		t.Errorf("%d of %d healthy cars alarmed", falseAlarms, healthy)
	}
}

// Batteries whose rest voltage falls by 1 to 12 mV a day towards 11.9 V, beside
// healthy ones. The law expects real batteries, which wander, and so is
// underconfident about these, whose readings scatter independently: it may
// forecast less than comes true, but the dying must be noticed.
func TestBatteriesAreFound(t *testing.T) {
	t.Parallel()
	p := models.NewPrognoser(catalogue())
	var at60 forecasts
	falseAlarms, healthy, dead, noticed := 0, 0, 0, 0
	for seed := range uint64(1000) {
		c := newCar(seed)
		dying := seed%3 == 0
		if dying {
			c.restRate = -0.001 - 0.011*c.rng.Float64()
			c.rest = 12.5 - 60*c.restRate*c.rng.Float64()
		}
		got := of(p.Prognose(c.history(80), evening(79)), presage.Battery12V)
		now, then := c.rest+79*c.restRate, c.rest+139*c.restRate
		if now < 11.9 {
			continue
		}
		at60.add(got.FailWithin.D60, then < 11.9)
		if then < 11.9 {
			dead++
			if got.Status != presage.StatusOK {
				noticed++
			}
		}
		if !dying {
			healthy++
			if got.Status != presage.StatusOK {
				falseAlarms++
			}
		}
	}
	t.Logf("%d of %d dying batteries noticed", noticed, dead)
	if 10*noticed < 9*dead {
		t.Errorf("%d of %d dying batteries noticed", noticed, dead)
	}
	at60.check(t, "battery, 60 d", 0.1, 0.4)
	t.Logf("%d of %d healthy cars alarmed", falseAlarms, healthy)
	if falseAlarms > healthy/200 {
		t.Errorf("%d of %d healthy cars alarmed", falseAlarms, healthy)
	}
}
