package physics

import (
	"math"
	"math/rand/v2"
)

// Shocks is a car's set of shock absorbers. No sensor sees them.
type Shocks struct {
	Used float64 // share of the life, 1 at failure
	life float64 // km on even roads
}

// NewShocks makes a set that has done km on roads of a roughness (1 ordinary).
// Sets that would have failed before were replaced on the way; the km of the
// present set are returned.
func NewShocks(r *rand.Rand, km, roughness float64) (Shocks, float64) {
	for {
		var s Shocks
		s.Renew(r)
		if s.life/roughness > km {
			s.Used = km * roughness / s.life
			return s, km
		}
		km -= s.life / roughness
	}
}

// Renew puts a new set in. The median life of 195,000 km at a spread of 0.38
// lets about one in eight cars of eight years and 17,000 km a year have bad ones.
func (s *Shocks) Renew(r *rand.Rand) {
	*s = Shocks{life: 195_000 * math.Exp(0.38*r.NormFloat64())}
}

// Drive wears the set by km on roads of a roughness.
func (s *Shocks) Drive(km, roughness float64) { s.Used += km * roughness / s.life }

// KmLeft is the distance on roads of a roughness until failure.
func (s *Shocks) KmLeft(roughness float64) float64 {
	return math.Max(0, 1-s.Used) * s.life / roughness
}
