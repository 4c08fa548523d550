package demand

import "math"

// smoothing is the constant of the classical methods, R's default (forecast::croston).
const smoothing = 0.1

// Croston is the demand per period by exponential smoothing of sizes and
// intervals (Croston 1972), both starting at their first value as in R's
// forecast::croston; alpha in (0, 1]. Periods without a record are passed
// over. 0 without a demand.
func Croston(values []float64, alpha float64) float64 {
	size, interval, since := 0.0, 0.0, 0.0
	for _, y := range values {
		if math.IsNaN(y) {
			continue
		}
		since++
		if y <= 0 {
			continue
		}
		if interval == 0 {
			size, interval = y, since
		} else {
			size += alpha * (y - size)
			interval += alpha * (since - interval)
		}
		since = 0
	}
	if interval == 0 {
		return 0
	}
	return size / interval
}

// SBA is Croston's forecast without its bias (Syntetos and Boylan 2005).
func SBA(values []float64, alpha float64) float64 { return (1 - alpha/2) * Croston(values, alpha) }

// TSB smooths the probability of a demand in every period, so that the
// forecast of a part that nobody asks for dies away (Teunter, Syntetos and
// Babai 2011). The probability starts at one over the first interval, the size
// at the first demand. 0 without a demand.
func TSB(values []float64, alpha, beta float64) float64 {
	size, p, since := 0.0, 0.0, 0.0
	for _, y := range values {
		switch {
		case math.IsNaN(y):
		case size == 0:
			since++
			if y > 0 {
				size, p = y, 1/since
			}
		case y > 0:
			size += alpha * (y - size)
			p += beta * (1 - p)
		default:
			p -= beta * p
		}
	}
	return size * p
}

// SES is simple exponential smoothing that starts at the first value.
func SES(values []float64, alpha float64) float64 {
	level := math.NaN()
	for _, y := range values {
		switch {
		case math.IsNaN(y):
		case math.IsNaN(level):
			level = y
		default:
			level += alpha * (y - level)
		}
	}
	if math.IsNaN(level) {
		return 0
	}
	return level
}

// point is a method that knows a mean only; the variance about it is that of
// the history, and the distribution a negative binomial (Poisson at the least).
type point struct {
	mean func(values []float64) float64
}

func (m point) forecast(values []float64, w *work) outcome {
	mean := m.mean(values)
	past, variance := moments(observed(values))
	return w.steady(mean, variance+(mean-past)*(mean-past))
}
