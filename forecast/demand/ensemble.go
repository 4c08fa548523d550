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
	all     assortment
	weights [classes][]float64
}

// Forecast is what a model says of a series.
type Forecast struct {
	ID    string
	Class Class
	// Obsolete is the probability that demand has ended for good (see Obsolete).
	Obsolete float64
	// Mean and Steps have an entry a period ahead: of that period, or of the
	// sum of the periods up to it.
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
	rows := rowsUntil(series, len(series[0].Values))
	m := &Model{options: o, all: learn(rows)}
	scores, names, err := weigh(ctx, series, o)
	if err != nil {
		return nil, err
	}
	m.team = newTeam(rows, o)
	for c := range m.weights {
		m.weights[c] = m.team.aligned(names, scores[c])
	}
	return m, ctx.Err()
}

func rowsUntil(series []Series, end int) [][]float64 {
	rows := make([][]float64, len(series))
	for i, s := range series {
		rows[i] = s.Values[:end]
	}
	return rows
}

// aligned are the weights of the team's methods. One that the origins could
// not score (there was no season yet) has none, unless nothing was scored.
func (t team) aligned(names []string, q *quadratic) []float64 {
	w := make([]float64, len(t.names))
	if len(names) == 0 {
		for i := range w {
			w[i] = 1 / float64(len(w))
		}
		return w
	}
	scored := q.weights()
	for i, name := range names {
		for j, other := range t.names {
			if name == other {
				w[j] = scored[i]
			}
		}
	}
	return w
}

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

// weigh scores the methods at the rolling origins, by class.
func weigh(ctx context.Context, series []Series, o Options) ([classes]*quadratic, []string, error) {
	var scores [classes]*quadratic
	periods := len(series[0].Values)
	cuts := origins(periods, o.Horizon, o.origins())
	if o.Method != Auto || len(cuts) == 0 {
		return scores, nil, nil
	}
	t := newTeam(rowsUntil(series, cuts[0]), o)
	for c := range scores {
		scores[c] = newQuadratic(len(t.names))
	}
	blocks := (len(series) + chunk - 1) / chunk
	for _, at := range cuts {
		parts := make([][classes]*quadratic, blocks)
		inParallel(o.workers(), blocks, func(b int) {
			if ctx.Err() != nil {
				return
			}
			for c := range parts[b] {
				parts[b][c] = newQuadratic(len(t.names))
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
				scores[c].add(p[c])
			}
		}
		o.done(len(series))
	}
	return scores, t.names, nil
}

// judge scores every method on what came after the origin.
func (t team) judge(s Series, at int, task Task, scores *[classes]*quadratic) {
	past := s.Values[:at]
	if len(observed(past)) == 0 {
		return
	}
	w := newWork(s, past, task)
	outcomes := t.forecast(s, past, w)
	class, cdfs := Classify(past), make([][]float64, len(outcomes))
	for h, y := range task.future(s.Values, at) {
		if y != y { //nolint:gocritic // no record
			continue
		}
		for i := range outcomes {
			cdfs[i] = outcomes[i].cdf[h]
		}
		scores[class].score(cdfs, w.support, y)
	}
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

// Forecast is the weighted mean of the methods' laws. Without any record it is
// what a part of the assortment would do that nobody has seen yet.
func (m *Model) Forecast(s Series) Forecast {
	w := newWork(s, s.Values, m.options.Task)
	class := Classify(s.Values)
	f := m.pool(w, m.team.forecast(s, s.Values, w), m.weights[class])
	f.ID, f.Class = s.ID, class
	rate, silence := rateOf(s.Values)
	f.Obsolete = Obsolete(rate, m.all.dies, silence)
	return f
}

func (m *Model) pool(w *work, outcomes []outcome, weights []float64) Forecast {
	f := Forecast{Mean: make([]float64, w.Horizon), Steps: make([]Distribution, w.Horizon)}
	for h := range w.Horizon {
		cdf := make([]float64, len(w.support))
		for i, o := range outcomes {
			if weights[i] == 0 {
				continue
			}
			f.Mean[h] += weights[i] * o.mean[h]
			for k, c := range o.cdf[h] {
				cdf[k] += weights[i] * c
			}
		}
		cdf[len(cdf)-1] = 1
		f.Steps[h] = Distribution{w.support, cdf}
	}
	return f
}

// Weights are the shares of the methods for a class, by name.
func (m *Model) Weights(c Class) map[string]float64 {
	out := make(map[string]float64, len(m.team.names))
	for i, name := range m.team.names {
		out[name] = m.weights[c][i]
	}
	return out
}
