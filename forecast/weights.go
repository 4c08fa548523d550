package forecast

import (
	"maps"
	"math"
	"slices"
	"time"

	"presage"
)

// Weights are the shares of the prognoses' distribution in the linear pool with the
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
	separation float64 // sum of RPS(F) + RPS(H) - 2 Cross: of the squared distance of the distributions
	gain       float64 // sum of RPS(H) - Cross
	forecasts  float64 // discounted number
	pieces     float64 // discounted sum of actuals
}

// Skills gathers scored forecasts, of which there may be millions.
type Skills struct {
	now   time.Time
	cfg   *Config
	parts map[string]*skill
}

// NewSkills has none yet; now tells their ages.
func NewSkills(now time.Time, cfg *Config) *Skills {
	return &Skills{now: now, cfg: cfg, parts: map[string]*skill{}}
}

// Add counts one; the same ones in another order may differ in the last bits.
func (k *Skills) Add(s presage.ScoredForecast) {
	one := k.parts[s.Part]
	if one == nil {
		one = &skill{}
		k.parts[s.Part] = one
	}
	counts := math.Exp2(-k.now.Sub(s.AsOf).Hours() / 24 / k.cfg.Pool.HalfLifeDays)
	one.separation += counts * max(0, s.FleetRPS+s.HistoryRPS-2*s.Cross)
	one.gain += counts * (s.HistoryRPS - s.Cross)
	one.forecasts += counts
	one.pieces += counts * float64(s.Actual)
}

// Weigh finds the weights.
func (k *Skills) Weigh() *Weights {
	cfg, skills := k.cfg, k.parts
	parts := slices.Sorted(maps.Keys(skills))
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
