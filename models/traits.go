package models

import (
	"math"
	"slices"
	"time"

	"presage"
)

// The traits of a part from which a hazard is learned, beside those of the
// tracked features: for each of these its newest value, under its own name, and
// "_mean28" and "_slope28", the mean and the slope per day of the last 28 days.
const (
	TraitAge         = "age_days"       // whole days since the vehicle went into service
	TraitOdometer    = "odometer_km"    // km, the newest reading
	TraitPerDay      = "km_per_day_28d" // km
	TraitRenewalDays = "renewal_days"   // whole days since the component's last known renewal
	TraitRenewalKm   = "renewal_km"     // km since then
	TraitSilence     = "silence_days"   // whole days since the newest roll-up
)

const (
	traitWindow    = 28 // days of means and slopes; who is silent for longer has no traits
	traitOldest    = 90 // days that a newest value may be old
	leastSlopeDays = 3  // with readings
	traitReadings  = 29 // of the odometer, that say which of them are nonsense
)

// traitColumns are the tracked features that say something about a part by their size.
var traitColumns = [...]int{ //nolint:gochecknoglobals // a constant table
	colAmbient, colPadFront, colPadRear, colTyreFL, colTyreFR, colTyreRL, colTyreRR, colRest, colCrank,
	colCapacity, colCellMv, colCellZ, colCellNextMv, colInsulation, colWarning,
}

// Traits are the names of what ReadTraits fills in, in that order. They are
// the columns of an exported history and the features of a learned hazard.
func Traits() []string {
	out := []string{TraitAge, TraitOdometer, TraitPerDay, TraitRenewalDays, TraitRenewalKm, TraitSilence}
	for _, c := range traitColumns {
		name := trackedFeatures[c]
		out = append(out, name, name+"_mean28", name+"_slope28")
	}
	return out
}

// ReadTraits fills x, as long as Traits, with what was known of a component at
// asOf; NaN is missing. It is the one place where traits are computed, for the
// history that a hazard is trained on as well as for the nightly pass, and it
// reads nothing else than the track: no prior and nothing the fleet has taught,
// which change between the two. Only days that were over at asOf count, as today's
// would be cut short at another hour each time, and of these only days after the
// component's last renewal: what an old part measured says nothing about the
// new one. False, with x undefined: the vehicle was silent for 28 days.
func (t *Track) ReadTraits(id presage.ComponentID, asOf time.Time, x []float64) bool {
	today := presage.DayOf(asOf)
	n := t.known(asOf)
	for n > 0 && t.days[n-1] >= today {
		n--
	}
	if n == 0 || today-t.days[n-1] > traitWindow {
		return false
	}
	past := past{t, today, n}
	since := presage.Day(math.MinInt32)
	for i := range x {
		x[i] = math.NaN()
	}
	if in := t.Vehicle.InService; !in.IsZero() && !in.After(asOf) {
		x[0] = float64(today - presage.DayOf(in))
	}
	x[1], x[2] = past.odometer(today), past.perDay()
	if l, ok := t.renewal(id, asOf); ok {
		since = presage.DayOf(l.At)
		x[3] = float64(today - since)
		x[4] = past.kmSince(l, x[1])
	}
	x[5] = float64(today - t.days[n-1])
	for k, c := range traitColumns {
		past.feature(c, since, x[6+3*k:9+3*k])
	}
	return true
}

// past is the first n days of a track, seen from a day after them.
type past struct {
	*Track
	today presage.Day
	n     int
}

// odometer is the newest reading before a day, km, that fits those before it;
// NaN if there is none within traitOldest.
func (p past) odometer(before presage.Day) float64 {
	var at [traitReadings]int // rows, the newest first
	n, oldest := 0, 0
	for i := p.n - 1; i >= 0 && n < len(at) && before-p.days[i] <= traitOldest; i-- {
		if p.days[i] < before && !math.IsNaN(p.cols[colOdometer][i]) {
			at[n], oldest = i, i
			n++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	odo, newest := p.cols[colOdometer], at[0]
	if plausible(odo[newest]-odo[oldest], float64(p.days[newest]-p.days[oldest])) {
		return odo[newest]
	}
	var sorted [traitReadings]float64
	for k, i := range at[:n] {
		sorted[k] = odo[i]
	}
	slices.Sort(sorted[:n])
	middle := sorted[n/2]
	for _, i := range at[:n] {
		if km := odo[i]; km >= middle/2 && plausible(km-min(km, middle), traitReadings) {
			return km
		}
	}
	return math.NaN() // cannot be: the middle one is among them
}

// perDay is the mean distance a day over the window; NaN where the odometer does not tell.
func (p past) perDay() float64 {
	first, last := -1, -1
	for i := p.n - 1; i >= 0 && p.today-p.days[i] <= traitWindow; i-- {
		if math.IsNaN(p.cols[colOdometer][i]) {
			continue
		}
		if first = i; last < 0 {
			last = i
		}
	}
	if first == last {
		return math.NaN()
	}
	km, days := p.cols[colOdometer][last]-p.cols[colOdometer][first], float64(p.days[last]-p.days[first])
	if !plausible(km, days) {
		return math.NaN()
	}
	return math.Max(0, km) / days
}

// kmSince is the distance since a label, at the odometer that it names or else
// the newest reading before it; NaN if neither is known or it lies ahead.
func (p past) kmSince(l presage.Label, now float64) float64 {
	at := float64(l.OdometerKm)
	if !(at > 0) {
		at = p.odometer(presage.DayOf(l.At) + 1)
	}
	if !(now-at >= -1) { // NaN as well
		return math.NaN()
	}
	return math.Max(0, now-at)
}

// feature writes the newest value of a column, its mean and its slope.
func (p past) feature(col int, since presage.Day, out []float64) {
	var n, sx, sy, sxx, sxy float64
	for i, x := range slices.Backward(p.cols[col][:p.n]) {
		back := float64(p.today - p.days[i])
		if back > traitOldest || p.days[i] <= since {
			break
		}
		if math.IsNaN(x) {
			continue
		}
		if math.IsNaN(out[0]) {
			out[0] = x
		}
		if back > traitWindow {
			break
		}
		n, sx, sy, sxx, sxy = n+1, sx-back, sy+x, sxx+back*back, sxy-back*x
	}
	if n > 0 {
		out[1] = sy / n
	}
	if n >= leastSlopeDays {
		out[2] = (n*sxy - sx*sy) / (n*sxx - sx*sx)
	}
}
