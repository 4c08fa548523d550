package tsdb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/cockroachdb/pebble/v2"

	"presage"
)

const (
	maxNameLength = 512
	// maxNames bounds the names that are not reserved. It was 1<<17 for
	// all names once: a store that was full then has room for as many again.
	maxNames = 1 << 18
)

// nameTable is the dictionary between signal names and their ids. Lookups may
// run beside one writer.
type nameTable struct {
	mu   sync.RWMutex
	ids  map[string]uint32
	list []string // by id; "" for list[0] and for names forgotten; appended to, or copied
	// others is how many of ids are not reserved.
	others int
	// saved is how much of list is in the database. The rest goes with the next
	// batch, so that a failed batch leaves no row behind whose name is unknown.
	// Guarded by Store.writing.
	saved int
}

// load reads the names from the database.
func (t *nameTable) load(db *pebble.DB) error {
	t.reset()
	it, err := db.NewIter(&pebble.IterOptions{LowerBound: []byte{nameKey}, UpperBound: []byte{nameKey + 1}})
	if err != nil {
		return err
	}
	for it.First(); it.Valid(); it.Next() {
		key := it.Key()
		if len(key) != 5 || binary.BigEndian.Uint32(key[1:]) != uint32(len(t.list)) {
			_ = it.Close()
			return fmt.Errorf("%w: signal name %d is missing", ErrCorrupt, len(t.list))
		}
		if name := string(it.Value()); name == "" {
			t.list = append(t.list, "")
		} else {
			t.append(name)
		}
	}
	t.saved = len(t.list)
	return it.Close()
}

// reset makes the table of a new database.
func (t *nameTable) reset() {
	t.ids = make(map[string]uint32)
	t.list = []string{""}
	t.others = 0
	t.saved = len(t.list)
}

// save puts the names that are not in the database into b.
func (t *nameTable) save(b *pebble.Batch) error {
	for id := t.saved; id < len(t.list); id++ {
		if err := b.Set(appendNameKey(nil, uint32(id)), []byte(t.list[id]), nil); err != nil {
			return err
		}
	}
	return nil
}

// append gives name the next id.
func (t *nameTable) append(name string) uint32 {
	id := uint32(len(t.list))
	t.ids[name] = id
	t.list = append(t.list, name)
	if !presage.ReservedSignal(name) {
		t.others++
	}
	return id
}

// intern returns the id of name; 0 if there is no more room. There always is
// for a reserved name.
func (t *nameTable) intern(name string) uint32 {
	t.mu.RLock()
	id, ok := t.ids[name]
	t.mu.RUnlock()
	if ok {
		return id
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.others >= maxNames && !presage.ReservedSignal(name) {
		return 0
	}
	return t.append(strings.Clone(name)) // it may be a piece of a large message
}

// Names are the names in the table that are not reserved.
func (s *Store) Names() []string {
	s.names.mu.RLock()
	defer s.names.mu.RUnlock()
	out := make([]string, 0, s.names.others)
	for _, name := range s.names.list {
		if name != "" && !presage.ReservedSignal(name) {
			out = append(out, name)
		}
	}
	return out
}

// Forget takes names out of the table, durably: the readings under them are
// not read any more, and their space comes back with their rows. A reserved
// name stays, one that is not there does not matter; one that is written later
// is a new one. A name forgotten leaves 16 bytes in memory.
func (s *Store) Forget(ctx context.Context, names []string) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("forget signal names: %w", err)
	}
	if err := s.enter(); err != nil {
		return err
	}
	defer s.users.Done()
	s.writing.Lock()
	defer s.writing.Unlock()
	gone := s.names.find(names)
	if len(gone) == 0 {
		return nil
	}
	batch := s.db.NewBatch()
	var err error
	for _, id := range gone {
		if err == nil {
			err = batch.Set(appendNameKey(nil, id), nil, nil)
		}
	}
	if err == nil {
		err = batch.Commit(pebble.Sync)
	}
	if err = errors.Join(err, batch.Close()); err != nil {
		return fmt.Errorf("forget signal names in %s: %w: %w", s.place.Dir, presage.ErrUnavailable, err)
	}
	s.names.drop(gone)
	return nil
}

// find returns the ids of names that may be forgotten.
func (t *nameTable) find(names []string) []uint32 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var out []uint32
	for _, name := range names {
		if id, ok := t.ids[name]; ok && !presage.ReservedSignal(name) {
			out = append(out, id)
		}
	}
	return out
}

// drop forgets ids. Scans that run go on with the list they have.
func (t *nameTable) drop(ids []uint32) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = slices.Clone(t.list)
	for _, id := range ids {
		delete(t.ids, t.list[id])
		t.list[id] = ""
		t.others--
	}
}

// byID returns the names by id as they are now; the slice is not changed later.
func (t *nameTable) byID() []string {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.list
}

// wanted returns a set of ids for the names; nil means every signal.
func (t *nameTable) wanted(names []string) []bool {
	if len(names) == 0 {
		return nil
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	set := make([]bool, len(t.list))
	for _, name := range names {
		if id, ok := t.ids[name]; ok {
			set[id] = true
		}
	}
	return set
}
