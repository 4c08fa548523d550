package ingest

import (
	"time"

	"presage"
)

// batch is what is made durable and acknowledged together. Its memory is used
// again for a later one.
type batch struct {
	items   []*item
	bytes   int64
	flush   bool // somebody waits: do not linger
	probe   bool // the store is tried too
	arena   *arena
	all     []presage.Sample
	written chan error // gets one value when the telemetry is durable

	kinds   map[string]int // messages by kind
	payload int            // bytes as sent
	unknown int            // readings that the signal table does not hold
	mended  int            // messages that were not JSON, of which a part could be read
	began   time.Time      // handed to a writer; set for the rate limit alone
}

func newBatch() *batch {
	return &batch{arena: newArena(), written: make(chan error, 1), kinds: map[string]int{}}
}

func (b *batch) full(c Config) bool {
	return b.flush || len(b.items) >= c.BatchMessages || b.bytes >= c.BatchBytes
}

// samples are all that is in b.
func (b *batch) samples() []presage.Sample {
	b.all = b.all[:0]
	for _, it := range b.items {
		b.all = append(b.all, it.samples...)
	}
	return b.all
}

// recycle empties b. Nobody may hold anything of it but texts and arrays.
func (b *batch) recycle() {
	clear(b.items)
	clear(b.all)
	clear(b.kinds)
	b.arena.reset()
	if cap(b.all) > slabChunks*slabSamples {
		b.all = nil
	}
	b.items, b.all = b.items[:0], b.all[:0]
	b.bytes, b.flush, b.probe, b.payload, b.unknown, b.mended = 0, false, false, 0, 0, 0
}
