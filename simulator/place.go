package simulator

import (
	"math"
	"math/rand/v2"

	"presage"
)

const (
	degreeKm   = 111.2 // of latitude
	homeKm     = 9     // mean distance of a home from the car's workshop
	roadFactor = 1.3   // by which roads are longer than the crow flies
	parkedKm   = 0.15  // how far from its place a car finds a space
)

// places are where a car is parked: at home, or where its trips of the day lead.
type places struct {
	r          *rand.Rand
	home, away presage.Place
	out        bool // it drives again today
}

// newPlaces draws from a stream of its own: what else happens to a car does not
// depend on it. nil where nobody knows where its workshop is.
func (k *car) newPlaces() *places {
	shop := k.homePlace()
	if shop == nil {
		return nil
	}
	p := &places{r: k.world.stream(k.n, 11)}
	p.home = p.near(*shop, homeKm*p.r.ExpFloat64())
	p.away = p.near(p.home, math.Min(60, k.habits.km/k.habits.trips/roadFactor))
	return p
}

// near is a place at a distance in km from another, in any direction.
func (p *places) near(from presage.Place, km float64) presage.Place {
	north, east := math.Sincos(2 * math.Pi * p.r.Float64())
	return presage.Place{
		Lat: from.Lat + km*north/degreeKm,
		Lon: from.Lon + km*east/(degreeKm*math.Cos(from.Lat*math.Pi/180)),
	}
}

// sensePlace adds where the car is parked, to about a hundred metres: nobody needs to
// know more.
func (k *car) sensePlace() {
	p := k.places
	if p == nil {
		return
	}
	at := p.home
	if p.out {
		at = p.away
	}
	at = p.near(at, parkedKm*p.r.Float64())
	k.box.Number(presage.SignalLatitude, at.Lat, 3)
	k.box.Number(presage.SignalLongitude, at.Lon, 3)
}

// park puts the car where its trip has led.
func (k *car) park() {
	if k.places != nil {
		k.places.out = k.tripsLeft()
	}
}

// tripsLeft tells whether the car drives again today.
func (k *car) tripsLeft() bool {
	for _, a := range k.acts {
		if a.km > 0 {
			return true
		}
	}
	return false
}
