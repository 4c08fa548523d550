package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"presage"
	"presage/cmd/presage/clock"
	"presage/cmd/presage/config"
	"presage/internal/influx"
	"presage/internal/sqlstore"
	"presage/internal/tsdb"
)

// offsetSetting keeps how far a demo's clock ran ahead of the wall, so that
// serve continues from the same instant.
const offsetSetting = "clock.offset"

func (a *App) openDir(replace string) (err error) {
	if a.dir, err = openDataDir(a.cfg.DataDir); err != nil {
		return err
	}
	if replace != "" {
		if err := a.dir.clear(replace); err != nil {
			return err
		}
	}
	if a.listener == nil { // who only looks into the stores answers nowhere
		return nil
	}
	return a.dir.tell(a.URL())
}

func (a *App) openStores(ctx context.Context) error {
	a.places = a.localPlaces()
	err := checkDatabase(a.cfg)
	if err != nil {
		return err
	}
	if a.SQL, err = sqlstore.Open(ctx, DatabaseURL(a.cfg)); err != nil {
		return fmt.Errorf("database.url: %w", err)
	}
	if a.cfg.Influx.URL == "" {
		if err := a.checkTelemetry(ctx); err != nil {
			return err
		}
		store, err := tsdb.Open(a.dir.file("telemetry"), tsdb.Options{
			Logger: a.log, MinFreeBytes: a.reserve(),
		})
		if err != nil {
			return err
		}
		a.Telemetry = store
		return a.pair(ctx, store)
	}
	c := influx.Config{
		URL: a.cfg.Influx.URL.Reveal(), Token: a.cfg.Influx.Token, Org: a.cfg.Influx.Org, Bucket: a.cfg.Influx.Bucket,
		Now: wallClock,
	}
	if a.cfg.Influx.Setup {
		if err := a.setUpInflux(ctx, c); err != nil {
			return err
		}
	}
	store, err := influx.Open(ctx, c)
	if err != nil {
		return fmt.Errorf("influx.url: %w", err)
	}
	a.Telemetry = store
	return nil
}

// setUpInflux makes what the bucket lacks. A server that does not answer yet
// is no error: Open takes it up later, and the next start sets it up.
func (a *App) setUpInflux(ctx context.Context, c influx.Config) error {
	done, err := influx.SetUp(ctx, c, influx.Wanted{
		Retention: a.cfg.Influx.Retention, Downsample: a.cfg.Influx.Downsample,
		DownsampleRetention: a.cfg.Influx.DownsampleRetention,
	})
	for _, what := range done.Done {
		a.log.InfoContext(ctx, "influx set-up", "done", what)
	}
	wanted := a.cfg.Influx.Retention > 0 || a.cfg.Influx.Downsample > 0
	for _, command := range done.Todo {
		if wanted || !done.Old { // an 1.8 with its database lacks nothing else
			a.log.WarnContext(ctx, "influx set-up needs a person", "version", done.Version, "run", command)
		}
	}
	if errors.Is(err, presage.ErrUnavailable) {
		a.log.WarnContext(ctx, "influx is not set up; the next start tries again", "error", err)
		return nil
	}
	return err
}

// OpenDatabase opens the relational store of a service that does not run. A
// running one on the same data directory is an ErrConflict while the store is a
// file in it; a server's database is open to both, and the service notices a
// revocation within seconds.
func OpenDatabase(ctx context.Context, c config.Config) (*sqlstore.Store, func() error, error) {
	unlock := func() error { return nil }
	if c.Database.URL == "" {
		dir, err := openDataDir(c.DataDir)
		if err != nil {
			return nil, nil, err
		}
		unlock = dir.Close
	}
	if err := checkDatabase(c); err != nil {
		return nil, nil, errors.Join(err, unlock())
	}
	sql, err := sqlstore.Open(ctx, DatabaseURL(c))
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("database.url: %w", err), unlock())
	}
	return sql, func() error { return errors.Join(sql.Close(), unlock()) }, nil
}

// DatabaseURL is where the relational store is: database.url, or SQLite in the
// data directory.
func DatabaseURL(c config.Config) string {
	if c.Database.URL != "" {
		return c.Database.URL.Reveal()
	}
	return filepath.Join(c.DataDir, "presage.db")
}

func (a *App) openClock(ctx context.Context) error {
	if a.Clock != nil {
		return nil
	}
	text, err := a.SQL.Setting(ctx, offsetSetting)
	if errors.Is(err, presage.ErrNotFound) {
		a.Clock = clock.Wall(0)
		return nil
	}
	if err != nil {
		return err
	}
	offset, err := time.ParseDuration(text)
	if err != nil {
		return fmt.Errorf("setting %s: %w", offsetSetting, err)
	}
	a.Clock = clock.Wall(offset)
	if offset < -time.Minute {
		a.log.Warn("the data directory comes from a demo that was stopped before its past was complete: "+
			"what is sent today lies in its future and is refused; run the demo again, or choose another directory",
			"clock", a.Clock.Now().Format(time.RFC3339))
		return nil
	}
	a.log.Info("the data directory comes from a demo: the clock goes on from there", "ahead", offset.Round(time.Second))
	return nil
}

// KeepClock stores how far the clock is ahead of the wall.
func (a *App) KeepClock(ctx context.Context) error {
	return a.SQL.PutSetting(ctx, offsetSetting, a.Clock.Offset().String())
}
