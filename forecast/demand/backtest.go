package demand

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"presage"
)

// Backtest forecasts from each origin, a number of periods, with what lies
// before it alone, and scores the ensemble (Auto, first) and each of its
// methods by what came. Series without a record before an origin are not
// judged there, nor are periods without one. ErrInvalid: no origin, or one
// outside the history or out of order.
func Backtest(ctx context.Context, series []Series, cuts []int, o Options) ([]Score, error) {
	if err := Check(series); err != nil {
		return nil, err
	}
	periods := len(series[0].Values)
	if len(cuts) == 0 {
		return nil, fmt.Errorf("back-test: %w: no origin: the history of %d periods is too short",
			presage.ErrInvalid, periods)
	}
	if !slices.IsSorted(cuts) || cuts[0] < 1 || cuts[len(cuts)-1] >= periods {
		return nil, fmt.Errorf("back-test: %w: origins %d in a history of %d periods", presage.ErrInvalid, cuts, periods)
	}
	t := trial{series: series, options: o, scales: make([]float64, len(series))}
	for i, s := range series {
		t.scales[i], _ = moments(observed(s.Values[:cuts[0]]))
	}
	t.methods = map[string]*record{}
	for i, at := range cuts {
		if i%max(1, o.Refit) == 0 {
			past := make([]Series, len(series))
			for k, s := range series {
				past[k] = Series{s.ID, s.Values[:at:at]}
			}
			silent := o
			silent.Progress = nil
			m, err := Fit(ctx, past, silent)
			if err != nil {
				return nil, fmt.Errorf("back-test from period %d: %w", at, err)
			}
			t.model = m
		}
		t.judge(at)
		o.done(len(series))
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("back-test: %w", err)
		}
	}
	return t.scores(), nil
}

// Cuts are count origins for a back-test over the horizon, as Fit takes them
// to weigh methods: the earliest has the whole horizon after it.
func Cuts(periods, horizon, count int) []int { return origins(periods, horizon, count) }

// trial is a back-test under way.
type trial struct {
	series  []Series
	scales  []float64
	options Options
	model   *Model
	methods map[string]*record
}

// record is what a method has done so far.
type record struct {
	losses *losses
	series []missed
}

func (t *trial) scores() []Score {
	var out []Score
	for _, name := range append([]string{Auto}, Methods()...) {
		if r := t.methods[name]; r != nil && r.losses.n > 0 {
			out = append(out, r.losses.score(name, r.series, t.scales))
		}
	}
	return out
}

// judge scores ensemble and methods on what came after the origin.
func (t *trial) judge(at int) {
	names := append([]string{Auto}, t.model.team.names...)
	records := make([]*record, len(names))
	for i, name := range names {
		if t.methods[name] == nil {
			t.methods[name] = &record{newLosses(), make([]missed, len(t.series))}
		}
		records[i] = t.methods[name]
	}
	blocks := (len(t.series) + chunk - 1) / chunk
	parts := make([][]*losses, blocks)
	inParallel(t.options.workers(), blocks, func(b int) {
		parts[b] = make([]*losses, len(names))
		for i := range names {
			parts[b][i] = newLosses()
		}
		for k := b * chunk; k < min(len(t.series), (b+1)*chunk); k++ {
			t.judgeSeries(k, at, parts[b], records)
		}
	})
	for _, p := range parts {
		for i, l := range p {
			records[i].losses.merge(l)
		}
	}
}

func (t *trial) judgeSeries(k, at int, into []*losses, records []*record) {
	s, m := t.series[k], t.model
	past := s.Values[:at:at]
	if len(observed(past)) == 0 {
		return
	}
	w := newWork(s, past, t.options.Task)
	outcomes := m.team.forecast(s, past, w)
	pooled := m.combine(Series{s.ID, past}, w, outcomes)
	rng := rand.New(rand.NewPCG(t.options.Seed, hashOf(s.ID)+uint64(at))) //nolint:gosec // to be repeatable
	for h, y := range t.options.future(s.Values, at) {
		if math.IsNaN(y) {
			continue
		}
		into[0].add(pooled.Steps[h], pooled.Mean[h], y, rng)
		records[0].series[k].add(pooled.Mean[h], y)
		for i, o := range outcomes {
			into[i+1].add(Distribution{w.support, o.cdf[h]}, o.mean[h], y, rng)
			records[i+1].series[k].add(o.mean[h], y)
		}
	}
}
