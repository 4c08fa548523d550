package presage

import "errors"

// The kinds of failure a caller can act on. Adapters wrap the cause with one
// of these by fmt.Errorf("...: %w", ErrX); the API maps each kind to one HTTP
// status.
var (
	// ErrInvalid: the input is wrong and will stay wrong; the text says what,
	// where and how to mend it.
	ErrInvalid = errors.New("invalid")
	// ErrNotFound: the named thing does not exist.
	ErrNotFound = errors.New("not found")
	// ErrConflict: somebody else was faster (a slot sold, a state moved on).
	ErrConflict = errors.New("conflict")
	// ErrForbidden: the caller is known and may not do this.
	ErrForbidden = errors.New("forbidden")
	// ErrExpired: the thing was valid once (an offer link, a reservation).
	ErrExpired = errors.New("expired")
	// ErrNewOwner: the link was of somebody who owned the car once; it comes
	// together with ErrExpired.
	ErrNewOwner = errors.New("this car is no longer yours to book")
	// ErrStale: what the caller was shown has changed; it comes together with
	// ErrConflict.
	ErrStale = errors.New("it has changed since it was shown")
	// ErrFenced: the work was handed on to another process; nothing was written. It comes
	// together with ErrConflict.
	ErrFenced = errors.New("another process has this work by now")
	// ErrSpent: a coupon rule has none left this month, or none for its customer yet; it comes together with
	// ErrConflict.
	ErrSpent = errors.New("no coupon is left")
	// ErrTooLate: the visit would be after the repair can wait, or further ahead
	// than anybody plans; it comes together with ErrInvalid.
	ErrTooLate = errors.New("too late")
	// ErrUnavailable: a store, broker or provider does not answer now; the
	// same call may succeed later.
	ErrUnavailable = errors.New("unavailable")
	// ErrThrottled: the caller tried too often; the same call may succeed later.
	ErrThrottled = errors.New("too many tries")
)

// PublicError carries words for outsiders (/readyz) beside an error that may
// name hosts, users and databases, and is for the log.
type PublicError struct {
	Words string
	Err   error
}

func (e *PublicError) Error() string { return e.Err.Error() }

// Public is what outsiders may read.
func (e *PublicError) Public() string { return e.Words }

// Unwrap returns the error for the log.
func (e *PublicError) Unwrap() error { return e.Err }
