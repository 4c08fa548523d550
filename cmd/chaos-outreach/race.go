package main

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
)

const (
	// raceSlots is a day of one bay: visits of an hour from eight to six.
	raceSlots = 10
	raceTag   = "LRACE"
	raceAt    = "race"
	// atOnce is how many requests of the race are under way.
	atOnce = 48
	// tries bounds how often a booker asks again who got no answer.
	tries = 20
)

// race lets all bookers ask for a random one of the slots at once; no piece of
// their part is anywhere.
func (r *rig) race(ctx context.Context, out *result) error {
	if err := r.place(ctx, raceAt, 1, 1, 0); err != nil {
		return err
	}
	cars, err := r.cars(ctx, raceTag, raceAt, r.Bookers)
	if err != nil {
		return err
	}
	began := time.Now()
	dice := r.dice()
	var told, lost atomic.Int64
	var g errgroup.Group
	g.SetLimit(atOnce)
	for i, c := range cars {
		start := slot(dice.IntN(r.Slots))
		if i < r.Slots { // each slot is wanted by somebody
			start = slot(i)
		}
		g.Go(func() error {
			for try := range tries {
				switch r.book(ctx, tab{node: r.nodes[(i+try)%2]}, c, start) {
				case done:
					told.Add(1)
					return nil
				case refused:
					lost.Add(1)
					return nil
				case unknown:
				}
				if err := pause(ctx, 50*time.Millisecond); err != nil {
					return err
				}
			}
			return fmt.Errorf("booker %d got no answer %d times", i, tries)
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	out.Race = raceResult{
		Bookers: r.Bookers, Slots: r.Slots, Told: int(told.Load()), Refused: int(lost.Load()), Took: time.Since(began),
	}
	return r.countRace(ctx, out)
}

func (r *rig) countRace(ctx context.Context, out *result) error {
	sold, err := r.store.Bookings(ctx, presage.BookingFilter{WorkshopID: raceAt, State: presage.BookingConfirmed})
	if err != nil {
		return err
	}
	out.Race.Sold = len(sold)
	if out.Race.Ordered, err = r.ordered(ctx, raceAt); err != nil {
		return err
	}
	out.Race.Integrity, err = r.integrity(ctx, raceAt)
	return err
}

// ordered counts the pieces on order for a workshop.
func (r *rig) ordered(ctx context.Context, workshop string) (pieces int, err error) {
	orders, err := r.store.OpenOrders(ctx, "depot-"+workshop, part)
	for _, o := range orders {
		pieces += o.Quantity
	}
	return pieces, err
}

// complain remembers an answer that nobody expects.
func (r *rig) complain(path string, status int, said []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.odd) < 5 {
		path, _, _ = strings.Cut(strings.TrimPrefix(path, "/"), "/")
		r.odd = append(r.odd, fmt.Sprintf("%s: %d %.200s", path, status, said))
	}
}
