package demand

import "math"

// ADIDA forecasts by smoothing sums over blocks as long as the mean interval
// between demands, an equal share of which goes to each period (Nikolopoulos
// et al. 2011). Blocks end at the last period; what is left over at the
// beginning is not used.
func ADIDA(values []float64, alpha float64) float64 {
	ys := observed(values)
	return aggregated(ys, interval(ys), alpha)
}

// IMAPA is the mean of the forecasts at all levels of aggregation from 1 to
// the mean interval between demands (Petropoulos and Kourentzes 2015).
func IMAPA(values []float64, alpha float64) float64 {
	ys := observed(values)
	top, sum := interval(ys), 0.0
	for level := 1; level <= top; level++ {
		sum += aggregated(ys, level, alpha)
	}
	return sum / float64(top)
}

// interval is the mean interval between demands, rounded to a whole one.
func interval(ys []float64) int {
	hits := 0
	for _, y := range ys {
		if y > 0 {
			hits++
		}
	}
	if hits == 0 {
		return 1
	}
	return max(1, int(math.Round(float64(len(ys))/float64(hits))))
}

// aggregated smooths the sums of blocks and returns the share of a period.
func aggregated(ys []float64, level int, alpha float64) float64 {
	blocks := make([]float64, 0, len(ys)/level)
	for from := len(ys) % level; from < len(ys); from += level {
		sum := 0.0
		for _, y := range ys[from : from+level] {
			sum += y
		}
		blocks = append(blocks, sum)
	}
	return SES(blocks, alpha) / float64(level)
}
