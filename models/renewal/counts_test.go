package renewal_test

import (
	"math"
	"slices"
	"testing"

	"presage/models/life"
	"presage/models/renewal"
)

// Wanted, by hand: with a known use the first failure of a part alive at 40
// comes in month m with S(40+5(m-1)) - S(40+5m) over S(40); a distribution of a short
// horizon against the life leaves next to nothing for a second one.
func TestCountsOfAKnownUse(t *testing.T) {
	t.Parallel()
	law := life.Weibull{Shape: 8, Scale: 100}
	got := renewal.NewCounter(6).Counts(law, renewal.Unit{Age: 40, Usage: renewal.Usage{Mean: 5}})
	s := func(x float64) float64 { return math.Exp(-math.Pow(x/100, 8)) }
	sum := 0.0
	for m, p := range got.Monthly {
		want := (s(40+5*float64(m)) - s(45+5*float64(m))) / s(40)
		if math.Abs(p-want) > 1e-7 {
			t.Errorf("month %d: %v, want %v", m+1, p, want)
		}
		sum += want
	}
	if math.Abs(got.Total[0]-(1-sum)) > 1e-12 {
		t.Errorf("nothing fails with %v, want %v", got.Total[0], 1-sum)
	}
}

// Where parts fail often, renewals count: against Ahead, which draws every life.
func TestCountsAgreeWithDrawnLives(t *testing.T) {
	t.Parallel()
	const months, n = 12, 60_000
	law := life.Weibull{Shape: 3, Scale: 12}
	u := renewal.Unit{Age: 5, Usage: renewal.Usage{Mean: 2, SD: 0.5}}
	got := renewal.NewCounter(months).Counts(law, u)
	drawn, err := renewal.Ahead(slices.Repeat([]renewal.Draw{{law}}, n), []renewal.Unit{u}, months, source(8))
	if err != nil {
		t.Fatal(err)
	}
	mean, sum, ahead := 0.0, 0.0, 0.0
	for m, p := range got.Monthly {
		sum, ahead = sum+p, ahead+drawn.Months[m].Mean
		// half a month's rounding of a renewal, and 4 standard errors of the draws
		if math.Abs(p-drawn.Months[m].Mean) > 0.006+4*math.Sqrt(p/n) {
			t.Errorf("month %d: %v, drawn %v", m+1, p, drawn.Months[m].Mean)
		}
	}
	total := 0.0
	for k, p := range got.Total {
		mean, total = mean+float64(k)*p, total+p
	}
	if math.Abs(mean-sum) > 1e-12 || math.Abs(total-1) > 1e-12 || math.Abs(sum-ahead) > 0.02*ahead {
		t.Errorf("distributions of the sum and of the months disagree: %v and %v, drawn %v; total %v", mean, sum, ahead, total)
	}
	if none := 1 - drawn.Probability[0]; math.Abs(got.Total[0]-none) > 0.005 {
		t.Errorf("none with %v, drawn %v", got.Total[0], none)
	}
}

// A unit that stands still needs nothing.
func TestCountsWithoutUse(t *testing.T) {
	t.Parallel()
	got := renewal.NewCounter(3).Counts(life.Weibull{Shape: 2, Scale: 5}, renewal.Unit{Age: 4})
	if math.Abs(got.Total[0]-1) > 1e-12 || slices.Max(got.Monthly) != 0 {
		t.Errorf("%+v", got)
	}
}
