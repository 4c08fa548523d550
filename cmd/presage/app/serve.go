package app

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
)

// Serve takes telemetry in and answers HTTP until ctx ends, then lets both
// finish what they hold. Periodic work is Schedule's.
func (a *App) Serve(ctx context.Context) error {
	if err := a.subscribe(ctx); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	// The pipeline outlives ctx by its last flush.
	draining, drained := context.WithCancel(context.WithoutCancel(ctx))
	defer drained()
	group.Go(func() error { return a.Pipeline.Run(draining) })
	group.Go(func() error {
		defer drained()
		err := a.takeIn(ctx)
		flush, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		// What cannot be flushed is not acknowledged: whoever sent it keeps it.
		return errors.Join(err, ignoreUnavailable(a.Pipeline.Flush(flush)))
	})
	group.Go(func() error { return a.runSpool(ctx) })
	group.Go(func() error { return a.runSeries(ctx) })
	group.Go(func() error { a.retain(ctx); return nil })
	group.Go(func() error { return a.backups.run(ctx) })
	group.Go(func() error { return serveHTTP(ctx, a.listener, a.handler) })
	if a.metricsListener != nil {
		group.Go(func() error { return serveHTTP(ctx, a.metricsListener, a.openMetrics()) })
	}
	group.Go(func() error { return a.watch.Run(ctx) })
	group.Go(func() error { return a.share(ctx) })
	if a.Does(presage.ProcessOutreach) {
		group.Go(func() error { a.tellOthers(ctx); return nil })
	}
	group.Go(func() error { return a.forwardCommands(ctx) })
	group.Go(func() error { a.watchEdge(ctx); return nil })
	return group.Wait()
}

// takeIn lets vehicles send, over MQTT and to the gateway, until ctx ends.
func (a *App) takeIn(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	switch {
	case a.door != nil:
		group.Go(func() error { return a.door.Run(ctx) })
	case a.subscriber != nil:
		group.Go(func() error { return a.subscriber.Run(ctx) })
	default: // vehicles come to other processes
		<-ctx.Done()
	}
	if a.gateway != nil {
		group.Go(func() error { return a.gateway.Run(ctx) })
	}
	return group.Wait()
}

func ignoreUnavailable(err error) error {
	if errors.Is(err, presage.ErrUnavailable) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}
