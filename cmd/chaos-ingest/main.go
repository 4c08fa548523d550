package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// options are the command line.
type options struct {
	Program     string        `arg:"" type:"existingfile" help:"The presage program to torment."`
	Combination []string      `help:"embedded, mosquitto-influx, mosquitto-influx-spared, mosquitto-embedded; all by default."` //nolint:lll // a struct tag cannot be broken
	Seed        uint64        `help:"Of the plan; by default from the clock, and printed."`
	Kills       int           `default:"20" help:"kill -9 a combination, besides those of the outage."`
	Outage      time.Duration `default:"60s" help:"How long the store is away once; 0 for never."`
	Rate        float64       `default:"400" help:"Messages a second in all."`
	Vehicles    int           `default:"8" help:"How many publish."`
	Limit       time.Duration `default:"10m" help:"The most that a combination may take."`
	Soak        time.Duration `placeholder:"20m" help:"Instead of the combinations: faults of all kinds at random for so long, with everything inside presage."` //nolint:lll // a struct tag cannot be broken
	DiskMiB     int64         `default:"1024" help:"Of a soak: the size of presage's disk, in memory; needs root."`
	Clock       bool          `default:"true" negatable:"" help:"Of a soak: build presage with a clock that can be set, and set it."` //nolint:lll // a struct tag cannot be broken
	Out         string        `placeholder:"FILE" help:"Write the results as JSON too."`
}

func main() {
	var o options
	kong.Parse(&o, kong.Name("chaos-ingest"),
		kong.Description("Kills the parts of Presage's ingest at random and counts what is missing."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := torment(ctx, o, os.Stdout, os.Stderr)
	stop()
	fail(err)
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos-ingest:", err)
		os.Exit(1)
	}
}

// torment runs every combination and prints what came of it. The error names
// each promise of Presage that was broken.
func torment(ctx context.Context, o options, stdout, stderr io.Writer) error {
	list, err := chosen(o.Combination)
	if err != nil {
		return err
	}
	if o.Kills < 1 || o.Rate <= 0 || o.Vehicles < 1 {
		return errors.New("--kills, --rate and --vehicles: want more than 0")
	}
	if o.Seed == 0 {
		o.Seed = uint64(time.Now().UnixNano())
	}
	s := settings{
		Seed: o.Seed, Kills: o.Kills, Outage: o.Outage, Rate: o.Rate, Vehicles: o.Vehicles, Limit: o.Limit,
		Program: o.Program, Log: slog.New(slog.NewTextHandler(stderr, nil)),
	}
	if o.Soak > 0 {
		return soakAndReport(ctx, o, s, stdout)
	}
	fmt.Fprintf(stdout, "seed %d, %d vehicles, %g messages a second, %d kills and an outage of %v a combination\n",
		o.Seed, o.Vehicles, o.Rate, o.Kills, o.Outage)
	var results []result
	var broken []string
	for _, c := range list {
		r, err := run(ctx, c, s)
		if err != nil { // what was measured before is shown all the same
			broken = append(broken, err.Error())
			continue
		}
		results, broken = append(results, r), append(broken, r.faults()...)
		s.Log.Info("counted", "combination", c.Name, "acknowledged", r.Acknowledged, "missing", r.Missing,
			"lost_by_presage", r.ByPresage, "lost_by_broker", r.ByBroker, "took", r.Took.Round(time.Second))
	}
	if err := report(stdout, results); err != nil {
		return err
	}
	if err := save(o.Out, results); err != nil {
		return err
	}
	if len(broken) > 0 {
		return errors.New(strings.Join(broken, "; "))
	}
	return nil
}

// soakAndReport is torment for a soak.
func soakAndReport(ctx context.Context, o options, s settings, stdout io.Writer) error {
	s.Rate = min(s.Rate, soakRate*float64(s.Vehicles))
	fmt.Fprintf(stdout, "seed %d, %d vehicles, %g messages a second, faults for %v\n", s.Seed, s.Vehicles, s.Rate, o.Soak)
	ctx, cancel := context.WithTimeout(ctx, o.Soak+o.Limit)
	defer cancel()
	got, err := runSoak(ctx, soakSettings{settings: s, For: o.Soak, Disk: o.DiskMiB << 20, Clock: o.Clock})
	if err := errors.Join(err, reportSoak(stdout, got), save(o.Out, got)); err != nil {
		return fmt.Errorf("soak, seed %d: %w", s.Seed, err)
	}
	if broken := got.faults(); len(broken) > 0 {
		return errors.New(strings.Join(broken, "; "))
	}
	return nil
}

// save writes results as JSON; "" is nowhere.
func save(path string, results any) error {
	if path == "" {
		return nil
	}
	text, err := json.MarshalIndent(results, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o600)
}
