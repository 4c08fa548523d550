package eval

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"presage"
	"presage/models/life"
)

// Watched is a unit with the risk that it was given and what was seen of it.
type Watched struct {
	Risk   float64 // any number that is larger for those expected to fail earlier
	Time   float64 // until the failure, or until it was last seen alive
	Failed bool
}

// Concordance is the share of comparable pairs, one of which is known to have
// failed first, in which it had the higher risk; ties of risk count half
// (Harrell 1982). 0.5 is chance. NaN when no pair can be compared.
func Concordance(units []Watched) (float64, error) {
	for i, u := range units {
		if math.IsNaN(u.Risk) || !(u.Time >= 0) {
			return 0, fmt.Errorf("concordance: %w: unit %d has risk %g and time %g", presage.ErrInvalid, i+1, u.Risk, u.Time)
		}
	}
	byTime := slices.Clone(units)
	slices.SortFunc(byTime, func(a, b Watched) int { return cmp.Compare(a.Time, b.Time) })
	right, pairs := 0.0, 0.0
	for i, a := range byTime {
		if !a.Failed {
			continue
		}
		for _, b := range byTime[i+1:] {
			if b.Time == a.Time && b.Failed {
				continue // nobody knows who was first
			}
			pairs++
			switch {
			case a.Risk > b.Risk:
				right++
			case a.Risk == b.Risk:
				right += 0.5
			}
		}
	}
	return right / pairs, nil
}

// Outcome is a unit's predicted survival and what was seen of it.
type Outcome struct {
	Survival func(t float64) float64 // P(T > t), non-increasing
	Time     float64                 // until failure or last seen alive
	Failed   bool
}

// IntegratedBrier is the mean over (0, horizon] of the Brier score of the
// predicted survival, on steps points. Units lost before a time say nothing
// about it; those that stayed are weighted by the inverse probability of not
// being lost, so that losses do not bias it (Graf et al. 1999, equation 3;
// censoring must not depend on the risk).
func IntegratedBrier(units []Outcome, horizon float64, steps int) (float64, error) {
	if len(units) == 0 || !(horizon > 0) || steps < 1 {
		return 0, fmt.Errorf("integrated Brier score: %w: %d units, horizon %g, %d steps",
			presage.ErrInvalid, len(units), horizon, steps)
	}
	lost := make([]life.Life, len(units))
	for i, u := range units {
		lost[i] = life.Exact(0, u.Time)
		if u.Failed {
			lost[i] = life.Alive(0, u.Time)
		}
		if !(u.Time > 0) {
			return 0, fmt.Errorf("integrated Brier score: %w: unit %d has time %g", presage.ErrInvalid, i+1, u.Time)
		}
	}
	kept, err := life.ProductLimit(lost)
	if err != nil {
		return 0, fmt.Errorf("integrated Brier score: %w", err)
	}
	sum := 0.0
	for k := range steps {
		t := horizon * (float64(k) + 0.5) / float64(steps)
		for _, u := range units {
			s := u.Survival(t)
			switch {
			case u.Time > t:
				sum += (1 - s) * (1 - s) / kept.At(t, 1)
			case u.Failed: // just before its failure it had not been lost
				sum += s * s / kept.At(math.Nextafter(u.Time, 0), 1)
			}
		}
	}
	return sum / float64(steps*len(units)), nil
}
