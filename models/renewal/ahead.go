package renewal

import (
	"fmt"
	"math"
	"math/rand/v2"

	"presage"
	"presage/models/life"
)

// Unit is a unit of the fleet with its part alive.
type Unit struct {
	Group int
	Age   float64 // of the part now, in the unit of the lives, >= 0
	Usage Usage
}

func (u Unit) sound(groups int) bool {
	return u.Group >= 0 && u.Group < groups && u.Age >= 0 && u.Usage.Mean >= 0 && u.Usage.SD >= 0
}

// Count is the distribution of the fleet's replacements in one month.
type Count struct {
	Mean float64
	CDF  []float64 // P(at most k), k from 0 on; the last is 1
}

// Quantile is the smallest count that is not exceeded with probability p.
func (c Count) Quantile(p float64) int {
	for k, f := range c.CDF {
		if f >= p-1e-12 {
			return k
		}
	}
	return len(c.CDF) - 1
}

// Outlook is what lies ahead of a fleet.
type Outlook struct {
	Probability []float64 // a unit: that its part fails within the horizon
	Months      []Count   // a month, renewals of renewed parts included
}

// Ahead follows the fleet through the months ahead under each draw:
// every unit with a use drawn from its forecast. A unit's probability is the
// mean over draws of 1 - exp(H(age) - H(age ahead)), without drawing its failure;
// counts are drawn. ErrInvalid: no draws, no months, or a unit without a distribution.
func Ahead(draws []Draw, units []Unit, months int, rng *rand.Rand) (Outlook, error) {
	if len(draws) == 0 || months <= 0 {
		return Outlook{}, fmt.Errorf("ahead: %w: %d draws, %d months", presage.ErrInvalid, len(draws), months)
	}
	for i, u := range units {
		if !u.sound(len(draws[0])) {
			return Outlook{}, fmt.Errorf("ahead: %w: unit %d is %+v, the draws are for %d groups",
				presage.ErrInvalid, i+1, u, len(draws[0]))
		}
	}
	out := Outlook{Probability: make([]float64, len(units))}
	seen := make([][]int, months) // how many draws had k replacements
	count := make([]int, months)
	for _, draw := range draws {
		clear(count)
		for i, u := range units {
			use := math.Max(0, u.Usage.Mean+u.Usage.SD*rng.NormFloat64())
			rise := fail(draw[u.Group], u.Age, use, rng, count)
			out.Probability[i] -= math.Expm1(-rise) / float64(len(draws))
		}
		for m, k := range count {
			for len(seen[m]) <= k {
				seen[m] = append(seen[m], 0)
			}
			seen[m][k]++
		}
	}
	for _, counts := range seen {
		out.Months = append(out.Months, distribution(counts, len(draws)))
	}
	return out, nil
}

// fail draws the failures of one unit by the hazard that each part has to
// spend, adds them to their months and returns the hazard ahead of the present part.
func fail(law life.Weibull, age, use float64, rng *rand.Rand, months []int) float64 {
	if use == 0 {
		return 0
	}
	rise := law.CumulativeHazard(age+use*float64(len(months))) - law.CumulativeHazard(age)
	at := 0. // months from now
	for {
		spent := law.CumulativeHazard(age) + rng.ExpFloat64()
		at += (law.Scale*math.Pow(spent, 1/law.Shape) - age) / use
		if !(at < float64(len(months))) {
			return rise
		}
		months[int(at)]++
		age = 0
	}
}

func distribution(counts []int, draws int) Count {
	var c Count
	sum := 0
	for k, n := range counts {
		sum += n
		c.Mean += float64(k*n) / float64(draws)
		c.CDF = append(c.CDF, float64(sum)/float64(draws))
	}
	return c
}
