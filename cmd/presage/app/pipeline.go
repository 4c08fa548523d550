package app

import (
	"context"
	"fmt"
	"math/rand/v2"

	"presage"
	"presage/api/ready"
	"presage/ingest"
)

// openPipeline makes ready what takes messages in.
func (a *App) openPipeline() error {
	oldest, err := a.cfg.Ingest.OldestTime()
	if err != nil {
		return fmt.Errorf("ingest.oldest: %w: %w", presage.ErrInvalid, err)
	}
	a.Pipeline, err = ingest.New(
		ingest.Config{
			MaxPayload: int(a.cfg.Ingest.MaxPayload), Oldest: oldest, JudgeAlone: !a.cfg.Ingest.ClockHold,
			BatchMessages: a.cfg.Ingest.Batch, Linger: a.cfg.Ingest.Linger, Unknown: a.cfg.Ingest.Unknown,
			RegisterTotal:  a.cfg.Ingest.RegisterTotal,
			RatePerVehicle: a.cfg.Ingest.RatePerVehicle, RateBurst: a.cfg.Ingest.RateBurst,
		},
		ingest.Deps{
			Store: a.intake(), DeadLetters: a.openEdge(), Dirty: a.SQL,
			Fleet: a.SQL, Events: a.SQL, Watcher: a.watch, Names: a.Names, Room: a.room,
			Formats: decoders(a.foreign), Logger: a.log, Registerer: a.registry, Now: a.Clock.Now,
			Rand: rand.New(rand.NewPCG(rand.Uint64(), rand.Uint64())), //nolint:gosec // jitter, not a secret
		})
	if err == nil {
		a.edge.redriver = ingest.NewRedriver(a.Pipeline, a.SQL, a.Clock.Now, a.log)
	}
	return err
}

// clockReady is nil while the clock agrees with what vehicles say.
func (a *App) clockReady(context.Context) error {
	note, err := a.Pipeline.Clock()
	if err == nil && note != "" {
		return &ready.DegradedError{Note: note}
	}
	return err
}
