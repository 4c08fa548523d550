package demand

import "golang.org/x/sync/errgroup"

// inParallel calls each with 0 to n-1, in any order, on at most so many
// goroutines, and returns when all are done. What a call writes must be its own.
func inParallel(workers, n int, each func(i int)) {
	var group errgroup.Group
	group.SetLimit(max(1, workers))
	for i := range n {
		group.Go(func() error {
			each(i)
			return nil
		})
	}
	_ = group.Wait() // nobody returns an error
}
