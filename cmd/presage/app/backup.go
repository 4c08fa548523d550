package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"presage"
	"presage/cmd/presage/config"
	"presage/internal/backup"
	"presage/internal/sqlstore"
	"presage/internal/tsdb"
)

// The parts of a data directory. What is acknowledged lies in the first three.
const (
	telemetryDir = "telemetry"
	spoolDir     = "spool"
	databaseFile = "presage.db"
	keyFile      = "outreach.key"
	lockFile     = "LOCK"
)

// Backup copies the working service to dir. The order is that of the data's
// way. The spool goes first: what leaves it meanwhile is in the telemetry copied
// later, or in both, and is then written twice, which changes nothing. Rows in
// the copy of the telemetry are marked dirty, or rolled up, in the database
// copied later; the other way about, rows could be in the copy that no roll-up
// would ever see. What comes between the copies is
// newer than the backup's beginning. Bookings, messages and all else are one
// moment of the database.
func (a *App) Backup(ctx context.Context, dir, program string) (backup.Manifest, error) {
	m := backup.Manifest{Program: program, Began: a.Clock.Now(), Missing: outside(a.cfg)}
	return backup.Create(ctx, dir, m, a.Clock.Now, a.parts())
}

// parts are what Backup copies, in its order.
func (a *App) parts() (parts []backup.Part) {
	if a.spool != nil {
		write := func(ctx context.Context, to string) (map[string]int64, error) {
			n, err := a.spool.Checkpoint(ctx, to)
			return map[string]int64{"spool_batches": n}, err
		}
		parts = append(parts, backup.Part{Name: spoolDir, Copy: write})
	}
	if store, embedded := a.Telemetry.(*tsdb.Store); embedded {
		parts = append(parts, telemetryPart(store.Checkpoint))
	}
	return append(parts, commonParts(a.cfg)...)
}

// outside lists what a backup of this configuration does not hold.
func outside(c config.Config) []string {
	missing := []string{"the configuration itself: keep its files and environment"}
	add := func(outside bool, what string) {
		if outside {
			missing = append(missing, what)
		}
	}
	add(c.Influx.URL != "", "telemetry: it is in InfluxDB (influx.url); use influx backup, or influxd backup for 1.8")
	add(postgres(c), "vehicles, cases, bookings and parts: they are in PostgreSQL (database.url); use pg_dump")
	add(c.MQTT.Broker != "", "messages not yet acknowledged to the external broker (mqtt.broker): it keeps them")
	add(c.Outreach.Key != "", "the signing key: it is in the configuration (outreach.key)")
	return missing
}

func postgres(c config.Config) bool {
	file, err := sqlstore.File(DatabaseURL(c))
	return err == nil && file == ""
}

// telemetryPart copies the embedded store and counts the rows in the copy.
func telemetryPart(write func(ctx context.Context, to string) error) backup.Part {
	return backup.Part{Name: telemetryDir, Copy: func(ctx context.Context, to string) (map[string]int64, error) {
		if err := write(ctx, to); err != nil {
			return nil, err
		}
		rows, err := tsdb.Inspect(ctx, to)
		return map[string]int64{"telemetry_rows": rows}, errors.Join(err, removeLock(to))
	}}
}

// removeLock takes away what opening a database leaves.
func removeLock(dir string) error {
	if err := os.Remove(filepath.Join(dir, lockFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// commonParts are copied alike from a working and from a stopped service.
func commonParts(c config.Config) []backup.Part {
	var parts []backup.Part
	if file, err := sqlstore.File(DatabaseURL(c)); err == nil && file != "" {
		write := func(ctx context.Context, to string) (map[string]int64, error) {
			return sqlstore.CopyFile(ctx, file, to)
		}
		parts = append(parts, backup.Part{Name: databaseFile, Copy: write})
	}
	return append(parts, backup.Part{Name: keyFile, Copy: func(ctx context.Context, to string) (map[string]int64, error) {
		key := filepath.Join(c.DataDir, keyFile)
		if _, err := os.Stat(key); errors.Is(err, fs.ErrNotExist) {
			return nil, nil // the key is in the configuration
		}
		return nil, backup.CopyFile(ctx, key, to)
	}})
}

// BackupStopped copies the data directory of a service that does not run. It is
// an ErrConflict while one runs.
func BackupStopped(ctx context.Context, c config.Config, dir, program string, now func() time.Time) (
	m backup.Manifest, err error,
) {
	if _, err := os.Stat(c.DataDir); err != nil {
		return m, fmt.Errorf("%w: data directory %s: %w", presage.ErrNotFound, c.DataDir, err)
	}
	data, err := openDataDir(c.DataDir)
	if errors.Is(err, presage.ErrConflict) {
		return m, fmt.Errorf("%w; a running service is backed up by presage backup --url http://HOST:PORT", err)
	}
	if err != nil {
		return m, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	var parts []backup.Part
	for _, name := range []string{telemetryDir, spoolDir} {
		if _, err := os.Stat(data.file(name)); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		tree := func(ctx context.Context, to string) error { return backup.CopyTree(ctx, data.file(name), to, lockFile) }
		if name == telemetryDir {
			parts = append(parts, telemetryPart(tree))
			continue
		}
		parts = append(parts, backup.Part{Name: name, Copy: func(ctx context.Context, to string) (map[string]int64, error) {
			return nil, tree(ctx, to)
		}})
	}
	m = backup.Manifest{Program: program, Began: now(), Missing: outside(c)}
	return backup.Create(ctx, dir, m, now, append(parts, commonParts(c)...))
}

// Restore puts a backup into the data directory, which must be empty, and says
// what is to be done by hand.
func Restore(ctx context.Context, c config.Config, dir string) (m backup.Manifest, notes []string, err error) {
	data, err := lockDataDir(c.DataDir)
	if err != nil {
		return m, nil, err
	}
	defer func() { err = errors.Join(err, data.Close()) }()
	if m, err = backup.Restore(ctx, dir, c.DataDir, lockFile); err != nil {
		return m, nil, err
	}
	note := func(unused bool, text string) {
		if unused {
			notes = append(notes, text)
		}
	}
	file, err := sqlstore.File(DatabaseURL(c))
	own := filepath.Join(c.DataDir, databaseFile)
	note(m.Has(databaseFile) && filepath.Clean(file) != filepath.Clean(own),
		"database.url names another place than "+own+": move the file there, or take the key out")
	note(m.Has(telemetryDir) && c.Influx.URL != "",
		"influx.url is set: the restored telemetry in "+data.file(telemetryDir)+" is not read")
	note(m.Has(keyFile) && c.Outreach.Key != "", "outreach.key is set and goes before the restored "+keyFile)
	return m, notes, err
}
