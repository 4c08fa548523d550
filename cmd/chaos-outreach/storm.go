package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
)

const (
	stormTag = "LSTRM"
	stormAt  = "storm"
	// stormBays and stormDays make room for more visits than there are customers,
	// yet so few that many a wish is refused.
	stormBays, stormTechnicians, stormDays = 3, 2, 5
	// killEvery is how often a process is killed in the storm.
	killEvery = 10 * time.Second
	// settle is how long a request that got no answer may still be at work.
	settle = time.Second
)

// counts of the storm.
type counts struct{ booked, moved, cancelled, tabs, refused, unknown, lost atomic.Int64 }

// storm lets each customer do one thing after the other and look after each
// whether their visit is what the answers promised.
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
	over, end := context.WithTimeout(ctx, r.Storm)
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
		for pause(over, min(killEvery, r.Storm/2)) == nil {
			if err := r.kill(living, r.nodes[kills%2]); err != nil {
				return err
			}
			kills++
		}
		return living.Err()
	})
	if err := g.Wait(); err != nil {
		return err
	}
	out.Storm = stormResult{
		Customers: r.Customers, Booked: n.booked.Load(), Moved: n.moved.Load(), Cancelled: n.cancelled.Load(),
		Tabs: n.tabs.Load(), Refused: n.refused.Load(), Unknown: n.unknown.Load(), Kills: kills,
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

// customer acts alone on their case, so that they know what must be.
type customer struct {
	*rig
	car  car
	dice *rand.Rand
	n    *counts
	lost *faultList
}

// live acts until over ends.
func (x *customer) live(ctx, over context.Context) error {
	visit, err := x.visit(ctx)
	for err == nil && over.Err() == nil {
		visit, err = x.step(ctx, visit)
		if err == nil {
			err = pause(ctx, between(x.dice, 0, 40*time.Millisecond))
		}
	}
	return err
}

// wish is one request and where it leads: a start, or the zero time for none.
type wish struct {
	leads time.Time
	do    func() answer
}

// step does one or two things at once and returns the visit after them.
func (x *customer) step(ctx context.Context, visit *presage.Booking) (*presage.Booking, error) {
	wishes := x.wishes(ctx, visit)
	answers := make([]answer, len(wishes))
	var g sync.WaitGroup
	for i, w := range wishes {
		g.Go(func() { answers[i] = w.do() })
	}
	g.Wait()
	x.count(visit, wishes, answers)
	if slices.Contains(answers, unknown) {
		if err := pause(ctx, settle); err != nil {
			return nil, err
		}
	}
	now, err := x.visit(ctx)
	if err != nil {
		return nil, err
	}
	if may := promised(startOf(visit), wishes, answers); !slices.ContainsFunc(may, startOf(now).Equal) {
		x.n.lost.Add(1)
		x.lost.add(fmt.Sprintf("case %s had %v, wished %v, was answered %v, has %v",
			x.car.caseID, startOf(visit), leads(wishes), answers, startOf(now)))
	}
	return now, nil
}

// promised lists where the answers may have led: to a wish that was done, or one
// without an answer; where none was done, the former visit may stand.
func promised(was time.Time, wishes []wish, answers []answer) (may []time.Time) {
	for i, w := range wishes {
		if answers[i] != refused {
			may = append(may, w.leads)
		}
	}
	if !slices.Contains(answers, done) {
		may = append(may, was)
	}
	return may
}

func leads(wishes []wish) (to []time.Time) {
	for _, w := range wishes {
		to = append(to, w.leads)
	}
	return to
}

func startOf(b *presage.Booking) time.Time {
	if b == nil {
		return time.Time{}
	}
	return b.Start
}

// wishes draws what the customer wants: a visit, another time, another time in
// each of two tabs, or none.
func (x *customer) wishes(ctx context.Context, visit *presage.Booking) []wish {
	if visit == nil {
		return []wish{x.wishSlot(ctx)}
	}
	switch d := x.dice.IntN(10); {
	case d < 5:
		return []wish{x.wishSlot(ctx)}
	case d < 7:
		return []wish{x.wishSlot(ctx), x.wishSlot(ctx)}
	}
	n, adviser := x.nodes[x.dice.IntN(2)], x.dice.IntN(2) == 0
	return []wish{{do: func() answer {
		if adviser {
			return x.cancelAsAdviser(ctx, n, visit.ID)
		}
		return x.cancel(ctx, n, x.car)
	}}}
}

func (x *customer) wishSlot(ctx context.Context) wish {
	start := slot(x.dice.IntN(stormDays * raceSlots / 2)).Add(time.Duration(x.dice.IntN(2)) * visitTime / 2)
	n, adviser := x.nodes[x.dice.IntN(2)], x.dice.IntN(4) == 0
	return wish{start, func() answer { return x.book(ctx, n, x.car, start, adviser) }}
}

func (x *customer) count(visit *presage.Booking, wishes []wish, answers []answer) {
	if len(wishes) > 1 {
		x.n.tabs.Add(1)
	}
	for i, a := range answers {
		switch {
		case a == refused:
			x.n.refused.Add(1)
		case a == unknown:
			x.n.unknown.Add(1)
		case visit == nil:
			x.n.booked.Add(1)
		case wishes[i].leads.IsZero():
			x.n.cancelled.Add(1)
		default:
			x.n.moved.Add(1)
		}
	}
}

// visit reads the customer's live visit from the database; nil for none.
func (x *customer) visit(ctx context.Context) (*presage.Booking, error) {
	bs, err := x.store.Bookings(ctx, presage.BookingFilter{CaseID: x.car.caseID, State: presage.BookingConfirmed})
	if err != nil || len(bs) == 0 {
		return nil, err
	}
	if len(bs) > 1 {
		return nil, fmt.Errorf("case %s has %d visits", x.car.caseID, len(bs))
	}
	return &bs[0], nil
}
