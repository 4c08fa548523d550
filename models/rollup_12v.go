package models

import (
	"math"

	"presage/models/battery"
	"presage/models/median"
)

const (
	fedVolts   = 13.0 // V: above, alternator or DC-DC converter feeds the bus
	idleRPM    = 500. // below, the engine is not running by itself
	tripGap    = 600. // s of silence that end a trip
	crankAfter = 3.   // s after the first turn in which the lowest voltage still belongs to the start
)

// lowVoltageFold keeps the 12 V system at rest, cranking and running.
type lowVoltageFold struct {
	rest, off, crank, running []float64
	at                        float64
	known                     bool
	turned                    bool    // the engine has turned in this trip
	before                    float64 // V, the last reading before the engine turned
	lowest                    float64 // V, while the start under way lasts
	startedAt                 float64
	starting                  bool
	temp                      float64 // degC of the start under way
}

func (l *lowVoltageFold) add(n *instant) {
	v := n.value[slotModule]
	if n.fresh[slotBattery] {
		v = n.value[slotBattery]
	} else if !n.fresh[slotModule] {
		return
	}
	if !l.known || n.at-l.at > tripGap {
		l.endStart()
		l.turned, l.before = false, math.NaN()
	}
	l.at, l.known = n.at, true
	temp := n.air()
	rpm := n.recent(slotRPM, 10)
	state := n.state()
	switch {
	case state == "START" || rpm > 0 && rpm < idleRPM && !l.turned:
		l.turning(n.at, v, temp)
	case rpm >= idleRPM:
		l.run(n.at, v, temp)
	case l.starting:
		l.endStart()
	default:
		l.stand(n, v, temp, state)
	}
}

// air is the air temperature of the last six hours in degC, else 20.
func (n *instant) air() float64 {
	if t := n.recent(slotAmbient, 6*3600); !math.IsNaN(t) {
		return t
	}
	return 20
}

// state is the low-voltage system's state, "" if it is old.
func (n *instant) state() string {
	if n.at-n.textAt > tripGap {
		return ""
	}
	return n.text
}

// turning is a reading while the starter turns the engine.
func (l *lowVoltageFold) turning(at, v, temp float64) {
	if !l.starting {
		l.starting, l.startedAt, l.temp, l.lowest = true, at, temp, math.Inf(1)
		if !math.IsNaN(l.before) {
			l.lowest = l.before // the dip comes before the first counted turn
		}
	}
	l.turned = true
	l.lowest = math.Min(l.lowest, v)
}

// run is a reading with the engine running by itself.
func (l *lowVoltageFold) run(at, v, temp float64) {
	if !l.turned {
		if math.IsNaN(l.before) { // the trip was joined late
			l.turned = true
		} else {
			l.turning(at, v, temp)
		}
	}
	if l.starting && at-l.startedAt <= crankAfter {
		l.lowest = math.Min(l.lowest, v)
		return
	}
	l.endStart()
	l.running = append(l.running, v)
}

// endStart keeps the lowest voltage of the start under way. At or above 12.2 V
// the sampling has missed the cranking and says nothing.
func (l *lowVoltageFold) endStart() {
	if l.starting && l.lowest < 12.2 {
		l.crank = append(l.crank, battery.CrankAt20(l.lowest, l.temp))
	}
	l.starting = false
}

// stand is a reading with the engine still, or of a car without one.
func (l *lowVoltageFold) stand(n *instant, v, temp float64, state string) {
	moving := math.Abs(n.recent(slotSpeed, 120)) > 1
	charging := n.recent(slotCharging, tripGap) > 0
	switch {
	case v >= fedVolts:
		l.running = append(l.running, v)
	case moving || charging || l.turned:
		// The engine has just stopped at a light, or the converter is weak: neither is rest.
	case state == "OFF" || state == "LOCK":
		l.off = append(l.off, battery.RestAt20(v, temp))
	default:
		l.rest = append(l.rest, battery.RestAt20(v, temp))
		l.before = v
	}
}

func (l *lowVoltageFold) features(f map[string]float64) {
	l.endStart()
	if len(l.off) > 0 {
		f[FeatureRest12V] = median.Sorting(l.off)
	} else if len(l.rest) > 0 {
		f[FeatureRest12V] = median.Sorting(l.rest)
	}
	if len(l.crank) > 0 {
		f[FeatureCrank12V] = median.Sorting(l.crank)
	}
	if len(l.running) > 0 {
		f[FeatureRunning12V] = median.Sorting(l.running)
	}
}
