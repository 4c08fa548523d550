package orders

import (
	"context"
	"sync"
	"time"

	"presage"
)

// PartStore keeps what imports said of parts; sqlstore provides it.
type PartStore interface {
	// ImportedParts are all of them, with the version of the last import, where that is not the
	// known one; else ErrNotFound.
	ImportedParts(ctx context.Context, known int64) ([]presage.Part, int64, error)
}

const (
	readFor = 5 * time.Second
	keptFor = time.Minute // until another process's import is looked for again
)

// PartBook is the parts master for the catalogue. It looks for imports once a minute, so that
// each process goes by the newest soon; while it cannot, by what it has read last. It is safe for
// many goroutines.
type PartBook struct {
	store  PartStore
	base   []presage.Part
	now    func() time.Time
	mu     sync.Mutex
	master *presage.PartsMaster
	read   time.Time
}

// NewPartBook lays what was imported over the parts of the catalogue.
func NewPartBook(store PartStore, base []presage.Part, now func() time.Time) *PartBook {
	return &PartBook{store: store, base: base, now: now, master: presage.NewPartsMaster(0, base, nil)}
}

// Master is the newest that was read.
func (b *PartBook) Master() *presage.PartsMaster {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if !b.read.IsZero() && now.Sub(b.read).Abs() < keptFor {
		return b.master
	}
	ctx, cancel := context.WithTimeout(context.Background(), readFor)
	defer cancel()
	if parts, version, err := b.store.ImportedParts(ctx, b.master.Version); err == nil {
		b.master = presage.NewPartsMaster(version, b.base, parts)
	}
	b.read = now
	return b.master
}

// Forget lets the master be read again: something was imported.
func (b *PartBook) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.read = time.Time{}
}
