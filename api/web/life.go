package web

import (
	"math"

	"presage"
)

// The models know nothing past these bounds of remaining life.
const (
	farDays = 3650
	farKm   = 500_000
)

// lifeUnit is the unit a remaining life of d days is read in: days, from half a
// year months, from two years years.
func lifeUnit(d float64) string {
	switch {
	case d >= 730:
		return "years"
	case d >= 180:
		return "months"
	}
	return "days"
}

// inUnit writes d days as a bare number of the unit.
func (p speaker) inUnit(d float64, unit string) string {
	switch unit {
	case "years":
		return p.nums.Sprintf("%.1f", d/365.25)
	case "months":
		return p.nums.Sprintf("%.0f", d/30.44)
	}
	return p.nums.Sprintf("%.0f", d)
}

// over tells that nothing is left to speak of.
func over(d float64) bool { return d < 0.5 }

func (p speaker) lifeDays(d float64) string {
	switch {
	case d >= farDays:
		return p.text("life.far")
	case over(d):
		return p.text("life.over")
	}
	return p.text("life."+lifeUnit(d), p.inUnit(d, lifeUnit(d)))
}

// lifeRange writes the 80 % interval in the unit of its far end.
func (p speaker) lifeRange(q presage.Quantiles) string {
	if q.P90 >= farDays {
		return p.text("life.range_far", p.lifeDays(q.P10))
	}
	if over(q.P90) {
		return p.text("life.over")
	}
	if over(q.P10) {
		return p.text("life.up_to", p.lifeDays(q.P90))
	}
	unit := lifeUnit(q.P90)
	return p.text("life.range_"+unit, p.inUnit(q.P10, unit), p.inUnit(q.P90, unit))
}

// roundKm keeps two figures that matter.
func (p speaker) roundKm(km float64) string {
	step := 10.0
	switch {
	case km >= 10_000:
		step = 1000
	case km >= 1000:
		step = 100
	}
	return p.nums.Sprintf("%.0f", math.Round(km/step)*step)
}

// lifeKm writes a distance ahead, rounded as befits an estimate.
func (p speaker) lifeKm(km float64) string {
	if km >= farKm {
		return p.text("life.far_km")
	}
	return p.text("life.km", p.roundKm(km))
}

func (p speaker) kmRange(q presage.Quantiles) string {
	if q.P90 >= farKm {
		return p.text("life.range_far", p.lifeKm(q.P10))
	}
	if q.P10 < 5 {
		return p.text("life.up_to", p.lifeKm(q.P90))
	}
	return p.text("life.range_km", p.roundKm(q.P10), p.roundKm(q.P90))
}

// odometer writes a distance that was read, not estimated.
func (p speaker) odometer(km presage.Kilometre) string {
	return p.text("life.km", p.nums.Sprintf("%.0f", float64(km)))
}
