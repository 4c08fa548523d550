package models

import (
	"math"

	"presage/models/wear"
)

// point is a cumulative hazard at a day.
type point struct{ days, hazard float64 }

// revise replaces the probabilities up to 90 days by what by makes of them and
// moves the quantiles of the life left along: within 90 days by constant hazard
// between the new probabilities, beyond by the hazard that it added before there.
func revise(before wear.Outlook, by func(days, p float64) float64) wear.Outlook {
	out := wear.Outlook{D7: by(7, before.D7), D30: by(30, before.D30), D60: by(60, before.D60), D90: by(90, before.D90)}
	points := [8]point{
		{}, {7, hazardOf(out.D7)}, {30, hazardOf(out.D30)}, {60, hazardOf(out.D60)}, {90, hazardOf(out.D90)},
	}
	n, slope, h90 := 5, hazardOf(before.D90)/90, hazardOf(before.D90)
	shift := points[4].hazard - h90
	for _, q := range [...]point{{before.P10, hazardOf(0.1)}, {before.P50, hazardOf(0.5)}, {before.P90, hazardOf(0.9)}} {
		if last := points[n-1]; q.days > last.days && q.days < wear.LastDay && q.hazard+shift > last.hazard {
			q.hazard += shift
			slope = (q.hazard - last.hazard) / (q.days - last.days)
			points[n], n = q, n+1
		}
	}
	known := points[:n]
	out.P10, out.P50, out.P90 = when(known, slope, 0.1), when(known, slope, 0.5), when(known, slope, 0.9)
	return out
}

// when is the day by which a share q has failed, on lines between the points
// and past the last one at a slope per day; wear.LastDay at the most.
func when(points []point, slope, q float64) float64 {
	h := hazardOf(q)
	for i := 1; i < len(points); i++ {
		if a, b := points[i-1], points[i]; h <= b.hazard {
			return a.days + (b.days-a.days)*(h-a.hazard)/(b.hazard-a.hazard)
		}
	}
	last := points[len(points)-1]
	if !(slope > 0) {
		return wear.LastDay
	}
	return min(wear.LastDay, last.days+(h-last.hazard)/slope)
}

func hazardOf(p float64) float64 { return -math.Log1p(-min(max(p, 0), certainty)) }

// rescale moves the kilometres left, where a law gave them, as the days moved.
func (f *finding) rescale(before wear.Outlook) {
	if !f.byKm {
		return
	}
	move := func(km, now, before float64) float64 {
		if !(before > 0) || now == before {
			return km
		}
		return min(wear.LastDay*kmPerDay, km*now/before)
	}
	f.km.P10 = move(f.km.P10, f.outlook.P10, before.P10)
	f.km.P50 = move(f.km.P50, f.outlook.P50, before.P50)
	f.km.P90 = move(f.km.P90, f.outlook.P90, before.P90)
}
