// Package problem turns errors into HTTP answers: one table from the root
// package's kinds to statuses, used by the JSON API and the pages alike.
package problem

import (
	"context"
	"errors"
	"net/http"

	"presage"
)

// statusClientGone is nginx's code for a caller who hung up; nobody reads it but the log.
const statusClientGone = 499

// Of returns the HTTP status of err and the text a caller may read. Errors of
// no known kind are 500 and keep their text to the log.
func Of(err error) (status int, detail string) {
	for _, row := range []struct {
		kind   error
		status int
	}{
		{presage.ErrInvalid, http.StatusUnprocessableEntity},
		{presage.ErrNotFound, http.StatusNotFound},
		{presage.ErrConflict, http.StatusConflict},
		{presage.ErrForbidden, http.StatusForbidden},
		{presage.ErrExpired, http.StatusGone},
		{presage.ErrThrottled, http.StatusTooManyRequests},
		{presage.ErrUnavailable, http.StatusServiceUnavailable},
		{context.DeadlineExceeded, http.StatusGatewayTimeout},
		{context.Canceled, statusClientGone},
	} {
		if errors.Is(err, row.kind) {
			return row.status, err.Error()
		}
	}
	return http.StatusInternalServerError, "internal error; the log has the details"
}
