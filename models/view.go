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
	kmNow  float64 // driven by the newest row, guessed from the newest reading on; NaN if there is none
	kmRead float64 // driven by that reading, NaN if none
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
	v.kmNow, v.kmRead, v.years, v.latest = math.NaN(), math.NaN(), math.NaN(), time.Time{}
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
	if newest := v.mileage(); newest >= 0 {
		v.kmNow, v.kmRead = v.km[v.n-1], v.km[newest]
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
