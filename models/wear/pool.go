package wear

import (
	"math"
	"slices"

	"presage/models/median"
)

// Pool returns the mean and the standard deviation between vehicles of slopes
// that were each estimated with standard error se: the method of moments of
// DerSimonian & Laird (1986, Control. Clin. Trials 7:177), after slopes further
// than four robust deviations from the median have been left out. The
// deviation is at least a tenth of the mean: a small fleet that looks uniform
// is not taken at its word. ok is false for fewer than five slopes.
func Pool(slope, se []float64) (mean, sd float64, ok bool) {
	keep := inliers(slope)
	if len(keep) < 5 {
		return 0, 0, false
	}
	var w, wy, ww float64
	for _, i := range keep {
		k := 1 / math.Max(square(se[i]), 1e-18)
		w, wy, ww = w+k, wy+k*slope[i], ww+k*k
	}
	m, q := wy/w, 0.
	for _, i := range keep {
		q += square(slope[i]-m) / math.Max(square(se[i]), 1e-18)
	}
	tau2 := math.Max(0, (q-float64(len(keep)-1))/(w-ww/w))
	w, wy = 0, 0
	for _, i := range keep {
		k := 1 / (square(se[i]) + tau2 + 1e-18)
		w, wy = w+k, wy+k*slope[i]
	}
	mean = wy / w
	return mean, math.Max(math.Sqrt(tau2), 0.1*math.Abs(mean)), true
}

func inliers(x []float64) []int {
	finite := make([]int, 0, len(x))
	vals := make([]float64, 0, len(x))
	for i, v := range x {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			finite, vals = append(finite, i), append(vals, v)
		}
	}
	if len(vals) == 0 {
		return nil
	}
	centre := median.Sorting(vals)
	for i, v := range vals {
		vals[i] = math.Abs(v - centre)
	}
	spread := 1.4826 * median.Sorting(vals)
	if spread == 0 {
		return finite
	}
	return slices.DeleteFunc(finite, func(i int) bool { return math.Abs(x[i]-centre) > 4*spread })
}
