package models_test

import (
	"math"
	"math/rand/v2"
	"time"

	"presage"
	"presage/models"
)

// The generators of these tests draw vehicles by laws of their own: none of
// them calls the code under test.

const testVIN presage.VIN = "LPSTEST00TEST0042"

var newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func catalogue() *presage.Catalogue {
	c, err := models.LoadCatalogue(nil)
	if err != nil {
		panic(err)
	}
	return c
}

func rollup(day int, f map[string]float64) presage.Rollup {
	start := newYear.AddDate(0, 0, day)
	return presage.Rollup{
		VIN: testVIN, Day: presage.DayOf(start), Samples: 60,
		First: start.Add(7 * time.Hour), Last: start.Add(19 * time.Hour), Features: f,
	}
}

func evening(day int) time.Time { return newYear.AddDate(0, 0, day).Add(20 * time.Hour) }

// car is one synthetic vehicle; its fields are the hidden truth.
type car struct {
	rng       *rand.Rand
	ev        bool
	kmPerDay  float64
	mood      float64    // this month's factor on it
	padStart  float64    // % worn at day 0
	padRate   float64    // % per 1,000 km
	rest      float64    // V
	restRate  float64    // V/day
	leakWheel int        // -1 for none
	leakRate  float64    // kPa/day
	leakFrom  int        // day
	soh       float64    // %
	odo, pad  float64    // state
	kpa       [4]float64 // state
}

func newCar(seed uint64) *car {
	rng := rand.New(rand.NewPCG(seed, 99))
	c := &car{
		rng: rng, ev: seed%2 == 0, kmPerDay: 15 + 60*rng.Float64(),
		mood: 1, padStart: 90 * rng.Float64(), padRate: 1.6 * math.Exp(0.35*rng.NormFloat64()),
		rest: 12.62 + 0.05*rng.NormFloat64(), restRate: -0.0003 * rng.Float64(),
		leakWheel: -1, soh: 97 - 8*rng.Float64(), odo: 10000 + 80000*rng.Float64(),
	}
	c.pad = c.padStart
	for w := range c.kpa {
		c.kpa[w] = 238 + 3*rng.NormFloat64()
	}
	return c
}

func (c *car) vehicle() presage.Vehicle {
	v := presage.Vehicle{VIN: testVIN, Powertrain: presage.Combustion, InService: newYear.AddDate(-4, 0, 0)}
	if c.ev {
		v.Powertrain, v.PackCapacityAh = presage.BatteryElectric, 150
	}
	return v
}

// drive lives through one day and returns its features, nil for a day without data.
func (c *car) drive(day int) map[string]float64 {
	if day%30 == 0 {
		c.mood = math.Exp(0.2 * c.rng.NormFloat64())
	}
	km := math.Max(0, c.kmPerDay*c.mood*(1+0.7*c.rng.NormFloat64()))
	c.odo += km
	c.pad = math.Min(100, c.pad+km/1000*c.padRate*(1+0.1*math.Sin(2*math.Pi*float64(day)/365)))
	for w := range c.kpa {
		c.kpa[w] -= 0.1
		if w == c.leakWheel && day >= c.leakFrom {
			c.kpa[w] -= c.leakRate
		}
	}
	if c.rng.Float64() < 0.15 {
		return nil
	}
	weather := 4 * math.Sin(float64(day)/5)
	f := map[string]float64{
		models.FeatureOdometer: c.odo, models.FeatureDistance: km,
		models.FeaturePadFront: math.Round(c.pad + 1.2*c.rng.NormFloat64()),
		models.FeaturePadRear:  math.Round(0.6*c.pad + 1.2*c.rng.NormFloat64()),
		models.FeatureRest12V:  c.rest + c.restRate*float64(day) + 0.05*c.rng.NormFloat64(),
	}
	for w, name := range []string{
		models.FeatureTyreFrontLeft, models.FeatureTyreFrontRight, models.FeatureTyreRearLeft, models.FeatureTyreRearRight,
	} {
		f[name] = c.kpa[w] + weather + 2*c.rng.NormFloat64()
	}
	if c.rng.Float64() < 0.01 {
		f[models.FeaturePadFront] = 100 * c.rng.Float64() // a glitch
	}
	if c.ev {
		if c.rng.Float64() < 0.4 {
			f[models.FeatureCapacity] = 1.5 * (c.soh + 3*c.rng.NormFloat64())
			f[models.FeatureCapacityWeight] = 1 + 2*c.rng.Float64()
		}
		f[models.FeatureCellLowest] = float64(1 + c.rng.IntN(96))
		f[models.FeatureCellMv], f[models.FeatureCellNextMv] = -6-2*c.rng.Float64(), -5.5
	} else {
		f[models.FeatureCrank12V] = 10.6 + 4*(c.rest+c.restRate*float64(day)-12.62) + 0.3*c.rng.NormFloat64()
	}
	return f
}

// history is days days of c's life from day 0.
func (c *car) history(days int) models.History {
	h := models.History{Vehicle: c.vehicle()}
	for d := range days {
		if f := c.drive(d); f != nil {
			h.Rollups = append(h.Rollups, rollup(d, f))
		}
	}
	return h
}

func of(ps []presage.Prognosis, id presage.ComponentID) presage.Prognosis {
	for _, p := range ps {
		if p.Component == id {
			return p
		}
	}
	return presage.Prognosis{}
}
