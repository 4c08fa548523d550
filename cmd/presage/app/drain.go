package app

import (
	"context"
	"fmt"
	"time"

	"presage"
)

// Drained is a context for Serve and Schedule that ends the configured drain
// after ctx does. Between the two everything works and /readyz says that the
// process stops, so that a load balancer sends nothing new. stop ends it at once.
func (a *App) Drained(ctx context.Context) (working context.Context, stop func()) {
	working, end := context.WithCancel(context.WithoutCancel(ctx))
	unwatch := context.AfterFunc(ctx, func() {
		a.stopping.Store(true)
		if a.shared != nil {
			a.shared.member.Retire()
		}
		a.log.InfoContext(working, "the process stops: nothing new is wanted", "closes_in", a.cfg.Drain)
		wait := time.NewTimer(a.cfg.Drain)
		defer wait.Stop()
		select {
		case <-wait.C:
			end()
		case <-working.Done():
		}
	})
	return working, func() { unwatch(); end() }
}

// stays is nil until the process is told to stop.
func (a *App) stays(context.Context) error {
	if !a.stopping.Load() {
		return nil
	}
	return &presage.PublicError{
		Words: "the process stops", Err: fmt.Errorf("%w: the process stops", presage.ErrUnavailable),
	}
}
