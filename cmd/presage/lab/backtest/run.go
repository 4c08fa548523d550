package backtest

import (
	"fmt"
	"math/rand/v2"

	"presage"
	"presage/models/renewal"
)

// Unit is the forecast of one unit alive at the cut.
type Unit struct {
	ID          string  `json:"id"`
	Probability float64 `json:"probability"` // that its part is replaced within the horizon
}

// MonthAhead is the forecast of the fleet's replacements in one month.
type MonthAhead struct {
	Month string  `json:"month"`
	Mean  float64 `json:"mean"`
	P10   int     `json:"p10"`
	P50   int     `json:"p50"`
	P90   int     `json:"p90"`
	cdf   []float64
}

// Result is what a back-test prints.
type Result struct {
	Units  []Unit       `json:"units"`
	Months []MonthAhead `json:"months"`
	Score  *Score       `json:"score"` // null where the files end before the horizon does
}

// maxHorizon bounds a horizon: further out a fleet's use is anybody's guess.
const maxHorizon = 60

// Forecast is the result at a cut without its score: from what was known alone.
func (f *Fleet) Forecast(cut Month, horizon, draws int, seed uint64) (Result, error) {
	if horizon < 1 || horizon > maxHorizon {
		return Result{}, fmt.Errorf("horizon %d: %w: want 1 to %d months", horizon, presage.ErrInvalid, maxHorizon)
	}
	k, err := f.At(cut, horizon)
	if err != nil {
		return Result{}, err
	}
	rng := rand.New(rand.NewPCG(seed, uint64(cut))) //nolint:gosec // a simulation
	laws, err := renewal.Fit(k.Lives, draws, rng)
	if err != nil {
		return Result{}, fmt.Errorf("cut at %s: %w", cut, err)
	}
	ahead, err := renewal.Ahead(laws, k.Units, horizon, rng)
	if err != nil {
		return Result{}, err
	}
	var r Result
	for i, p := range ahead.Probability {
		r.Units = append(r.Units, Unit{k.IDs[i], p})
	}
	for i, c := range ahead.Months {
		r.Months = append(r.Months, MonthAhead{
			(cut + Month(i) + 1).String(), c.Mean, c.Quantile(0.1), c.Quantile(0.5), c.Quantile(0.9), c.CDF,
		})
	}
	return r, nil
}
