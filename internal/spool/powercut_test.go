package spool_test

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cockroachdb/pebble/v2/vfs"

	"presage/internal/spool"
)

// TestPowerCut takes the power away while three writers spool and, every other
// time, the store behind takes what is spooled: of the journal's files only what
// was synced is left, and of the rest any pages or none. Every batch whose Write
// had returned reaches the store.
func TestPowerCut(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("random seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	c := config(t.TempDir(), 1<<30)
	disk := vfs.NewCrashableMem()
	w, next, promised := newWorld(), &atomic.Int64{}, map[int64]bool{}
	openNow := func() *spool.Spool {
		c.FS = disk
		s, err := spool.Open(c, w.deps())
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	for cut := range 8 {
		s := openNow()
		w.goAway(true)
		_ = s.Write(t.Context(), one(-1, 0)) // the failure from which the grace counts
		w.pass(grace)
		w.goAway(cut%2 == 0)
		stop := run(t, s)
		disk = spoolAndCut(t, s, next, promised, func() *vfs.MemFS {
			return disk.CrashClone(vfs.CrashCloneCfg{UnsyncedDataPercent: []int{0, 50, 100}[random.IntN(3)], RNG: random})
		})
		stop()
	}
	w.goAway(false)
	s := openNow()
	defer run(t, s)()
	w.eventually(t, "drained", func() bool { note, err := s.Health(t.Context()); return note == "" && err == nil })
	stored := w.stored()
	for n := range promised {
		if v, ok := stored[identity(one(n, 0)[0], one(n, 0)[0].Readings[0])]; !ok || v.Number != float64(n) {
			t.Errorf("batch %d was acknowledged and is lost (%v)", n, v)
		}
	}
	if len(promised) < 8*50 {
		t.Errorf("%d batches were acknowledged", len(promised))
	}
	t.Logf("%d batches, %d of them acknowledged before a cut", next.Load(), len(promised))
}

// spoolAndCut writes until fifty more batches were acknowledged, adds them to
// promised, and is what cut then leaves.
func spoolAndCut(
	t *testing.T, s *spool.Spool, next *atomic.Int64, promised map[int64]bool, cut func() *vfs.MemFS,
) *vfs.MemFS {
	t.Helper()
	acked, stop := make(chan int64), make(chan struct{})
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			for {
				n := next.Add(1)
				if err := s.Write(t.Context(), one(n, float64(n))); err != nil {
					t.Errorf("batch %d: %v", n, err)
				}
				select {
				case acked <- n:
				case <-stop:
					return
				}
			}
		})
	}
	for range 50 {
		promised[<-acked] = true
	}
	left := cut()
	close(stop)
	group.Wait()
	return left
}
