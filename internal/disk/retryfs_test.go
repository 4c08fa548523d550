package disk_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/vfs"
	"github.com/cockroachdb/pebble/v2/vfs/errorfs"

	"presage"
	"presage/internal/disk"
)

// scarce is a disk on which writes fail with the error that it holds.
type scarce struct{ fault atomic.Pointer[syscall.Errno] }

func (s *scarce) set(e syscall.Errno) { s.fault.Store(&e) }

func (s *scarce) MaybeError(op errorfs.Op) error {
	if e := s.fault.Load(); e != nil && *e != 0 && op.Kind.ReadOrWrite() == errorfs.OpIsWrite &&
		op.Kind != errorfs.OpFileSync && op.Kind != errorfs.OpFileSyncData && op.Kind != errorfs.OpRemove {
		return *e
	}
	return nil
}

func (*scarce) String() string { return "scarce" }

func patient(s *scarce, fs vfs.FS) *disk.RetryFS {
	return disk.NewRetryFS(errorfs.Wrap(fs, s), disk.Place{What: "telemetry", Dir: "/secret/place"}, disk.Log{})
}

// A database whose disk runs full under it waits, says so, and goes on without
// having been opened again; the same without file descriptors.
func TestRetryFS(t *testing.T) {
	t.Parallel()
	for _, fault := range []syscall.Errno{syscall.ENOSPC, syscall.EDQUOT, syscall.EMFILE, syscall.ENFILE} {
		t.Run(fault.Error(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := &scarce{}
				fs := vfs.NewMem()
				p := patient(s, fs)
				db, err := pebble.Open("db", &pebble.Options{FS: p, Logger: disk.Log{}})
				if err != nil {
					t.Fatal(err)
				}
				s.set(fault)
				done := make(chan error, 1)
				go func() { done <- db.Set([]byte("a"), []byte("1"), pebble.Sync) }()
				synctest.Wait()
				stuck := p.Blocked()
				var public *disk.StuckError
				if !errors.Is(stuck, presage.ErrUnavailable) || !errors.As(stuck, &public) ||
					strings.Contains(public.Public(), "secret") {
					t.Fatalf("%v; want an ErrUnavailable with words for outsiders", stuck)
				}
				s.set(0)
				if err := <-done; err != nil {
					t.Fatal(err)
				}
				if err := p.Blocked(); err != nil {
					t.Errorf("after there was room: %v", err)
				}
				value, closer, err := db.Get([]byte("a"))
				if err != nil || string(value) != "1" {
					t.Fatalf("%q, %v", value, err)
				}
				if err := errors.Join(closer.Close(), p.End(db.Close)); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

// A database that cannot be closed for want of room does not keep the process.
func TestEndOnAFullDisk(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &scarce{}
		p := patient(s, vfs.NewMem())
		written := make(chan struct{})
		s.set(syscall.ENOSPC)
		err := p.End(func() error {
			defer close(written)
			_, err := p.Create("x", vfs.WriteCategoryUnspecified)
			return err
		})
		if !errors.Is(err, presage.ErrUnavailable) || !strings.Contains(err.Error(), "next start") {
			t.Errorf("%v; want an ErrUnavailable that says what follows", err)
		}
		s.set(0)
		<-written
	})
}

// Another error is passed on at once.
func TestOtherErrors(t *testing.T) {
	t.Parallel()
	s := &scarce{}
	p := patient(s, vfs.NewMem())
	s.set(syscall.EIO)
	if _, err := p.Create("x", vfs.WriteCategoryUnspecified); !errors.Is(err, syscall.EIO) || p.Blocked() != nil {
		t.Errorf("%v, %v; want the error itself", err, p.Blocked())
	}
}

// The reserve is told without the directory to outsiders.
func TestRoom(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "secret")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	place := disk.Place{What: "the data", Dir: dir}
	full, ok := errors.AsType[*disk.FullError](place.Room(1 << 62))
	if !ok || !strings.Contains(full.Error(), dir) || strings.Contains(full.Public(), dir) ||
		!errors.Is(full, presage.ErrUnavailable) {
		t.Errorf("%v", full)
	}
	if err := errors.Join(place.Room(-1), place.Room(1)); err != nil {
		t.Error(err)
	}
}
