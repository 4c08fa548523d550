package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"presage"
)

// dataDir is the one directory that a process keeps everything in:
//
//	LOCK         held while a process uses the directory; holds its process id
//	presage.db   SQLite: vehicles, cases, bookings, parts (unless database.url)
//	telemetry/   Pebble: the samples (unless influx.url)
//	broker/      NATS: messages not yet acknowledged (unless mqtt.broker)
//	signing.key  signs the customers' booking links (unless outreach.key; package config makes it)
type dataDir struct {
	path string
	lock *flock.Flock
}

// openDataDir creates the directory if need be and locks it. A directory in
// use by another process is an ErrConflict that names both.
func openDataDir(path string) (*dataDir, error) {
	if err := os.MkdirAll(path, 0o700); err != nil {
		return nil, fmt.Errorf("data directory %s: %w; choose another with --data or data_dir", path, err)
	}
	name := filepath.Join(path, "LOCK")
	lock := flock.New(name)
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock data directory %s: %w", path, err)
	}
	if !ok {
		return nil, fmt.Errorf("data directory %s is in use by another presage%s: %w; "+
			"stop it, or choose another with --data or data_dir", path, holder(name), presage.ErrConflict)
	}
	if err := os.WriteFile(name, []byte(strconv.Itoa(os.Getpid())+"\n"), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("lock data directory %s: %w", path, err), lock.Unlock())
	}
	return &dataDir{path: path, lock: lock}, nil
}

func holder(name string) string {
	pid, err := os.ReadFile(name)
	if err != nil || len(pid) == 0 {
		return ""
	}
	return " (process " + strings.TrimSpace(string(pid)) + ")"
}

func (d *dataDir) file(name string) string { return filepath.Join(d.path, name) }

// Close releases the lock; the files stay.
func (d *dataDir) Close() error {
	if err := d.lock.Unlock(); err != nil {
		return fmt.Errorf("unlock data directory %s: %w", d.path, err)
	}
	return nil
}

// Clear empties a data directory that an earlier run left, if it holds the
// file named marker; a directory with anything else in it is an ErrConflict,
// and so is one in use. A directory that is missing or empty is fine as it is.
// It tells whether there was anything to clear.
func Clear(path, marker string) (cleared bool, err error) {
	entries, err := os.ReadDir(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(entries) == 0 {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("data directory %s: %w", path, err)
	}
	if _, err := os.Stat(filepath.Join(path, marker)); err != nil {
		return false, fmt.Errorf("data directory %s holds something else (no %s in it): %w; choose an empty one with --data",
			path, marker, presage.ErrConflict)
	}
	dir, err := openDataDir(path)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	for _, e := range entries {
		if e.Name() != "LOCK" {
			if err := os.RemoveAll(filepath.Join(path, e.Name())); err != nil {
				return false, fmt.Errorf("clear data directory: %w", err)
			}
		}
	}
	return true, nil
}
