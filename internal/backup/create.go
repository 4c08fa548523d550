package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"time"

	"presage"
)

// Part is one thing that goes into a backup.
type Part struct {
	Name string // of the file or folder, as in the data directory
	// Copy writes the file or folder target, which does not exist yet, and
	// returns how many rows of what are in it; nil counts are fine, and so is
	// to write nothing.
	Copy func(ctx context.Context, target string) (counts map[string]int64, err error)
}

// Create writes the parts in their order to dir, which must not exist or be
// empty. Began, Program and Missing of m are the caller's; the rest is filled in.
// Nothing is left behind by an error.
func Create(ctx context.Context, dir string, m Manifest, now func() time.Time, parts []Part) (Manifest, error) {
	if err := free(dir); err != nil {
		return Manifest{}, err
	}
	partial := dir + ".partial"
	err := os.MkdirAll(filepath.Dir(partial), 0o700)
	if err == nil {
		err = os.Mkdir(partial, 0o700)
	}
	if errors.Is(err, fs.ErrExist) {
		return Manifest{}, fmt.Errorf("%w: %s is there: a backup is being written, or was interrupted: remove it then",
			presage.ErrConflict, partial)
	}
	if err != nil {
		return Manifest{}, fmt.Errorf("back up to %s: %w", dir, err)
	}
	m, err = fill(ctx, partial, m, now, parts)
	if err == nil {
		err = publish(partial, dir)
	}
	if err != nil {
		return Manifest{}, errors.Join(fmt.Errorf("back up to %s: %w", dir, err), os.RemoveAll(partial))
	}
	return m, nil
}

// free is an ErrConflict unless dir is empty or not there.
func free(dir string) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("back up to %s: %w", dir, err)
	}
	if len(entries) > 0 {
		return fmt.Errorf("%w: %s is not empty: name a new directory for the backup", presage.ErrConflict, dir)
	}
	return nil
}

func fill(ctx context.Context, dir string, m Manifest, now func() time.Time, parts []Part) (Manifest, error) {
	m.Format, m.Counts = formatVersion, map[string]int64{}
	for _, p := range parts {
		if err := ctx.Err(); err != nil {
			return m, err
		}
		counts, err := p.Copy(ctx, filepath.Join(dir, p.Name))
		if err != nil {
			return m, fmt.Errorf("%s: %w", p.Name, err)
		}
		maps.Copy(m.Counts, counts)
	}
	var err error
	if m.Files, err = sums(ctx, dir); err != nil {
		return m, err
	}
	if m.Missing == nil {
		m.Missing = []string{}
	}
	m.Ended = now()
	return m, writeManifest(dir, m)
}

// publish gives a finished folder its name.
func publish(partial, dir string) error {
	if err := os.Remove(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.Rename(partial, dir); err != nil {
		return err
	}
	return syncPath(filepath.Dir(dir))
}
