package demand

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"presage"
)

// Backtest forecasts from each origin, a number of periods, with what lies
// before it alone, and scores the ensemble (Auto, first) and each of its
// methods by what came. Series without a record before an origin are not
// judged there, nor are periods without one. ErrInvalid: no origin, or one
// outside the history.
func Backtest(ctx context.Context, series []Series, cuts []int, o Options) ([]Score, error) {
	if err := Check(series); err != nil {
		return nil, err
	}
	if len(cuts) == 0 {
		return nil, fmt.Errorf("back-test: %w: no origin: the history of %d periods is too short", presage.ErrInvalid,
			len(series[0].Values))
	}
	names := append([]string{Auto}, Methods()...)
	sums := map[string]*losses{}
	for _, at := range cuts {
		if at < 1 || at >= len(series[0].Values) {
			return nil, fmt.Errorf("back-test: %w: origin %d in a history of %d periods", presage.ErrInvalid, at,
				len(series[0].Values))
		}
		if err := backtestAt(ctx, series, at, o, sums); err != nil {
			return nil, fmt.Errorf("back-test from period %d: %w", at, err)
		}
	}
	var out []Score
	for _, name := range names {
		if l := sums[name]; l != nil && l.n > 0 {
			out = append(out, l.score(name))
		}
	}
	return out, nil
}

// Cuts are count origins for a back-test over the horizon, as Fit takes them
// to weigh methods: the earliest has the whole horizon after it.
func Cuts(periods, horizon, count int) []int { return origins(periods, horizon, count) }

func backtestAt(ctx context.Context, series []Series, at int, o Options, sums map[string]*losses) error {
	past := make([]Series, len(series))
	for i, s := range series {
		past[i] = Series{s.ID, s.Values[:at:at]}
	}
	m, err := Fit(ctx, past, o)
	if err != nil {
		return err
	}
	names := append([]string{Auto}, m.team.names...)
	blocks := (len(series) + chunk - 1) / chunk
	parts := make([][]*losses, blocks)
	inParallel(o.workers(), blocks, func(b int) {
		parts[b] = make([]*losses, len(names))
		for i := range names {
			parts[b][i] = newLosses()
		}
		for _, s := range series[b*chunk : min(len(series), (b+1)*chunk)] {
			m.judge(s, at, parts[b])
		}
	})
	for _, p := range parts {
		for i, l := range p {
			if sums[names[i]] == nil {
				sums[names[i]] = newLosses()
			}
			sums[names[i]].merge(l)
		}
	}
	o.done(len(series))
	return ctx.Err()
}

// judge scores ensemble and methods on what came after the origin.
func (m *Model) judge(s Series, at int, into []*losses) {
	past := s.Values[:at:at]
	seen := observed(past)
	if len(seen) == 0 {
		return
	}
	w := newWork(s, past, m.options.Task)
	outcomes := m.team.forecast(s, past, w)
	pooled := m.pool(w, outcomes, m.weights[Classify(past)])
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(s.ID))
	rng := rand.New(rand.NewPCG(m.options.Seed, hash.Sum64()+uint64(at))) //nolint:gosec // to be repeatable
	for h, y := range m.options.future(s.Values, at) {
		if y != y { //nolint:gocritic // no record
			continue
		}
		into[0].add(pooled.Steps[h], pooled.Mean[h], y, rng)
		for i, o := range outcomes {
			into[i+1].add(Distribution{w.support, o.cdf[h]}, o.mean[h], y, rng)
		}
	}
	mean, _ := moments(seen)
	for _, l := range into {
		l.close(mean)
	}
}
