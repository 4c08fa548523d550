package backup

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"presage"
)

// Unfinished is the folder that marks a directory in which a restore was interrupted.
const Unfinished = ".restoring"

// Verify reads every file of the backup in dir and compares it with the
// manifest. The error is an ErrInvalid that names each file that is missing,
// different or not listed.
func Verify(ctx context.Context, dir string) (Manifest, error) {
	m, err := readManifest(dir)
	if err != nil {
		return m, err
	}
	var faults []error
	listed := map[string]bool{manifestName: true}
	for _, want := range m.Files {
		listed[want.Path] = true
		got, err := sum(ctx, dir, want.Path, nil)
		if ctx.Err() != nil {
			return m, fmt.Errorf("verify %s: %w", dir, ctx.Err())
		}
		faults = append(faults, difference(want, got, err))
	}
	faults = append(faults, walk(dir, func(path string) error {
		if !listed[path] {
			faults = append(faults, fmt.Errorf("%s is not in the manifest", path))
		}
		return nil
	}))
	if err := errors.Join(faults...); err != nil {
		return m, fmt.Errorf("%w: the backup in %s is damaged: %w", presage.ErrInvalid, dir, err)
	}
	return m, nil
}

// difference says what is wrong with a file that was read; nil when nothing is.
func difference(want, got File, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s is missing", want.Path)
	case err != nil:
		return fmt.Errorf("%s cannot be read: %w", want.Path, err)
	case got.Bytes != want.Bytes:
		return fmt.Errorf("%s has %d bytes, the manifest says %d", want.Path, got.Bytes, want.Bytes)
	case got.SHA256 != want.SHA256:
		return fmt.Errorf("%s has another content than the manifest's SHA-256 says", want.Path)
	}
	return nil
}

// Restore verifies the backup in dir and copies it to target, which must hold
// nothing but the names in except; a backup of these is an ErrInvalid. An error before the last files are moved to
// their places leaves target as it was, apart from the folder Unfinished.
func Restore(ctx context.Context, dir, target string, except ...string) (Manifest, error) {
	m, err := Verify(ctx, dir)
	if err != nil {
		return m, err
	}
	for _, name := range except { // a file in its place would take it away from who holds it
		if m.Has(name) {
			return m, fmt.Errorf("%w: the backup in %s names %s, which belongs to who works on a data directory: "+
				"no backup holds it", presage.ErrInvalid, dir, name)
		}
	}
	if err := empty(target, except); err != nil {
		return m, err
	}
	if err := restore(ctx, dir, target, m); err != nil {
		return m, fmt.Errorf("restore %s to %s: %w", dir, target, err)
	}
	return m, nil
}

func empty(target string, except []string) error {
	entries, err := os.ReadDir(target)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("restore to %s: %w", target, err)
	}
	for _, e := range entries {
		if e.Name() == Unfinished {
			return Broken(target)
		}
		if !slices.Contains(except, e.Name()) {
			return fmt.Errorf("%w: %s is not empty (%s): move what is there away, or restore to another directory",
				presage.ErrConflict, target, e.Name())
		}
	}
	return nil
}

// Broken is the error about a directory that holds the folder Unfinished.
func Broken(target string) error {
	return fmt.Errorf("%w: a restore to %s was interrupted: empty the directory and restore again",
		presage.ErrConflict, target)
}

func restore(ctx context.Context, dir, target string, m Manifest) error {
	aside := filepath.Join(target, Unfinished)
	if err := os.MkdirAll(aside, 0o700); err != nil {
		return err
	}
	for _, want := range m.Files {
		got, err := copyFile(ctx, dir, want.Path, aside)
		if err = difference(want, got, err); err != nil {
			return errors.Join(err, os.RemoveAll(aside))
		}
	}
	if err := syncFolders(target); err != nil {
		return err
	}
	entries, err := os.ReadDir(aside)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := os.Rename(filepath.Join(aside, e.Name()), filepath.Join(target, e.Name())); err != nil {
			return err
		}
	}
	if err := syncPath(target); err != nil {
		return err
	}
	if err := os.Remove(aside); err != nil {
		return err
	}
	return syncPath(target)
}
