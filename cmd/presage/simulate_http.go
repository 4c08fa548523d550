package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"presage"
	"presage/cmd/presage/demo"
	"presage/cmd/presage/progress"
)

// noBroker says where the format is published to by habit. Nothing is
// published there unasked: what listens may have a fleet of its own, and would
// take the simulated cars for real ones.
func (c simulateCommand) noBroker() error {
	usual := "tcp://127.0.0.1:1883"
	switch {
	case c.terminals():
		usual = "tcp://127.0.0.1:32960"
	case c.Format == "http":
		usual = "http://127.0.0.1:8080"
	}
	return fmt.Errorf("%w: --broker is missing: say where to publish, for a service on this machine --broker %s",
		presage.ErrInvalid, usual)
}

// publishHTTP posts the stream's telemetry to the service.
func (c simulateCommand) publishHTTP(ctx context.Context, p *process, s demo.Stream, bar *progress.Bar) error {
	key := c.Key
	for _, entry := range p.env {
		if text, ok := strings.CutPrefix(entry, "PRESAGE_HTTP_ADMIN_KEY="); ok && key == "" {
			key = text
		}
	}
	n, err := s.PublishHTTP(ctx, presage.Secret(key))
	bar.Finish()
	switch {
	case errors.Is(err, presage.ErrForbidden):
		return fmt.Errorf("%w; give the admin key with --key or PRESAGE_HTTP_ADMIN_KEY", err)
	case err != nil:
		return brokerHint(err)
	}
	_, err = fmt.Fprintf(p.stdout, "posted %d messages; %d samples are stored\n", n.Messages, n.Samples)
	return err
}
