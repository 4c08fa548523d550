package eval

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"

	"presage"
	"presage/cmd/presage/lab/backtest"
	"presage/cmd/presage/progress"
	"presage/forecast/demand"
	"presage/forecast/fleet"
)

// Engines demanded, forecast from the buses' wear, against forecasts that know
// the history of the demand alone.
const (
	// enginesKnown is how many failures must be known at an origin: a rate
	// learnt from n is good to 1/sqrt(n), a third at ten, and with fewer a wear
	// law says more of its prior than of the fleet.
	enginesKnown = 10
	engineDraws  = 200
	engineBlock  = busHorizon // of the bootstrap: forecasts of neighbouring origins share their months
	resamples    = 2000
)

// engineRivals are the methods on the history alone.
func engineRivals() []string { return []string{"sba", "tsb", demand.Auto} }

// engineLosses are the ranked probability scores of one origin.
type engineLosses struct {
	months float64 // mean over the 12 months
	sum    float64 // of the 12 months together
}

// engineTrial keeps losses by method, an entry an origin; "" is the wear's.
type engineTrial struct {
	fleet, groups map[string][]engineLosses
	observed      float64
	expected      map[string]float64
	first, last   backtest.Month
}

// evaluateEngines judges engines demanded a month, from the wear of each bus.
func evaluateEngines(ctx context.Context, o Options, t *Table) error {
	odometer := filepath.Join(o.Data, "bus_engines", "odometer_monthly.csv")
	spells := filepath.Join(o.Data, "bus_engines", "engine_spells.csv")
	if _, err := os.Stat(odometer); err != nil {
		return nil //nolint:nilerr // nothing to measure
	}
	f, err := backtest.Read(odometer, spells)
	if err != nil {
		return err
	}
	e, err := tryEngines(ctx, f, o)
	if err != nil {
		return err
	}
	e.judge(t)
	return nil
}

// tryEngines forecasts from the end of every month at which enough was known.
func tryEngines(ctx context.Context, f *backtest.Fleet, o Options) (*engineTrial, error) {
	e := &engineTrial{
		fleet: map[string][]engineLosses{}, groups: map[string][]engineLosses{}, expected: map[string]float64{},
	}
	bar := progress.New(o.Progress, "engines demanded", "cuts", 0)
	defer bar.Finish()
	came := f.History(f.Last)
	for cut := f.First; cut+busHorizon <= f.Last; cut++ {
		past := f.History(cut)
		if known(past) < enginesKnown || !followed(past, came, int(cut-f.First)+1) {
			continue
		}
		if e.first == 0 {
			e.first = cut
		}
		e.last = cut
		if err := e.add(ctx, f, cut, [2][]backtest.History{past, came}); err != nil {
			return nil, err
		}
		bar.Add(1)
	}
	if e.first == 0 {
		return nil, fmt.Errorf("engines demanded: %w: no month with %d failures before it and %d months after it",
			presage.ErrInvalid, enginesKnown, busHorizon)
	}
	return e, nil
}

// followed tells whether every group was watched over the whole horizon.
func followed(past, came []backtest.History, from int) bool {
	for _, p := range past {
		for _, h := range came {
			if h.Group == p.Group && slices.ContainsFunc(h.Counts[from:from+busHorizon], math.IsNaN) {
				return false
			}
		}
	}
	return true
}

// known counts the failures.
func known(past []backtest.History) float64 {
	n := 0.0
	for _, h := range past {
		for _, y := range h.Counts {
			if y > 0 {
				n += y
			}
		}
	}
	return n
}

// add judges one origin.
func (e *engineTrial) add(
	ctx context.Context, f *backtest.Fleet, cut backtest.Month, histories [2][]backtest.History,
) error {
	past, came := histories[0], histories[1]
	whole, groups := seriesOf(past)
	laws, err := enginesDemanded(ctx, f, cut, past)
	if err != nil {
		return err
	}
	after := func(group string) []float64 { return enginesAfter(came, group, int(cut-f.First)+1) }
	for method, l := range laws {
		for g, s := range append(groups, whole...) {
			y := after(s.ID)
			loss := lossOf(l[g], y)
			if g == len(groups) {
				e.fleet[method] = append(e.fleet[method], loss)
				e.expected[method] += l[g].Total.Mean()
				continue
			}
			if g == 0 {
				e.groups[method] = append(e.groups[method], engineLosses{})
			}
			mean := &e.groups[method][len(e.groups[method])-1]
			mean.months += loss.months / float64(len(groups))
			mean.sum += loss.sum / float64(len(groups))
		}
	}
	for _, y := range after("") {
		e.observed += y
	}
	return nil
}

// engineLaw is what a method says of a group, or of the whole fleet.
type engineLaw struct {
	Months []demand.Distribution
	Total  demand.Distribution
}

// enginesDemanded are the laws of what is demanded after a cut by method ("":
// by wear), from what was known at its end alone: those of the groups in their
// order, that of the whole fleet last.
func enginesDemanded(
	ctx context.Context, f *backtest.Fleet, cut backtest.Month, past []backtest.History,
) (map[string][]engineLaw, error) {
	out := map[string][]engineLaw{}
	wear, err := f.Demand(cut, busHorizon, engineDraws, 1)
	if err != nil {
		return nil, err
	}
	for _, d := range wear {
		l := engineLaw{Total: onSupport(d.Total)}
		for _, m := range d.Months {
			l.Months = append(l.Months, onSupport(m))
		}
		out[""] = append(out[""], l)
	}
	whole, groups := seriesOf(past)
	for _, method := range engineRivals() {
		for _, series := range [][]demand.Series{groups, whole} {
			laws, err := fromHistory(ctx, series, method)
			if err != nil {
				return nil, fmt.Errorf("cut at %s: %s: %w", cut, method, err)
			}
			out[method] = append(out[method], laws...)
		}
	}
	return out, nil
}

// seriesOf are the histories as series: of the groups, and of the whole fleet,
// which has no name.
func seriesOf(past []backtest.History) (whole, groups []demand.Series) {
	all := demand.Series{Values: make([]float64, len(past[0].Counts))}
	for _, h := range past {
		groups = append(groups, demand.Series{ID: h.Group, Values: h.Counts})
		for m, y := range h.Counts {
			if y > 0 {
				all.Values[m] += y
			}
		}
	}
	return []demand.Series{all}, groups
}

// fromHistory forecasts by a method that knows the demand alone.
func fromHistory(ctx context.Context, series []demand.Series, method string) ([]engineLaw, error) {
	out := make([]engineLaw, len(series))
	for _, cumulative := range []bool{false, true} {
		options := demand.Default()
		options.Horizon, options.Method, options.Cumulative = busHorizon, method, cumulative
		m, err := demand.Fit(ctx, series, options)
		if err != nil {
			return nil, err
		}
		for i, s := range series {
			steps := m.Forecast(s).Steps
			if cumulative {
				out[i].Total = steps[busHorizon-1]
			} else {
				out[i].Months = steps
			}
		}
	}
	return out, nil
}

// onSupport is a fleet's law as the scores take it.
func onSupport(d fleet.Distribution) demand.Distribution {
	end := d.First + len(d.Mass)
	out := demand.Distribution{Support: make([]float64, end), CDF: make([]float64, end)}
	sum := 0.0
	for k := range out.Support {
		sum += d.At(k)
		out.Support[k], out.CDF[k] = float64(k), min(sum, 1)
	}
	out.CDF[end-1] = 1
	return out
}

// enginesAfter is what a group ("": the whole fleet) was given in the months after.
func enginesAfter(came []backtest.History, group string, from int) []float64 {
	out := make([]float64, busHorizon)
	for _, h := range came {
		if group != "" && group != h.Group {
			continue
		}
		for m, y := range h.Counts[from : from+busHorizon] {
			if y > 0 {
				out[m] += y
			}
		}
	}
	return out
}

func lossOf(l engineLaw, came []float64) engineLosses {
	var out engineLosses
	sum := 0.0
	for h, y := range came {
		out.months += l.Months[h].RPS(y) / float64(len(came))
		sum += y
	}
	out.sum = l.Total.RPS(sum)
	return out
}
