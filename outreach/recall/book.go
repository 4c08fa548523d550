package recall

import (
	"context"
	"sync"
	"time"

	"presage"
)

// Store keeps recalls. ErrNotFound for an unknown ID.
type Store interface {
	Recall(ctx context.Context, id string) (presage.Recall, error)
}

const (
	readFor = 5 * time.Second
	keptFor = time.Minute // until the newest version of a recall is read again
)

// Book finds recalls for the catalogue. It keeps what it has read for a minute of
// the wall, so that each process goes by the newest version soon. It is safe for
// many goroutines.
type Book struct {
	store Store
	now   func() time.Time
	mu    sync.Mutex
	pages map[string]page
}

type page struct {
	presage.Recall
	read time.Time
}

// NewBook opens a book on a store.
func NewBook(store Store, now func() time.Time) *Book {
	return &Book{store: store, now: now, pages: map[string]page{}}
}

// Recall is the newest version of a recall; ErrNotFound when there is none.
func (b *Book) Recall(id string) (presage.Recall, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if p, ok := b.pages[id]; ok && now.Sub(p.read).Abs() < keptFor {
		return p.Recall, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), readFor)
	defer cancel()
	r, err := b.store.Recall(ctx, id)
	if err == nil {
		b.pages[id] = page{r, now}
	}
	return r, err
}

// Forget drops what was read: a recall was put.
func (b *Book) Forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.pages)
}
