package spool

import (
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/cockroachdb/pebble/v2"
	"github.com/cockroachdb/pebble/v2/sstable"
	"github.com/cockroachdb/pebble/v2/vfs"

	"presage"
	"presage/internal/disk"
	"presage/internal/tsdb"
)

const (
	formatVersion = 1
	formatKey     = 'f'
	indexKey      = 'i'
	batchKey      = 'b'
	asideKey      = 'x'
	probeKey      = 'p'
)

// errFull says that a batch does not fit below the bound.
var errFull = errors.New("the spool is full")

// depth is how much a journal holds.
type depth struct {
	batches, bytes int64
	oldest         time.Time // when the first batch was spooled; zero when there is none
}

// journal is the log of batches on the disk, first in, first out.
type journal struct {
	db      *pebble.DB
	fs      *disk.RetryFS
	place   disk.Place
	max     int64
	minFree int64

	mu   sync.Mutex // from the choice of a number to the apply: batches appear in order
	next uint64     // number of the next batch
	head uint64     // no batch has a lower one
	held depth
}

// entry is one batch in the journal.
type entry struct {
	seq   uint64
	at    time.Time
	bytes int64
}

func openJournal(c Config, logger *slog.Logger) (*journal, error) {
	place := disk.Place{What: "the spool", Dir: c.Dir}
	if err := os.MkdirAll(c.Dir, 0o750); err != nil {
		return nil, place.OpenError(err)
	}
	options := journalOptions(logger)
	patient := disk.NewRetryFS(cmp.Or(c.FS, vfs.Default), place, disk.Log{What: "spool", Logger: logger})
	options.FS = patient
	db, err := pebble.Open(c.Dir, options)
	if err != nil {
		return nil, place.OpenError(err)
	}
	j := &journal{db: db, fs: patient, place: place, max: c.MaxBytes, minFree: cmp.Or(c.MinFreeBytes, disk.MinFree)}
	if err := j.load(); err != nil {
		return nil, errors.Join(fmt.Errorf("open the spool in %s: %w", c.Dir, err), db.Close())
	}
	return j, nil
}

func journalOptions(logger *slog.Logger) *pebble.Options {
	log := disk.Log{What: "spool", Logger: logger}
	p := &pebble.Options{
		FormatMajorVersion: pebble.FormatTableFormatV6,
		CacheSize:          4 << 20, // every batch is read once
		MemTableSize:       16 << 20,
		Logger:             log,
		EventListener:      log.Listener(),
	}
	for i := range p.Levels {
		p.Levels[i].Compression = func() *sstable.CompressionProfile { return sstable.ZstdCompression }
	}
	return p
}

// load checks the format and counts what is there.
func (j *journal) load() error {
	version, closer, err := j.db.Get([]byte{formatKey})
	switch {
	case errors.Is(err, pebble.ErrNotFound):
		return j.db.Set([]byte{formatKey}, []byte{formatVersion}, pebble.Sync)
	case err != nil:
		return err
	case len(version) != 1 || version[0] != formatVersion:
		return errors.Join(fmt.Errorf("%w: on-disk format %v, this program writes %d: use the program that wrote it",
			presage.ErrInvalid, version, formatVersion), closer.Close())
	}
	if err := closer.Close(); err != nil {
		return err
	}
	// Numbers of batches set aside must not be given again.
	it, err := j.db.NewIter(&pebble.IterOptions{LowerBound: []byte{asideKey}, UpperBound: []byte{asideKey + 1}})
	if err != nil {
		return err
	}
	if it.Last() {
		j.next = seqOf(it.Key()) + 1
	}
	if err := it.Close(); err != nil {
		return err
	}
	return j.count()
}

// count reads the index into held, head and next.
func (j *journal) count() error {
	it, err := j.index(0)
	if err != nil {
		return err
	}
	first := true
	for it.First(); it.Valid(); it.Next() {
		e, err := readEntry(it)
		if err != nil {
			return errors.Join(err, it.Close())
		}
		if first {
			j.head, j.held.oldest, first = e.seq, e.at, false
		}
		j.next = max(j.next, e.seq+1)
		j.held.batches++
		j.held.bytes += e.bytes
	}
	if first {
		j.head = j.next
	}
	return it.Close()
}

func (j *journal) index(from uint64) (*pebble.Iterator, error) {
	return j.db.NewIter(&pebble.IterOptions{LowerBound: key(indexKey, from), UpperBound: []byte{indexKey + 1}})
}

func readEntry(it *pebble.Iterator) (entry, error) {
	value, err := it.ValueAndErr()
	if err != nil {
		return entry{}, err
	}
	if len(it.Key()) != 9 || len(value) != 12 {
		return entry{}, fmt.Errorf("the spool's index holds an entry of %d bytes", len(value))
	}
	return entry{
		seq:   seqOf(it.Key()),
		at:    time.UnixMilli(int64(binary.BigEndian.Uint64(value))).UTC(),
		bytes: int64(binary.BigEndian.Uint32(value[8:])),
	}, nil
}

func key(kind byte, seq uint64) []byte { return binary.BigEndian.AppendUint64([]byte{kind}, seq) }

func seqOf(key []byte) uint64 { return binary.BigEndian.Uint64(key[1:]) }

// room is an ErrUnavailable while nothing can be written.
func (j *journal) room() error {
	if err := j.fs.Blocked(); err != nil {
		return err
	}
	return j.place.Room(j.minFree)
}

// probe makes a record of its own durable, in the place of the one before.
func (j *journal) probe() error {
	if err := j.room(); err != nil {
		return err
	}
	if err := j.db.Set([]byte{probeKey}, nil, pebble.Sync); err != nil {
		return fmt.Errorf("probe the spool in %s: %w: %w", j.place.Dir, presage.ErrUnavailable, err)
	}
	return nil
}

// append makes a batch durable behind all others; errFull at the bound.
func (j *journal) append(samples []presage.Sample, at time.Time) error {
	if err := j.room(); err != nil {
		return err
	}
	batch := j.db.NewBatch()
	err := j.apply(batch, tsdb.AppendBatch(nil, samples), at)
	if err == nil {
		// The wait for the disk is outside the lock, so that writers share syncs.
		err = batch.SyncWait()
	}
	if closed := batch.Close(); err == nil {
		err = closed
	}
	if err != nil && !errors.Is(err, errFull) {
		return fmt.Errorf("write the spool in %s: %w: %w", j.place.Dir, presage.ErrUnavailable, err)
	}
	return err
}

func (j *journal) apply(batch *pebble.Batch, value []byte, at time.Time) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.held.bytes+int64(len(value)) > j.max {
		return errFull
	}
	index := binary.BigEndian.AppendUint64(nil, uint64(at.UnixMilli()))
	index = binary.BigEndian.AppendUint32(index, uint32(len(value)))
	if err := errors.Join(batch.Set(key(indexKey, j.next), index, nil),
		batch.Set(key(batchKey, j.next), value, nil)); err != nil {
		return err
	}
	if err := j.db.ApplyNoSyncWait(batch, pebble.Sync); err != nil {
		return err
	}
	if j.held.batches == 0 {
		j.held.oldest = at
	}
	j.next++
	j.held.batches++
	j.held.bytes += int64(len(value))
	return nil
}

// depth is how much is held now.
func (j *journal) depth() depth {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.held
}

func (j *journal) close() error {
	if err := j.fs.End(j.db.Close); err != nil {
		return fmt.Errorf("close the spool in %s: %w", j.place.Dir, err)
	}
	return nil
}
