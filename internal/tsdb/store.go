package tsdb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"

	"presage"
	"presage/internal/disk"
)

// ErrCorrupt is in every error about stored bytes that cannot be read back.
var ErrCorrupt = errors.New("corrupt telemetry")

const formatVersion = 1

// Options tune a Store; the zero value is good for one machine.
type Options struct {
	// CacheBytes is the size of the block cache; 64 MiB when 0.
	CacheBytes int64
	// MinFreeBytes is how much of the disk must stay free: below it Write and
	// Ready fail with ErrUnavailable. 256 MiB when 0, none when negative.
	MinFreeBytes int64
	// FS is where files are written; the machine's when nil.
	FS vfs.FS
	// Logger hears of trouble in the background; slog.DiscardHandler when nil.
	Logger *slog.Logger
}

// Store is an open telemetry database. Close it when done.
type Store struct {
	db      *pebble.DB
	fs      *disk.RetryFS // nil when read only
	place   disk.Place
	id      string
	minFree int64

	names nameTable

	writing sync.Mutex            // from the choice of set or merge to the apply
	newest  map[presage.VIN]int64 // guarded by writing; never below what is stored

	expiring sync.Mutex // one pass of Expire at a time

	state  sync.Mutex // guards closed
	closed bool
	users  sync.WaitGroup // calls that Close waits for
}

// Open opens the database in dir and makes it if there is none. It is an
// ErrConflict if another process (or another Store) has it open, an ErrInvalid
// if dir holds a format that this program does not know.
func Open(dir string, o Options) (*Store, error) {
	place := disk.Place{What: "telemetry", Dir: dir}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, place.OpenError(err)
	}
	p := pebbleOptions(o)
	patient := disk.NewRetryFS(cmp.Or(o.FS, vfs.Default), place, disk.Log{What: place.What, Logger: o.Logger})
	p.FS = patient
	db, err := pebble.Open(dir, p)
	if err != nil {
		return nil, place.OpenError(err)
	}
	s := &Store{
		db: db, fs: patient, place: place, minFree: cmp.Or(o.MinFreeBytes, disk.MinFree),
		newest: make(map[presage.VIN]int64),
	}
	err = s.load()
	if err == nil {
		err = s.identify()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open telemetry in %s: %w", dir, err), db.Close())
	}
	return s, nil
}

func pebbleOptions(o Options) *pebble.Options {
	log := disk.Log{What: "telemetry", Logger: o.Logger}
	p := &pebble.Options{
		Merger:                      readingsMerger(),
		FormatMajorVersion:          pebble.FormatTableFormatV6,
		CacheSize:                   o.CacheBytes,
		MemTableSize:                64 << 20,
		MemTableStopWritesThreshold: 4,
		L0CompactionThreshold:       4,
		L0StopWritesThreshold:       24,
		CompactionConcurrencyRange:  func() (int, int) { return 1, 2 },
		Logger:                      log,
		EventListener:               log.Listener(),
	}
	if p.CacheSize == 0 {
		p.CacheSize = 64 << 20
	}
	for i := range p.Levels {
		p.Levels[i].BlockSize = 32 << 10
		p.Levels[i].Compression = func() *sstable.CompressionProfile { return sstable.ZstdCompression }
	}
	return p
}

// load reads the format version and the names, or writes them into a new database.
func (s *Store) load() error {
	version, closer, err := s.db.Get([]byte{formatKey})
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		s.names.reset()
		return s.db.Set([]byte{formatKey}, []byte{formatVersion}, pebble.Sync)
	case err != nil:
		return err
	case len(version) != 1 || version[0] != formatVersion:
		return errors.Join(fmt.Errorf("%w: on-disk format %v, this program writes %d: use the program that wrote it",
			presage.ErrInvalid, version, formatVersion), closer.Close())
	}
	if err := closer.Close(); err != nil {
		return err
	}
	return s.names.load(s.db)
}

// Ready is nil when there is room for a Write. Probe tries one.
func (s *Store) Ready(context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.users.Done()
	return s.room()
}

func (s *Store) room() error {
	if err := s.fs.Blocked(); err != nil {
		return err
	}
	return s.place.Room(s.minFree)
}

// Probe makes a record of its own durable, as Write does with rows, in the
// place of the one before.
func (s *Store) Probe(context.Context) error {
	if err := s.enter(); err != nil {
		return err
	}
	defer s.users.Done()
	if err := s.room(); err != nil {
		return err
	}
	if err := s.db.Set([]byte{probeKey}, nil, pebble.Sync); err != nil {
		return fmt.Errorf("probe telemetry in %s: %w: %w", s.place.Dir, presage.ErrUnavailable, err)
	}
	return nil
}

// enter counts a call in; the caller must call users.Done.
func (s *Store) enter() error {
	s.state.Lock()
	defer s.state.Unlock()
	if s.closed {
		return fmt.Errorf("telemetry in %s: %w: the store is closed", s.place.Dir, presage.ErrUnavailable)
	}
	s.users.Add(1)
	return nil
}

// Close waits for the calls in progress and closes the database; a second
// Close does nothing. Never call it inside a loop over Scan.
func (s *Store) Close() error {
	s.state.Lock()
	if s.closed {
		s.state.Unlock()
		return nil
	}
	s.closed = true
	s.state.Unlock()
	closeDB := func() error {
		s.users.Wait()
		return s.db.Close()
	}
	end := closeDB
	if s.fs != nil {
		end = func() error { return s.fs.End(closeDB) }
	}
	if err := end(); err != nil {
		return fmt.Errorf("close telemetry in %s: %w", s.place.Dir, err)
	}
	return nil
}
