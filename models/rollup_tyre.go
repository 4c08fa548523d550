package models

import (
	"math"
	"slices"

	"presage/models/median"
)

// atmosphere is the standard air pressure in kPa: gauge readings are above it.
const atmosphere = 101.325

// pressureAt20 brings a gauge pressure in kPa measured at tempC to 20 degC: the
// air in a tyre keeps its volume, so its absolute pressure follows the absolute temperature.
func pressureAt20(kpa, tempC float64) float64 {
	return (kpa+atmosphere)*293.15/(tempC+273.15) - atmosphere
}

// tyreFold keeps each wheel's pressure at 20 degC, by how far it can be trusted.
type tyreFold struct {
	warm [4][]float64 // tyre temperature known, at rest or slow
	cold [4][]float64 // only the air's temperature known, at rest or slow
	fast [4][]float64 // tyre temperature known, at speed
}

func (t *tyreFold) add(n *instant) {
	speed := n.recent(slotSpeed, 120)
	slow := !(math.Abs(speed) > 30) // an unknown speed counts as rest: parked cars send none
	for w := range 4 {
		p := slotTyreFL + slot(w)
		if !n.fresh[p] {
			continue
		}
		temp := n.recent(slotTyreTempFL+slot(w), 600)
		air := n.recent(slotAmbient, 6*3600)
		switch {
		case slow && !math.IsNaN(temp):
			t.warm[w] = append(t.warm[w], pressureAt20(n.value[p], temp))
		case !math.IsNaN(temp):
			t.fast[w] = append(t.fast[w], pressureAt20(n.value[p], temp))
		case slow && !math.IsNaN(air):
			t.cold[w] = append(t.cold[w], pressureAt20(n.value[p], air))
		case slow:
			t.cold[w] = append(t.cold[w], n.value[p])
		}
	}
}

func (t *tyreFold) features(f map[string]float64) {
	for w := range 4 {
		name := trackedFeatures[colTyreFL+w]
		switch {
		case len(t.warm[w]) > 0:
			f[name] = median.Sorting(t.warm[w])
		case len(t.fast[w]) > 0:
			f[name] = median.Sorting(t.fast[w])
		case len(t.cold[w]) > 0:
			// A tyre still warm from driving reads high against the air: the
			// lower quarter is nearer to a cold tyre than the median.
			slices.Sort(t.cold[w])
			f[name] = t.cold[w][(len(t.cold[w])-1)/4]
		}
	}
}
