package forecast

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Weights are the shares of the prognoses' law in the linear pool with the
// history's, per part, by what either was worth. The score of w F + (1-w) H is
//
//	w^2 RPS(F) + 2 w (1-w) Cross + (1-w)^2 RPS(H)
//
// for every w, so that the best w is known without making any forecast again.
// It minimises the sum over the part's past forecasts, the older the less, and
// over a few pseudo-forecasts of the assortment's separation whose best weight
// is the assortment's own; that one is drawn to the prior alike.
type Weights struct {
	pooled float64
	parts  map[string]float64
}

// Of is the part's weight, in [0, 1].
func (w *Weights) Of(part string, cfg *Config) float64 {
	if w == nil {
		return cfg.Pool.Prior
	}
	if x, ok := w.parts[part]; ok {
		return x
	}
	return w.pooled
}

// skill is what the scores say of one part: the sum of the scores is
// separation w^2 - 2 gain w + the history's score.
type skill struct {
	separation float64 // sum of RPS(F) + RPS(H) - 2 Cross: of the squared distance of the laws
	gain       float64 // sum of RPS(H) - Cross
	forecasts  float64 // discounted number
	pieces     float64 // discounted sum of actuals
}

// Weigh finds the weights from scored forecasts, in any order.
func Weigh(scores []ScoredForecast, now time.Time, cfg *Config) *Weights {
	ordered := slices.Clone(scores)
	slices.SortFunc(ordered, func(a, b ScoredForecast) int {
		return cmp.Or(cmp.Compare(a.Part, b.Part), a.AsOf.Compare(b.AsOf), cmp.Compare(a.DepotID, b.DepotID),
			cmp.Compare(a.HorizonDays, b.HorizonDays))
	})
	var parts []string
	skills := map[string]*skill{}
	for _, s := range ordered {
		one := skills[s.Part]
		if one == nil {
			one = &skill{}
			skills[s.Part] = one
			parts = append(parts, s.Part)
		}
		counts := math.Exp2(-now.Sub(s.AsOf).Hours() / 24 / cfg.Pool.HalfLifeDays)
		one.separation += counts * max(0, s.FleetRPS+s.HistoryRPS-2*s.Cross)
		one.gain += counts * (s.HistoryRPS - s.Cross)
		one.forecasts += counts
		one.pieces += counts * float64(s.Actual)
	}
	var all skill // in units of each part's demand, so that no part decides alone
	for _, part := range parts {
		one := skills[part]
		scale := one.scale()
		all.separation += one.separation / scale
		all.gain += one.gain / scale
		all.forecasts += one.forecasts
	}
	w := &Weights{pooled: cfg.Pool.Prior, parts: map[string]float64{}}
	if all.separation <= 0 {
		return w
	}
	typical := cfg.Pool.Forecasts * all.separation / all.forecasts // of the pseudo-forecasts
	w.pooled = all.weight(typical, cfg.Pool.Prior)
	for _, part := range parts {
		one := skills[part]
		w.parts[part] = one.weight(typical*one.scale(), w.pooled)
	}
	return w
}

// scale is the mean demand of the part's forecasts, and one piece more.
func (s *skill) scale() float64 { return s.pieces/s.forecasts + 1 }

// weight is the best weight of the scores and of pseudo-forecasts of so much
// separation whose best is prior.
func (s *skill) weight(pseudo, prior float64) float64 {
	return min(max((s.gain+pseudo*prior)/(s.separation+pseudo), 0), 1)
}
