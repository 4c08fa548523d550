package simulator

import (
	"math"
	"strconv"

	"presage"
	"presage/simulator/physics"
)

// trip is the one that a car is on.
type trip struct {
	left, total float64 // km
	city        float64
	began, last int64 // ms
	samples     int
}

// depart begins a trip at t, if the car can.
func (k *car) depart(t int64, a act) int64 {
	k.settle(t)
	if k.lead.Dead() {
		k.breakDown(presage.Battery12V, t)
		return k.untilNext(t)
	}
	if k.strands(t) {
		return k.untilNext(t)
	}
	km := a.km
	if k.Powertrain == presage.BatteryElectric {
		if km = math.Min(km, k.reach()); km < 3 {
			return k.plugIn(t)
		}
	}
	k.box.Release(t)
	k.trip = trip{left: km, total: km, city: a.city, began: t, last: t}
	k.sampleKeyOn(t)
	if k.Powertrain == presage.Combustion {
		k.phase = cranking
		return t + 1500 + k.sense.Int64N(1000)
	}
	k.phase = driving
	return k.nextSample(t)
}

// reach is the distance in km that the charge allows, with a reserve.
func (k *car) reach() float64 {
	kwh := math.Max(0, k.pack.SoC-0.08) * k.pack.CapacityAh() * k.pack.Voltage(0) / 1000
	return kwh / (k.Spec.KWhPerKm * k.thirst(k.ambient(k.parkedAt)))
}

// thirst is how much more an electric drive draws at a temperature in degC.
func (k *car) thirst(ambient float64) float64 {
	return 1 + 0.011*math.Max(0, 18-ambient) + 0.008*math.Max(0, ambient-27)
}

// nextSample is when the box takes its next sample of a trip.
func (k *car) nextSample(t int64) int64 {
	return t + int64(k.habits.every*(0.97+0.06*k.sense.Float64())*float64(second))
}

// crank starts a combustion engine.
func (k *car) crank(t int64) int64 {
	k.sampleCrank(t)
	k.lead.Charge = math.Max(0, k.lead.Charge-0.006)
	k.phase = driving
	return k.nextSample(t)
}

// drive covers the distance since the last sample and takes the next one.
func (k *car) drive(t int64) int64 {
	speed := 14 + 38*k.life.Float64() // km/h
	if k.life.Float64() >= k.trip.city {
		speed = 72 + 48*k.life.Float64()
	}
	hours := float64(t-k.trip.last) / float64(hour)
	km := math.Min(speed*hours, k.trip.left)
	k.trip.left -= km
	k.trip.last = t
	k.trip.samples++
	ambient := k.ambient(t)
	amps := k.wear(km, hours, ambient)
	k.heat(hours, 14+0.1*speed)
	if k.trip.left > 0 {
		k.sampleMoving(t, speed, ambient, amps)
		return k.nextSample(t)
	}
	k.sampleArrived(t, ambient)
	return k.arrive(t)
}

// wear lets a distance leave its traces; it returns the pack's mean current in A.
func (k *car) wear(km, hours, ambient float64) float64 {
	k.odometer += km * 1000
	heat := physics.BrakeHeat(k.Spec.MassKg, km, k.trip.city, k.habits.style, k.Spec.Regen)
	k.pads[0].Brake(heat, ambient)
	k.pads[1].Brake(heat, ambient)
	k.shocks.Drive(km, k.habits.roughness)
	k.lead.Run(hours)
	if k.pack == nil || hours == 0 || (k.Powertrain == presage.PlugInHybrid && k.pack.SoC < 0.2) {
		return 0
	}
	kwh := km * k.Spec.KWhPerKm * k.thirst(ambient)
	return k.pack.Move(-kwh*1000/k.pack.Voltage(0)) / hours
}

// heat warms the tyres for hours towards degrees above the air around.
func (k *car) heat(hours, towards float64) {
	k.tyreHeat += (towards - k.tyreHeat) * (1 - math.Exp(-hours*4))
}

// settle lets the car stand until t: the 12 V battery drains, the tyres cool.
func (k *car) settle(t int64) {
	hours := float64(t-k.restedAt) / float64(hour)
	k.restedAt = t
	k.lead.Rest(hours)
	k.heat(0.6*hours, 0)
}

// arrive ends a trip at t.
func (k *car) arrive(t int64) int64 {
	k.phase, k.parkedAt, k.restedAt = parked, t, t
	k.box.Flush(t)
	if k.Spec.ReportTrips {
		b := append([]byte(nil), `{"km":`...)
		b = strconv.AppendFloat(b, k.trip.total, 'f', 1, 64)
		b = append(b, `,"minutes":`...)
		b = strconv.AppendInt(b, (t-k.trip.began)/minute, 10)
		k.box.Event(t, "trip_end", "", string(append(b, '}')))
	}
	home := !k.tripsLeft()
	if home && k.habits.garage {
		k.box.Hold()
	}
	if k.pack != nil && (k.pack.SoC < 0.15 || (home || k.habits.fast) && k.pack.SoC < k.habits.plugsAt) {
		return k.plugIn(t + 4*minute)
	}
	return max(t+3*minute, k.untilNext(t))
}
