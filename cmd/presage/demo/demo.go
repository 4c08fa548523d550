package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/clock"
	"presage/cmd/presage/config"
	"presage/simulator"
)

// marker is the file by which a data directory is known as a demo's.
const marker = "demo.txt"

// Options say which demo to give.
type Options struct {
	Vehicles int
	Days     int // lived through before going live
	Seed     uint64
	Pace     float64       // virtual seconds a wall second once live
	Config   config.Config // addresses and data directory; the rest as served
	Now      time.Time     // the instant at which the demo goes live
	Version  string
	Logger   *slog.Logger
	Out      io.Writer
}

// Validate names every fault by its flag.
func (o Options) Validate() error {
	var errs []error
	if o.Days < 1 || o.Days > 3650 {
		errs = append(errs, fmt.Errorf("%w --days %d: want 1-3650", presage.ErrInvalid, o.Days))
	}
	if o.Vehicles < 1 || o.Vehicles > 100_000 {
		errs = append(errs, fmt.Errorf("%w --vehicles %d: want 1-100000", presage.ErrInvalid, o.Vehicles))
	}
	if o.Pace < 1 || o.Pace > 3600 {
		errs = append(errs, fmt.Errorf("%w --pace %g: want 1-3600", presage.ErrInvalid, o.Pace))
	}
	return errors.Join(errs...)
}

// Demo is a service and the world that lives with it.
type Demo struct {
	opt    Options
	app    *app.App
	world  *simulator.World
	people *people
	start  time.Time
	ready  bool // the past is complete
}

// Run gives a demo until ctx ends and leaves a data directory that serve
// continues from. A directory that an earlier demo left is replaced; any other
// that is not empty is an ErrConflict.
func Run(ctx context.Context, o Options) (err error) {
	if err := o.Validate(); err != nil {
		return err
	}
	d, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.app.Close()) }() //nolint:contextcheck // closing outlives what ends a run
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return d.app.Serve(ctx) })
	group.Go(func() error {
		err := d.warmUp(ctx)
		if d.ready = err == nil; d.ready {
			err = d.live(ctx)
		}
		if ctx.Err() != nil { // Ctrl-C is the way out
			return d.app.KeepClock(context.WithoutCancel(ctx))
		}
		return err
	})
	if err := group.Wait(); err != nil {
		return err
	}
	return d.farewell()
}

// farewell tells what Ctrl-C has left.
func (d *Demo) farewell() error {
	dir := d.opt.Config.DataDir
	text := fmt.Sprintf("stopped; presage serve --data %s goes on from here", dir)
	if !d.ready {
		text = fmt.Sprintf("stopped on day %d of %d: the past is incomplete; run the demo again, it replaces %s",
			int(d.app.Clock.Now().Sub(d.start).Hours()/24), d.opt.Days, dir)
	}
	_, err := fmt.Fprintln(d.opt.Out, "\n"+text)
	return err
}

func open(ctx context.Context, o Options) (*Demo, error) {
	_, err := os.Stat(filepath.Join(o.Config.DataDir, marker))
	before := err == nil
	d := &Demo{opt: o, start: o.Now.Add(-time.Duration(o.Days) * 24 * time.Hour).Truncate(time.Hour)}
	phones := newPhones()
	d.app, err = app.Open(ctx, app.Options{
		Channels: phones.channels(), Config: o.Config,
		Clock: clock.Stopped(d.start), Logger: o.Logger, Replace: marker, Version: o.Version,
	})
	if err != nil {
		return nil, err
	}
	if before {
		_, err = fmt.Fprintf(o.Out, "replaced the demo that was left in %s\n", o.Config.DataDir)
	}
	if err := errors.Join(err, d.mark(), d.populate(ctx, phones)); err != nil {
		return nil, errors.Join(err, d.app.Close()) //nolint:contextcheck // closing outlives what ends a run
	}
	return d, nil
}

// populate makes the world and registers what the service may know of it.
func (d *Demo) populate(ctx context.Context, p *phones) (err error) {
	cfg := simulator.Default(d.start)
	cfg.Vehicles, cfg.Seed, cfg.Catalogue = d.opt.Vehicles, d.opt.Seed, d.app.Catalogue
	cfg.Software, cfg.Places, cfg.Strand, cfg.WeakCells = true, true, true, true
	if d.world, err = simulator.New(cfg); err != nil {
		return err
	}
	d.people = newPeople(d.app, d.world, p)
	if err := Register(ctx, d.app, d.world); err != nil {
		return err
	}
	d.planRecalls()
	return d.startRollout(ctx)
}

func (d *Demo) mark() error {
	text := fmt.Sprintf("presage demo: %d vehicles, %d days, seed %d\n", d.opt.Vehicles, d.opt.Days, d.opt.Seed)
	return os.WriteFile(filepath.Join(d.opt.Config.DataDir, marker), []byte(text), 0o600)
}

// Register tells a service what an operator would: who and what there is in a
// world, and what its workshops remember.
func Register(ctx context.Context, a *app.App, w *simulator.World) error {
	f, sql := w.Fleet(), a.SQL
	if err := errors.Join(
		sql.PutDepots(ctx, f.Depots), sql.PutWorkshops(ctx, f.Workshops), sql.PutCustomers(ctx, f.Customers),
		sql.PutDevices(ctx, f.Devices), sql.PutVehicles(ctx, f.Vehicles), sql.PutStock(ctx, f.Stock),
	); err != nil {
		return fmt.Errorf("register the fleet: %w", err)
	}
	for _, r := range f.History {
		if err := a.Outreach.RecordResult(ctx, r); err != nil {
			return fmt.Errorf("register the fleet's history: %w", err)
		}
	}
	return nil
}
