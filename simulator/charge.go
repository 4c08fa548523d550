package simulator

import (
	"math"

	"presage"
)

// charge is the one that a car is at.
type charge struct {
	kw, to  float64 // power of the charger; state of charge at which it stops, 0-1
	every   int64   // ms between samples
	last    int64
	amps    float64 // since last
	samples int
}

// plugIn begins a charge at t.
func (k *car) plugIn(t int64) int64 {
	k.settle(t)
	c := charge{kw: k.Spec.ACKw, to: k.habits.plugsTo, every: 5 * minute, last: t}
	if k.Spec.DCKw > 0 && k.Powertrain == presage.BatteryElectric && (k.habits.fast || k.pack.SoC < 0.15) {
		c.kw, c.to, c.every = k.Spec.DCKw, 0.8, 2*minute
	}
	k.charge, k.phase = c, charging
	return t
}

// fill puts in what flowed since the last sample and takes the next one.
func (k *car) fill(t int64) int64 {
	c := &k.charge
	hours := float64(t-c.last) / float64(hour)
	c.last = t
	k.pack.Move(c.amps * hours)
	k.lead.Run(hours) // the converter feeds the 12 V battery meanwhile
	if k.pack.SoC >= c.to-0.0005 || (k.tripDue(t) && k.pack.SoC > 0.45) {
		c.amps = 0
		k.sampleCharge(t)
		k.box.Flush(t)
		k.phase, k.parkedAt, k.restedAt = parked, t, t
		return max(t+second, k.untilNext(t))
	}
	kw := c.kw
	if k.pack.SoC > 0.85 { // the charger holds the voltage from here on
		kw *= math.Max(0.12, (1.02-k.pack.SoC)/0.17)
	}
	c.amps = kw * 1000 * (1 + 0.004*k.life.NormFloat64()) / k.pack.Voltage(c.amps)
	left := (c.to - k.pack.SoC) * k.pack.CapacityAh() / c.amps // hours
	k.sampleCharge(t)
	c.samples++
	return t + max(10*second, min(c.every, int64(math.Ceil(left*float64(hour)))))
}

// tripDue tells whether the owner wants to leave.
func (k *car) tripDue(t int64) bool {
	for _, a := range k.acts {
		if a.km > 0 && a.at <= t {
			return true
		}
	}
	return false
}
