package main

import (
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestASoakIsDeterminedByItsSeed(t *testing.T) {
	t.Parallel()
	plan := func(seed uint64, of can) (out []soakFault) {
		random := rand.New(rand.NewPCG(seed, 1))
		for range 200 {
			out = append(out, newSoakFault(random, of))
		}
		return out
	}
	all := can{disk: true, clock: true}
	first := plan(1, all)
	if diff := cmp.Diff(first, plan(1, all)); diff != "" {
		t.Errorf("the same seed, another plan: %s", diff)
	}
	if cmp.Equal(first, plan(2, all)) {
		t.Error("another seed, the same plan")
	}
	for _, a := range []soakAct{crash, stall, lockDatabase, fillDisk, stepClock} {
		if !slices.ContainsFunc(first, func(f soakFault) bool { return f.Act == a }) {
			t.Errorf("nobody does: %s", a)
		}
	}
	if !slices.ContainsFunc(first, func(f soakFault) bool { return f.Act == fillDisk && f.Leave == 0 && f.Kill }) {
		t.Error("nobody kills presage on a full disk")
	}
	for _, f := range plan(1, can{}) {
		if f.Act == fillDisk || f.Act == stepClock {
			t.Errorf("%s, where the machine does not allow it", f)
		}
	}
}

// By hand: a "ready" at 100 s may have been found out at 97 s at the earliest,
// and its message has until 110 s.
func TestWhatOvertakesAReady(t *testing.T) {
	t.Parallel()
	zero := time.Unix(1_000_000, 0)
	at := func(s float64) time.Time { return zero.Add(time.Duration(s * float64(time.Second))) }
	for begin, want := range map[float64]bool{96.9: false, 97.1: true, 100: true, 109.9: true, 110.1: false} {
		m := &monitor{within: ackWithin, faults: []span{{begin: at(begin)}}}
		if got := m.overtaken(at(100), at(100)); got != want {
			t.Errorf("a fault at %v s: %v, want %v", begin, got, want)
		}
	}
	// The first fault is known of at 100 s; the second, in its midst and over before it, is not.
	m := &monitor{within: ackWithin, faults: []span{{begin: at(90)}, {at(104), at(105)}}}
	if !m.overtaken(at(100), at(100)) || m.overtaken(at(93.9), at(93.9)) {
		t.Errorf("a fault in the midst of another: %+v", m.faults)
	}
	// One that began while /readyz took 8 s to answer.
	if m = (&monitor{within: ackWithin, faults: []span{{begin: at(94)}}}); !m.overtaken(at(92), at(100)) || m.overtaken(at(98), at(100)) {
		t.Errorf("a slow answer: %+v", m.faults)
	}
	// A fault in force, and traces of one for 30 s after its end, are a reason not to be ready.
	for _, c := range []struct {
		f    span
		want bool
	}{
		{span{begin: at(10)}, false}, {span{at(10), at(70.1)}, false}, {span{at(10), at(69.9)}, true},
	} {
		m := &monitor{faults: []span{c.f}}
		if got := m.calm(at(100)); got != c.want {
			t.Errorf("%+v: calm %v, want %v", c.f, got, c.want)
		}
	}
}

// A "ready" in front of a door that takes connections and says nothing is false;
// a "not ready" without a fault has no reason.
func TestAFalseReadyIsSeen(t *testing.T) {
	t.Parallel()
	door, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer door.Close()
	status := http.StatusOK
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(`{"parts":[{"name":"sql","ready":false,"reason":"gone"}]}`))
	}))
	defer service.Close()
	m := &monitor{
		url: service.URL, began: time.Now(), within: 50 * time.Millisecond,
		prober: &prober{stream: newStream(1, time.Now()), address: door.Addr().String()},
	}
	var group sync.WaitGroup
	m.look(t.Context(), &group)
	group.Wait()
	status = http.StatusServiceUnavailable
	m.look(t.Context(), &group)
	want := health{Asked: 2, Ready: 1, False: []string{"0s"}, Groundless: []string{"0s: sql (gone)"}}
	if diff := cmp.Diff(want, m.health); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := m.prober.givenUp(); got != 1 {
		t.Errorf("%d messages given up, want 1", got)
	}
}

// Each broken promise of a soak is told, and a soak that broke none tells nothing.
func TestFaultsOfASoak(t *testing.T) {
	t.Parallel()
	good := soakResult{result: result{PeakRSS: maxSoakRSS}, Healed: []healed{{Took: healWithin}}}
	if got := good.faults(); len(got) != 0 {
		t.Errorf("%q", got)
	}
	for want, spoil := range map[string]func(*soakResult){
		"2 acknowledged messages are not stored": func(s *soakResult) { s.Missing = 2 },
		"duplicate rows":                         func(s *soakResult) { s.Repeated = 1 },
		"nobody published":                       func(s *soakResult) { s.Wrong = 1 },
		"at 5s":                                  func(s *soakResult) { s.False = []string{"5s"} },
		"nothing":                                func(s *soakResult) { s.Groundless = []string{"5s: sql"} },
		"not ready within 30s":                   func(s *soakResult) { s.Healed[0].Took += time.Millisecond },
		"MiB of memory":                          func(s *soakResult) { s.PeakRSS++ },
		"MiB of disk":                            func(s *soakResult) { s.PeakDisk = maxSoakDisk + 1 },
	} {
		bad := good
		bad.Healed = slices.Clone(good.Healed)
		spoil(&bad)
		if got := bad.faults(); len(got) != 1 || !strings.Contains(got[0], want) {
			t.Errorf("%s: %q", want, got)
		}
	}
}

// The places that are patched are there, so that a soak can set the clock.
func TestPatches(t *testing.T) {
	t.Parallel()
	for _, p := range patches() {
		text, err := os.ReadFile(filepath.Join("..", "..", p.file))
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(string(text), p.old); n != 1 {
			t.Errorf("%s holds %q %d times, want once", p.file, p.old, n)
		}
	}
}
