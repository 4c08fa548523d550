package eval

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"presage"
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
