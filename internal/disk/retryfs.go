package disk

import (
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"syscall"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"presage"
)

// Waits of RetryFS between two attempts, and how long End waits for room.
const (
	firstWait = 50 * time.Millisecond
	longest   = time.Second
	endAfter  = 3 * time.Second
)

// RetryFS is a file system on which what cannot be written for want of space or
// of file descriptors waits until it can. Pebble ends the process when a write
// of its log or manifest fails; so it never sees that one did, what waits is
// not acknowledged, and work goes on by itself. A failed sync is passed on: what
// it leaves on the disk is unknown, and only a restart finds out.
type RetryFS struct {
	vfs.FS

	log   Log
	place Place

	mu      sync.Mutex
	waiting int       // calls
	since   time.Time // of the longest wait; zero while none waits
	cause   error
}

// NewRetryFS wraps fs, where the database of log is in place.
func NewRetryFS(fs vfs.FS, place Place, log Log) *RetryFS {
	return &RetryFS{FS: fs, place: place, log: log}
}

// Blocked is an ErrUnavailable while something waits.
func (p *RetryFS) Blocked() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting == 0 {
		return nil
	}
	return &StuckError{Place: p.place, Cause: p.cause}
}

// StuckError says that a database waits for space or file descriptors.
type StuckError struct {
	Place Place
	Cause error
}

func (e *StuckError) Error() string {
	return fmt.Sprintf("%s in %s: %v: a write waits: %v: it goes on by itself when there is room",
		e.Place.What, e.Place.Dir, presage.ErrUnavailable, e.Cause)
}

// Public is what outsiders may read.
func (e *StuckError) Public() string {
	if errors.Is(e.Cause, syscall.EMFILE) || errors.Is(e.Cause, syscall.ENFILE) {
		return "no file descriptors are left: a write waits"
	}
	return "the disk is full: a write waits"
}

// Unwrap makes it an ErrUnavailable.
func (e *StuckError) Unwrap() []error { return []error{presage.ErrUnavailable, e.Cause} }

// scarce tells whether err is gone when others free space or descriptors.
func scarce(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) ||
		errors.Is(err, syscall.EMFILE) || errors.Is(err, syscall.ENFILE)
}

// try repeats what until it fails for another reason than scarcity, or not at all.
func (p *RetryFS) try(what func() error) error {
	err := what()
	if !scarce(err) {
		return err
	}
	p.enter(err)
	defer p.leave()
	for wait := firstWait; scarce(err); wait = min(2*wait, longest) {
		<-time.After(wait)
		err = what()
	}
	return err
}

func (p *RetryFS) enter(err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting++; p.waiting > 1 {
		return
	}
	p.cause, p.since = err, time.Now() //nolint:forbidigo // for End alone: how long the wall's clock has gone on
	if p.log.Logger != nil {
		p.log.Logger.Error(p.log.What+" store: nothing can be written: it waits for room", slog.Any("error", err))
	}
}

func (p *RetryFS) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.waiting--; p.waiting > 0 {
		return
	}
	p.cause, p.since = nil, time.Time{}
	if p.log.Logger != nil {
		p.log.Logger.Info(p.log.What + " store: there is room again: work goes on")
	}
}

// End closes a database by close, which may have to write. When there is no
// room for that, the database is left as a crash leaves it, for the end of the
// process, and the next start reads its log again: an ErrUnavailable.
func (p *RetryFS) End(closeDB func() error) error {
	done := make(chan error, 1)
	go func() { done <- closeDB() }()
	tick := time.NewTicker(firstWait)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case now := <-tick.C:
			p.mu.Lock()
			stuck := p.waiting > 0 && now.Sub(p.since) > endAfter
			p.mu.Unlock()
			if stuck {
				return fmt.Errorf("not closed, the next start reads its log again: %w", p.Blocked())
			}
		}
	}
}

func (p *RetryFS) open(what func() (vfs.File, error)) (f vfs.File, err error) {
	err = p.try(func() error {
		f, err = what()
		return err
	})
	if err != nil {
		return nil, err
	}
	return &patientFile{File: f, fs: p}, nil
}

// Create implements vfs.FS.
func (p *RetryFS) Create(name string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return p.open(func() (vfs.File, error) { return p.FS.Create(name, category) })
}

// OpenReadWrite implements vfs.FS.
func (p *RetryFS) OpenReadWrite(
	name string, category vfs.DiskWriteCategory, opts ...vfs.OpenOption,
) (vfs.File, error) {
	return p.open(func() (vfs.File, error) { return p.FS.OpenReadWrite(name, category, opts...) })
}

// ReuseForWrite implements vfs.FS.
func (p *RetryFS) ReuseForWrite(oldname, newname string, category vfs.DiskWriteCategory) (vfs.File, error) {
	return p.open(func() (vfs.File, error) { return p.FS.ReuseForWrite(oldname, newname, category) })
}

// OpenDir implements vfs.FS: directories are opened to be synced.
func (p *RetryFS) OpenDir(name string) (vfs.File, error) {
	return p.open(func() (vfs.File, error) { return p.FS.OpenDir(name) })
}

// Link implements vfs.FS.
func (p *RetryFS) Link(oldname, newname string) error {
	return p.try(func() error { return p.FS.Link(oldname, newname) })
}

// Rename implements vfs.FS.
func (p *RetryFS) Rename(oldname, newname string) error {
	return p.try(func() error { return p.FS.Rename(oldname, newname) })
}

// MkdirAll implements vfs.FS.
func (p *RetryFS) MkdirAll(dir string, perm os.FileMode) error {
	return p.try(func() error { return p.FS.MkdirAll(dir, perm) })
}

// Unwrap implements vfs.FS.
func (p *RetryFS) Unwrap() vfs.FS { return p.FS }

// patientFile waits in its writes.
type patientFile struct {
	vfs.File

	fs *RetryFS
}

// Write implements vfs.File. What a full disk took of b is not written twice.
func (f *patientFile) Write(b []byte) (int, error) {
	n := 0
	err := f.fs.try(func() error {
		m, err := f.File.Write(b[n:])
		n += m
		return err
	})
	return n, err
}

// WriteAt implements vfs.File.
func (f *patientFile) WriteAt(b []byte, off int64) (int, error) {
	n := 0
	err := f.fs.try(func() error {
		m, err := f.File.WriteAt(b[n:], off+int64(n))
		n += m
		return err
	})
	return n, err
}

// Preallocate implements vfs.File.
func (f *patientFile) Preallocate(offset, length int64) error {
	return f.fs.try(func() error { return f.File.Preallocate(offset, length) })
}
