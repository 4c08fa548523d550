package demo

import (
	"container/heap"
	"context"
	"errors"
	"time"
)

// intent is something that somebody is going to do at an instant.
type intent struct {
	at  time.Time
	seq int // keeps the order of equal instants
	do  func(ctx context.Context) error
}

// agenda holds intents by their instant.
type agenda struct {
	queue intents
	seq   int
}

func (a *agenda) add(at time.Time, do func(ctx context.Context) error) {
	a.seq++
	heap.Push(&a.queue, intent{at: at, seq: a.seq, do: do})
}

// due does everything until now, the earliest first, and joins the errors.
func (a *agenda) due(ctx context.Context, now time.Time) error {
	var errs []error
	for len(a.queue) > 0 && !a.queue[0].at.After(now) {
		next, _ := heap.Pop(&a.queue).(intent)
		errs = append(errs, next.do(ctx))
	}
	return errors.Join(errs...)
}

type intents []intent

func (q intents) Len() int { return len(q) }

func (q intents) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].seq < q[j].seq
}

func (q intents) Swap(i, j int) { q[i], q[j] = q[j], q[i] }

// Push is heap's.
func (q *intents) Push(x any) {
	if i, ok := x.(intent); ok {
		*q = append(*q, i)
	}
}

// Pop is heap's.
func (q *intents) Pop() any {
	old := *q
	last := old[len(old)-1]
	*q = old[:len(old)-1]
	return last
}
