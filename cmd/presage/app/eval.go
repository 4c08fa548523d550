package app

import (
	"context"
	"fmt"

	"presage/models/scoring"
)

// Score is one scoring pass without decisions or plans: what an evaluation
// needs where nobody is to act.
func (a *App) Score(ctx context.Context) (scoring.Report, error) { return a.scoring.Score(ctx) }

// HideFuture makes scoring pass over vehicle-days that are not over by the
// clock. Call it before the first pass.
func (a *App) HideFuture() error {
	return a.openScoring(scoring.Over(a.SQL, a.Clock.Now), nil)
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
