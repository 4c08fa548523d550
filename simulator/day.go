package simulator

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// newDay begins at t, a local midnight or the world's first instant: a day's
// ageing, what the owner does about it, and the plan of the day.
func (k *car) newDay(t int64) {
	start, next := k.midnight(t)
	k.dayEnd = next.UnixMilli()
	k.age(t)
	k.care(t)
	k.fail(t)
	k.offAir(t)
	k.plan(t, start)
}

// age lets a day pass for whatever ages without being used.
func (k *car) age(t int64) {
	mean := k.ambient(t + 9*hour)
	k.lead.Age(mean + 4) // under the bonnet
	if k.pack != nil {
		k.pack.Age(mean)
		if k.life.Float64() < weakCellsADay {
			k.pack.Weaken(k.life)
		}
	}
	for i := range k.tyres {
		k.tyres[i].Lose(1)
	}
	if k.life.Float64() < leaksADay {
		i := k.life.IntN(4)
		k.tyres[i].Leak += 1.3 * math.Exp(0.65*k.life.NormFloat64())
	}
}

const (
	leaksADay     = 5e-4 // new slow leaks a car
	weakCellsADay = 1.5e-4
)

// offAir draws a loss of coverage that begins some time during the day.
func (k *car) offAir(t int64) {
	if k.life.Float64() >= k.world.outage {
		return
	}
	hours := 9 * math.Exp(1.0*k.life.NormFloat64())
	k.box.Offline(t+int64(24*k.life.Float64()*float64(hour)), t+int64(math.Min(hours, 150)*float64(hour)))
}

// plan fills the day with trips and signs of life.
func (k *car) plan(t int64, start time.Time) {
	k.acts = k.acts[:0]
	at := func(hours float64) int64 { return start.UnixMilli() + int64(hours*float64(hour)) }
	k.acts = append(k.acts, act{at: at(2 + 2*k.life.Float64())})
	if k.daysAway == 0 && k.life.Float64() < k.habits.away {
		k.daysAway = 4 + k.life.IntN(14)
	}
	if k.daysAway > 0 {
		k.daysAway--
	} else {
		k.planTrips(start.Weekday(), at)
	}
	if len(k.acts) == 1 {
		k.acts = append(k.acts, act{at: at(14 + 4*k.life.Float64())})
	}
	slices.SortStableFunc(k.acts, func(a, b act) int { return cmp.Compare(a.at, b.at) })
	k.acts = slices.DeleteFunc(k.acts, func(a act) bool { return a.at < t })
}

// planTrips draws the day's distance and cuts it into trips.
func (k *car) planTrips(day time.Weekday, at func(float64) int64) {
	h := &k.habits
	chance := h.weekday
	if day == time.Saturday || day == time.Sunday {
		chance = h.weekend
	}
	if k.life.Float64() >= chance {
		return
	}
	km := h.km * math.Exp(h.spread*k.life.NormFloat64())
	n := 1 + int(k.life.ExpFloat64()*(h.trips-1)+0.5)
	n = min(n, 8, 1+int(km/3))
	hours := h.departs + 0.4*k.life.NormFloat64()
	gap := math.Max(1.2, (19.5-hours)/float64(max(1, n-1))) // home in the evening
	for range n {
		share := km / float64(n) * math.Exp(0.3*k.life.NormFloat64())
		city := math.Max(0, math.Min(1, h.city+0.15*k.life.NormFloat64()))
		k.acts = append(k.acts, act{at: at(math.Max(0.1, math.Min(23.4, hours))), km: math.Min(share, 320), city: city})
		hours += gap * (0.75 + 0.5*k.life.Float64())
	}
}
