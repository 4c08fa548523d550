package disk

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"syscall"

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
	return fmt.Errorf("open %s in %s: %w: %w", p.What, p.Dir, presage.ErrUnavailable, err)
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
		return fmt.Errorf("%s in %s: %w: %d MiB left on the disk, %d MiB must stay free: "+
			"make room or move the directory", p.What, p.Dir, presage.ErrUnavailable, usage.AvailBytes>>20, minFree>>20)
	}
	return nil
}
