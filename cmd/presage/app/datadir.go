package app

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/gofrs/flock"

	"presage"
	"presage/internal/backup"
)

// dataDir is the one directory that a process keeps everything in:
//
//	LOCK         held while a process uses the directory; holds its process id
//	presage.db   SQLite: vehicles, cases, bookings, parts (unless database.url)
//	telemetry/   Pebble: the samples (unless influx.url)
//	spool/       Pebble: acknowledged telemetry that waits for InfluxDB (if ingest.spool)
//	series/      Pebble: roll-ups and prognoses on their way to InfluxDB (if influx.url)
//	heard.json   until when the messages of an external broker were taken over
//	admin.key    opens the console and the API (unless http.admin_key is configured)
//	seat         the name of the directory among processes that share a database
//	url          where the process that uses the directory answers, while it does
//	outreach.key signs the customers' booking links (unless outreach.key is configured)
type dataDir struct {
	path string
	lock *flock.Flock
}

// openDataDir creates the directory if need be and locks it. A directory in
// use by another process is an ErrConflict that names both.
func openDataDir(path string) (*dataDir, error) {
	if _, err := os.Stat(filepath.Join(path, backup.Unfinished)); err == nil {
		return nil, backup.Broken(path)
	}
	return lockDataDir(path)
}

// lockDataDir is openDataDir for who is about to fill the directory.
func lockDataDir(path string) (*dataDir, error) {
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

// seat names the directory. Who has the directory's lock has the seat.
func (d *dataDir) seat() (string, error) {
	name := d.file("seat")
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		text = []byte(rand.Text())
		err = os.WriteFile(name, text, 0o600)
	}
	if err != nil {
		return "", fmt.Errorf("the seat of data directory %s: %w", d.path, err)
	}
	return strings.TrimSpace(string(text)), nil
}

func (d *dataDir) file(name string) string { return filepath.Join(d.path, name) }

// urlFile names where the process that uses the directory answers.
const urlFile = "url"

// tell notes where the process answers, for those who look into the directory.
func (d *dataDir) tell(url string) error {
	if err := os.WriteFile(d.file(urlFile), []byte(url+"\n"), 0o600); err != nil {
		return fmt.Errorf("data directory %s: %w", d.path, err)
	}
	return nil
}

// ServedAt is where the process that uses a data directory answers, "" where none does.
func ServedAt(path string) string {
	url, err := os.ReadFile(filepath.Join(path, urlFile))
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(url))
}

// Close releases the lock; the files stay.
func (d *dataDir) Close() error {
	if err := os.Remove(d.file(urlFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(fmt.Errorf("data directory %s: %w", d.path, err), d.lock.Unlock())
	}
	if err := d.lock.Unlock(); err != nil {
		return fmt.Errorf("unlock data directory %s: %w", d.path, err)
	}
	return nil
}

// clear empties the directory if an earlier run left the file named marker in
// it; a directory with anything else is an ErrConflict. The marker itself stays,
// so that what is interrupted here can be replaced the next time.
func (d *dataDir) clear(marker string) error {
	entries, err := os.ReadDir(d.path)
	if err != nil {
		return fmt.Errorf("data directory %s: %w", d.path, err)
	}
	entries = slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return e.Name() == "LOCK" })
	if len(entries) == 0 {
		return nil
	}
	if _, err := os.Stat(d.file(marker)); err != nil {
		return fmt.Errorf("data directory %s holds something else (no %s in it): %w; choose an empty one with --data",
			d.path, marker, presage.ErrConflict)
	}
	for _, e := range entries {
		if e.Name() == marker {
			continue
		}
		if err := os.RemoveAll(d.file(e.Name())); err != nil {
			return fmt.Errorf("clear data directory: %w", err)
		}
	}
	return nil
}
