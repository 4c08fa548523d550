package forecast

import (
	"math"

	"presage"
)

// A service that is due is not a failure: the car drives on, and comes when its
// owner finds the time. The overdue are a pool that fills as services become
// due and empties by visits; where it neither grows nor shrinks, visits a day
// over the size of the pool are the hazard of coming (Little 1961).
const (
	comingDays = 56 // how far back visits are counted
	comingJobs = 5. // the weight, in visits, of the hazard taken before any was seen
)

// coming is the daily hazard with which the owner of an overdue service comes,
// by component on a clock: learnt where its part is asked for by no other
// component, else that of an accepted offer.
func (in *Input) coming(needs map[presage.ComponentID][]presage.PartQuantity) map[presage.ComponentID]float64 {
	askers, overdue := map[string]int{}, map[presage.ComponentID]float64{}
	for _, parts := range needs {
		for _, need := range parts {
			askers[in.chains.Newest(need.Part)]++
		}
	}
	for _, p := range in.Prognoses {
		if p.Basis == presage.BasisClock {
			overdue[p.Component] += p.FailWithin.By(1)
		}
	}
	days := math.Min(in.historyDays(), comingDays)
	used := map[string]float64{}
	for loc, pieces := range in.usedSince(presage.DayOf(in.AsOf) - presage.Day(days)) {
		used[loc.part] += pieces // whole numbers: any order gives the same sum
	}
	offered := math.Min(in.Config.Acceptance.Offered, 0.999) // nobody comes in no time
	prior := -math.Log1p(-offered) / float64(in.Config.HorizonDays)
	out := make(map[presage.ComponentID]float64, len(overdue))
	for id, pool := range overdue {
		out[id] = prior
		for _, need := range needs[id] {
			part := in.chains.Newest(need.Part)
			if prior > 0 && need.Quantity > 0 && askers[part] == 1 {
				jobs := used[part] / float64(need.Quantity)
				out[id] = (comingJobs + jobs) / (comingJobs/prior + pool*days)
				break
			}
		}
	}
	return out
}

// served is the probability that a service on a clock is done within the days:
// it is due already, or becomes due on any of them alike, and from then on its
// owner comes with a constant hazard.
func (c request) served(days float64) float64 {
	if days <= 0 {
		return 0
	}
	now := c.fails.By(math.Min(days, 1))
	later := c.fails.By(days) - now
	gone := -math.Expm1(-c.comes * days)
	between := 0.
	if c.comes > 0 {
		between = 1 - gone/(c.comes*days)
	}
	return now*gone + later*between
}
