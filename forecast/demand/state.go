package demand

import "math"

// levels are how many discounted means describe a series, slow to fast, after
// the assortment's own.
const levels = 4

// keeps is what each discounted mean keeps of its past in a period.
func keeps() [levels]float64 { return [levels]float64{0.97, 0.88, 0.7, 0.35} }

// signs are the terms that raise or lower the mean beside the levels.
const signs = 3

// state is what a series has shown up to a period.
type state struct {
	n, sum, squares float64
	hits, alive     float64 // demands; the age at the last one
	top, under      [levels]float64
}

// add takes the next value; one without a record changes nothing.
func (s *state) add(y float64) {
	if math.IsNaN(y) {
		return
	}
	s.n, s.sum, s.squares = s.n+1, s.sum+y, s.squares+y*y
	if y > 0 {
		s.hits++
		s.alive = s.n
	}
	for i, keep := range keeps() {
		s.top[i], s.under[i] = keep*s.top[i]+y, keep*s.under[i]+1
	}
}

func stateOf(values []float64) *state {
	var s state
	for _, y := range values {
		s.add(y)
	}
	return &s
}

// view is a state in the terms of the pooled distribution.
type view struct {
	level      [levels + 1]float64 // the assortment's mean, then the series' own, each drawn to the one before
	sign       [signs]float64
	dispersion float64
}

func (s *state) view(all assortment) view {
	v := view{dispersion: all.dispersionOf(max(s.n, 1), s.sum, s.squares)}
	v.level[0] = all.mean
	for i := range levels {
		v.level[i+1] = (s.top[i] + v.level[i]) / (s.under[i] + 1)
	}
	rate := (s.hits + 0.5) / (s.alive + 1)
	v.sign = [signs]float64{
		math.Log(max(1-Obsolete(rate, all.dies, s.n-s.alive), 0.02)),
		math.Log((v.level[levels] + 0.3) / (v.level[1] + 0.3)),
		1 / (s.n + 1),
	}
	return v
}
