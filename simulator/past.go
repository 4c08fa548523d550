package simulator

import (
	"math"
	"math/rand/v2"
	"time"

	"presage"
	"presage/simulator/physics"
)

// liveBefore gives the car its years before the start: mileage, wear, and the
// replacements that its workshop remembers.
func (k *car) liveBefore() {
	r := k.life
	km := k.AgeYears * 365.25 * k.habits.perDay() * math.Exp(0.15*r.NormFloat64())
	km = math.Min(km, 420_000) // no taxi here is older than that
	k.odometer = 1000 * (km + 8)
	k.restedAt = k.world.now
	k.padsBefore(km)
	k.leadBefore()
	if s := k.Spec; s.Electric() {
		kwhNew := s.PackAh * float64(s.Cells) * 3.75 / 1000
		cycles := km * s.KWhPerKm / kwhNew
		if k.Powertrain == presage.PlugInHybrid {
			cycles *= 0.5
		}
		pack := physics.NewPack(r, s.PackAh, s.Cells, k.AgeYears, cycles)
		k.pack, k.cells = &pack, make([]float64, s.Cells)
		if r.Float64() < 0.012 {
			k.pack.Weaken(r)
			for range r.IntN(70) {
				k.pack.Age(15)
			}
		}
	}
	for i := range k.tyres {
		k.tyres[i] = physics.Tyre{Cold: k.Spec.Placard - 9*r.Float64(), Natural: 0.05 + 0.06*r.Float64()}
	}
	if r.Float64() < 0.008 {
		k.tyres[r.IntN(4)].Leak = 0.4 + 1.2*r.Float64()
	}
	var since float64
	k.shocks, since = physics.NewShocks(r, km, k.habits.roughness)
	if since < km {
		k.remember(presage.ShockAbsorbers, since/k.habits.perDay(), 0.8)
	}
	k.newClocks()
}

// padsBefore draws how worn the pads are: those of young cars by their mileage,
// the others anywhere between new and nearly done.
func (k *car) padsBefore(km float64) {
	s := k.Spec
	perKm := physics.BrakeHeat(s.MassKg, 1, k.habits.city, k.habits.style, s.Regen)
	for axle, id := range [...]presage.ComponentID{presage.BrakePadsFront, presage.BrakePadsRear} {
		share, life := s.FrontShare, s.FrontMJ
		if axle == 1 {
			share, life = 1-s.FrontShare, s.RearMJ
		}
		lifeKm := life / (share * perKm)
		worn := 100 * km / lifeKm
		if worn > 95 {
			worn = 95 * k.life.Float64()
			k.remember(id, worn/100*lifeKm/k.habits.perDay(), 0.6)
		}
		k.pads[axle] = physics.NewPads(k.life, share, life, worn)
	}
}

// leadBefore lets 12 V batteries live and die until the start.
func (k *car) leadBefore() {
	k.lead.Renew(k.life)
	days := int(k.AgeYears * 365.25)
	since := days
	for d := range days {
		k.lead.Age(k.ambient(k.world.now-int64(days-d)*24*hour+9*hour) + 4)
		if k.lead.Dead() {
			k.lead.Renew(k.life)
			since = days - d
		}
	}
	if since < days {
		k.remember(presage.Battery12V, float64(since), 0.6)
	}
}

// clockBefore places the last service somewhere within the interval.
func (k *car) clockBefore(c *clock, r *rand.Rand) {
	perDay := k.habits.perDay()
	days := math.Min(c.days, c.km/perDay)
	ago := math.Min(days*1.02*r.Float64(), k.AgeYears*365.25)
	c.restart(k.world.now-int64(ago*24*float64(hour)), k.odometer-1000*math.Min(ago*perDay, k.odometer/1000))
	if ago < k.AgeYears*365.25 {
		k.note(c.id, ago, r.Float64() < 0.9)
	}
}

// remember adds a replacement so many days ago to the workshops' history, with a chance.
func (k *car) remember(id presage.ComponentID, daysAgo, chance float64) {
	k.note(id, daysAgo, k.life.Float64() < chance)
}

// note adds a replacement to the workshops' history, if it was written down.
func (k *car) note(id presage.ComponentID, daysAgo float64, written bool) {
	if !written || daysAgo >= k.AgeYears*365.25 {
		return
	}
	at := time.UnixMilli(k.world.now - int64(daysAgo*24*float64(hour))).UTC().Truncate(time.Hour)
	km := math.Max(0, k.odometer/1000-daysAgo*k.habits.perDay())
	k.world.history = append(k.world.history, presage.WorkshopResult{
		VIN: k.VIN, At: at, OdometerKm: presage.Kilometre(math.Round(km)), Note: "from the service book",
		ConfirmedBy: byWorkshop,
		Findings:    []presage.Finding{{Component: id, Outcome: presage.OutcomeConfirmed, Replaced: true}},
	})
}
