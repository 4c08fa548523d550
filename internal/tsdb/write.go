package tsdb

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"unicode/utf8"

	"github.com/cockroachdb/pebble/v2"

	"presage"
)

const (
	// batchBytes is where a write is split; a batch beyond half a memtable is slow.
	batchBytes = 8 << 20
	// maxRowBytes bounds one row of one write, well above what a message may hold.
	maxRowBytes = 4 << 20
)

// Write stores samples; on return they are on the disk. (VIN, time in ms,
// signal) is the identity: the same reading twice changes nothing, another
// value replaces the first, other signals of the same instant join the row.
//
// A sample that can never be stored (VIN not of 17 characters, a signal
// without a name or with one longer than 512 bytes, a time beyond any clock)
// is turned away by a *presage.RejectedError, which is an ErrInvalid, and all
// others are stored. Every other error means that the call must be repeated;
// a part of the samples may be stored by then. Samples are not changed or kept.
func (s *Store) Write(ctx context.Context, samples []presage.Sample) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("write telemetry: %w", err)
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.users.Done()
	if err := s.room(); err != nil {
		return err
	}
	var rejected *presage.RejectedError
	for len(samples) > 0 {
		n, err := s.writeBatch(samples, &rejected)
		if err != nil {
			return fmt.Errorf("write telemetry in %s: %w: %w", s.place.Dir, presage.ErrUnavailable, err)
		}
		samples = samples[n:]
	}
	if rejected != nil {
		return rejected
	}
	return nil
}

// writeBatch stores a prefix of samples durably and says how long it is.
func (s *Store) writeBatch(samples []presage.Sample, rejected **presage.RejectedError) (int, error) {
	w := rowWriter{store: s, batch: s.db.NewBatch(), rejected: rejected}
	n, err := w.apply(samples)
	if err == nil {
		// The wait for the disk is outside the lock, so that writers share syncs.
		err = w.batch.SyncWait()
	}
	if closeErr := w.batch.Close(); err == nil {
		err = closeErr
	}
	return n, err
}

// rowWriter encodes samples into one batch.
type rowWriter struct {
	store    *Store
	batch    *pebble.Batch
	rejected **presage.RejectedError
	entries  []entry
	key, row []byte
}

// apply encodes a prefix of samples and applies it to the memtable. The choice
// between set and merge holds only while no other writer comes between, hence
// the lock; it also puts a new name into the log before any other row uses it.
func (w *rowWriter) apply(samples []presage.Sample) (int, error) {
	w.store.writing.Lock()
	defer w.store.writing.Unlock()
	if len(w.store.newest) >= maxNewest {
		clear(w.store.newest) // all that was written is in the memtable by now
	}
	n := 0
	for n < len(samples) && w.batch.Len() < batchBytes {
		if err := w.add(samples[n]); err != nil {
			return 0, err
		}
		n++
	}
	if err := w.store.names.save(w.batch); err != nil {
		return 0, err
	}
	if err := w.store.db.ApplyNoSyncWait(w.batch, pebble.Sync); err != nil {
		return 0, err
	}
	w.store.names.saved = len(w.store.names.list)
	return n, nil
}

// add encodes one sample; the error is the database's.
func (w *rowWriter) add(sample presage.Sample) error {
	ms, ok := millis(sample.Time)
	switch {
	case len(sample.VIN) != vinLength:
		w.reject(sample, sample.Readings, fmt.Sprintf("VIN of %d characters, want %d", len(sample.VIN), vinLength))
		return nil
	case !ok:
		w.reject(sample, sample.Readings, "time "+sample.Time.String()+" is out of range")
		return nil
	}
	if !w.encode(sample) {
		return nil
	}
	w.key = appendRowKey(w.key[:0], sample.VIN, ms)
	newest, err := w.store.newestOf(sample.VIN)
	if err != nil {
		return err
	}
	if ms > newest {
		w.store.newest[sample.VIN] = ms
		return w.batch.Set(w.key, w.row, nil)
	}
	return w.batch.Merge(w.key, w.row, nil)
}

// encode leaves the sample's row in w.row; false if nothing of it can be stored.
func (w *rowWriter) encode(sample presage.Sample) bool {
	w.entries = w.entries[:0]
	for i, r := range sample.Readings {
		if why := nameFault(r.Signal); why != "" {
			w.reject(sample, sample.Readings[i:i+1], why)
			continue
		}
		id := w.store.names.intern(r.Signal)
		if id == 0 {
			w.reject(sample, sample.Readings[i:i+1], fmt.Sprintf("more than %d signal names of vehicles' own", maxNames))
			continue
		}
		w.entries = append(w.entries, entry{id: id, value: r.Value})
	}
	w.entries = lastOfEach(w.entries)
	w.row = appendRow(w.row[:0], w.entries)
	if len(w.row) > maxRowBytes {
		w.reject(sample, sample.Readings, fmt.Sprintf("a row of %d bytes, at most %d are stored", len(w.row), maxRowBytes))
		return false
	}
	return len(w.entries) > 0
}

func nameFault(name string) string {
	switch {
	case name == "":
		return "a signal without a name"
	case len(name) > maxNameLength:
		return fmt.Sprintf("a signal name of %d bytes, at most %d are stored", len(name), maxNameLength)
	case !utf8.ValidString(name):
		return "a signal name that is not UTF-8"
	}
	return ""
}

// lastOfEach sorts entries by id and keeps the last of each.
func lastOfEach(entries []entry) []entry {
	ascending := true
	for i := 1; i < len(entries) && ascending; i++ {
		ascending = entries[i-1].id < entries[i].id
	}
	if ascending {
		return entries
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.id, b.id) })
	out := entries[:0]
	for i, e := range entries {
		if i+1 < len(entries) && entries[i+1].id == e.id {
			continue
		}
		out = append(out, e)
	}
	return out
}

func (w *rowWriter) reject(sample presage.Sample, readings []presage.Reading, why string) {
	if *w.rejected == nil {
		*w.rejected = &presage.RejectedError{Reason: why}
	}
	sample.Readings = slices.Clone(readings)
	r := *w.rejected
	r.Samples, r.Reasons = append(r.Samples, sample), append(r.Reasons, why)
}
