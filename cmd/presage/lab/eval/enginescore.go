package eval

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"presage/forecast/demand"
)

// judge compares the wear's scores with the others'.
func (e *engineTrial) judge(t *Table) {
	months := func(l engineLosses) float64 { return l.months }
	sum := func(l engineLosses) float64 { return l.sum }
	origins := fmt.Sprintf("%d origins, %s to %s", len(e.fleet[""]), e.first, e.last)
	for _, row := range []struct {
		name   string
		losses map[string][]engineLosses
		of     func(engineLosses) float64
	}{
		{"engines demanded a month, whole fleet: RPS", e.fleet, months},
		{"engines demanded a month, by bus group: RPS", e.groups, months},
		{"engines demanded in 12 months, whole fleet: RPS", e.fleet, sum},
		{"engines demanded in 12 months, by bus group: RPS", e.groups, sum},
	} {
		for _, method := range engineRivals() {
			ours, theirs := column(row.losses[""], row.of), column(row.losses[method], row.of)
			gain, low, high := gainOf(ours, theirs)
			name := method
			if method == demand.Auto {
				name = "history-only ensemble"
			}
			t.Judge(gain > 0, row.name+", against "+name,
				fmt.Sprintf("%.4f, %.1f %% below (95 %%: %.1f to %.1f)", average(ours), 100*gain, 100*low, 100*high),
				fmt.Sprintf("%s %.4f; %s", name, average(theirs), origins))
		}
	}
	n := float64(len(e.fleet[""]))
	t.Report("engines demanded in 12 months, mean over the origins",
		fmt.Sprintf("%.1f by wear, %.1f came", e.expected[""]/n, e.observed/n),
		fmt.Sprintf("SBA %.1f, TSB %.1f, history-only ensemble %.1f",
			e.expected["sba"]/n, e.expected["tsb"]/n, e.expected[demand.Auto]/n))
}

func column(losses []engineLosses, of func(engineLosses) float64) []float64 {
	out := make([]float64, len(losses))
	for i, l := range losses {
		out[i] = of(l)
	}
	return out
}

func average(xs []float64) float64 {
	sum := 0.0
	for _, x := range xs {
		sum += x
	}
	return sum / float64(len(xs))
}

// gainOf is by which share ours is below theirs, with its 95 % interval by the
// circular block bootstrap over the origins (Politis and Romano 1992).
func gainOf(ours, theirs []float64) (gain, low, high float64) {
	n := len(ours)
	block := min(engineBlock, n)
	rng := rand.New(rand.NewPCG(1, uint64(n))) //nolint:gosec // resampling, to be repeatable
	gains := make([]float64, resamples)
	for r := range gains {
		a, b := 0.0, 0.0
		for drawn := 0; drawn < n; {
			start := rng.IntN(n)
			for i := start; i < start+block && drawn < n; i++ {
				a, b = a+ours[i%n], b+theirs[i%n]
				drawn++
			}
		}
		gains[r] = 1 - a/b
	}
	slices.Sort(gains)
	return 1 - average(ours)/average(theirs), gains[resamples/40], gains[resamples-1-resamples/40]
}
