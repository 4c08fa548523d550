package throttle

// Recent is a map of bounded size: of the entries that were used least lately
// half are dropped when it is full. Not safe for concurrent use.
type Recent[K comparable, V any] struct {
	half     int
	now, old map[K]V
}

// NewRecent returns an empty map of size entries at the most.
func NewRecent[K comparable, V any](size int) *Recent[K, V] {
	return &Recent[K, V]{half: max(1, size/2), now: map[K]V{}}
}

// Get returns the value of k, and counts as a use.
func (r *Recent[K, V]) Get(k K) (V, bool) {
	x, ok := r.now[k]
	if ok {
		return x, true
	}
	if x, ok = r.old[k]; ok {
		r.Put(k, x)
	}
	return x, ok
}

// Put replaces the value of k.
func (r *Recent[K, V]) Put(k K, x V) {
	if _, ok := r.now[k]; !ok && len(r.now) >= r.half {
		r.old, r.now = r.now, make(map[K]V, r.half)
	}
	r.now[k] = x
}

// Drop forgets k.
func (r *Recent[K, V]) Drop(k K) {
	delete(r.now, k)
	delete(r.old, k)
}
