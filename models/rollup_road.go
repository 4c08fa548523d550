package models

import (
	"math"

	"presage/models/median"
)

// roadFold keeps distance and air temperature.
type roadFold struct {
	odometer       []float64 // km
	driven         float64   // km, by speed over time
	speedAt, speed float64
	speedSeen      bool
	timed          bool // two speeds within a minute: driven is a distance
	moved          bool // a speed above 0
	ambient        float64
	ambientN       int
}

// maxKmPerDay: an odometer further than this from the day's median is nonsense.
const maxKmPerDay = 2000.

func (r *roadFold) add(n *instant) {
	if n.fresh[slotOdometer] {
		r.odometer = append(r.odometer, n.value[slotOdometer])
	}
	if n.fresh[slotSpeed] {
		v := math.Abs(n.value[slotSpeed])
		if dt := n.at - r.speedAt; r.speedSeen && dt > 0 && dt <= 60 {
			r.driven += (v + r.speed) / 2 * dt / 3600
			r.timed = true
		}
		r.moved = r.moved || v > 0
		r.speed, r.speedAt, r.speedSeen = v, n.at, true
	}
	if n.fresh[slotAmbient] {
		r.ambient += n.value[slotAmbient]
		r.ambientN++
	}
}

// ends are the lowest and the highest odometer reading that a day can hold:
// an odometer rises, so they are its first and last.
func (r *roadFold) ends() (first, last float64) {
	centre := median.Sorting(r.odometer)
	first, last = centre, centre
	for _, km := range r.odometer {
		if math.Abs(km-centre) <= maxKmPerDay {
			first, last = math.Min(first, km), math.Max(last, km)
		}
	}
	return first, last
}

func (r *roadFold) features(f map[string]float64) {
	switch {
	case len(r.odometer) > 0:
		first, last := r.ends()
		f[FeatureOdometer] = last
		f[FeatureDistance] = math.Max(last-first, r.driven)
	case r.speedSeen && (r.timed || !r.moved): // speeds an hour apart tell no distance
		f[FeatureDistance] = r.driven
	}
	if r.ambientN > 0 {
		f[FeatureAmbient] = r.ambient / float64(r.ambientN)
	}
}
