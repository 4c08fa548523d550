package models

import (
	"math"
	"slices"
)

const (
	// leastRefused is how many odometer readings in a row that do not fit those
	// before are passed over before a new count may be believed.
	leastRefused = 4
	// paceFactor is how far a new count's distance a day may stray from what the
	// vehicle drove before: one that moves ten times as fast, or a thousandth, is
	// in another unit, and one that does not move is an error code.
	paceFactor = 4.
	// leastStuck is how many days with the same reading make one ask whether the
	// car stands or the odometer does.
	leastStuck = 4
	// kmPerMile and sameUnit tell an odometer that is read in the other unit from another odometer.
	kmPerMile, sameUnit = 1.609344, 0.005
)

// mileage fills in the odometer of every known day, by its own reading, else by
// the distances driven, else by what the vehicle drives on a day. It returns the row
// of the newest reading that counts; -1 for none, and then the count begins at 0.
//
//	reading fits the last one taken  -> it counts; what was guessed in between gives way
//	it does not                      -> passed over, and the day counts as driven
//	four in a row, at the car's pace -> the odometer was replaced or set right: recount
//	four in a row, otherwise         -> an error code or another unit: passed over
func (v *view) mileage() int {
	odo, days := v.odometer(), v.track.days
	v.stuck(odo)
	raised, first, taken, from, refused := 0., 0, -1, 0, 0
	for i := range v.n {
		x := odo[i] + raised
		v.km[i] = v.guess(i, first, taken)
		switch {
		case math.IsNaN(x):
			continue
		case taken < 0:
			first = i
		case plausible(x-v.km[taken], float64(days[i]-days[taken])):
			v.giveWay(taken, i, x)
		default:
			if refused++; refused == 1 {
				from = i
			}
			if refused < leastRefused || !v.believable(odo, first, taken, from, i) {
				continue
			}
			if v.dead(first, taken) {
				first, raised, x = v.start(odo, from, i), 0, odo[i]
			} else {
				raised += v.recount(first, i, x-v.km[i])
				x = math.Max(v.km[i], x)
			}
		}
		v.km[i], taken, refused = x, i, 0
	}
	v.backfill(first)
	return taken
}

// guess is where the odometer stands on a day without a reading that fits.
func (v *view) guess(i, first, taken int) float64 {
	dist := v.track.cols[colDistance][i]
	if math.IsNaN(v.track.cols[colOdometer][i]) && !math.IsNaN(dist) {
		if i == 0 {
			return dist
		}
		return v.km[i-1] + dist
	}
	if i == 0 {
		return 0
	}
	// A distance beside a reading that does not fit may come from that odometer.
	return v.km[i-1] + v.pace(first, taken)*v.elapsed(i)
}

// elapsed is the number of days from the newest sample of the day before row i to
// that of row i: of today only a part is over.
func (v *view) elapsed(i int) float64 {
	days, last := v.track.days, v.track.last
	whole := float64(days[i] - days[i-1])
	if last[i].IsZero() || last[i-1].IsZero() {
		return whole
	}
	return math.Max(0, last[i].Sub(last[i-1]).Hours()/24)
}

// pace is the mean distance a day up to row taken, by the readings taken since row
// first, for the count of earlier rows is not known yet; the fleet's pace fills up a
// history that is too short to tell.
func (v *view) pace(first, taken int) float64 {
	if taken < 0 {
		return v.fleet.perDay
	}
	days := v.track.days
	back, _ := slices.BinarySearch(days[first:taken], days[taken]-usageDays)
	from := first + back
	driven, span := v.km[taken]-v.km[from], float64(days[taken]-days[from])
	short := math.Max(0, usagePriorDays-span)
	return math.Max(0, (driven+short*v.fleet.perDay)/(span+short))
}

// giveWay puts what was guessed between two readings between them.
func (v *view) giveWay(from, to int, km float64) {
	base, guessed := v.km[from], v.km[to]
	if to == from+1 || guessed <= km || guessed <= base {
		return
	}
	scale := math.Max(0, km-base) / (guessed - base)
	for k := from + 1; k < to; k++ {
		v.km[k] = base + scale*(v.km[k]-base)
	}
}

// believable tells whether the readings that were refused, from row from to row
// i, are those of another odometer: it moves as this vehicle does. A short
// history before them cannot tell how that is, and need not be the right one of the two.
func (v *view) believable(odo []float64, first, taken, from, i int) bool {
	days := v.track.days
	gone, span := odo[i]-odo[from], float64(days[i]-days[from])
	if span <= 0 || !plausible(gone, span) || gone < span { // less than a km a day: it stands
		return false
	}
	if ratio := odo[i] / v.km[i]; math.Abs(ratio*kmPerMile-1) < sameUnit || math.Abs(ratio/kmPerMile-1) < sameUnit {
		return false
	}
	if before := float64(days[taken] - days[first]); before < usagePriorDays || before < span {
		return true
	}
	own := v.pace(first, taken) * span
	return gone >= own/paceFactor && gone <= own*paceFactor
}

// dead tells whether the readings before, from row first to row taken, are no
// odometer's: over days they did not move.
func (v *view) dead(first, taken int) bool {
	span := float64(v.track.days[taken] - v.track.days[first])
	return span >= leastRefused && v.km[taken]-v.km[first] < 0.1
}

// start begins the count anew with the readings from row from to row to.
func (v *view) start(odo []float64, from, to int) int {
	for k := from; k < to; k++ {
		v.km[k] = odo[k]
		if math.IsNaN(odo[k]) {
			v.km[k] = v.km[k-1]
		}
	}
	return from
}

// recount takes the jump out of an odometer that was replaced or set right
// between row first and row i: nobody drove it. The larger count stands, for a
// car does not grow younger. It returns what later readings must be raised by.
func (v *view) recount(first, i int, jump float64) float64 {
	if jump < 0 {
		return -jump
	}
	for k := first; k < i; k++ {
		v.km[k] += jump
	}
	return 0
}

// backfill counts back from the odometer of row first to the days before it.
func (v *view) backfill(first int) {
	days, dist := v.track.days, v.track.cols[colDistance]
	for i := first - 1; i >= 0; i-- {
		gone := v.fleet.perDay * float64(days[i+1]-days[i])
		if !math.IsNaN(dist[i+1]) {
			gone = dist[i+1]
		}
		v.km[i] = v.km[i+1] - gone
	}
}

// odometer is the column of known days without single readings that stand
// above or below both neighbours, which an odometer cannot do: the middle one of three counts.
func (v *view) odometer() []float64 {
	v.odometers = append(v.odometers[:0], v.track.cols[colOdometer][:v.n]...)
	x := v.odometers
	before, at := math.NaN(), -1 // the reading before the one at at
	for i, km := range v.track.cols[colOdometer][:v.n] {
		if math.IsNaN(km) {
			continue
		}
		if at >= 0 {
			here := v.track.cols[colOdometer][at]
			switch {
			case km < before-1: // the newest is the one that is wrong, or another odometer's
			case !math.IsNaN(before):
				x[at] = max(min(before, here), min(max(before, here), km))
			case !plausible(km-here, float64(v.track.days[i]-v.track.days[at])):
				x[at] = math.NaN()
			}
			before = here
		}
		at = i
	}
	return x
}

// plausible tells whether a car can have driven km in the given days.
func plausible(km, days float64) bool { return km >= -1 && !(km > 1500*(days+1)) }

// stuck takes out the readings of an odometer that stands while the car drives:
// speed or worn pads tell. Of a car that stands nothing wears.
func (v *view) stuck(odo []float64) {
	for i := 0; i < len(odo); {
		from := i
		for i++; i < len(odo) && math.Abs(odo[i]-odo[from]) < 0.1; i++ {
		}
		if i-from < leastStuck || !v.drove(from, i) {
			continue
		}
		for k := from + 1; k < i; k++ {
			odo[k] = math.NaN()
		}
	}
}

// drove tells whether the vehicle drove on the rows from..to while its odometer
// stood: speeds add up to 5 km a day, or a pad wore at a quarter of its pace
// before, beyond what its scatter may feign.
func (v *view) drove(from, to int) bool {
	days, driven := v.track.days, 0.
	for _, km := range v.track.cols[colDistance][from+1 : to] { // that of the first day led to its reading
		if km > 0 {
			driven += km
		}
	}
	if driven > 5*float64(days[to-1]-days[from]) {
		return true
	}
	for _, col := range [...]int{colPadFront, colPadRear} {
		before, _, n := v.slope(col, max(0, from-int(usagePriorDays)*2), from)
		now, sd, _ := v.slope(col, from, to)
		if n >= usagePriorDays && now > 4*sd && before > 0 && now > before/paceFactor {
			return true
		}
	}
	return false
}

// slope is the least-squares slope a day of a column over rows from..to, with
// its standard deviation (infinite for fewer than four) and the number of readings.
func (v *view) slope(col, from, to int) (slope, sd, n float64) {
	var sx, sy, sxx, sxy, syy float64
	for i := from; i < to; i++ {
		y := v.track.cols[col][i]
		if math.IsNaN(y) {
			continue
		}
		x := float64(v.track.days[i] - v.track.days[from])
		n, sx, sy, sxx, sxy, syy = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y, syy+y*y
	}
	if n < 4 {
		return 0, math.Inf(1), n
	}
	spread := sxx - sx*sx/n
	slope = (sxy - sx*sy/n) / spread
	rest := math.Max(0, syy-sy*sy/n-slope*slope*spread)
	return slope, math.Sqrt(rest / (n - 2) / spread), n
}
