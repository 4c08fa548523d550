package spool

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/cockroachdb/pebble/v2"

	"presage"
	"presage/internal/tsdb"
)

// What is taken over at once ends at so many samples.
const takenAtOnce = 5000

// taken is what is taken over at once: batches in their order and their samples.
type taken struct {
	entries []entry
	samples []presage.Sample
}

// first reads the oldest batches up to takenAtOnce, none when there is none. They end before one
// that holds an instant of a vehicle a second time, for of two values of one write it is not
// said which one wins. A batch that cannot be read in full comes alone, with an
// ErrCorrupt and the samples before the fault.
func (j *journal) first() (t taken, err error) {
	j.mu.Lock()
	head, none := j.head, j.held.batches == 0
	j.mu.Unlock()
	if none {
		return t, nil
	}
	it, err := j.index(head)
	if err != nil {
		return t, j.readError(err)
	}
	seen := map[instant]bool{}
	for it.First(); it.Valid() && len(t.samples) < takenAtOnce; it.Next() {
		e, err := readEntry(it)
		if err != nil {
			return t, j.readError(errors.Join(err, it.Close()))
		}
		samples, err := j.read(e)
		alone := err != nil || again(seen, samples)
		if alone && len(t.entries) > 0 {
			break // it is the first the next time
		}
		t.entries, t.samples = append(t.entries, e), append(t.samples, samples...)
		if err != nil {
			return t, errors.Join(err, it.Close())
		}
	}
	return t, j.readError(it.Close())
}

// instant is what the readings of a vehicle at a time are known by.
type instant struct {
	vin presage.VIN
	at  int64 // Unix milliseconds: no store tells finer ones apart
}

// again notes the instants of samples and tells whether one was noted for an earlier batch.
func again(seen map[instant]bool, samples []presage.Sample) bool {
	for i := range samples {
		if seen[instantOf(&samples[i])] {
			return true
		}
	}
	for i := range samples {
		seen[instantOf(&samples[i])] = true
	}
	return false
}

func instantOf(s *presage.Sample) instant { return instant{s.VIN, s.Time.UnixMilli()} }

// read decodes a batch.
func (j *journal) read(e entry) ([]presage.Sample, error) {
	value, closer, err := j.db.Get(key(batchKey, e.seq))
	if errors.Is(err, pebble.ErrNotFound) {
		return nil, fmt.Errorf("%w: batch %d of the spool is missing", tsdb.ErrCorrupt, e.seq)
	}
	if err != nil {
		return nil, j.readError(err)
	}
	samples, err := tsdb.DecodeBatch(value) // copies what it keeps
	return samples, errors.Join(err, closer.Close())
}

// readError keeps a nil error nil.
func (j *journal) readError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read the spool in %s: %w: %w", j.place.Dir, presage.ErrUnavailable, err)
}

// remove takes the oldest batches out, durably; aside keeps their bytes for a person.
func (j *journal) remove(es []entry, aside bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	batch := j.db.NewBatch()
	err := j.fillRemoval(batch, es, aside)
	if err == nil {
		err = batch.Commit(pebble.Sync)
	}
	if closed := batch.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("remove batches from the spool in %s: %w: %w", j.place.Dir, presage.ErrUnavailable, err)
	}
	for _, e := range es {
		j.head = e.seq + 1
		j.held.batches--
		j.held.bytes -= e.bytes
	}
	return j.settle()
}

func (j *journal) fillRemoval(batch *pebble.Batch, es []entry, aside bool) error {
	if aside {
		if err := j.setAside(batch, es); err != nil {
			return err
		}
	}
	if j.held.batches == int64(len(es)) {
		// One tombstone over all that ever was: whole tables go without being read.
		end := es[len(es)-1].seq + 1
		return errors.Join(batch.DeleteRange(key(indexKey, 0), key(indexKey, end), nil),
			batch.DeleteRange(key(batchKey, 0), key(batchKey, end), nil))
	}
	var errs []error
	for _, e := range es {
		errs = append(errs, batch.Delete(key(indexKey, e.seq), nil),
			batch.DeleteSized(key(batchKey, e.seq), uint32(e.bytes), nil))
	}
	return errors.Join(errs...)
}

// setAside keeps the bytes of batches under another key.
func (j *journal) setAside(batch *pebble.Batch, es []entry) error {
	for _, e := range es {
		value, closer, err := j.db.Get(key(batchKey, e.seq))
		if err == nil {
			value = bytes.Clone(value)
			err = errors.Join(batch.Set(key(asideKey, e.seq), value, nil), closer.Close())
		}
		if err != nil && !errors.Is(err, pebble.ErrNotFound) {
			return err
		}
	}
	return nil
}

// settle finds the time of the oldest batch; the caller holds j.mu. An empty
// journal is flushed, so that its disk space comes back.
func (j *journal) settle() error {
	if j.held.batches == 0 {
		j.held = depth{}
		if _, err := j.db.AsyncFlush(); err != nil {
			return j.readError(err)
		}
		return nil
	}
	it, err := j.index(j.head)
	if err != nil {
		return j.readError(err)
	}
	if it.First() {
		var e entry
		if e, err = readEntry(it); err == nil {
			j.held.oldest = e.at
		}
	}
	return j.readError(errors.Join(err, it.Close()))
}

// Checkpoint makes a copy of the journal in dir, which must not exist: every
// batch that Write had taken and that no store has is in it.
func (s *Spool) Checkpoint(ctx context.Context, dir string) (batches int64, err error) {
	if err := ctx.Err(); err != nil {
		return 0, fmt.Errorf("copy the spool: %w", err)
	}
	batches = s.j.depth().batches
	if err := s.j.db.Checkpoint(dir, pebble.WithFlushedWAL()); err != nil {
		return 0, fmt.Errorf("copy the spool from %s to %s: %w: %w", s.j.place.Dir, dir, presage.ErrUnavailable, err)
	}
	return batches, nil
}
