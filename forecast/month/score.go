package month

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"presage"
)

// Score sums up the points of one week at a horizon by depot and class, given how many
// pieces of a part were used at a depot within the days.
func Score(points []presage.PlanPoint, days int, used func(part, depot string) int) []presage.PlanScore {
	type group struct{ depot, class string }
	sums := map[group]*presage.PlanScore{}
	for _, p := range points {
		i := slices.IndexFunc(p.Horizons, func(h presage.PointHorizon) bool { return h.Days == days })
		if i < 0 {
			continue
		}
		at := group{p.DepotID, p.Class}
		if sums[at] == nil {
			sums[at] = &presage.PlanScore{AsOf: presage.DayOf(p.AsOf), DepotID: p.DepotID, Class: p.Class, Days: days}
		}
		s, h, actual := sums[at], p.Horizons[i], float64(used(p.Part, p.DepotID))
		s.Forecasts++
		s.Actual += actual
		s.Errors += h.Mean - actual
		s.Absolute += math.Abs(h.Mean - actual)
		if h.P10 <= actual && actual <= h.P90 {
			s.Inside++
		}
	}
	out := make([]presage.PlanScore, 0, len(sums))
	for _, s := range sums {
		out = append(out, *s)
	}
	slices.SortFunc(out, func(a, b presage.PlanScore) int {
		return cmp.Or(cmp.Compare(a.DepotID, b.DepotID), cmp.Compare(a.Class, b.Class))
	})
	return out
}

// grouped adds scores up by what of names; groups in the order of compare.
func grouped(scores []presage.PlanScore, of func(presage.PlanScore) string, compare func(a, b string) int,
) []presage.PlanAccuracy {
	sums := map[string]presage.PlanScore{}
	for _, s := range scores {
		sum := sums[of(s)]
		sum.Forecasts += s.Forecasts
		sum.Actual += s.Actual
		sum.Errors += s.Errors
		sum.Absolute += s.Absolute
		sum.Inside += s.Inside
		sums[of(s)] = sum
	}
	out := make([]presage.PlanAccuracy, 0, len(sums))
	for name, s := range sums {
		n := float64(s.Forecasts)
		a := presage.PlanAccuracy{
			Of: name, Forecasts: s.Forecasts, Pieces: s.Actual, MAE: s.Absolute / n, Inside80: float64(s.Inside) / n,
		}
		if s.Actual > 0 {
			a.WAPE, a.Bias = s.Absolute/s.Actual, s.Errors/s.Actual
		}
		out = append(out, a)
	}
	slices.SortFunc(out, func(a, b presage.PlanAccuracy) int { return compare(a.Of, b.Of) })
	return out
}

// byNumber orders texts that are numbers.
func byNumber(a, b string) int {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	return cmp.Compare(x, y)
}

// duel is one case of a planner against the model: errors in pieces, and costs in minor units.
type duel struct{ model, planner, modelCost, plannerCost float64 }

// added sums up cases; a currency of "" has no costs.
func added(of string, cases []duel, currency string) presage.ValueAdded {
	v := presage.ValueAdded{Of: of, Cases: len(cases), CostSaved: presage.Money{Currency: currency}}
	if len(cases) == 0 {
		return v
	}
	var gains, saved []float64
	for _, c := range cases {
		v.ModelError += c.model / float64(len(cases))
		v.PlannerError += c.planner / float64(len(cases))
		gains, saved = append(gains, c.model-c.planner), append(saved, c.modelCost-c.plannerCost)
	}
	money := func(x float64) presage.Money { return presage.Money{Minor: int64(math.Round(x)), Currency: currency} }
	mean, half := interval(gains)
	v.Added = mean
	savedMean, savedHalf := interval(saved)
	v.CostSaved = money(savedMean)
	if len(cases) > 1 {
		low, high := mean-half, mean+half
		v.AddedLow, v.AddedHigh = &low, &high
		least, most := money(savedMean-savedHalf), money(savedMean+savedHalf)
		v.SavedLow, v.SavedHigh = &least, &most
	}
	return v
}

// interval is the mean, and half the width of its 90 % interval (Student 1908); 0 for fewer than two.
func interval(xs []float64) (mean, half float64) {
	if len(xs) < 2 {
		return xs[0], 0
	}
	mean, deviation := stat.MeanStdDev(xs, nil)
	t := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: float64(len(xs) - 1)}.Quantile(0.95)
	return mean, t * deviation / math.Sqrt(float64(len(xs)))
}
