package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"presage"
	"presage/cmd/presage/clock"
	"presage/cmd/presage/demo"
	"presage/cmd/presage/progress"
	"presage/models"
	"presage/simulator"
)

type simulateCommand struct {
	Broker   string        `placeholder:"URL" help:"Where to publish, such as tcp://127.0.0.1:1883; for gbt32960 the gateway, tcp://127.0.0.1:32960; for http the service, http://127.0.0.1:8080. What listens there takes the fleet for a real one."` //nolint:lll // a struct tag cannot be broken
	Vehicles int           `default:"20" help:"Size of the fleet."`
	Seed     uint64        `default:"1" help:"Decides everything that is random."`
	Pace     float64       `default:"3600" help:"Simulated seconds a second."`
	Start    string        `placeholder:"TIME" help:"RFC 3339 instant to begin with; a day ago without it."`
	Format   string        `default:"native" enum:"native,http,tesla,ovms,wican,gbt32960,gbt32960-2025" help:"What the vehicles speak: ${enum}."` //nolint:lll // a struct tag cannot be broken
	Base     string        `default:"telemetry" placeholder:"TOPIC" help:"Topic base of --format tesla."`
	Key      string        `placeholder:"KEY" help:"Admin key for --format http (PRESAGE_HTTP_ADMIN_KEY)."`
	For      time.Duration `placeholder:"DURATION" help:"Stop after this much simulated time; at the present without it."`
}

// Run publishes each vehicle under its own name until the simulated time is up.
func (c simulateCommand) Run(ctx context.Context, p *process) error {
	if c.Broker == "" {
		return c.noBroker()
	}
	now := time.Now().UTC()
	start := now.Add(-24 * time.Hour)
	if c.Start != "" {
		var err error
		if start, err = time.Parse(time.RFC3339, c.Start); err != nil {
			return fmt.Errorf("%w --start %q: want RFC 3339, e.g. 2026-01-31T08:00:00Z", presage.ErrInvalid, c.Start)
		}
	}
	if !(c.Pace > 0) {
		return fmt.Errorf("%w --pace %g: want more than 0", presage.ErrInvalid, c.Pace)
	}
	end := now
	if c.For > 0 {
		end = start.Add(c.For)
	}
	if end.After(now) {
		return fmt.Errorf("%w --start and --for: the end, %s, is in the future, which no service accepts",
			presage.ErrInvalid, end.Format(time.RFC3339))
	}
	catalogue, err := models.LoadCatalogue(nil)
	if err != nil {
		return err
	}
	cfg := simulator.Default(start)
	cfg.Vehicles, cfg.Seed, cfg.Catalogue = c.Vehicles, c.Seed, catalogue
	format, err := formatOf(c.Format, c.Base)
	if err != nil {
		return err
	}
	if format.encode != nil {
		cfg.Faults = &format.faults
	}
	world, err := simulator.New(cfg)
	if err != nil {
		return err
	}
	return c.publish(ctx, p, world, format, end)
}

func (c simulateCommand) publish(
	ctx context.Context, p *process, world *simulator.World, f format, end time.Time,
) error {
	start := world.Now()
	span := end.Sub(start)
	if _, err := fmt.Fprintf(p.stdout, "%d vehicles from %s to %s, %g seconds a second: %s\n", c.Vehicles,
		start.Format(time.RFC3339), end.Format(time.RFC3339), c.Pace,
		time.Duration(float64(span)/c.Pace).Round(time.Second)); err != nil {
		return err
	}
	bar := progress.New(p.stderr, "simulating", "minutes", int(span.Minutes()))
	virtual, told := clock.Stopped(start), 0
	virtual.Run(c.Pace)
	stream := demo.Stream{
		World: world, Broker: strings.TrimSuffix(c.Broker, "/"), Clock: virtual, End: end, Encode: f.encode,
		Told: func(now time.Time) {
			minute := int(now.Sub(start).Minutes())
			bar.Add(minute - told)
			told = minute
		},
	}
	switch {
	case c.terminals():
		return c.publishGBT32960(ctx, p, stream, bar)
	case c.Format == "http":
		return c.publishHTTP(ctx, p, stream, bar)
	}
	err := stream.Publish(ctx)
	bar.Finish()
	if err != nil {
		return brokerHint(err)
	}
	n := world.Published()
	if f.encode != nil {
		_, err = fmt.Fprintf(p.stdout, "published %d samples and %d events as %d %s messages\n",
			n.Samples, n.Events, f.said.Load(), c.Format)
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "published %d messages with %d samples and %d events\n",
		n.Messages, n.Samples, n.Events)
	return err
}

// brokerHint tells how to mend a broker that does not answer.
func brokerHint(err error) error {
	if errors.Is(err, presage.ErrUnavailable) {
		return fmt.Errorf("%w; is the broker running there? choose another with --broker URL", err)
	}
	return err
}
