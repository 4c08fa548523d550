package main

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	stormTag = "LSTRM"
	stormAt  = "storm"
	// stormBays and stormDays make room for more visits than there are customers,
	// yet so few that many a wish is refused.
	stormBays, stormTechnicians, stormDays = 3, 2, 5
	// settle is how long a request that got no answer may still be at work.
	settle = time.Second
)

// What a storm tries at the least, however slow the machine: a kill and the new
// start after it take many seconds on a loaded one.
const fewestKills, fewestActs = 2, 50

// counts of the storm.
type counts struct{ booked, moved, cancelled, tabs, stale, refused, unknown, lost atomic.Int64 }

// done is how many acts were answered with what was asked for.
func (n *counts) done() int { return int(n.booked.Load() + n.moved.Load() + n.cancelled.Load()) }

// storm lets each customer do one thing after the other and look after each
// whether their visit is what the answers promised. It lasts as long as it is
// asked to, and longer until enough was tried.
func (r *rig) storm(ctx context.Context, out *result) error {
	stock := r.Customers / 4 // most visits are of pieces on order
	if err := r.place(ctx, stormAt, stormBays, stormTechnicians, stock); err != nil {
		return err
	}
	cars, err := r.cars(ctx, stormTag, stormAt, r.Customers)
	if err != nil {
		return err
	}
	began := time.Now()
	over, end := context.WithCancel(ctx)
	defer end()
	var n counts
	var lost faultList
	g, living := errgroup.WithContext(ctx)
	for _, c := range cars {
		x := &customer{rig: r, car: c, dice: r.dice(), n: &n, lost: &lost}
		g.Go(func() error { return x.live(living, over) })
	}
	kills := 0
	g.Go(func() error {
		defer end()
		every, dice := min(r.KillEvery, r.Storm/3), r.dice()
		for time.Since(began) < r.Storm || kills < fewestKills || n.done() < fewestActs {
			if err := pause(living, between(dice, every/2, every*3/2)); err != nil {
				return err
			}
			if err := r.kill(living, r.nodes[kills%2]); err != nil {
				return err
			}
			kills++
		}
		return nil
	})
	if err := g.Wait(); err != nil {
		return err
	}
	out.Storm = stormResult{
		Customers: r.Customers, Booked: n.booked.Load(), Moved: n.moved.Load(), Cancelled: n.cancelled.Load(),
		Tabs: n.tabs.Load(), Stale: n.stale.Load(), Refused: n.refused.Load(), Unknown: n.unknown.Load(), Kills: kills,
		Lost: n.lost.Load(), Faults: lost.list, Odd: r.odd, Stock: stock, Took: time.Since(began),
	}
	if out.Storm.Ordered, err = r.ordered(ctx, stormAt); err != nil {
		return err
	}
	out.Storm.Integrity, err = r.integrity(ctx, stormAt)
	return err
}

// faultList keeps the first faults.
type faultList struct {
	mu   sync.Mutex
	list []string
}

func (f *faultList) add(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.list) < 5 {
		f.list = append(f.list, text)
	}
}
