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
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// options are the command line.
type options struct {
	Program     string        `arg:"" type:"existingfile" help:"The presage program to torment."`
	Combination []string      `help:"postgres, sqlite; both by default."`
	Seed        uint64        `help:"Of what is tried; by default from the clock, and printed."`
	Bookers     int           `default:"1000" help:"How many want the slots of the race."`
	Slots       int           `default:"10" help:"How many slots the race has, at most 10."`
	Storm       time.Duration `default:"60s" help:"How long customers book, move and cancel, at the least."`
	Customers   int           `default:"60" help:"How many do."`
	Messages    int           `default:"2000" help:"How many become due while processes are killed, over all channels."`
	KillEvery   time.Duration `default:"10s" help:"How often a process is killed in the storm, half of that to half more."`
	Kills       int           `default:"30" help:"kill -9 in the meantime."`
	Due         int           `default:"10000" help:"How many messages become due at once."`
	Limit       time.Duration `default:"15m" help:"The most that a combination may take."`
	Out         string        `placeholder:"FILE" help:"Write the results as JSON too."`
}

func main() {
	var o options
	kong.Parse(&o, kong.Name("chaos-outreach"),
		kong.Description("Lets two presage processes sell, move and send at once, kills them, and counts what must not be."))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := torment(ctx, o, os.Stdout, os.Stderr)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "chaos-outreach:", err)
		os.Exit(1)
	}
}

// torment runs every combination and prints what came of it. The error names
// each promise that was broken.
func torment(ctx context.Context, o options, stdout, stderr io.Writer) error {
	o, err := o.complete()
	if err != nil {
		return err
	}
	fmt.Fprintf(stdout, "seed %d, two presage processes on one database\n", o.Seed)
	log := slog.New(slog.NewTextHandler(stderr, nil))
	var results []result
	var broken []string
	for _, name := range o.Combination {
		r, err := run(ctx, name, o, log)
		if err != nil { // what was measured before is shown all the same
			broken = append(broken, fmt.Sprintf("%s: %v", name, err))
		}
		results, broken = append(results, r), append(broken, r.faults()...)
	}
	if err := errors.Join(report(stdout, results), save(o.Out, results)); err != nil {
		return err
	}
	if len(broken) > 0 {
		return errors.New(strings.Join(broken, "; "))
	}
	return nil
}

// complete fills in what is not given, and refuses what cannot be.
func (o options) complete() (options, error) {
	if len(o.Combination) == 0 {
		o.Combination = combinations()
	}
	for _, name := range o.Combination {
		if !slices.Contains(combinations(), name) {
			return o, fmt.Errorf("combination %q: want one of %s", name, strings.Join(combinations(), ", "))
		}
	}
	if min(o.Bookers, o.Slots, o.Customers, o.Due) < 1 || o.Slots > raceSlots || o.Messages < 2*kinds || o.Kills < 2 {
		return o, fmt.Errorf("--bookers, --slots, --customers and --due: want more than 0, and %d slots at most; "+
			"--messages: want %d or more, --kills 2 or more", raceSlots, 2*kinds)
	}
	if o.KillEvery < time.Second {
		return o, fmt.Errorf("--kill-every %s: want a second at least", o.KillEvery)
	}
	if o.Seed == 0 {
		o.Seed = uint64(time.Now().UnixNano())
	}
	return o, nil
}

// run is one combination from the empty database to the counts.
func run(ctx context.Context, combination string, o options, log *slog.Logger) (out result, err error) {
	ctx, cancel := context.WithTimeout(ctx, o.Limit)
	defer cancel()
	out = result{Combination: combination}
	began := time.Now()
	defer func() { out.Took = time.Since(began) }()
	r, err := startRig(ctx, combination, o)
	if err != nil {
		return out, err
	}
	defer r.close()
	for _, part := range []struct {
		name string
		do   func(context.Context, *result) error
	}{{"race", r.race}, {"storm", r.storm}, {"coupons", r.coupons}, {"sending", r.sending}, {"rush", r.rush}} {
		if err := part.do(ctx, &out); err != nil {
			return out, fmt.Errorf("%s: %w\n%s", part.name, err, r.outputs())
		}
		log.Info("done", "combination", combination, "part", part.name, "after", time.Since(began).Round(time.Second))
	}
	return out, nil
}

// save writes results as JSON; "" is nowhere.
func save(path string, results []result) error {
	if path == "" {
		return nil
	}
	text, err := json.MarshalIndent(results, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o600)
}
