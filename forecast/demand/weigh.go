package demand

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// tally are the scores that a class's weights come from. Among the means
// stands the forecast of nothing, so that the methods' own weights may sum to
// less than one: a mean that is noise beside its demands is worth less than it
// says (stacked regressions: Breiman 1996).
type tally struct{ laws, means *quadratic }

func newTally(prior []float64) tally {
	return tally{newQuadratic(prior), newQuadratic(append(slices.Clone(prior), 0))}
}

// prior are the weights before anything is scored: equal ones of the methods
// that learn most from the assortment, which are the best on almost any; of all
// methods where none of them is in the team.
func (t team) prior() []float64 {
	w, n := make([]float64, len(t.names)), 0.0
	for i, name := range t.names {
		if name == "pooled" || name == "analogue" || name == "boosted" {
			w[i], n = 1, n+1
		}
	}
	for i := range w {
		if n > 0 {
			w[i] /= n
		} else {
			w[i] = 1 / float64(len(w))
		}
	}
	return w
}

// How many scores the prior counts for, chosen on carparts from origins 15 to 24
// and on AUTO from 12 to 18. Squared errors swing more than probability scores
// do, and tell less of their weights.
const (
	shrinkLaws  = 50
	shrinkMeans = 3000
)

// fewest is how many periods must lie before a rolling origin.
const fewest = 6

// origins are the rolling origins of a history, earliest first: the horizon is
// cut in equal parts, or where it is too short the last periods are taken.
func origins(periods, horizon, count int) []int {
	var out []int
	for k := count; k > 0; k-- {
		back := k
		if horizon >= count {
			back = (horizon*k + count - 1) / count
		}
		if at := periods - back; at >= fewest && (len(out) == 0 || at > out[len(out)-1]) {
			out = append(out, at)
		}
	}
	return out
}

// judging are the rolling origins that weigh the methods. They go back by the
// horizon, by less where the methods had then seen less than a horizon
// themselves, which tells little of what they know now, and by half of it at the least.
func (o Options) judging(periods int) []int {
	back := min(o.Horizon, max((o.Horizon+1)/2, periods-o.Horizon))
	return origins(periods, back, o.origins())
}

// weigh scores the methods at the rolling origins, by class.
func weigh(ctx context.Context, series []Series, o Options) ([classes]tally, []string, error) {
	var scores [classes]tally
	periods := len(series[0].Values)
	cuts := o.judging(periods)
	if o.Method != Auto || len(cuts) == 0 {
		return scores, nil, nil
	}
	t := newTeam(linesUntil(series, cuts[0]), o)
	prior := t.prior()
	for c := range scores {
		scores[c] = newTally(prior)
	}
	blocks := (len(series) + chunk - 1) / chunk
	for _, at := range cuts {
		parts := make([][classes]tally, blocks)
		inParallel(o.workers(), blocks, func(b int) {
			if ctx.Err() != nil {
				return
			}
			for c := range parts[b] {
				parts[b][c] = newTally(prior)
			}
			for _, s := range series[b*chunk : min(len(series), (b+1)*chunk)] {
				t.judge(s, at, o.Task, &parts[b])
			}
		})
		if err := ctx.Err(); err != nil {
			return scores, nil, fmt.Errorf("weigh the methods: %w", err)
		}
		for _, p := range parts {
			for c := range scores {
				scores[c].laws.add(p[c].laws)
				scores[c].means.add(p[c].means)
			}
		}
		o.done(len(series))
	}
	return scores, t.names, nil
}

// judge scores every method on what came after the origin.
func (t team) judge(s Series, at int, task Task, scores *[classes]tally) {
	past := s.Values[:at]
	if len(observed(past)) == 0 {
		return
	}
	w := newWork(s, past, task)
	outcomes := t.forecast(s, past, w)
	class, cdfs, means := Classify(past), make([][]float64, len(outcomes)), make([]float64, len(outcomes)+1)
	scale, told := scaleOf(past), 0.0
	for h, y := range task.future(s.Values, at) {
		if math.IsNaN(y) {
			continue
		}
		for i := range outcomes {
			cdfs[i], means[i] = outcomes[i].cdf[h], outcomes[i].mean[h]
		}
		scores[class].laws.score(cdfs, w.support, y, 1/scale)
		scores[class].means.square(means, y, 1/(scale*scale))
		told++
	}
	if task.Cumulative {
		told = min(told, 1) // sums up to one period and to the next share their demands
	}
	scores[class].laws.n += told
	scores[class].means.n += told
}

// scaleOf is the size of a series' demands: the root mean square of its past,
// with one period of one piece more. Distributions are weighed by scores over it, means
// by squared errors over its square, so that no series decides alone: errors
// grow with the size of the demands, and weights that all series share are
// learnt best from errors of one variance (weighted least squares: Aitken
// 1935). Plain squares would leave them to the few largest series.
func scaleOf(past []float64) float64 {
	n, _, squares := sums(past)
	return math.Sqrt((squares + 1) / (n + 1))
}

// future are the demands after an origin that a forecast is judged by, as far
// as the values go; NaN without a record.
func (t Task) future(values []float64, at int) []float64 {
	out := make([]float64, min(t.Horizon, len(values)-at))
	sum := 0.0
	for h := range out {
		out[h] = values[at+h]
		sum += out[h]
		if t.Cumulative {
			out[h] = sum
		}
	}
	return out
}

func (t team) forecast(s Series, past []float64, w *work) []outcome {
	out := make([]outcome, len(t.methods))
	for i, m := range t.methods {
		w.seed(s.ID)
		out[i] = m.forecast(past, w)
	}
	return out
}
