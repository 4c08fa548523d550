package battery

import (
	"math"
)

// Knee is where a fade becomes faster.
type Knee struct {
	At            int     // index of the last reading of the slow part
	Before, After float64 // slopes per reading
}

const (
	kneeReadings = 10  // on either side, at least
	kneeFaster   = 1.5 // the slope after over the slope before
	// kneeF is the 0.1 % quantile of the largest F over the places of a break
	// with two more parameters (Andrews 1993, Econometrica 61:821, table 1, p = 1
	// for the break in slope, 15 % trimmed, 12.35 at 1 %; raised to 16 for readings that depend on each other).
	kneeF = 16.
)

// FindKnee fits two straight lines that meet (Bacon & Watts 1971, Biometrika 58:525, with a sharp
// bend) at the reading that leaves the least squares. ok is false unless the bend improves on
// one line beyond chance and the fade after it is half as fast again at least.
func FindKnee(y []float64) (k Knee, ok bool) {
	n := len(y)
	if n < 2*kneeReadings {
		return k, false
	}
	straight, _, _ := bend(y, n)
	least := math.Inf(1)
	for at := kneeReadings; at < n-kneeReadings; at++ {
		rss, before, change := bend(y, at)
		if rss < least {
			least, k = rss, Knee{At: at, Before: before, After: before + change}
		}
	}
	f := (straight - least) / math.Max(least/float64(n-3), 1e-300)
	return k, f > kneeF && k.After < 0 && k.After < kneeFaster*math.Min(k.Before, 0)
}

// bend is the regression on 1, x and max(0, x-at): what it leaves, the slope
// before and the change of slope, by Gram-Schmidt.
func bend(y []float64, at int) (rss, before, change float64) {
	n := float64(len(y))
	mx, mh, my := (n-1)/2, 0., 0.
	hinge := func(i int) float64 { return math.Max(0, float64(i-at)) }
	for i, v := range y {
		mh, my = mh+hinge(i)/n, my+v/n
	}
	var xx, xh, hh, xy, hy, yy float64
	for i, v := range y {
		x, h, d := float64(i)-mx, hinge(i)-mh, v-my
		xx, xh, hh, xy, hy, yy = xx+x*x, xh+x*h, hh+h*h, xy+x*d, hy+h*d, yy+d*d
	}
	before = xy / xx
	rss = yy - before*xy
	if rest := hh - xh*xh/xx; rest > 1e-9*hh && hh > 0 {
		change = (hy - xh*xy/xx) / rest
		before = (xy - change*xh) / xx
		rss -= change * (hy - xh*xy/xx)
	}
	return math.Max(rss, 0), before, change
}
