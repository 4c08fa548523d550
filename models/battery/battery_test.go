package battery_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"presage/models/battery"
)

// By hand: 12.50 V at 0 degC are 12.5 + 6*0.23 mV/K*20 K = 12.5276 V; cranking adds 30 mV a kelvin below 20.
func TestAt20(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ got, want float64 }{
		{battery.RestAt20(12.5, 0), 12.5276},
		{battery.RestAt20(12.5, 20), 12.5},
		{battery.RestAt20(12.5, 40), 12.4724},
		{battery.CrankAt20(9, 0), 9.6},
		{battery.CrankAt20(9, 35), 9},
		{battery.CrankAt20(9, -60), 10.2},
	} {
		if math.Abs(c.got-c.want) > 1e-9 {
			t.Errorf("%g, want %g", c.got, c.want)
		}
	}
}

// charge moves the state of charge at half the capacity an hour.
func charge(c *battery.Counter, from, to, capacity, step float64) {
	amps := math.Copysign(capacity/2, to-from)
	hours := math.Abs(to-from) / 100 * capacity / math.Abs(amps)
	n := int(hours * 3600 / step)
	for i := range n + 1 {
		f := float64(i) / float64(n)
		c.Add(battery.Reading{
			Seconds: f * hours * 3600, Current: amps, SoC: from + f*(to-from), TempC: 25, Charging: amps > 0,
		})
	}
}

func TestCounter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		capacity := rapid.Float64Range(40, 300).Draw(t, "Ah")
		from := rapid.Float64Range(0, 70).Draw(t, "from")
		to := from + rapid.Float64Range(22, 30).Draw(t, "span")
		var up, down battery.Counter
		charge(&up, from, to, capacity, 60)
		charge(&down, to, from, capacity, 30)
		for _, c := range []*battery.Counter{&up, &down} {
			ah, w, ok := c.Estimate()
			if !ok || math.Abs(ah-capacity) > 0.01*capacity || w <= 0 {
				t.Fatalf("%g Ah (weight %g, %t), want %g", ah, w, ok, capacity)
			}
		}
	})
}

func TestCounterSaysNothing(t *testing.T) {
	t.Parallel()
	var small, gaps battery.Counter
	charge(&small, 50, 65, 100, 60)
	for i := range 20 {
		gaps.Add(battery.Reading{Seconds: 3600 * float64(i), Current: 50, SoC: float64(5 * i), Charging: true})
	}
	gaps.Add(battery.Reading{Seconds: 1e6, Current: math.NaN(), SoC: 3})
	for name, c := range map[string]*battery.Counter{"15 points": &small, "gaps of an hour": &gaps, "nothing": {}} {
		if ah, _, ok := c.Estimate(); ok {
			t.Errorf("%s: %g Ah", name, ah)
		}
	}
}

func TestCellsNamesTheLowest(t *testing.T) {
	t.Parallel()
	var c battery.Cells
	ok := func(v float64) bool { return v > 0.5 && v < 5 }
	for i := range 600 {
		v := []float64{3.90, 3.90, 3.90, 3.87, 3.90, 3.89, 3.90, 60}
		if i%50 == 0 {
			v[1] = 0
		}
		c.Add(v, 0, ok)
	}
	c.Add([]float64{1, 2}, 0, ok)
	s, known := c.Lowest()
	if !known || s.Cell != 4 || math.Abs(s.Mv+30) > 1e-3 || math.Abs(s.Next+10) > 1e-3 {
		t.Errorf("%+v (%t), want cell 4 at -30 mV, next -10 mV", s, known)
	}
	var few battery.Cells
	few.Add([]float64{3.9, 3.9, 3.9, 3.1}, math.NaN(), nil)
	if s, known := few.Lowest(); known {
		t.Errorf("one sample names cell %d", s.Cell)
	}
}
