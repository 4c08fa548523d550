package eval

import (
	"cmp"
	"math"
	"slices"
)

// Bin is a group of forecasts of like probability.
type Bin struct {
	N         int
	Predicted float64 // mean probability
	Observed  float64 // share that happened
	Low, High float64 // 90 % interval of the share (Wilson 1927)
}

// Reliability sorts the forecasts by probability into bins of equal number:
// where Predicted lies outside Low and High the probabilities are not to be trusted.
func Reliability(fs []Forecast, bins int) ([]Bin, error) {
	if err := check(fs); err != nil {
		return nil, err
	}
	sorted := slices.Clone(fs)
	slices.SortStableFunc(sorted, func(a, b Forecast) int { return cmp.Compare(a.Probability, b.Probability) })
	bins = max(1, min(bins, len(sorted)))
	var out []Bin
	for k := range bins {
		part := sorted[k*len(sorted)/bins : (k+1)*len(sorted)/bins]
		b := Bin{N: len(part)}
		for _, f := range part {
			b.Predicted += f.Probability / float64(len(part))
			b.Observed += f.outcome() / float64(len(part))
		}
		b.Low, b.High = wilson(b.Observed, float64(b.N))
		out = append(out, b)
	}
	return out, nil
}

// wilson is the 90 % score interval of a share p of n.
func wilson(p, n float64) (low, high float64) {
	const z = 1.6448536269514722
	centre, half := (p+z*z/(2*n))/(1+z*z/n), z*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))/(1+z*z/n)
	return max(0, centre-half), min(1, centre+half)
}

// CalibrationError is the mean over bins of equal number of the distance
// between predicted and observed share, weighted by size (expected calibration
// error, Naeini et al. 2015). Few forecasts a bin make it large by chance alone.
func CalibrationError(fs []Forecast, bins int) (float64, error) {
	groups, err := Reliability(fs, bins)
	if err != nil {
		return 0, err
	}
	sum := 0.0
	for _, b := range groups {
		sum += float64(b.N) * math.Abs(b.Predicted-b.Observed)
	}
	return sum / float64(len(fs)), nil
}
