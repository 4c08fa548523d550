package demand

import (
	"sync"
	"sync/atomic"
)

// inParallel calls each with 0 to n-1, in any order, on so many goroutines,
// and returns when all are done. What a call writes must be its own.
func inParallel(workers, n int, each func(i int)) {
	if workers < 2 || n < 2 {
		for i := range n {
			each(i)
		}
		return
	}
	var next atomic.Int64
	var running sync.WaitGroup
	for range min(workers, n) {
		running.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= n {
					return
				}
				each(i)
			}
		})
	}
	running.Wait()
}
