package demand_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"presage/forecast/demand"
)

// births are parts that ask for Poisson counts from their birth on: every other
// is born at the beginning, the rest in periods 12 to 17.
func births(n, periods int, rate func(age int) float64) []demand.Series {
	rng := rand.New(rand.NewPCG(5, 6))
	out := make([]demand.Series, n)
	for i := range out {
		begin := i % 3
		if i%2 == 1 {
			begin = 12 + i/2%6
		}
		out[i] = demand.Series{ID: fmt.Sprint("B", i), Values: make([]float64, periods)}
		for t := begin; t < periods; t++ {
			out[i].Values[t] = distuv.Poisson{Lambda: rate(t - begin), Src: rng}.Rand()
		}
	}
	return out
}

// Zeros before the first demand are no history: parts born early and late ask
// for as much, and are forecast to.
func TestLateAndEarlyBirthsAreForecastAlike(t *testing.T) {
	t.Parallel()
	o := small()
	o.Season = 0
	said := [2]float64{}
	for i, f := range forecasts(t, births(600, 24, func(int) float64 { return 1.5 }), o) {
		for _, mean := range f.Mean {
			said[i%2] += mean / 4 / 300
		}
	}
	for k, mean := range said {
		if math.Abs(mean/1.5-1) > .07 { // 300 series of 24 and of 9 periods: standard errors .01 and .016
			t.Errorf("half %d, the second of which is born late, is forecast %.3f a period, want 1.5", k+1, mean)
		}
	}
}

// Parts sell 5 a period in their first half year and .4 after it. Levels of the
// past cannot know that, trees that see the age can.
func TestTreesSeeTheAge(t *testing.T) {
	t.Parallel()
	o := small()
	o.Season = 0
	rate := func(age int) float64 {
		if age < 6 {
			return 5
		}
		return .4
	}
	scores, err := demand.Backtest(t.Context(), births(900, 24, rate), []int{19}, o)
	if err != nil {
		t.Fatal(err)
	}
	by := map[string]demand.Score{}
	for _, s := range scores {
		by[s.Method] = s
	}
	if boosted, pooled := by["boosted"].RPS, by["pooled"].RPS; !(boosted < .8*pooled) || !(by[demand.Auto].RPS < .85*pooled) {
		t.Errorf("trees score %.3f, the ensemble %.3f, levels alone %.3f", boosted, by[demand.Auto].RPS, pooled)
	}
}
