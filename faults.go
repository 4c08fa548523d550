package presage

import "fmt"

// fieldFaults gathers what is wrong with the fields of a record.
type fieldFaults struct{ errs []error }

// demand notes a fault of a field, as ErrInvalid, unless what is asked of it is met.
func (f *fieldFaults) demand(met bool, field, text string, args ...any) {
	if !met {
		f.errs = append(f.errs, fmt.Errorf("%s: %w: %s", field, ErrInvalid, fmt.Sprintf(text, args...)))
	}
}

// ranges notes the faults of each range.
func (f *fieldFaults) ranges(all []RecallRange) {
	for i, x := range all {
		for _, fault := range x.faults() {
			f.demand(false, fmt.Sprintf("ranges[%d]", i), "%s", fault)
		}
	}
}
