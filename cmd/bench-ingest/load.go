package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"time"

	"presage"
	"presage/internal/gauge"
	"presage/internal/procs"
)

type loadCommand struct {
	programs
	Vehicles  int           `default:"10000" help:"Connected vehicles."`
	Every     time.Duration `default:"10s" help:"How often each publishes a sample of ten signals."`
	Duration  time.Duration `default:"5m" help:"For how long."`
	Ramp      int           `default:"500" help:"Connections made a second at the most."`
	Embedded  bool          `help:"Only with Presage's own door and store."`
	Mosquitto bool          `help:"Only with Mosquitto and InfluxDB."`
	Out       string        `type:"path" placeholder:"FILE" help:"Write the results as JSON."`
}

func (c loadCommand) validate() error {
	if c.Vehicles < 1 || c.Vehicles > 60_000 || c.Ramp < 1 {
		return fmt.Errorf("--vehicles, --ramp: %w: want 1 or more, and at most 60000 vehicles: one address has no more ports",
			presage.ErrInvalid)
	}
	if c.Every <= 0 || c.Duration < c.Every || c.Every > time.Hour {
		return fmt.Errorf("--every, --duration: %w: want 0 < every <= duration, every at most 1h", presage.ErrInvalid)
	}
	return nil
}

// Run lets the fleet publish against each back end and prints the figures.
func (c loadCommand) Run(ctx context.Context, t *terminal) error {
	if err := c.validate(); err != nil {
		return err
	}
	if err := c.check(!c.Embedded || c.Mosquitto); err != nil {
		return err
	}
	if err := raiseDescriptors(uint64(c.Vehicles) + spareDescriptors); err != nil {
		return err
	}
	dir, remove, err := c.workDir()
	if err != nil {
		return err
	}
	defer remove()
	var all []loadResult
	for _, open := range c.backends() {
		r, err := c.measure(ctx, t, dir, open)
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	if err := printLoad(t.stdout, all); err != nil {
		return err
	}
	if err := writeJSON(c.Out, all); err != nil {
		return err
	}
	return lostInLoad(all)
}

// opener starts the service with what it works on below a directory.
type opener func(ctx context.Context, dir string) (*backend, error)

// backends are those that were asked for, or both.
func (c loadCommand) backends() []opener {
	var out []opener
	if c.Embedded || !c.Mosquitto {
		out = append(out, c.openEmbedded)
	}
	if c.Mosquitto || !c.Embedded {
		out = append(out, c.openMosquitto)
	}
	return out
}

// backend is the service with what it works on.
type backend struct {
	name    string
	service *presageServer
	broker  string
	servers map[string]*procs.Proc // all that is measured, by name
	// rows counts what is stored, once want is reached or nothing moves any more.
	rows  func(ctx context.Context, want int64) (int64, error)
	close func()
}

// ownBackend is the back end that is all of Presage's own.
const ownBackend = "door + Pebble"

func (c loadCommand) openEmbedded(ctx context.Context, dir string) (*backend, error) {
	data := filepath.Join(dir, "embedded")
	s, err := startService(ctx, c.programs, data)
	if err != nil {
		return nil, err
	}
	return &backend{
		name: ownBackend, service: s, broker: s.broker, servers: map[string]*procs.Proc{service: s.Proc},
		rows: func(ctx context.Context, _ int64) (int64, error) {
			s.Stop(30 * time.Second) // one process at a time opens the store
			n, _, err := embeddedRows(ctx, filepath.Join(data, "telemetry"), c.Vehicles)
			return n, err
		},
		close: s.Kill,
	}, nil
}

func (c loadCommand) openMosquitto(ctx context.Context, dir string) (*backend, error) {
	st, err := openStage(ctx, dir)
	if err != nil {
		return nil, err
	}
	s, err := startService(ctx, c.programs, filepath.Join(st.dir, "presage"),
		"--set", "mqtt.broker="+st.broker.url, "--set", "influx.url="+st.store.url, "--set", "influx.bucket="+st.bucket())
	if err != nil {
		st.close()
		return nil, err
	}
	return &backend{
		name: "Mosquitto + InfluxDB", service: s, broker: st.broker.url,
		servers: map[string]*procs.Proc{service: s.Proc, "mosquitto": st.broker.Proc, "influxd": st.store.Proc},
		rows: func(ctx context.Context, want int64) (int64, error) {
			n, _, err := st.rows.await(ctx, want, stall)
			return n, err
		},
		close: func() {
			s.Kill()
			st.close()
		},
	}, nil
}

// measure is one back end's run.
func (c loadCommand) measure(ctx context.Context, t *terminal, dir string, open opener) (r loadResult, err error) {
	b, err := open(ctx, dir)
	if err != nil {
		return r, err
	}
	defer b.close()
	r = loadResult{Backend: b.name, Vehicles: c.Vehicles}
	if r.Memory.Before, err = b.service.resident(ctx); err != nil {
		return r, err
	}
	t.say("%s: connecting %d vehicles", b.name, c.Vehicles)
	began := time.Now()
	f, err := connect(ctx, b.broker, c.Vehicles, c.Ramp, c.Every)
	if err != nil {
		return r, fmt.Errorf("%s: %w", b.name, err)
	}
	defer f.close()
	r.Connected = time.Since(began).Seconds()
	if r.Memory.Idle, err = b.service.resident(ctx); err != nil {
		return r, err
	}
	r.Load = gauge.LoadAverage()
	t.say("%s: connected after %.1f s; %d messages a second for %v", b.name, r.Connected,
		int(float64(c.Vehicles)/c.Every.Seconds()), c.Duration)
	if err := c.drive(ctx, b, f, &r); err != nil {
		return r, errors.Join(err, fmt.Errorf("presage printed:\n%s", b.service.Output()))
	}
	r.Stored, err = b.rows(ctx, r.Acked)
	return r, err
}

// drive publishes, waits until all is settled, and reads the figures.
func (c loadCommand) drive(ctx context.Context, b *backend, f *fleet, r *loadResult) error {
	before, err := usages(b.servers)
	if err != nil {
		return err
	}
	metrics, err := gauge.Scrape(ctx, b.service.url+"/metrics", b.service.key)
	if err != nil {
		return err
	}
	began, p := time.Now(), newProbe(b.service.url, b.service.key)
	probing, stop := context.WithCancel(ctx)
	defer stop()
	var looking sync.WaitGroup
	end := make(chan struct{})
	looking.Go(func() { p.run(probing, end) })
	err = f.drive(ctx, int(c.Duration/c.Every), c.Every, p.told)
	if err == nil {
		err = f.settle(ctx)
	}
	if err != nil {
		stop() // nobody is interested any more
	}
	close(end)
	looking.Wait()
	if err != nil {
		return err
	}
	if r.Memory.Busy, err = resident(b.service.PID()); err != nil {
		return err
	}
	r.Sent, r.Acked, r.Reconnects = f.sent.Load(), f.acked.Load(), f.reconnects.Load()
	after, err := b.service.settle(ctx, metrics.Sum("presage_ingest_samples_total")+float64(r.Acked))
	if err != nil {
		return err
	}
	r.Seconds, r.LoadAfter = time.Since(began).Seconds(), gauge.LoadAverage()
	pubacks, behind := f.lags()
	r.Behind = behind
	r.lags(metrics, after, pubacks, p)
	return r.use(before, b.servers)
}

// usages reads all processes', and this one's.
func usages(servers map[string]*procs.Proc) (map[string]gauge.Usage, error) {
	pids := map[string]int{thisTool: os.Getpid()}
	for name, s := range servers {
		pids[name] = s.PID()
	}
	out := map[string]gauge.Usage{}
	for name, pid := range pids {
		u, err := gauge.Of(pid)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = u
	}
	return out, nil
}

// thisTool is the vehicles' process in the table.
const thisTool = "the vehicles (this tool)"
