package tsdb

import (
	"encoding/binary"
	"fmt"
	"sync"

	"github.com/cockroachdb/pebble/v2"
)

const (
	maxNameLength = 512
	// maxNames bounds the memory that made-up signal names can take.
	maxNames = 1 << 17
)

// nameTable is the dictionary between signal names and their ids. Lookups may
// run beside one writer.
type nameTable struct {
	mu   sync.RWMutex
	ids  map[string]uint32
	list []string // by id; list[0] is not used; only ever appended to
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
		name := string(it.Value())
		t.ids[name] = uint32(len(t.list))
		t.list = append(t.list, name)
	}
	t.saved = len(t.list)
	return it.Close()
}

// reset makes the table of a new database.
func (t *nameTable) reset() {
	t.ids = make(map[string]uint32)
	t.list = []string{""}
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

// intern returns the id of name; 0 if there is no more room.
func (t *nameTable) intern(name string) uint32 {
	t.mu.RLock()
	id, ok := t.ids[name]
	t.mu.RUnlock()
	if ok {
		return id
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.list) > maxNames {
		return 0
	}
	id = uint32(len(t.list))
	t.ids[name] = id
	t.list = append(t.list, name)
	return id
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
