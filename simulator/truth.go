package simulator

import (
	"math"
	"math/rand/v2"
	"time"

	"presage"
	"presage/simulator/physics"
)

// Truth is what nobody in the service may know: the state of one component.
type Truth struct {
	// Used is the share of the life that is gone, 1 at failure; it may pass 1
	// while nobody notices.
	Used float64
	// Value is in the embedded catalogue's unit: worst pad in %, rest voltage at
	// 20 degC in V, capacity in % of new, % under the placard pressure of the
	// softest tyre, share of the life or interval for the rest.
	Value float64
	// FailsAt is estimated at the present rate; zero when the end is more than ten years off.
	FailsAt time.Time
	// Silent: the failure to come shows in no signal.
	Silent bool
}

// Truth reveals the state of a component, for evaluation only; false when the
// vehicle or the component is unknown, or the vehicle does not have one.
func (w *World) Truth(vin presage.VIN, id presage.ComponentID) (Truth, bool) {
	k, ok := w.byVIN[vin]
	if !ok {
		return Truth{}, false
	}
	t, days, ok := k.truth(id, w.now)
	if !ok {
		return Truth{}, false
	}
	if days < 3650 {
		t.FailsAt = time.UnixMilli(w.now + int64(days*24*float64(hour))).UTC()
	}
	return t, true
}

// truth returns the state of a component and the days that are left to it.
func (k *car) truth(id presage.ComponentID, now int64) (t Truth, days float64, ok bool) {
	perDay := k.habits.perDay()
	switch id {
	case presage.BrakePadsFront:
		return k.padsTruth(0)
	case presage.BrakePadsRear:
		return k.padsTruth(1)
	case presage.Battery12V:
		t = Truth{Used: k.lead.Damage, Value: k.lead.RestVoltage(20)}
		days, t.Silent = k.lead.DaysLeft(k.City.Climate.Mean + 4)
		return t, days, true
	case presage.HVBattery:
		if k.pack == nil {
			return Truth{}, 0, false
		}
		limit := k.world.limits.health
		health := k.pack.Health()
		used := math.Max((1-health)/(1-limit), k.pack.Lag()/physics.CellLimit)
		cycles := perDay * k.Spec.KWhPerKm / (k.Spec.PackAh * k.pack.Voltage(0) / 1000)
		return Truth{Used: used, Value: 100 * health}, k.pack.DaysLeft(limit, cycles), true
	case presage.TyreLeak:
		return k.tyreTruth()
	case presage.ShockAbsorbers:
		t = Truth{Used: k.shocks.Used, Value: k.shocks.Used, Silent: true}
		return t, k.shocks.KmLeft(k.habits.roughness) / perDay, true
	}
	for i := range k.clocks {
		if c := &k.clocks[i]; c.id == id {
			used := c.used(now, k.odometer)
			days = math.Min(c.days-float64(now-c.since)/float64(24*hour), (c.km+c.sinceKm-k.odometer/1000)/perDay)
			return Truth{Used: used, Value: used}, math.Max(0, days), true
		}
	}
	return Truth{}, 0, false
}

func (k *car) padsTruth(axle int) (Truth, float64, bool) {
	s, p := k.Spec, &k.pads[axle]
	limit := k.world.limits.pads[axle]
	heat := physics.BrakeHeat(s.MassKg, k.habits.perDay(), k.habits.city, k.habits.style, s.Regen)
	worst := p.Worst()
	return Truth{Used: worst / limit, Value: worst}, math.Max(0, limit-worst) / p.Rate(heat), true
}

func (k *car) tyreTruth() (Truth, float64, bool) {
	limit := k.Spec.Placard * (1 - k.world.limits.tyre)
	days := math.Inf(1)
	for i := range k.tyres {
		days = math.Min(days, k.tyres[i].DaysTo(limit))
	}
	missing := 1 - k.lowest()
	return Truth{Used: math.Max(0, missing/k.world.limits.tyre), Value: 100 * missing}, days, true
}

// measure is what a mechanic's gauge shows of a component: the truth with a
// small error, in the embedded catalogue's unit; nil where there is no gauge.
func (k *car) measure(r *rand.Rand, id presage.ComponentID, now int64) *float64 {
	t, _, ok := k.truth(id, now)
	if !ok {
		return nil
	}
	errors := map[presage.ComponentID]float64{
		presage.BrakePadsFront: 1.5, presage.BrakePadsRear: 1.5, presage.Battery12V: 0.02,
		presage.HVBattery: 0.8, presage.TyreLeak: 1,
	}
	e, gauged := errors[id]
	if !gauged {
		return nil
	}
	x := t.Value + e*r.NormFloat64()
	if id != presage.Battery12V {
		x = math.Max(0, math.Min(100, math.Round(x*10)/10))
	} else {
		x = math.Round(x*100) / 100
	}
	return &x
}
