package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"presage/internal/gauge"
)

// settings of a run.
type settings struct {
	Seed     uint64
	Kills    int
	Outage   time.Duration
	Rate     float64 // messages a second in all
	Vehicles int
	Limit    time.Duration // of one combination
	Program  string        // presage
	Log      *slog.Logger
}

// run is one combination's test from the empty directory to the count.
func run(ctx context.Context, c combination, s settings) (result, error) {
	ctx, cancel := context.WithTimeout(ctx, s.Limit)
	defer cancel()
	dir, err := os.MkdirTemp("", "presage-chaos-")
	if err != nil {
		return result{}, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	r, err := startRig(ctx, rig{combination: c, program: s.Program, dir: dir})
	if err != nil {
		return result{}, err
	}
	defer r.close()
	began := time.Now()
	fleet := newFleet(r, s)
	stop := make(chan struct{})
	publishing, ctx := errgroup.WithContext(ctx)
	for _, v := range fleet {
		publishing.Go(func() error { return v.run(ctx, stop) })
	}
	out := result{Combination: c, Seed: s.Seed}
	//nolint:gosec // a plan is not a secret
	err = r.carryOut(ctx, newPlan(c, rand.New(rand.NewPCG(s.Seed, uint64(len(c.Name)))), s.Kills, s.Outage), &out, s.Log)
	close(stop)
	if err != nil {
		return out, fmt.Errorf("%s: %w\n%s", c.Name, err, r.presage.Output())
	}
	if err := publishing.Wait(); err != nil {
		return out, fmt.Errorf("%s: vehicles wait for acknowledgements: %w", c.Name, err)
	}
	if err := r.drain(context.WithoutCancel(ctx), c.quiet()); err != nil {
		return out, err
	}
	r.stopPresage()
	out.Took, out.PeakRSS, out.LoadAverage = time.Since(began), r.peak, gauge.LoadAverage()
	return out, r.count(context.WithoutCancel(ctx), fleet, &out)
}

func newFleet(r *rig, s settings) []*vehicle {
	fleet, now := make([]*vehicle, s.Vehicles), time.Now()
	for i := range fleet {
		fleet[i] = &vehicle{
			stream: newStream(i, now), broker: r.brokerURL(),
			every: time.Duration(float64(s.Vehicles) / s.Rate * float64(time.Second)),
		}
	}
	return fleet
}

// carryOut inflicts every fault of the plan and measures the time until a row
// is stored that was not before.
func (r *rig) carryOut(ctx context.Context, plan []fault, out *result, log *slog.Logger) error {
	if err := r.awaitRow(ctx, 0); err != nil {
		return err
	}
	for i, f := range plan {
		if err := pause(ctx, f.After); err != nil {
			return err
		}
		began, err := r.inflict(ctx, f)
		if err != nil {
			return fmt.Errorf("%s: %w", f.Act, err)
		}
		up := time.Now()
		var before float64 // a process that was started anew has stored nothing yet
		if f.Act != killPresage && f.Act != killHeld {
			before, _ = r.stored(ctx)
		}
		if err := r.awaitRow(ctx, before); err != nil {
			return fmt.Errorf("after %s: %w", f.Act, err)
		}
		took := recovery{f.Act, time.Since(began), time.Since(up)}
		out.Recoveries = append(out.Recoveries, took)
		log.Info("recovered", "combination", r.Name, "fault", i+1, "of", len(plan), "act", f.Act,
			"away", f.For.Round(time.Millisecond), "from_kill", took.FromKill.Round(time.Millisecond),
			"from_start", took.FromStart.Round(time.Millisecond))
	}
	return nil
}

// awaitRow waits until presage has stored more than before samples.
func (r *rig) awaitRow(ctx context.Context, before float64) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	for {
		if n, ok := r.stored(ctx); ok && n > before {
			return nil
		}
		if err := r.died(); err != nil {
			return err
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return fmt.Errorf("%w: %w", errTooSlow, err)
		}
	}
}

// drain waits until nothing was stored for as long as quiet.
func (r *rig) drain(ctx context.Context, quiet time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Minute)
	defer cancel()
	last, since := -1.0, time.Now()
	for time.Since(since) < quiet {
		if err := r.died(); err != nil {
			return err
		}
		if n, ok := r.stored(ctx); !ok || n != last {
			last, since = n, time.Now()
		}
		if err := pause(ctx, 200*time.Millisecond); err != nil {
			return fmt.Errorf("%s: the queue does not drain: %w", r.Name, err)
		}
	}
	return nil
}

// stored is how many samples and letters the running presage has made durable
// since it was started.
func (r *rig) stored(ctx context.Context) (sum float64, ok bool) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	m, err := gauge.Scrape(ctx, "http://"+r.http+"/metrics", adminKey)
	if err != nil {
		return 0, false
	}
	return m.Sum("presage_ingest_samples_total") + m.Sum("presage_ingest_dead_letters_total"), true
}
