package models

import (
	"math"
	"slices"
	"time"

	"presage"
	"presage/models/wear"
)

// view is a track as it stood at one instant, with what every component asks.
type view struct {
	track  *Track
	fleet  *fleet
	asOf   time.Time
	today  float64 // asOf in days since the epoch
	day    presage.Day
	n      int // known days
	km     []float64
	kmNow  float64 // odometer at the newest reading, NaN if none
	usage  wear.Usage
	years  float64 // age, NaN if unknown
	latest time.Time

	points []wear.Point
	values []float64
	rows   []int
	scratch
}

const (
	usageDays      = 90.
	usagePriorDays = 14. // days that the fleet's mean distance is worth
	// regimeCV is how far the mean distance of the coming months strays from the
	// past one's; the scatter of single days about it is as large as the mean.
	regimeCV = 0.12
)

// look turns the view to a track at an instant; memory is used again.
func (v *view) look(t *Track, asOf time.Time) {
	v.track, v.asOf, v.today, v.day, v.n = t, asOf, dayTime(asOf), presage.DayOf(asOf), t.known(asOf)
	v.km = slices.Grow(v.km[:0], v.n)[:v.n]
	v.values = slices.Grow(v.values[:0], v.n)
	v.rows = slices.Grow(v.rows[:0], v.n)
	v.points = slices.Grow(v.points[:0], v.n+1)
	v.kmNow, v.years, v.latest = math.NaN(), math.NaN(), time.Time{}
	v.reference = [2]float64{math.NaN(), math.NaN()}
	v.decays.at(v.today)
	if in := t.Vehicle.InService; !in.IsZero() && in.Before(asOf) {
		v.years = asOf.Sub(in).Hours() / 24 / 365.25
	}
	if v.n > 0 {
		v.latest = t.last[v.n-1]
	}
	v.drive()
	v.lookAhead()
}

// lookAhead tells how far the vehicle will have gone at each horizon.
func (v *view) lookAhead() {
	use := v.usage
	use.PerDay /= 1000
	v.ahead.Look(use)
}

// dayTime is t in days since the epoch.
func dayTime(t time.Time) float64 { return float64(t.Unix()) / 86400 }

// drive fills in the odometer of every known day and the usage ahead.
func (v *view) drive() {
	v.usage = wear.Usage{PerDay: v.fleet.perDay, CV: 0.5, DayCV: 1}
	if v.n == 0 {
		return
	}
	days := v.track.days
	if v.mileage() {
		v.kmNow = v.km[v.n-1]
	}
	first := v.n - 1
	for first > 0 && float64(days[v.n-1]-days[first-1]) <= usageDays {
		first--
	}
	span := float64(days[v.n-1] - days[first])
	driven := v.km[v.n-1] - v.km[first]
	v.usage.PerDay = math.Max(0, (driven+usagePriorDays*v.fleet.perDay)/(span+usagePriorDays))
	v.usage.CV = math.Sqrt(regimeCV*regimeCV + 1/(span+4))
	v.usage.Silent = math.Max(0, v.today-dayTime(v.latest))
}

// mileage fills in the odometer of every known day, by its own reading, else by
// the distances driven. It tells whether there was any reading; without one
// the count begins at 0.
func (v *view) mileage() bool {
	odo, dist, days := v.odometer(), v.track.cols[colDistance], v.track.days
	total, raised, seen, refused, first := 0., 0., false, 0, 0
	for i := range v.n {
		step := math.NaN()
		if i > 0 {
			step = float64(days[i] - days[i-1])
		}
		switch x := odo[i] + raised; {
		case !math.IsNaN(x) && (!seen || plausible(x-total, step)):
			if !seen {
				first = i
			}
			total, seen, refused = x, true, 0
		case !math.IsNaN(x) && refused >= 3:
			raised += v.recount(first, i, x-total)
			total, refused = math.Max(total, x), 0
		case !math.IsNaN(x):
			refused++
		case !math.IsNaN(dist[i]):
			total += dist[i]
		case i > 0:
			total += v.fleet.perDay * step
		}
		v.km[i] = total
	}
	v.backfill(first)
	return seen
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

// readings collects the rows of a column that lie within window days and after
// the day of a renewal (0 for none).
func (v *view) readings(col int, window float64, after presage.Day) {
	x, from := v.track.cols[col][:v.n], v.firstRow(window, after)
	values, rows := v.values[:v.n], v.rows[:v.n]
	k := 0
	for i := from; i < len(x); i++ { // always written, rarely passed over: no branch to guess
		values[k], rows[k] = x[i], i
		if !math.IsNaN(x[i]) {
			k++
		}
	}
	v.values, v.rows = values[:k], rows[:k]
}

// firstRow is the first row within window days and after a day.
func (v *view) firstRow(window float64, after presage.Day) int {
	low, high := 0, v.n
	for low < high {
		mid := (low + high) / 2
		if day := v.track.days[mid]; day <= after || v.today-float64(day) > window {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}

// decay is the weight of a day of the given half-life in days.
func (v *view) decay(row int, halfLife float64) float64 {
	return v.decays.of(v.day-v.track.days[row], halfLife)
}

// sinceRow is the time of row's newest sample; the day's end if it is unknown.
func (v *view) sinceRow(row int) time.Time {
	if l := v.track.last[row]; !l.IsZero() {
		return l
	}
	return v.track.days[row].Start()
}
