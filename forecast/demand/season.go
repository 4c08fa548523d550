package demand

import "math"

// phases are the assortment's factors of the periods of a year: what the
// series asked for in that phase over what they asked for on average, each
// series counting by its own mean, against the trend of the whole by a
// centred year. They are drawn to 1 as if one year without seasons had been
// seen. nil where the rows do not hold two years.
func phases(rows [][]float64, period int) []float64 {
	if period < 2 || len(rows) == 0 || len(rows[0]) < 2*period {
		return nil
	}
	totals := relative(rows)
	logs, years := make([]float64, period), make([]float64, period)
	for t := range totals {
		from := min(max(0, t-period/2), len(totals)-period)
		mean := 0.0
		for _, x := range totals[from : from+period] {
			mean += x / float64(period)
		}
		if mean > 0 && totals[t] > 0 {
			logs[t%period] += math.Log(totals[t] / mean)
			years[t%period]++
		}
	}
	factors, mean := make([]float64, period), 0.0
	for i := range factors {
		factors[i] = math.Exp(logs[i] / (years[i] + 1))
		mean += factors[i] / float64(period)
	}
	for i := range factors {
		factors[i] /= mean
	}
	return factors
}

// relative is the mean over the series of demand over its mean, by period.
func relative(rows [][]float64) []float64 {
	totals, counts := make([]float64, len(rows[0])), make([]float64, len(rows[0]))
	for _, row := range rows {
		mean, _ := moments(observed(row))
		if mean <= 0 {
			continue
		}
		for t, y := range row {
			if !math.IsNaN(y) {
				totals[t] += y / mean
				counts[t]++
			}
		}
	}
	for t := range totals {
		totals[t] /= max(counts[t], 1)
	}
	return totals
}
