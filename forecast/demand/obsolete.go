package demand

import "math"

// Obsolete is the probability that a series has ended for good, given how long
// it has been silent: an article with a demand in each period with probability
// rate, and that dies in each with probability dies, both independent of the
// past, and neither asked for in the last silent periods. By Bayes, with
// s = (1-dies)(1-rate) the probability of a silent period that it survives:
//
//	P(dead | silence) = D / (D + s^silence),  D = dies (1 + s + ... + s^(silence-1))
func Obsolete(rate, dies, silence float64) float64 {
	if silence <= 0 || dies <= 0 {
		return 0
	}
	s := (1 - dies) * (1 - min(max(rate, 1e-6), 1))
	alive := math.Pow(s, silence)
	dead := dies * (1 - alive) / (1 - s)
	return dead / (dead + alive)
}

// rateOf is the probability of a demand in a period while the series was
// alive, and its silence since. The prior is one period at one half.
func rateOf(values []float64) (rate, silence float64) {
	n, hits, alive := 0.0, 0.0, 0.0
	for _, y := range values {
		if math.IsNaN(y) {
			continue
		}
		n++
		if y > 0 {
			hits++
			alive = n
		}
	}
	return (hits + 0.5) / (alive + 1), n - alive
}

// dying is the probability of ending in a period that makes the assortment's
// silences likeliest, from a table.
func dying(rows [][]float64) float64 {
	best, dies := math.Inf(-1), 0.0
	for _, d := range [...]float64{1e-4, 3e-4, 1e-3, 2e-3, 4e-3, 7e-3, 0.01, 0.015, 0.02, 0.03, 0.05} {
		total := 0.0
		for _, row := range rows {
			rate, silence := rateOf(row)
			n, _, _ := sums(row)
			s := (1 - d) * (1 - rate)
			alive := math.Pow(s, silence)
			total += (n-silence)*math.Log1p(-d) + math.Log(alive+d*(1-alive)/(1-s))
		}
		if total > best {
			best, dies = total, d
		}
	}
	return dies
}
