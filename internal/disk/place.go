package disk

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"syscall"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"

	"presage"
)

// Place is one database's directory and whose it is, for the words of errors:
// "telemetry" in "presage-data/telemetry".
type Place struct{ What, Dir string }

// MinFree is how much of the disk must stay free unless somebody says otherwise.
const MinFree = 256 << 20

// OpenError tells a directory in use (ErrConflict) from one that may not be
// written (ErrForbidden) and from all else (ErrUnavailable).
func (p Place) OpenError(err error) error {
	switch {
	// The second is Pebble's text for a lock that this very process holds.
	case errors.Is(err, syscall.EAGAIN), strings.Contains(err.Error(), "lock held by current process"):
		return fmt.Errorf("open %s in %s: %w: the directory is in use by another process (%w): "+
			"stop that one, or choose another data directory", p.What, p.Dir, presage.ErrConflict, err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("open %s in %s: %w: %w: give the service's account write access to the directory",
			p.What, p.Dir, presage.ErrForbidden, err)
	}
	if what := p.damage(err); what != "" {
		return fmt.Errorf("open %s in %s: %w: %s (%w): restore a backup (presage restore) into an empty directory",
			p.What, p.Dir, presage.ErrInvalid, what, err)
	}
	return fmt.Errorf("open %s in %s: %w: %w", p.What, p.Dir, presage.ErrUnavailable, err)
}

// damage tells what of the database cannot be read; "" when that is not the trouble.
func (p Place) damage(err error) string {
	text := err.Error()
	switch {
	case strings.Contains(text, "MANIFEST"), strings.Contains(text, "manifest"):
		return "its MANIFEST, the list of its tables, is missing or cannot be read"
	case pebble.IsCorruptionError(err), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, fs.ErrNotExist):
		return "a file of it is missing, cut or damaged"
	}
	return ""
}

// Room is an ErrUnavailable when less than minFree bytes are left on the disk:
// one that runs full in the middle of a write takes the process down. A
// negative minFree asks for nothing.
func (p Place) Room(minFree int64) error {
	if minFree < 0 {
		return nil
	}
	usage, err := vfs.Default.GetDiskUsage(p.Dir)
	if err != nil {
		return fmt.Errorf("%s in %s: %w: %w", p.What, p.Dir, presage.ErrUnavailable, err)
	}
	if usage.AvailBytes < uint64(minFree) {
		return &FullError{Place: p, Left: int64(usage.AvailBytes), MinFree: minFree}
	}
	return nil
}

// FullError says that less is left on a disk than must stay free.
type FullError struct {
	Place         Place
	Left, MinFree int64 // bytes
}

func (e *FullError) Error() string {
	return fmt.Sprintf("%s in %s: %v: %s: make room, move the directory or lower store.reserve",
		e.Place.What, e.Place.Dir, presage.ErrUnavailable, e.Public())
}

// Public is what outsiders may read.
func (e *FullError) Public() string {
	return fmt.Sprintf("%d MiB left on the disk, %d MiB must stay free", e.Left>>20, e.MinFree>>20)
}

// Unwrap makes it an ErrUnavailable.
func (e *FullError) Unwrap() error { return presage.ErrUnavailable }
