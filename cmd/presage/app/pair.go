package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"presage"
	"presage/cmd/presage/config"
	"presage/internal/sqlstore"
	"presage/internal/tsdb"
)

// pairSetting keeps the ID of the embedded telemetry store that the SQLite
// database belongs to, or anyStore: a person has said that what is found belongs to it.
const (
	pairSetting = "telemetry.id"
	anyStore    = "any"
)

// paired tells whether database and telemetry are two parts of one data
// directory: a server's database may belong to several.
func paired(c config.Config) bool {
	file, err := sqlstore.File(DatabaseURL(c))
	return err == nil && file != "" && c.Influx.URL == ""
}

// checkDatabase refuses a database file that is damaged, and one that is empty
// beside telemetry: without a word all customers, consents and bookings would be gone.
func checkDatabase(c config.Config) error {
	empty, err := sqlstore.CheckFile(DatabaseURL(c))
	if err != nil {
		return err
	}
	telemetry := filepath.Join(c.DataDir, "telemetry")
	if !empty || !paired(c) || !tsdb.Exists(telemetry) {
		return nil
	}
	return fmt.Errorf("database %s: %w: it is empty or missing, and %s holds telemetry: "+
		"put the file back, or restore a backup (presage restore); "+
		"to begin a new database beside this telemetry: presage migrate --data %s",
		DatabaseURL(c), presage.ErrInvalid, telemetry, c.DataDir)
}

// checkTelemetry refuses to make a new telemetry store where the database knows one.
func (a *App) checkTelemetry(ctx context.Context) error {
	dir := a.dir.file("telemetry")
	if !paired(a.cfg) || tsdb.Exists(dir) {
		return nil
	}
	known, err := a.SQL.Setting(ctx, pairSetting)
	if errors.Is(err, presage.ErrNotFound) || err == nil && known == anyStore {
		return nil
	}
	if err != nil {
		return err
	}
	if n, err := a.SQL.CountVehicles(ctx); err != nil || n == 0 {
		return err
	}
	return fmt.Errorf("telemetry in %s: %w: it is gone, and the database knows vehicles that sent some: "+
		"put the directory back, or restore a backup (presage restore); "+
		"to go on without what it held: presage migrate --data %s", dir, presage.ErrInvalid, a.cfg.DataDir)
}

// pair notes which telemetry store and database belong together, and refuses two that do not.
func (a *App) pair(ctx context.Context, store *tsdb.Store) error {
	if !paired(a.cfg) {
		return nil
	}
	known, err := a.SQL.Setting(ctx, pairSetting)
	if err != nil && !errors.Is(err, presage.ErrNotFound) {
		return err
	}
	switch known {
	case store.ID():
		return nil
	case "", anyStore:
		return a.SQL.PutSetting(ctx, pairSetting, store.ID())
	}
	empty, err := store.Empty(ctx)
	if err != nil {
		return err
	}
	if empty {
		return a.SQL.PutSetting(ctx, pairSetting, store.ID())
	}
	return fmt.Errorf("data directory %s: %w: its database belongs to another telemetry store than the one in telemetry: "+
		"put back the one that is missing, or restore a backup (presage restore); "+
		"to go on with both as they are: presage migrate --data %s", a.cfg.DataDir, presage.ErrInvalid, a.cfg.DataDir)
}

// Accept notes that the database belongs to whatever telemetry is found beside it.
func Accept(ctx context.Context, c config.Config, sql *sqlstore.Store) error {
	if c.Influx.URL != "" {
		return nil
	}
	return sql.PutSetting(ctx, pairSetting, anyStore)
}
