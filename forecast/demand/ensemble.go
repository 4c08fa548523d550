package demand

import (
	"context"
	"fmt"
)

// Model is an ensemble fitted to an assortment. It may be used from many
// goroutines.
type Model struct {
	options Options
	team    team
	weights [classes]blend
	months  *Model // of single periods, whose means the sums add up, and for means alone; nil if not needed
}

// blend are a class's weights: of the distributions, by ranked probability score, and
// of their means, by squared error; those of the means may sum to less than one.
type blend struct{ laws, means []float64 }

// Forecast is what a model says of a series.
type Forecast struct {
	ID    string
	Class Class
	// Obsolete is the probability that demand has ended for good (see Obsolete).
	Obsolete float64
	// Mean and Steps have an entry a period ahead: of that period, or of the
	// sum of the periods up to it. Means are weighted by squared error, distributions by
	// ranked probability score: Mean may differ a little from the distribution's own.
	Mean  []float64
	Steps []Distribution
}

// chunk is how many series are worked on before their results are handed on.
const chunk = 512

// Fit fits every method to the whole history, and weighs them by what the same
// methods, fitted to the part before the first rolling origin, were worth
// after each origin. ErrInvalid: options or histories out of range.
func Fit(ctx context.Context, series []Series, o Options) (*Model, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if err := Check(series); err != nil {
		return nil, err
	}
	series = inOrder(series)
	l := linesUntil(series, len(series[0].Values))
	m := &Model{options: o}
	scores, names, err := weigh(ctx, series, o)
	if err != nil {
		return nil, err
	}
	m.team = newTeam(l, o)
	for c := range m.weights {
		m.weights[c] = blend{
			m.team.aligned(names, scores[c].laws, shrinkLaws), m.team.aligned(names, scores[c].means, shrinkMeans),
		}
	}
	if o.coherent() {
		o.Cumulative, o.meansOnly = false, true
		if m.months, err = Fit(ctx, series, o); err != nil {
			return nil, err
		}
	}
	return m, ctx.Err()
}

// aligned are the weights of the team's methods. One that the origins could
// not score (there was no season yet) has none, unless nothing was scored.
func (t team) aligned(names []string, q *quadratic, shrink float64) []float64 {
	w := make([]float64, len(t.names))
	if len(names) == 0 {
		for i := range w {
			w[i] = 1 / float64(len(w))
		}
		return w
	}
	scored := q.weights(shrink)
	for i, name := range names {
		for j, other := range t.names {
			if name == other {
				w[j] = scored[i]
			}
		}
	}
	return w
}

// Each forecasts the series, which need not be those of the fit, and hands the
// forecasts on in their order; memory is bounded by a few hundred of them. It
// stops at the first error of handle, or when ctx ends.
func (m *Model) Each(ctx context.Context, series []Series, handle func(Forecast) error) error {
	buffer := make([]Forecast, min(chunk, len(series)))
	for from := 0; from < len(series); from += chunk {
		part := series[from:min(len(series), from+chunk)]
		inParallel(m.options.workers(), len(part), func(i int) { buffer[i] = m.Forecast(part[i]) })
		for i := range part {
			if err := handle(buffer[i]); err != nil {
				return err
			}
		}
		m.options.done(len(part))
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("forecast: %w", err)
		}
	}
	return nil
}

// Forecast is the weighted mean of the methods' distributions. Without any record it is
// what a part of the assortment would do that nobody has seen yet.
func (m *Model) Forecast(s Series) Forecast {
	w := newWork(s, s.Values, m.options.Task)
	class := Classify(s.Values)
	outcomes := make([]outcome, len(m.team.methods))
	for i, method := range m.team.methods {
		if m.weights[class].laws[i] > 0 || m.weights[class].means[i] > 0 {
			w.seed(s.ID)
			outcomes[i] = method.forecast(s.Values, w)
		}
	}
	f := m.combine(s, w, outcomes)
	f.ID, f.Class = s.ID, class
	rate, silence := rateOf(s.Values)
	f.Obsolete = Obsolete(rate, m.team.all.dies, silence)
	return f
}

// combine is the forecast that the methods' outcomes give a series.
func (m *Model) combine(s Series, w *work, outcomes []outcome) Forecast {
	f := m.pool(w, outcomes, m.weights[Classify(s.Values)])
	m.team.all.widen(&f, s.Values)
	var singles []float64
	if m.months != nil {
		singles = m.months.singles(s)
		follow(f.Steps, singles)
	}
	m.team.all.constant(&f, s.Values, w.Cumulative)
	if w.Cumulative {
		rising(f.Steps)
	}
	if m.months != nil {
		f.Mean = m.months.running(s.Values, singles)
	}
	return f
}

// singles are the means of single periods, before a schedule is thought of.
func (m *Model) singles(s Series) []float64 {
	w := newWork(s, s.Values, m.options.Task)
	weights := m.weights[Classify(s.Values)].means
	means := make([]float64, w.Horizon)
	for i, method := range m.team.methods {
		if weights[i] > 0 {
			w.seed(s.ID)
			for h, mean := range method.forecast(s.Values, w).mean {
				means[h] += weights[i] * mean
			}
		}
	}
	return means
}

// running are the sums of the means of single periods, and of the schedule.
func (m *Model) running(values, singles []float64) []float64 {
	n, y := run(values)
	sum, means := 0.0, make([]float64, len(singles))
	for h, mean := range singles {
		sum += mean + m.team.all.goesOn(n, y, h+1)*(y-mean)
		means[h] = sum
	}
	return means
}

// rising makes no running sum less likely to exceed a number than the one before it.
func rising(steps []Distribution) {
	for h := 1; h < len(steps); h++ {
		for i, before := range steps[h-1].CDF {
			steps[h].CDF[i] = min(steps[h].CDF[i], before)
		}
	}
}

func (m *Model) pool(w *work, outcomes []outcome, weights blend) Forecast {
	f := Forecast{Mean: make([]float64, w.Horizon), Steps: make([]Distribution, w.Horizon)}
	for h := range w.Horizon {
		cdf := make([]float64, len(w.support))
		for i, o := range outcomes {
			if wm := weights.means[i]; wm > 0 {
				f.Mean[h] += wm * o.mean[h]
			}
			if wl := weights.laws[i]; wl > 0 {
				for k, c := range o.cdf[h] {
					cdf[k] += wl * c
				}
			}
		}
		cdf[len(cdf)-1] = 1
		f.Steps[h] = Distribution{w.support, cdf}
	}
	return f
}
