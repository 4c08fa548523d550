package eval

import (
	"fmt"
	"iter"
	"slices"

	"presage"
)

// Dated is anything with a time, in any unit.
type Dated interface{ When() float64 }

// Origin is one cut of a rolling-origin back-test.
type Origin[T Dated] struct {
	At     float64
	Past   []T // before At: all that a model may see
	Future []T // in [At, At+horizon): what it is judged by
}

// Origins cuts records at first, first+step, ... as long as a whole horizon
// lies before last. Past holds copies of the slice's elements up to the cut
// and no capacity beyond, so that what comes later is not even reachable from
// it. records must be in the order of time, else ErrInvalid.
func Origins[T Dated](records []T, first, step, horizon, last float64) (iter.Seq[Origin[T]], error) {
	if !(step > 0 && horizon > 0) {
		return nil, fmt.Errorf("origins: %w: step %g, horizon %g", presage.ErrInvalid, step, horizon)
	}
	for i := 1; i < len(records); i++ {
		if records[i].When() < records[i-1].When() {
			return nil, fmt.Errorf("origins: %w: record %d is earlier than the one before it", presage.ErrInvalid, i+1)
		}
	}
	return func(yield func(Origin[T]) bool) {
		for k := 0; ; k++ {
			at := first + float64(k)*step
			if at+horizon > last {
				return
			}
			o := Origin[T]{At: at}
			for _, r := range records {
				switch when := r.When(); {
				case when < at:
					o.Past = append(o.Past, r)
				case when < at+horizon:
					o.Future = append(o.Future, r)
				}
			}
			o.Past = slices.Clip(o.Past)
			if !yield(o) {
				return
			}
		}
	}, nil
}
