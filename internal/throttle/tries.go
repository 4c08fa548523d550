package throttle

import "time"

// maxTracked bounds how many keys are remembered to have failed.
const maxTracked = 20_000

// Tries is a bucket of tokens for each key, by the generic cell rate
// algorithm (ITU-T I.371). Not safe for concurrent use.
type Tries[K comparable] struct {
	every time.Duration
	depth time.Duration
	full  *Recent[K, time.Time] // when the bucket is full again
}

// NewTries gives every key n tries at once; one more comes back each interval.
func NewTries[K comparable](n int, every time.Duration) Tries[K] {
	return Tries[K]{every: every, depth: time.Duration(n) * every, full: NewRecent[K, time.Time](maxTracked)}
}

// Spend takes a try of k; false when there is none.
func (t Tries[K]) Spend(k K, now time.Time) bool {
	full, ok := t.full.Get(k)
	if !ok || full.Before(now) {
		full = now
	}
	if full = full.Add(t.every); full.Sub(now) > t.depth {
		return false
	}
	t.full.Put(k, full)
	return true
}

// GiveBack returns a try that was spent on what turned out to be right.
func (t Tries[K]) GiveBack(k K) {
	if full, ok := t.full.Get(k); ok {
		t.full.Put(k, full.Add(-t.every))
	}
}

// Forget gives k all of its tries.
func (t Tries[K]) Forget(k K) { t.full.Drop(k) }

// Wait is how long k waits for its next try; 0 when it has one.
func (t Tries[K]) Wait(k K, now time.Time) time.Duration {
	full, _ := t.full.Get(k)
	return max(0, full.Add(t.every).Sub(now)-t.depth)
}
