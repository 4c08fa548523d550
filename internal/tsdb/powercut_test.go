package tsdb_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"presage"
	"presage/internal/storetest"
	"presage/internal/tsdb"
)

// TestPowerCut takes the power away while four writers write and tables are
// flushed and compacted, again and again on what is left. A power cut is harder
// than a kill -9: of each file, and of each directory, only what was synced is
// there, and of the rest any pages or none. Every write that had returned is
// there, and nothing is there that was not written.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("random seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	dir, disk := t.TempDir(), vfs.NewCrashableMem()
	w := &powerWorld{acked: map[int]bool{}}
	for cut := range 12 {
		s, err := tsdb.Open(dir, tsdb.Options{FS: disk, MinFreeBytes: -1})
		if err != nil {
			t.Fatalf("after power cut %d: %v", cut, err)
		}
		w.check(t, s)
		disk = w.writeAndCut(t, s, disk, random)
	}
	if len(w.acked) < 12*20 {
		t.Errorf("%d writes were acknowledged", len(w.acked))
	}
	t.Logf("%d writes, %d acknowledged before a cut", w.begun, len(w.acked))
}

// powerWorld knows what was begun and what was acknowledged. A writer that the
// cut overtook begins its write again afterwards, as a vehicle would.
type powerWorld struct {
	mu    sync.Mutex
	begun int
	acked map[int]bool
}

func (w *powerWorld) next() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.begun++
	return w.begun - 1
}

func (w *powerWorld) acknowledge(n int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.acked[n] = true
	return len(w.acked)
}

// writeAndCut writes until a random number of writes returned, and is what is
// then left of the disk.
func (w *powerWorld) writeAndCut(t *testing.T, s *tsdb.Store, disk *vfs.MemFS, random *rand.Rand) *vfs.MemFS {
	t.Helper()
	until := len(w.acked) + 20 + random.IntN(200)
	enough, stop := make(chan struct{}), make(chan struct{})
	full := sync.OnceFunc(func() { close(enough) })
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				n := w.next()
				if err := s.Write(t.Context(), []presage.Sample{crashSample(n)}); err != nil {
					t.Errorf("write %d: %v", n, err)
					full()
					return
				}
				if w.acknowledge(n) >= until {
					full()
				}
			}
		})
	}
	group.Go(func() { rewrite(t, s, stop) })
	<-enough
	w.mu.Lock()
	promised := make(map[int]bool, len(w.acked)) // of before the cut; what comes after it is not on the clone
	for n := range w.acked {
		promised[n] = true
	}
	w.mu.Unlock()
	left := disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: []int{0, 50, 100}[random.IntN(3)], RNG: random})
	close(stop)
	group.Wait()
	w.acked = promised
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	return left
}

// rewrite flushes and compacts until stop, so that cuts fall into both.
func rewrite(t *testing.T, s *tsdb.Store, stop <-chan struct{}) {
	t.Helper()
	for {
		select {
		case <-stop:
			return
		default:
		}
		if err := s.DB().Flush(); err != nil {
			t.Error(err)
		}
		if err := s.DB().Compact(t.Context(), []byte("n"), []byte("s"), false); err != nil {
			t.Error(err)
		}
	}
}

// check reads what is there.
func (w *powerWorld) check(t *testing.T, s *tsdb.Store) {
	t.Helper()
	found := map[time.Time]presage.Sample{}
	for i := range 5 {
		for _, got := range storetest.Collect(t, s.Scan(t.Context(), storetest.VIN(i),
			time.Unix(-1, 0), time.Now().AddDate(1, 0, 0))) {
			found[got.Time] = got
		}
	}
	for n := range w.begun {
		want := storetest.Copy(crashSample(n))
		got, there := found[want.Time]
		delete(found, want.Time)
		switch {
		case there:
			equal(t, []presage.Sample{want}, []presage.Sample{got})
		case w.acked[n]:
			t.Errorf("write %d had returned and is lost", n)
		}
	}
	if len(found) > 0 {
		t.Errorf("%d rows that nobody wrote", len(found))
	}
}
