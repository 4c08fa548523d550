package port

// DegradedError is the answer of a Check whose part works, and about which
// /readyz has something to say nevertheless.
type DegradedError struct{ Note string }

// Error is the note.
func (e *DegradedError) Error() string { return e.Note }
