package forecast

import (
	"math"
	"sort"

	"presage"
	"presage/forecast/fleet"
)

// Score is what the archived distribution was worth, given the pieces used within its
// days (>= 0). The ranked probability score of a distribution F and of the demand y is
// the integral of (F(x) - 1{y <= x})^2, in pieces (Epstein 1969; Gneiting and
// Raftery 2007); Cross is that of the product of both distributions' deviations.
func Score(l presage.ArchivedForecast, actual int) presage.ScoredForecast {
	return presage.ScoredForecast{
		PastForecast: presage.PastForecast{
			Part: l.Part, DepotID: l.DepotID, AsOf: l.AsOf, HorizonDays: l.HorizonDays,
			Mean: l.Mean, P10: quantile(l, .1), P50: quantile(l, .5), P90: quantile(l, .9),
			Override: l.Override, Actual: actual,
			RPS:        product(l.Support, l.ModelCDF, l.ModelCDF, actual),
			FleetRPS:   product(l.Support, l.FleetCDF, l.FleetCDF, actual),
			HistoryRPS: product(l.Support, l.HistoryCDF, l.HistoryCDF, actual),
		},
		FleetMean: l.FleetMean, HistoryMean: l.HistoryMean,
		Cross: product(l.Support, l.FleetCDF, l.HistoryCDF, actual),
	}
}

// ScoreAll scores distributions by the pieces used on their days, from the day of AsOf
// on; those of a superseded part count for its successor, whether the distribution was
// made before or after.
func ScoreAll(
	forecasts []presage.ArchivedForecast, use []presage.PartUse, c *presage.Catalogue,
) ([]presage.ScoredForecast, error) {
	chains, err := chainsOf(c)
	if err != nil {
		return nil, err
	}
	used := map[location]map[presage.Day]int{}
	for _, u := range use {
		loc := location{chains.Newest(u.Part), u.DepotID}
		if used[loc] == nil {
			used[loc] = map[presage.Day]int{}
		}
		used[loc][u.Day] += u.Quantity
	}
	out := make([]presage.ScoredForecast, len(forecasts))
	for i, l := range forecasts {
		actual, first := 0, presage.DayOf(l.AsOf)
		for day := range presage.Day(l.HorizonDays) {
			actual += used[location{chains.Newest(l.Part), l.DepotID}][first+day]
		}
		out[i] = Score(l, actual)
	}
	return out, nil
}

func quantile(l presage.ArchivedForecast, q float64) float64 {
	const rounding = 1e-6 // of the CDFs kept
	i := sort.Search(len(l.ModelCDF), func(i int) bool { return l.ModelCDF[i] >= q-rounding })
	return float64(l.Support[min(i, len(l.Support)-1)])
}

// product is the integral of (F(x) - 1{y <= x})(G(x) - 1{y <= x}), each distribution
// constant from one number of its support to the next.
func product(support []int, f, g []float64, y int) float64 {
	n := len(support)
	sum := float64(max(0, support[0]-y) + max(0, y-support[n-1])) // sure that it is not there
	for i := range n - 1 {
		low, high := support[i], support[i+1]
		at := min(max(y, low), high)
		sum += f[i]*g[i]*float64(at-low) + (1-f[i])*(1-g[i])*float64(high-at)
	}
	return sum
}

// mostPoints are those of an archived distribution: wider distributions are kept at every n-th number.
const mostPoints = 256

// keep puts the CDFs of the distributions on one support.
func keep(l *presage.ArchivedForecast, model, prognoses, history fleet.Distribution) {
	first, last := math.MaxInt, 0
	for _, d := range [...]fleet.Distribution{model, prognoses, history} {
		low, high := bounds(d)
		first, last = min(first, low), max(last, high)
	}
	step := (last-first)/mostPoints + 1
	for x := first; x < last; x += step {
		l.Support = append(l.Support, x)
	}
	l.Support = append(l.Support, last)
	l.ModelCDF, l.FleetCDF, l.HistoryCDF = cdf(l.Support, model), cdf(l.Support, prognoses), cdf(l.Support, history)
}

// bounds hold all but a millionth of the distribution.
func bounds(d fleet.Distribution) (low, high int) {
	const outside = 5e-7
	return d.Quantile(outside), d.Quantile(1 - outside)
}

// cdf is the distribution on the support, to the sixth digit; 1 at its end.
func cdf(support []int, d fleet.Distribution) []float64 {
	out := make([]float64, len(support))
	sum, next := 0.0, d.First
	for i, x := range support {
		for ; next <= x; next++ {
			sum += d.At(next)
		}
		out[i] = min(math.Round(sum*1e6)/1e6, 1)
	}
	out[len(out)-1] = 1
	return out
}

// Accuracy sums up scored forecasts.
func Accuracy(scores []presage.ScoredForecast) []presage.ForecastAccuracy {
	var t Tally
	for _, s := range scores {
		t.Add(s)
	}
	return t.Accuracy()
}

// Tally sums up scored forecasts one by one: of the combined model, of the
// prognoses and of the history alone, and of the planner where one had a
// figure in force. The zero Tally is empty.
type Tally struct{ model, prognoses, history, planner tally }

// Add takes one in.
func (t *Tally) Add(s presage.ScoredForecast) {
	inside := s.P10 <= float64(s.Actual) && float64(s.Actual) <= s.P90
	t.model.add(s.Mean, s.Actual, s.RPS, inside)
	t.prognoses.add(s.FleetMean, s.Actual, s.FleetRPS, false)
	t.history.add(s.HistoryMean, s.Actual, s.HistoryRPS, false)
	if s.Override != nil {
		t.planner.add(*s.Override, s.Actual, 0, false)
	}
}

// Accuracy is what has been added so far.
func (t *Tally) Accuracy() []presage.ForecastAccuracy {
	return []presage.ForecastAccuracy{
		t.model.accuracy("model"), t.prognoses.accuracy("fleet"), t.history.accuracy("history"),
		t.planner.accuracy("planner"),
	}
}

// tally adds up the errors of forecasts.
type tally struct{ n, inside, actuals, errors, absolute, rps float64 }

func (t *tally) add(mean float64, actual int, rps float64, inside bool) {
	t.n++
	t.actuals += float64(actual)
	t.errors += mean - float64(actual)
	t.absolute += math.Abs(mean - float64(actual))
	t.rps += rps
	if inside {
		t.inside++
	}
}

func (t *tally) accuracy(of string) presage.ForecastAccuracy {
	a := presage.ForecastAccuracy{Of: of, Forecasts: int(t.n)}
	if t.n == 0 {
		return a
	}
	a.MAE, a.RPS, a.Inside80 = t.absolute/t.n, t.rps/t.n, t.inside/t.n
	if t.actuals > 0 {
		a.Bias = t.errors / t.actuals
	}
	return a
}
