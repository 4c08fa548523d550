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

// plainer is an error whose full text is the log's.
type plainer interface {
	error
	// Plain is what an outsider may read.
	Plain() string
}

// Text is what a caller may read of err.
func Text(err error) string {
	if hidden, ok := errors.AsType[plainer](err); ok {
		return hidden.Plain()
	}
	return err.Error()
}

// Hidden tells that Text says less than the log should.
func Hidden(err error) bool {
	_, ok := errors.AsType[plainer](err)
	return ok
}

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
			return row.status, Text(err)
		}
	}
	return http.StatusInternalServerError, "internal error; the log has the details"
}
