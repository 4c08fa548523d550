package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"presage"
)

// ballast is the file that fills a small disk.
const ballast = "ballast"

// smallDisk is a file system in memory that can be filled without harm to anybody.
type smallDisk struct {
	dir     string
	mounted bool

	mu sync.Mutex // nothing is measured while the ballast changes
}

// mountDisk makes dir a disk of size bytes. Where that is not allowed dir is a
// plain directory, which is never filled, and the error says so.
func mountDisk(ctx context.Context, dir string, size int64) (*smallDisk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &smallDisk{dir: dir}, err
	}
	//nolint:gosec // the directory is our own
	mount := exec.CommandContext(ctx, "mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%d", size), "tmpfs", dir)
	if out, err := mount.CombinedOutput(); err != nil {
		return &smallDisk{dir: dir}, fmt.Errorf("%w: no disk of its own, which needs root: the disk is not filled (%w: %s)",
			presage.ErrUnavailable, err, bytes.TrimSpace(out))
	}
	return &smallDisk{dir: dir, mounted: true}, nil
}

func (d *smallDisk) file() string { return filepath.Join(d.dir, ballast) }

// left is how many bytes may still be written.
func (d *smallDisk) left() int64 {
	u, err := vfs.Default.GetDiskUsage(d.dir)
	if err != nil {
		return 0
	}
	return int64(u.AvailBytes)
}

// used is what lies on the disk besides the ballast; 0 of a plain directory,
// whose disk is not its own.
func (d *smallDisk) used() int64 {
	if !d.mounted {
		return 0
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	u, err := vfs.Default.GetDiskUsage(d.dir)
	if err != nil {
		return 0
	}
	used := int64(u.UsedBytes)
	if f, err := os.Stat(d.file()); err == nil {
		used -= f.Size()
	}
	return used
}

// fill leaves at most so many bytes; 0 fills to the last page.
func (d *smallDisk) fill(leave int64) (err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	f, err := os.OpenFile(d.file(), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for _, piece := range []int64{1 << 20, 4 << 10} {
		zeros := make([]byte, piece)
		for d.left() > leave {
			if _, err := f.Write(zeros); err != nil {
				break // full
			}
		}
	}
	return nil
}

// free gives the space back.
func (d *smallDisk) free() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return os.Remove(d.file())
}

// close unmounts.
func (d *smallDisk) close() error {
	if !d.mounted {
		return nil
	}
	// The caller's context may have ended; a disk must not stay.
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	//nolint:gosec // the directory is our own
	if out, err := exec.CommandContext(ctx, "umount", "-l", d.dir).CombinedOutput(); err != nil {
		return fmt.Errorf("umount %s: %w: %s", d.dir, err, bytes.TrimSpace(out))
	}
	d.mounted = false
	return nil
}
