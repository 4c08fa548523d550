package credential

import "time"

// recent is a map of bounded size: of the entries that were used least lately
// half are dropped when it is full. Not safe for concurrent use.
type recent[K comparable, V any] struct {
	half     int
	now, old map[K]V
}

func newRecent[K comparable, V any](size int) *recent[K, V] {
	return &recent[K, V]{half: max(1, size/2), now: map[K]V{}}
}

func (r *recent[K, V]) get(k K) (V, bool) {
	x, ok := r.now[k]
	if ok {
		return x, true
	}
	if x, ok = r.old[k]; ok {
		r.put(k, x)
	}
	return x, ok
}

func (r *recent[K, V]) put(k K, x V) {
	if _, ok := r.now[k]; !ok && len(r.now) >= r.half {
		r.old, r.now = r.now, make(map[K]V, r.half)
	}
	r.now[k] = x
}

func (r *recent[K, V]) drop(k K) {
	delete(r.now, k)
	delete(r.old, k)
}

// tries is a bucket of tokens for each key, by the generic cell rate
// algorithm: kept is the instant at which the bucket is full again.
type tries[K comparable] struct {
	every time.Duration
	depth time.Duration
	full  *recent[K, time.Time]
}

func newTries[K comparable](n int, every time.Duration) tries[K] {
	return tries[K]{every: every, depth: time.Duration(n) * every, full: newRecent[K, time.Time](maxTracked)}
}

func (t tries[K]) spend(k K, now time.Time) bool {
	full, ok := t.full.get(k)
	if !ok || full.Before(now) {
		full = now
	}
	if full = full.Add(t.every); full.Sub(now) > t.depth {
		return false
	}
	t.full.put(k, full)
	return true
}

func (t tries[K]) giveBack(k K) {
	if full, ok := t.full.get(k); ok {
		t.full.put(k, full.Add(-t.every))
	}
}
