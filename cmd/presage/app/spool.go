package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"

	"presage"
	"presage/api/ready"
	"presage/ingest"
	"presage/internal/spool"
)

// openSpool opens the spool when one is configured, and also when an earlier
// configuration left one behind: what is in it was acknowledged.
func (a *App) openSpool(context.Context) error {
	dir := a.dir.file("spool")
	if a.cfg.Ingest.Spool == 0 {
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			return nil
		}
	}
	var err error
	a.spool, err = spool.Open(spool.Config{
		Dir: dir, MaxBytes: int64(a.cfg.Ingest.Spool), MinFreeBytes: a.reserve(),
	}, spool.Deps{
		Store: a.Telemetry, Dirty: a.SQL, Refused: a.refused, Now: a.Clock.Now, Logger: a.log, Registerer: a.registry,
		Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), //nolint:gosec // jitter, not a secret
	})
	return err
}

// refused keeps what the store refused of a spooled batch as dead letters.
func (a *App) refused(ctx context.Context, rejected *presage.RejectedError) error {
	return a.letters.PutDeadLetters(ctx, ingest.RejectedLetters(rejected, a.Clock.Now()))
}

// intake is where ingest writes.
func (a *App) intake() ingest.Store {
	if a.spool != nil {
		return a.spool
	}
	return a.Telemetry
}

// runSpool empties the spool, if there is one, until ctx ends.
func (a *App) runSpool(ctx context.Context) error {
	if a.spool == nil {
		return nil
	}
	if err := a.spool.Run(ctx); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

// telemetryReady is nil when telemetry would be taken in now: a probe was
// stored, or spooled.
func (a *App) telemetryReady(ctx context.Context) error {
	if a.spool == nil {
		return a.Telemetry.Probe(ctx)
	}
	probe := a.spool.Probe(ctx)
	note, err := a.spool.Health(ctx)
	switch {
	case err != nil:
		return err
	case note != "": // the journal takes over, if it has not yet
		return &ready.DegradedError{Note: note}
	}
	return probe
}
