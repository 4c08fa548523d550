package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// cutPath parts the first element of a path with slashes from the rest.
func cutPath(path string) (top, rest string, nested bool) { return strings.Cut(path, "/") }

// walk calls f with every regular file below dir, by its path with slashes.
func walk(dir string, f func(path string) error) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		if !e.Type().IsRegular() {
			return fmt.Errorf("%s is not a regular file", path)
		}
		below, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		return f(filepath.ToSlash(below))
	})
}

// sums describes every file below dir and brings files and folders to the disk.
func sums(ctx context.Context, dir string) ([]File, error) {
	files := []File{}
	err := walk(dir, func(path string) error {
		file, err := sum(ctx, dir, path, nil)
		if err == nil {
			err = syncPath(filepath.Join(dir, filepath.FromSlash(path)))
		}
		files = append(files, file)
		return err
	})
	if err != nil {
		return nil, err
	}
	return files, syncFolders(dir)
}

// sum reads a file through, to w as well unless it is nil.
func sum(ctx context.Context, dir, path string, w io.Writer) (File, error) {
	if err := ctx.Err(); err != nil {
		return File{}, err
	}
	f, err := os.Open(filepath.Join(dir, filepath.FromSlash(path)))
	if err != nil {
		return File{}, err
	}
	defer f.Close()
	hash := sha256.New()
	out := io.Writer(hash)
	if w != nil {
		out = io.MultiWriter(hash, w)
	}
	n, err := io.Copy(out, f)
	return File{Path: path, Bytes: n, SHA256: hex.EncodeToString(hash.Sum(nil))}, err
}

// CopyTree copies the regular files below from to to, which must not exist, and
// none of the names in except. Nobody may write to from meanwhile.
func CopyTree(ctx context.Context, from, to string, except ...string) error {
	if err := os.MkdirAll(to, 0o700); err != nil {
		return err
	}
	return walk(from, func(path string) error {
		for _, name := range except {
			if filepath.Base(path) == name {
				return nil
			}
		}
		_, err := copyFile(ctx, from, path, to)
		return err
	})
}

// CopyFile copies one file, durably, readable by its owner alone.
func CopyFile(ctx context.Context, from, to string) error {
	_, err := copyAs(ctx, filepath.Dir(from), filepath.Base(from), to)
	return err
}

// copyFile copies a file below one directory to the same path below another.
func copyFile(ctx context.Context, from, path, to string) (File, error) {
	return copyAs(ctx, from, path, filepath.Join(to, filepath.FromSlash(path)))
}

func copyAs(ctx context.Context, from, path, target string) (File, error) {
	if err := os.MkdirAll(filepath.Dir(target), 0o700); err != nil {
		return File{}, err
	}
	out, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return File{}, err
	}
	file, err := sum(ctx, from, path, out)
	if err == nil {
		err = out.Sync()
	}
	return file, errors.Join(err, out.Close())
}

// syncFolders brings the entries of dir and of all folders below to the disk.
func syncFolders(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || !e.IsDir() {
			return err
		}
		return syncPath(path)
	})
}

// syncPath brings a file or a folder's entries to the disk.
func syncPath(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
