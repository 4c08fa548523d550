package physics

import "math"

// Atmosphere is the air pressure in kPa that a gauge does not show.
const Atmosphere = 101.325

// Tyre is one wheel's tyre. Cold is its gauge pressure in kPa at 20 degC.
type Tyre struct {
	Cold    float64
	Natural float64 // kPa a day that every tyre loses
	Leak    float64 // kPa a day on top, 0 when tight
}

// Gauge is the pressure in kPa that a gauge shows when the air inside has a
// temperature in degC: Gay-Lussac's law at constant volume.
func (t *Tyre) Gauge(inside float64) float64 {
	return (t.Cold+Atmosphere)*(inside+273.15)/293.15 - Atmosphere
}

// Lose lets days pass. A leak slows down as the tyre empties.
func (t *Tyre) Lose(days float64) {
	t.Cold = math.Max(0, t.Cold-days*(t.Natural+t.Leak*math.Min(1, t.Cold/200)))
}

// DaysTo estimates the days until the cold pressure has fallen to a limit in kPa.
func (t *Tyre) DaysTo(limit float64) float64 {
	return math.Max(0, (t.Cold-limit)/(t.Natural+t.Leak))
}
