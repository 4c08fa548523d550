package app

import (
	"context"
	"log/slog"

	"github.com/prometheus/client_golang/prometheus"

	"presage"
	"presage/internal/names"
	"presage/internal/tsdb"
)

// openNames reads the signal names that vehicles invented.
func (a *App) openNames(ctx context.Context) error {
	c := names.Config{PerVehicle: a.cfg.Store.NamesPerVehicle, Total: a.cfg.Store.NamesTotal}
	for _, f := range a.foreign {
		if table, ok := f.Format.(interface{ SignalNames() []string }); ok {
			c.Reserved = append(c.Reserved, table.SignalNames()...)
		}
	}
	var table names.Telemetry // a nil *tsdb.Store would be one
	if embedded, ok := a.Telemetry.(*tsdb.Store); ok {
		table = embedded
	}
	var err error
	if a.Names, err = names.Open(ctx, c, a.SQL, table, presage.DayOf(a.Clock.Now())); err != nil {
		return err
	}
	if a.registry == nil {
		return nil
	}
	a.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "presage_signal_names",
		Help: "Signal names that vehicles invented, of store.names_total at the most.",
	}, func() float64 {
		n, _ := a.Names.Counts()
		return float64(n)
	}))
	return nil
}

// freeNames forgets the names whose newest reading is older than before.
func (a *App) freeNames(ctx context.Context, before presage.Day) error {
	n, err := a.Names.Free(ctx, names.Select{Before: before})
	if n > 0 {
		a.log.InfoContext(ctx, "signal names freed with their telemetry", slog.Int("names", n))
	}
	return err
}
