package backtest

import (
	"errors"
	"math/rand/v2"

	"presage"
	"presage/models/eval"
)

// Score is forecasts against what the files say came.
type Score struct {
	Cut     Scored `json:"cut"`     // of this cut alone
	Rolling Scored `json:"rolling"` // of every month's end that the files can judge
}

// Scored is one or more cuts' forecasts against what came.
type Scored struct {
	Origins   int     `json:"origins"` // cuts
	Forecasts int     `json:"forecasts"`
	Expected  float64 `json:"expected"` // units with a replacement: the sum of their probabilities
	Observed  int     `json:"observed"`
	// CalibrationError is the mean distance of said and seen shares, ten bins of equal number.
	CalibrationError float64 `json:"calibration_error"`
	Brier            float64 `json:"brier"`
	BaseRateBrier    float64 `json:"brier_base_rate"`
	Months           int     `json:"months"`
	ExpectedCount    float64 `json:"expected_replacements"`
	ObservedCount    int     `json:"observed_replacements"`
	// Coverage is the share of months whose count lies within p10 to p90, bounds
	// included. Counts are lumpy: the band of a right forecast of one a month holds 92 %.
	Coverage float64 `json:"band_coverage"`
	// Randomised is the share within the middle 80 % of the forecast distribution,
	// a count that straddles a bound split by chance: 0.8 if the forecast is right.
	Randomised float64         `json:"band_coverage_randomised"`
	Bins       []eval.Bin      `json:"reliability"`
	forecasts  []eval.Forecast // all
	bands      []eval.Interval // all
	pit        []float64       // all
}

// Score judges a result that has the whole horizon within the files; nil
// without. Faults in rows after the cut end no forecast: what cannot be judged is not.
func (f *Fleet) Score(r Result, cut Month, o Options) *Score {
	if cut+Month(o.Horizon) > f.Last {
		return nil
	}
	var s Score
	f.judge(&s.Cut, r, cut, o)
	rolling, err := f.Rolling(o)
	if s.Cut.finish() != nil || err != nil {
		return nil
	}
	s.Rolling = rolling
	return &s
}

// Options of a rolling back-test.
type Options struct {
	Horizon, Draws int
	Seed           uint64
	Progress       func(done, of int) // may be nil
}

// origin dates a cut for eval.Origins.
type origin Month

// When is the month after the cut: what lies before it is known.
func (o origin) When() float64 { return float64(o) }

// Rolling forecasts from the end of every month, from the first at which a
// replacement was known to the last that the files can judge.
func (f *Fleet) Rolling(o Options) (Scored, error) {
	var months []origin
	for m := f.First; m <= f.Last; m++ {
		months = append(months, origin(m))
	}
	first, last := f.First+1, f.Last+1
	cuts, err := eval.Origins(months, float64(first), 1, float64(o.Horizon), float64(last))
	if err != nil {
		return Scored{}, err
	}
	total := max(0, int(last-first)-o.Horizon+1)
	var s Scored
	done := 0
	for c := range cuts {
		cut := Month(c.Past[len(c.Past)-1])
		r, err := f.Forecast(cut, o.Horizon, o.Draws, o.Seed)
		if done++; o.Progress != nil {
			o.Progress(done, total)
		}
		if errors.Is(err, presage.ErrInvalid) {
			continue // nothing was known yet
		}
		if err != nil {
			return Scored{}, err
		}
		f.judge(&s, r, cut, o)
	}
	return s, s.finish()
}

// judge adds one cut's forecasts.
func (f *Fleet) judge(s *Scored, r Result, cut Month, o Options) {
	end := cut + Month(o.Horizon)
	counts := make([]int, o.Horizon)
	place := map[string]float64{}
	for _, u := range r.Units {
		place[u.ID] = u.Probability
	}
	for i := range f.units {
		p, forecast := place[f.units[i].id]
		if !forecast {
			continue // not in service then
		}
		months := f.units[i].replaced(cut, end)
		s.forecasts = append(s.forecasts, eval.Forecast{Probability: p, Happened: len(months) > 0})
		for _, m := range months {
			counts[m-cut-1]++
		}
	}
	rng := rand.New(rand.NewPCG(o.Seed, uint64(cut))) //nolint:gosec // a lottery among equals
	for i, m := range r.Months {
		s.bands = append(s.bands, eval.Interval{Low: float64(m.P10), High: float64(m.P90), Actual: float64(counts[i])})
		s.pit = append(s.pit, eval.RandomisedPIT(m.cdf, counts[i], rng))
		s.ExpectedCount += m.Mean
		s.ObservedCount += counts[i]
	}
	s.Origins++
}

func (s *Scored) finish() error {
	var err, at error
	keep := func(x float64, e error) float64 { err = errors.Join(err, e); return x }
	s.Forecasts, s.Months = len(s.forecasts), len(s.bands)
	s.CalibrationError = keep(eval.CalibrationError(s.forecasts, 10))
	s.Brier = keep(eval.Brier(s.forecasts))
	s.Coverage = keep(eval.Coverage(s.bands))
	s.Bins, at = eval.Reliability(s.forecasts, 10)
	for _, x := range s.forecasts {
		s.Expected += x.Probability
		if x.Happened {
			s.Observed++
		}
	}
	share := float64(s.Observed) / float64(s.Forecasts)
	s.BaseRateBrier = share * (1 - share)
	for _, x := range s.pit {
		if x >= 0.1 && x <= 0.9 {
			s.Randomised += 1 / float64(len(s.pit))
		}
	}
	return errors.Join(err, at)
}
