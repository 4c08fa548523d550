package app

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/models/scoring"
)

// Score is one scoring pass without decisions or plans: what an evaluation
// needs where nobody is to act.
func (a *App) Score(ctx context.Context) (scoring.Report, error) { return a.scoring.Score(ctx) }

// HideFuture makes scoring pass over vehicle-days that are not over by the
// clock. Recordings that arrived all at once can then be lived through day by
// day, each night seeing what it would have seen. Call it before the first pass.
func (a *App) HideFuture() error {
	store := scoringStore{a.SQL}
	prognoser, err := a.prognoser()
	if err != nil {
		return err
	}
	stage, err := scoring.New(scoring.Default(), scoring.Deps{
		Telemetry: a.Telemetry, Queue: pastQueue{store, a.Clock.Now}, Rollups: store, Fleet: store, Prognoses: store,
		Now: a.Clock.Now, Logger: a.log,
	}, prognoser)
	if err != nil {
		return err
	}
	a.scoring = stage
	return nil
}

// pastQueue is a queue of dirty days without those that are not over.
type pastQueue struct {
	scoringStore
	now func() time.Time
}

// DirtyDays lists at most limit days that are over.
func (q pastQueue) DirtyDays(ctx context.Context, limit int) ([]presage.DirtyDay, error) {
	all, err := q.scoringStore.DirtyDays(ctx, 0)
	if err != nil {
		return nil, err
	}
	now := q.now()
	past := make([]presage.DirtyDay, 0, limit)
	for _, d := range all {
		if len(past) < limit && !(d.Day + 1).Start().After(now) {
			past = append(past, d)
		}
	}
	return past, nil
}

// Taken is how many messages ingest has taken in since Open; Flush makes them durable.
func (a *App) Taken() (int, error) {
	families, err := a.registry.Gather()
	if err != nil {
		return 0, fmt.Errorf("read metrics: %w", err)
	}
	n := 0.
	for _, f := range families {
		if f.GetName() != "presage_ingest_messages_total" {
			continue
		}
		for _, m := range f.GetMetric() {
			n += m.GetCounter().GetValue()
		}
	}
	return int(n), nil
}
