package main

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"

	"presage"
	"presage/internal/gauge"
)

type compareCommand struct {
	programs
	TelegrafBin string   `type:"path" help:"Telegraf with mqtt_consumer, influxdb_v2 and json; none: no runs of it."`
	Messages    int      `default:"200000" help:"Messages of a single sample in a run."`
	BatchOf     int      `default:"10" help:"Samples a message in the runs of batches; 1 leaves them out."`
	Batches     int      `default:"20000" help:"Messages in a run of batches."`
	External    bool     `default:"true" negatable:"" help:"Runs with Mosquitto and InfluxDB."`
	Embedded    int      `default:"300000" help:"Messages in a run of the embedded door and store; 0 leaves it out."`
	Clients     []string `default:"100x10,1000x1,1x1000" placeholder:"CLIENTSxWINDOW" help:"Vehicles at its door."`
	Vehicles    int      `default:"1000" help:"Vehicles that the messages come from."`
	Rounds      int      `default:"3" help:"Runs of each kind; medians are compared."`
	Feeds       []string `default:"held,live" enum:"held,live" help:"How messages are fed (see the package comment)."`
	Publishers  int      `default:"4" help:"Connections of the publisher."`
	Window      int      `default:"1000" help:"Messages without a PUBACK on each of them."`
	Out         string   `type:"path" placeholder:"FILE" help:"Write all runs and the summary as JSON."`
	ShowConfig  bool     `help:"Print Telegraf's configuration and end."`
}

// Run measures every kind in turn and prints the comparison.
func (c compareCommand) Run(ctx context.Context, t *terminal) error {
	if c.ShowConfig {
		text, err := telegrafConfig("tcp://127.0.0.1:1883", "http://127.0.0.1:8086", database+"/autogen", false)
		if err != nil {
			return err
		}
		_, err = fmt.Fprint(t.stdout, text)
		return err
	}
	if err := c.validate(); err != nil {
		return err
	}
	if err := c.check(c.External); err != nil {
		return err
	}
	if err := raiseDescriptors(uint64(c.most()) + spareDescriptors); err != nil {
		return err
	}
	dir, remove, err := c.workDir()
	if err != nil {
		return err
	}
	defer remove()
	results, failed := c.rounds(ctx, t, dir)
	if len(results) == 0 {
		return failed
	}
	report := newReport(c, results)
	if err := report.print(t.stdout); err != nil {
		return err
	}
	if err := writeJSON(c.Out, report); err != nil {
		return err
	}
	return errors.Join(failed, lost(results))
}

func (c compareCommand) validate() error {
	for flag, ok := range map[string]bool{
		"--messages": c.Messages > 0, "--batches": c.Batches > 0, "--batch-of": c.BatchOf > 0 && c.BatchOf <= 1000,
		"--vehicles": c.Vehicles > 0, "--rounds": c.Rounds > 0, "--publishers": c.Publishers > 0,
		"--window": inFlight(c.Window), "--embedded": c.Embedded >= 0,
	} {
		if !ok {
			return fmt.Errorf("%s: %w: want 1 or more (--batch-of at most 1000, --window at most 60000)",
				flag, presage.ErrInvalid)
		}
	}
	_, err := c.crowds()
	return err
}

// inFlight tells whether n messages can be without a PUBACK: MQTT has 65,535 identifiers.
func inFlight(n int) bool { return n > 0 && n <= 60_000 }

// kind is a consumer with what it is sent.
type kind struct {
	consumer string
	load     load
}

// kinds are all that is measured in a round; c is valid.
func (c compareCommand) kinds() []kind {
	var out []kind
	add := func(consumer, feed string, messages, batch int) {
		out = append(out, kind{consumer, load{
			messages: messages, batch: batch, vehicles: c.Vehicles,
			connections: c.Publishers, window: c.Window, feed: feed, telegraf: c.TelegrafBin,
		}})
	}
	batches := []struct{ messages, batch int }{{c.Messages, 1}, {c.Batches, c.BatchOf}}
	if c.BatchOf == 1 {
		batches = batches[:1]
	}
	feeds := c.Feeds
	if !c.External {
		feeds = nil
	}
	for _, feed := range feeds {
		for _, b := range batches {
			add(bare, feed, b.messages, b.batch)
			if c.TelegrafBin != "" {
				add(telegraf, feed, b.messages, b.batch)
			}
			add(service, feed, b.messages, b.batch)
		}
	}
	return append(out, c.embeddedKinds()...)
}

// rounds runs every kind once a round; every other round backwards. What
// failed does not stop the others.
func (c compareCommand) rounds(ctx context.Context, t *terminal, dir string) (results []result, failed error) {
	kinds := c.kinds()
	for round := range c.Rounds {
		if round > 0 {
			slices.Reverse(kinds)
		}
		for _, k := range kinds {
			run := measure
			if k.consumer == embedded {
				run = measureEmbedded
			}
			r, err := run(ctx, k.consumer, c.programs, dir, k.load)
			if ctx.Err() != nil {
				return results, errors.Join(failed, ctx.Err())
			}
			if err != nil {
				err = fmt.Errorf("round %d, %s, %s, %d a message: %w", round+1, k.consumer, k.load.feed, k.load.batch, err)
				first, _, _ := strings.Cut(err.Error(), "\n") // the rest is told at the end
				t.say("%s", first)
				failed = errors.Join(failed, err)
				continue
			}
			t.say("round %d  %-16s %-4s x%-2d  %7.0f msgs/s  %6.1f us CPU a message  %7d of %d rows  load %.1f -> %.1f",
				round+1, r.Consumer, r.Feed, r.Batch, r.rate(), r.perMessage(), r.Rows, r.Samples, r.Load, gauge.LoadAverage())
			results = append(results, r)
		}
	}
	return results, failed
}

// lost is an error when rows are missing in any run.
func lost(results []result) error {
	var errs []error
	for _, r := range results {
		if n := r.missing(); n != 0 {
			errs = append(errs, fmt.Errorf("%s, %s, %d a message: %d of %d rows are stored", r.Consumer, r.Feed, r.Batch,
				r.Rows, r.Samples))
		}
	}
	return errors.Join(errs...)
}

// host is what it was measured on.
type host struct {
	CPUs int    `json:"cpus"`
	Go   string `json:"go"`
	OS   string `json:"os"`
}

func thisHost() host {
	return host{CPUs: runtime.NumCPU(), Go: runtime.Version(), OS: runtime.GOOS + "/" + runtime.GOARCH}
}
