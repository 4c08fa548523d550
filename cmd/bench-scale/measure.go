package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"presage"
	"presage/internal/gauge"
	"presage/internal/sqlstore"
	"presage/models"
	"presage/models/scoring"
)

// cost is what something took.
type cost struct{ cpu, wall time.Duration }

// measured is what the fleet cost.
type measured struct {
	first, night, restart cost
	sample                cost  // of one, on average
	rows                  int   // prognoses of a night
	bytes                 int64 // of the database
	peak                  int64 // bytes of memory
}

const trials = 50 // new samples

// measure works on a fleet that was made.
func measure(ctx context.Context, path string, vehicles int, stderr io.Writer) (m measured, err error) {
	b := &bench{path: path, now: today().Add(2 * time.Hour), telemetry: samples{}}
	say := func(what string) { _, _ = fmt.Fprintln(stderr, what) } // progress that cannot be shown stops nothing
	if err := b.open(ctx); err != nil {
		return m, err
	}
	say("the first pass: every vehicle, and the first lesson")
	if m.first, err = took(func() error { _, err := b.stage.Score(ctx); return err }); err != nil {
		return m, err
	}
	say("new samples, one at a time")
	one, err := took(func() error { return b.arrive(ctx, vehicles) })
	if err != nil {
		return m, err
	}
	m.sample = cost{one.cpu / trials, one.wall / trials}
	say("a night: every vehicle")
	b.now = b.now.AddDate(0, 0, 1)
	m.night, err = took(func() error {
		rep, err := b.stage.Score(ctx)
		m.rows = rep.Prognoses
		return err
	})
	if err != nil {
		return m, err
	}
	say("a restart, and what is new since")
	if err := b.store.Close(); err != nil {
		return m, err
	}
	m.restart, err = took(func() error {
		if err := b.open(ctx); err != nil {
			return err
		}
		return b.come(ctx, vehicles/2)
	})
	if err != nil {
		return m, err
	}
	if err := b.store.Close(); err != nil {
		return m, err
	}
	if m.bytes, err = sizeOf(path); err != nil {
		return m, err
	}
	used, err := gauge.Of(os.Getpid())
	m.peak = used.Peak
	return m, err
}

// bench is a service's store and stage.
type bench struct {
	path      string
	now       time.Time
	telemetry samples
	store     *sqlstore.Store
	stage     *scoring.Stage
}

func (b *bench) open(ctx context.Context) (err error) {
	if b.store, err = sqlstore.Open(ctx, b.path); err != nil {
		return err
	}
	catalogue, err := models.LoadCatalogue(nil)
	if err != nil {
		return err
	}
	b.stage, err = scoring.New(scoring.Default(), scoring.Deps{
		Telemetry: b.telemetry, Queue: b.store, Rollups: b.store, Fleet: b.store, Prognoses: b.store, Memory: b.store,
		Now: func() time.Time { return b.now },
	}, models.NewPrognoser(catalogue))
	return err
}

// arrive lets samples come from vehicles spread over the fleet, each judged before the next.
func (b *bench) arrive(ctx context.Context, vehicles int) error {
	for n := range trials {
		if err := b.come(ctx, n*vehicles/trials); err != nil {
			return err
		}
	}
	return nil
}

// come lets a sample come from vehicle i and judges it.
func (b *bench) come(ctx context.Context, i int) error {
	v := vin(i)
	b.telemetry[v] = append(b.telemetry[v], presage.Sample{
		VIN: v, Time: b.now.Add(-time.Minute), Readings: []presage.Reading{
			{Signal: presage.SignalPadFrontLeft, Value: presage.Number(60)},
			{Signal: presage.SignalOdometer, Value: presage.Number(90e6)},
		},
	})
	day := presage.VehicleDay{VIN: v, Day: presage.DayOf(b.now)}
	if err := b.store.MarkDirty(ctx, []presage.VehicleDay{day}); err != nil {
		return err
	}
	rep, err := b.stage.ScoreNew(ctx)
	if err == nil && rep.Vehicles != 1 {
		err = fmt.Errorf("%d vehicles were judged for one sample", rep.Vehicles) //nolint:err113 // ends the run
	}
	return err
}

// took runs f and tells what it cost this process.
func took(f func() error) (c cost, err error) {
	before, err := gauge.Of(os.Getpid())
	if err != nil {
		return c, err
	}
	begun := time.Now()
	if err := f(); err != nil {
		return c, err
	}
	after, err := gauge.Of(os.Getpid())
	return cost{after.CPU - before.CPU, time.Since(begun)}, err
}

// sizeOf is the bytes of a database with what waits beside it.
func sizeOf(path string) (n int64, err error) {
	for _, end := range []string{"", "-wal"} {
		info, err := os.Stat(path + end)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return 0, err
		}
		n += info.Size()
	}
	return n, nil
}
