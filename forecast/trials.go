package forecast

import (
	"presage"
	"presage/forecast/fleet"
)

// requestTrials turns the requests of one location into trials, span after span. It keeps
// the probabilities of the days that it has met, for spans share their ends,
// and belongs to one goroutine.
type requestTrials struct {
	requests []request
	by       map[float64][]float64 // by days: of each request within them
	out      []fleet.Trial
}

// over turns the requests into independent trials over the span, good until
// the next call, and counts the vehicles whose request is likelier than notable;
// a vehicle's requests stand together.
func (a *requestTrials) over(s span, cfg *Config) (out []fleet.Trial, vehicles int) {
	var from []float64
	to := a.within(s.to, cfg)
	if s.from > 0 {
		from = a.within(s.from, cfg)
	}
	a.out = a.out[:0]
	var last presage.VIN
	for i, c := range a.requests {
		p := to[i]
		if from != nil {
			p = max(p-from[i], 0)
		}
		if p == 0 || c.quantity < 1 {
			continue
		}
		t := fleet.Trial{P: p, Quantity: c.quantity}
		if s.renews() {
			t.Again = c.renewedHazard(p, s.to, cfg)
		}
		a.out = append(a.out, t)
		if p >= notable && (vehicles == 0 || c.vin != last) {
			vehicles++
			last = c.vin
		}
	}
	return a.out, vehicles
}

// within is the probability of each request to be made within the days.
func (a *requestTrials) within(days float64, cfg *Config) []float64 {
	if known, ok := a.by[days]; ok {
		return known
	}
	out := make([]float64, len(a.requests))
	for i, c := range a.requests {
		out[i] = c.within(days, cfg)
	}
	if a.by == nil {
		a.by = map[float64][]float64{}
	}
	a.by[days] = out
	return out
}

// notable is the probability from which a vehicle is counted among those a
// driver's mean comes from: nearly all vehicles have a little more than none.
const notable = 0.01
