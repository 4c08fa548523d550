package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"presage"
)

// customer acts alone on their case, so that they know what must be.
type customer struct {
	*rig
	car  car
	dice *rand.Rand
	n    *counts
	lost *faultList
	was  string // the ID of a visit that they had before the one they have
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
	shown bool // it says what visit it was shown: it moves and cancels no other
	stale bool // and that one is gone
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
			x.car.caseID, startOf(visit), wishes, answers, startOf(now)))
	}
	if visit != nil && (now == nil || now.ID != visit.ID) {
		x.was = visit.ID
	}
	return now, nil
}

// promised lists where the answers may have led: to a wish that was done, or one
// without an answer; where none was done, the former visit may stand. A form that
// was shown another visit leads nowhere, and of two that were shown the same one
// only one can lead anywhere: none is listed if both were done.
func promised(was time.Time, wishes []wish, answers []answer) (may []time.Time) {
	stands := true
	var moved []time.Time // by forms that were shown the visit
	for i, w := range wishes {
		if answers[i] == refused || w.stale {
			continue
		}
		may = append(may, w.leads)
		if answers[i] == done {
			stands = false
			if w.shown && !w.leads.Equal(was) && !slices.ContainsFunc(moved, w.leads.Equal) {
				moved = append(moved, w.leads)
			}
		}
	}
	if len(moved) > 1 {
		return nil
	}
	if stands {
		may = append(may, was)
	}
	return may
}

// String is where a wish leads and what it knows.
func (w wish) String() string {
	text := "none"
	if !w.leads.IsZero() {
		text = w.leads.Format(time.DateTime)
	}
	switch {
	case w.stale:
		text += " (shown another visit)"
	case w.shown:
		text += " (shown the visit)"
	}
	return text
}

func startOf(b *presage.Booking) time.Time {
	if b == nil {
		return time.Time{}
	}
	return b.Start
}

// wishes draws what the customer wants: a visit, another time, another time in
// each of two tabs, none, or one of these from a page that shows an earlier visit.
func (x *customer) wishes(ctx context.Context, visit *presage.Booking) []wish {
	t := x.tab(visit)
	switch {
	case visit == nil && x.was != "" && x.dice.IntN(5) == 0:
		return []wish{x.staleWish(ctx, t)}
	case visit == nil:
		return []wish{x.wishSlot(ctx, t)}
	}
	switch d := x.dice.IntN(20); {
	case d < 9:
		return []wish{x.wishSlot(ctx, t)}
	case d < 12:
		return []wish{x.wishSlot(ctx, t), x.wishSlot(ctx, x.tab(visit))}
	case d < 14:
		other := x.tab(visit)
		t.seen, other.seen = &visit.ID, &visit.ID
		return []wish{x.wishSlot(ctx, t), x.wishSlot(ctx, other)}
	case d < 16:
		return []wish{x.staleWish(ctx, t)}
	}
	return []wish{{shown: !t.adviser && t.seen != nil, do: func() answer {
		if t.adviser {
			return x.cancelAsAdviser(ctx, t.node, visit.ID)
		}
		return x.cancel(ctx, t, x.car)
	}}}
}

// staleWish is of a page that shows a visit that they had earlier, or none.
func (x *customer) staleWish(ctx context.Context, t tab) wish {
	was := x.was
	t.seen = &was
	w := x.wishSlot(ctx, t)
	if x.dice.IntN(2) == 0 {
		w = wish{shown: true, do: func() answer { return x.cancel(ctx, t, x.car) }}
	}
	w.stale = true
	return w
}

// tab opens one; every second page tells what visit it shows.
func (x *customer) tab(visit *presage.Booking) tab {
	t := tab{node: x.nodes[x.dice.IntN(2)], adviser: x.dice.IntN(4) == 0}
	if x.dice.IntN(2) == 0 {
		seen := ""
		if visit != nil {
			seen = visit.ID
		}
		t.seen = &seen
	}
	return t
}

func (x *customer) wishSlot(ctx context.Context, t tab) wish {
	start := slot(x.dice.IntN(stormDays * raceSlots / 2)).Add(time.Duration(x.dice.IntN(2)) * visitTime / 2)
	return wish{leads: start, shown: t.seen != nil, do: func() answer { return x.book(ctx, t, x.car, start) }}
}

func (x *customer) count(visit *presage.Booking, wishes []wish, answers []answer) {
	if len(wishes) > 1 {
		x.n.tabs.Add(1)
	}
	for i, a := range answers {
		switch {
		case wishes[i].stale:
			x.n.stale.Add(1)
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
