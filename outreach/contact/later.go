package contact

import (
	"errors"
	"net/http"
	"strconv"
	"time"
)

// laterError is an error that says how long to wait before the next attempt.
type laterError struct {
	error
	wait time.Duration
}

func (e laterError) Unwrap() error { return e.error }

// After adds to err how long the provider's answer asks to wait; err alone when
// it does not say. A date counts from the answer's own, so that no clock matters.
func After(err error, answer http.Header) error {
	text := answer.Get("Retry-After")
	if seconds, bad := strconv.ParseInt(text, 10, 32); bad == nil && seconds > 0 {
		return laterError{err, time.Duration(seconds) * time.Second}
	}
	at, bad := http.ParseTime(text)
	now, unknown := http.ParseTime(answer.Get("Date"))
	if bad == nil && unknown == nil && at.After(now) {
		return laterError{err, at.Sub(now)}
	}
	return err
}

// Wait is how long err asks to wait before the next attempt, 0 when it does not say.
func Wait(err error) time.Duration {
	if later, ok := errors.AsType[laterError](err); ok {
		return later.wait
	}
	return 0
}
