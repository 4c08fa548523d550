package simulator

import (
	"math"
	"math/rand/v2"

	"presage"
)

const (
	// strandEvery is the mean time between two failures to start of a car: far too often, so
	// that a demo of some days shows them.
	strandEvery  = 250 * 24 * hour
	strandSpread = 0.08 // degrees around the car's workshop, about 9 km
)

// strand is when a car does not start next, by a stream of its own: what else happens to
// it does not depend on it.
type strand struct {
	r    *rand.Rand
	next int64 // ms
}

func (k *car) newStrand(from int64) *strand {
	s := &strand{r: k.world.stream(k.n, 10)}
	s.after(from)
	return s
}

func (s *strand) after(t int64) { s.next = t + int64(s.r.ExpFloat64()*float64(strandEvery)) }

// strands tells whether the car does not start at t: it says so with its place, and
// stands for some hours.
func (k *car) strands(t int64) bool {
	s := k.strand
	if s == nil || t < s.next {
		return false
	}
	s.after(t)
	k.box.Release(t)
	k.box.Begin(t)
	k.box.Number(presage.SignalSpeed, 0, 0)
	if k.places != nil {
		k.sensePlace()
	} else if home := k.homePlace(); home != nil {
		spread := func() float64 { return strandSpread * math.Max(-2, math.Min(2, s.r.NormFloat64())) }
		k.box.Number(presage.SignalLatitude, home.Lat+spread(), 4)
		k.box.Number(presage.SignalLongitude, home.Lon+spread(), 4)
	}
	k.box.End()
	k.box.Flush(t)
	k.box.Event(t, "alert", "no_start", "")
	k.stop(t + int64((4+4*s.r.Float64())*float64(hour)))
	return true
}

// homePlace is where the car's workshop is; nil where nobody knows.
func (k *car) homePlace() *presage.Place {
	for _, w := range k.world.cast.Workshops {
		if w.ID == k.WorkshopID {
			return w.Place
		}
	}
	return nil
}
