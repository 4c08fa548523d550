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

// first reads the oldest batch; false when there is none. A batch that cannot
// be read in full is an ErrCorrupt, with the samples before the fault.
func (j *journal) first() (e entry, samples []presage.Sample, ok bool, err error) {
	j.mu.Lock()
	head, none := j.head, j.held.batches == 0
	j.mu.Unlock()
	if none {
		return entry{}, nil, false, nil
	}
	it, err := j.index(head)
	if err != nil {
		return entry{}, nil, false, j.readError(err)
	}
	if ok = it.First(); ok {
		e, err = readEntry(it)
	}
	if err = errors.Join(err, it.Close()); err != nil || !ok {
		return entry{}, nil, false, j.readError(err)
	}
	value, closer, err := j.db.Get(key(batchKey, e.seq))
	if errors.Is(err, pebble.ErrNotFound) {
		return e, nil, true, fmt.Errorf("%w: batch %d of the spool is missing", tsdb.ErrCorrupt, e.seq)
	}
	if err != nil {
		return e, nil, true, j.readError(err)
	}
	samples, err = tsdb.DecodeBatch(value) // copies what it keeps
	return e, samples, true, errors.Join(err, closer.Close())
}

// readError keeps a nil error nil.
func (j *journal) readError(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read the spool in %s: %w: %w", j.place.Dir, presage.ErrUnavailable, err)
}

// remove takes the oldest batch e out, durably; aside keeps its bytes for a person.
func (j *journal) remove(e entry, aside bool) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	batch := j.db.NewBatch()
	err := j.fillRemoval(batch, e, aside)
	if err == nil {
		err = batch.Commit(pebble.Sync)
	}
	if closed := batch.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("remove a batch from the spool in %s: %w: %w", j.place.Dir, presage.ErrUnavailable, err)
	}
	j.head = e.seq + 1
	j.held.batches--
	j.held.bytes -= e.bytes
	return j.settle()
}

func (j *journal) fillRemoval(batch *pebble.Batch, e entry, aside bool) error {
	if aside {
		value, closer, err := j.db.Get(key(batchKey, e.seq))
		if err == nil {
			value = bytes.Clone(value)
			err = errors.Join(batch.Set(key(asideKey, e.seq), value, nil), closer.Close())
		}
		if err != nil && !errors.Is(err, pebble.ErrNotFound) {
			return err
		}
	}
	if j.held.batches == 1 {
		// One tombstone over all that ever was: whole tables go without being read.
		return errors.Join(batch.DeleteRange(key(indexKey, 0), key(indexKey, e.seq+1), nil),
			batch.DeleteRange(key(batchKey, 0), key(batchKey, e.seq+1), nil))
	}
	return errors.Join(batch.Delete(key(indexKey, e.seq), nil),
		batch.DeleteSized(key(batchKey, e.seq), uint32(e.bytes), nil))
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
