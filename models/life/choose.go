package life

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Choose fits every family given (all if none is) and returns them by growing
// AIC, the best first; of two within a thousandth the simpler one. Families
// that the lives do not determine are left out; the error is that of the
// simplest family when none is left.
func Choose(lives []Life, families ...Family) ([]Fitted, error) {
	if len(families) == 0 {
		families = Families()
	}
	s, err := newSample(lives)
	if err != nil {
		return nil, err
	}
	var fits []Fitted
	var faults []error
	for _, family := range families {
		f, err := s.fit(family)
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", family, err))
			continue
		}
		fits = append(fits, f)
	}
	if len(fits) == 0 {
		return nil, errors.Join(faults[:1]...)
	}
	slices.SortStableFunc(fits, func(a, b Fitted) int {
		if d := a.AIC() - b.AIC(); d > 1e-3 || d < -1e-3 {
			return cmp.Compare(a.AIC(), b.AIC())
		}
		return cmp.Compare(a.Family, b.Family)
	})
	return fits, nil
}
