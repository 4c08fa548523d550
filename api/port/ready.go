package port

import (
	"context"
	"errors"
	"time"
)

// checkTimeout bounds each part's answer.
const checkTimeout = 2 * time.Second

// PartState is how one part of the service answered.
type PartState struct {
	Name   string `json:"name"`
	Ready  bool   `json:"ready"`
	Reason string `json:"reason,omitempty"` // why not, or what is wrong although it works
}

// CheckAll asks every part at the same time; ready tells whether all of them are.
func CheckAll(ctx context.Context, checks []Check) (parts []PartState, ready bool) {
	ctx, cancel := context.WithTimeout(ctx, checkTimeout)
	defer cancel()
	parts = make([]PartState, len(checks))
	done := make(chan struct{})
	for i, check := range checks {
		go func() {
			defer func() { done <- struct{}{} }()
			parts[i] = PartState{Name: check.Name, Ready: true}
			if err := check.Ready(ctx); err != nil {
				_, degraded := errors.AsType[*DegradedError](err)
				parts[i].Ready, parts[i].Reason = degraded, err.Error()
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
