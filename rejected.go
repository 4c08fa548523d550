package presage

import "fmt"

// RejectedError says that a telemetry store will never take some readings of a
// write, while everything else of the same write is stored. It is an
// ErrInvalid: writing the same readings again fails again, so the caller keeps
// them as dead letters and goes on.
type RejectedError struct {
	Samples []Sample // what was not stored, and nothing else
	Reason  string   // of the first one: what, and how to mend it

	// Reasons holds the reason of each of Samples. Readings of one sample that
	// were turned away for different reasons are different Samples. nil: Reason
	// is everybody's.
	Reasons []string
}

// ReasonOf is why Samples[i] was turned away.
func (e *RejectedError) ReasonOf(i int) string {
	if i < len(e.Reasons) {
		return e.Reasons[i]
	}
	return e.Reason
}

// Error names the first fault and how many samples were turned away.
func (e *RejectedError) Error() string {
	return fmt.Sprintf("%v telemetry: %d samples turned away: %s", ErrInvalid, len(e.Samples), e.Reason)
}

// Unwrap returns ErrInvalid.
func (e *RejectedError) Unwrap() error { return ErrInvalid }
