package influx

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	influxhttp "github.com/influxdata/influxdb-client-go/v2/api/http"

	"presage"
)

// RejectedError is what Write returns when the server will never take some readings.
type RejectedError = presage.RejectedError

// statusOf is the HTTP status of a client error, 0 if the server did not answer.
func statusOf(err error) int {
	if e, ok := errors.AsType[*influxhttp.Error](err); ok {
		return e.StatusCode
	}
	return 0
}

// refused tells whether the server answered that the set-up is wrong.
func refused(err error) bool {
	switch statusOf(err) {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return true
	}
	return false
}

// dataFault tells whether the server turned the lines themselves away. The
// limits of a server are its owner's to raise, and a shard that is being deleted
// is gone in a moment: they hold the write back.
func dataFault(err error) bool {
	switch statusOf(err) {
	case http.StatusRequestEntityTooLarge:
		return true
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
	default:
		return false
	}
	text := err.Error()
	if strings.Contains(text, "limit exceeded") || strings.Contains(text, "pending deletion") {
		return false
	}
	for _, fault := range []string{
		"unable to parse", "partial write", "field type conflict", "beyond retention policy", "invalid field name",
	} {
		if strings.Contains(text, fault) {
			return true
		}
	}
	return false
}

// unavailable wraps err as ErrUnavailable with what to do about it. The
// client's error stays in the chain.
func (s *Store) unavailable(doing string, err error) error {
	var advice string
	switch statusOf(err) {
	case 0:
		advice = "no answer from " + s.config.URL
	case http.StatusUnauthorized:
		advice = `the token is not accepted: set influx.token (InfluxDB 1.8: "user:password")`
	case http.StatusForbidden:
		advice = "not allowed: give the token read and write access to the bucket (InfluxDB 1.8: flux-enabled = true)"
	case http.StatusNotFound:
		advice = fmt.Sprintf("no such bucket or organisation: influx bucket create --name %s --org %s",
			s.config.Bucket, s.config.Org)
		if database, _, ok := strings.Cut(s.config.Bucket, "/"); ok {
			advice = fmt.Sprintf("no such bucket: CREATE DATABASE %q", database)
		}
	case http.StatusTooManyRequests:
		advice = "the server asks to send less"
	default:
		advice = "the server fails"
	}
	return &failure{
		kind: kindOf(err), cause: err,
		error: fmt.Errorf("influx bucket %s: %s: %w: %s: %w", s.config.Bucket, doing, presage.ErrUnavailable, advice, err),
	}
}

// failure is an error that counts itself and knows when to come back.
type failure struct {
	error

	kind  string
	cause error
}

func (f *failure) Unwrap() error { return f.error }

// Kind is a constant word for counting: the class of the status, or why there
// was no answer.
func (f *failure) Kind() string { return f.kind }

// RetryAfter is how long the server asks to be left alone (RFC 9110, section
// 10.2.3, as seconds), 0 if it does not.
func (f *failure) RetryAfter() time.Duration {
	if e, ok := errors.AsType[*influxhttp.Error](f.cause); ok {
		return time.Duration(e.RetryAfter) * time.Second
	}
	return 0
}

func kindOf(err error) string {
	var net interface{ Timeout() bool }
	switch status := statusOf(err); {
	case status == http.StatusUnauthorized, status == http.StatusForbidden,
		status == http.StatusNotFound, status == http.StatusTooManyRequests:
		return strconv.Itoa(status)
	case status >= 100:
		return strconv.Itoa(status/100) + "xx"
	case errors.Is(err, context.DeadlineExceeded) || errors.As(err, &net) && net.Timeout():
		return "timeout"
	}
	return "no_answer"
}
