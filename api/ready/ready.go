// Package ready asks the parts of the service whether they work.
package ready

import (
	"context"
	"errors"
	"math"
	"time"
)

// checkTimeout bounds each part's answer.
const checkTimeout = 5 * time.Second

// Check is one part of the service that can be down.
type Check struct {
	Name  string // "telemetry", "sql", "mqtt", "ingest"
	Ready func(ctx context.Context) error
	// Checked is how long ago the part was tried; nil: at each question.
	Checked func() time.Duration
}

// DegradedError is the answer of a Check whose part works, and about which
// /readyz has something to say nevertheless.
type DegradedError struct{ Note string }

// Error is the note.
func (e *DegradedError) Error() string { return e.Note }

// Part is how one part of the service answered.
type Part struct {
	Name  string `json:"name"`
	Ready bool   `json:"ready"`
	// Reason is why not, or what is wrong although it works, in words for
	// outsiders: no user, host or database.
	Reason string `json:"reason,omitempty"`
	// Detail is the whole error where it says more: for operators and the log.
	Detail string `json:"detail,omitempty"`
	// Checked is how many seconds ago the part was tried.
	Checked float64 `json:"checked"`
}

// All asks every part at the same time; ready tells whether all of them are.
func All(ctx context.Context, checks []Check) (parts []Part, ready bool) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	parts = make([]Part, len(checks))
	done := make(chan struct{})
	for i, check := range checks {
		go func() {
			defer func() { done <- struct{}{} }()
			parts[i] = Part{Name: check.Name, Ready: true}
			if err := check.Ready(ctx); err != nil {
				_, degraded := errors.AsType[*DegradedError](err)
				parts[i].Ready, parts[i].Reason = degraded, Words(err, "does not work: the log says why")
				if text := err.Error(); text != parts[i].Reason {
					parts[i].Detail = text
				}
			}
			if check.Checked != nil {
				parts[i].Checked = math.Round(10*check.Checked().Seconds()) / 10
			}
		}()
	}
	ready = true
	for range checks {
		<-done
	}
	for _, p := range parts {
		ready = ready && p.Ready
	}
	return parts, ready
}

// Words are what outsiders may read of err; otherwise stands for one that has none.
func Words(err error, otherwise string) string {
	var public interface{ Public() string }
	switch degraded, ok := errors.AsType[*DegradedError](err); {
	case ok:
		return degraded.Note
	case errors.As(err, &public):
		return public.Public()
	case errors.Is(err, context.DeadlineExceeded):
		return "no answer in time"
	}
	return otherwise
}
