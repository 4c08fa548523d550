package backtest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"presage/forecast/fleet"
	"presage/models/renewal"
)

// Demand is the distribution of the parts that a group, or the whole fleet, asks for.
type Demand struct {
	Group  string               // empty: the whole fleet
	Months []fleet.Distribution // of each month ahead
	Total  fleet.Distribution   // of all the months together
}

// Demand forecasts the parts demanded after a cut from what was known at its
// end: distributions of lives drawn from their posterior; under each the exact
// probabilities of every unit, month by month along its own use ahead, renewed
// parts included; their exact convolution; and the mean over the draws, which
// share what nobody knows. The groups come in their order, the whole fleet last.
func (f *Fleet) Demand(cut Month, horizon, draws int, seed uint64) ([]Demand, error) {
	k, err := f.At(cut, horizon)
	if err != nil {
		return nil, err
	}
	fitted, err := renewal.Fit(k.Lives, draws, rand.New(rand.NewPCG(seed, uint64(cut)))) //nolint:gosec // a simulation
	if err != nil {
		return nil, fmt.Errorf("cut at %s: %w", cut, err)
	}
	counter := renewal.NewCounter(horizon)
	seen := make([][][]fleet.Distribution, len(k.Groups)+1) // group, period (the total last), draw
	for g := range seen {
		seen[g] = make([][]fleet.Distribution, horizon+1)
	}
	for _, draw := range fitted {
		whole := make([]fleet.Distribution, horizon+1)
		for h := range whole {
			whole[h] = fleet.Point(0)
		}
		for g := range k.Groups {
			periods, err := convolved(counter, draw, k.Units, g, horizon)
			if err != nil {
				return nil, fmt.Errorf("cut at %s: %w", cut, err)
			}
			for h, d := range periods {
				seen[g][h] = append(seen[g][h], d)
				whole[h] = fleet.Convolve(whole[h], d)
			}
		}
		for h, d := range whole {
			seen[len(k.Groups)][h] = append(seen[len(k.Groups)][h], d)
		}
	}
	return mixed(append(k.Groups, ""), seen), nil
}

// convolved are the distributions of one group's counts under one draw, the total last.
func convolved(
	counter *renewal.Counter, draw renewal.Draw, units []renewal.Unit, group, horizon int,
) ([]fleet.Distribution, error) {
	trials := make([][]fleet.Trial, horizon)
	var totals []fleet.Distribution
	for _, u := range units {
		if u.Group != group {
			continue
		}
		c := counter.Counts(draw[group], u)
		for h, p := range c.Monthly {
			trials[h] = append(trials[h], fleet.Trial{P: min(p, 1), Quantity: 1})
		}
		d, err := fleet.FromMass(c.Total)
		if err != nil {
			return nil, err
		}
		totals = append(totals, d)
	}
	out := make([]fleet.Distribution, horizon+1)
	for h := range trials {
		d, err := fleet.Sum(trials[h])
		if err != nil {
			return nil, err
		}
		out[h] = d
	}
	out[horizon] = fleet.SumOf(totals)
	return out, nil
}

func mixed(groups []string, seen [][][]fleet.Distribution) []Demand {
	out := make([]Demand, len(groups))
	for g, name := range groups {
		out[g].Group = name
		for h, draws := range seen[g] {
			d := fleet.Mixture(draws, equal(len(draws)))
			if h < len(seen[g])-1 {
				out[g].Months = append(out[g].Months, d)
			} else {
				out[g].Total = d
			}
		}
	}
	return out
}

func equal(n int) []float64 { return slices.Repeat([]float64{1 / float64(n)}, n) }

// History is how many parts a group was given a month, from the fleet's first
// month on; NaN before the group's first reading and after its last.
type History struct {
	Group  string
	Counts []float64
}

// History is what was known at the end of a month, with as many values as
// months from First to it; the groups that had a unit by then in their order.
// What a unit was given before its first reading has no month.
func (f *Fleet) History(cut Month) []History {
	groups := f.groups(cut)
	out := make([]History, len(groups))
	first, last := make([]Month, len(groups)), make([]Month, len(groups))
	for g, name := range groups {
		out[g] = History{name, make([]float64, max(0, cut-f.First+1))}
		first[g] = cut
	}
	for i := range f.units {
		u := &f.units[i]
		past := u.until(cut)
		if len(past) == 0 {
			continue
		}
		g, _ := slices.BinarySearch(groups, past[0].group)
		first[g], last[g] = min(first[g], past[0].month), max(last[g], past[len(past)-1].month)
		for _, m := range u.replaced(past[0].month, cut) {
			out[g].Counts[m-f.First]++
		}
	}
	for g := range out {
		for i := range out[g].Counts {
			if m := f.First + Month(i); m < first[g] || m > last[g] {
				out[g].Counts[i] = math.NaN()
			}
		}
	}
	return out
}
