package throttle_test

import (
	"net/netip"
	"testing"
	"time"

	"presage/internal/throttle"
)

func TestTries(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	tries := throttle.NewTries[string](3, 10*time.Second)
	for n := range 3 {
		if !tries.Spend("a", now) {
			t.Fatalf("try %d of 3 is refused", n+1)
		}
	}
	if tries.Spend("a", now) || tries.Wait("a", now) != 10*time.Second {
		t.Errorf("a fourth try, or a wait of %v", tries.Wait("a", now))
	}
	if !tries.Spend("b", now) || tries.Wait("b", now) != 0 {
		t.Error("another key pays for the first")
	}
	tries.GiveBack("a")
	if !tries.Spend("a", now) {
		t.Error("what was given back is not there")
	}
	if tries.Spend("a", now.Add(9*time.Second)) || !tries.Spend("a", now.Add(10*time.Second)) {
		t.Error("one try comes back every ten seconds")
	}
	tries.Forget("a")
	if !tries.Spend("a", now) {
		t.Error("a forgotten key starts anew")
	}
}

// The map holds so many keys, whatever is put into it.
func TestRecentIsBounded(t *testing.T) {
	t.Parallel()
	r := throttle.NewRecent[int, int](10)
	for n := range 1000 {
		r.Put(n, n)
		r.Get(0) // in use all the time: it stays
	}
	kept := 0
	for n := range 1000 {
		if _, ok := r.Get(n); ok {
			kept++
		}
	}
	if _, ok := r.Get(0); !ok || kept > 10 {
		t.Errorf("%d entries, 0 among them: %v", kept, ok)
	}
}

func TestSource(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"203.0.113.9":          "203.0.113.9",
		"::ffff:203.0.113.9":   "203.0.113.9",
		"2001:db8:1:2:3:4:5:6": "2001:db8:1:2::",
		"2001:db8:1:2::":       "2001:db8:1:2::",
		"fe80::1:2%eth0":       "fe80::",
		"2001:db8:1:3:3:4:5:6": "2001:db8:1:3::",
	} {
		if got := throttle.Source(netip.MustParseAddr(given)); got != netip.MustParseAddr(want) {
			t.Errorf("%s counts as %s, want %s", given, got, want)
		}
	}
	if throttle.Source(netip.Addr{}).IsValid() {
		t.Error("no address became one")
	}
}
