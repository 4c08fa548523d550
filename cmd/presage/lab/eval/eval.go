package eval

import (
	"context"
	"fmt"
	"io"
	"log/slog"
)

// Options say what to evaluate.
type Options struct {
	Data       string      // folder of the public data sets; what is not there is left out
	Recordings []Recording // none: no real cars
	Fleet      Fleet       // no vehicles: no simulated ones
	Parts      string      // folder of the data sets of parts demand; empty: none
	Version    string
	Logger     *slog.Logger // nil discards
	Progress   io.Writer    // where progress bars go; nil for nowhere
}

// Run evaluates and returns the table. An error means that a measurement could
// not be made; a check that does not hold is no error but a Miss.
func Run(ctx context.Context, o Options) (*Table, error) {
	if o.Progress == nil {
		o.Progress = io.Discard
	}
	t := &Table{}
	if len(o.Recordings) > 0 {
		if err := evaluateRecordings(ctx, o, t); err != nil {
			return nil, fmt.Errorf("recordings: %w", err)
		}
	}
	for _, part := range []struct {
		name string
		do   func(Options, *Table) error
	}{
		{"lives", evaluateLives},
		{"bus engines", evaluateRenewals},
		{"engines demanded", func(o Options, t *Table) error { return evaluateEngines(ctx, o, t) }},
		{"priors", evaluatePriors},
		{"batteries", func(o Options, t *Table) error { return evaluateBatteries(o.Data, t) }},
	} {
		if o.Data == "" {
			break
		}
		if err := part.do(o, t); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	if o.Fleet.Vehicles > 0 {
		if err := evaluateFleet(ctx, o, t); err != nil {
			return nil, fmt.Errorf("simulated fleet: %w", err)
		}
	}
	if o.Parts != "" {
		if err := evaluateParts(ctx, o, t); err != nil {
			return nil, fmt.Errorf("parts demand: %w", err)
		}
	}
	return t, nil
}
