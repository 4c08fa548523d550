package main

import (
	"context"
	"time"

	"presage"
)

// cell is the smallest time that is sold.
const cell = 15 * time.Minute

// integrity is what the database says of a workshop.
type integrity struct {
	Visits   int `json:"visits"`   // live
	Overlaps int `json:"overlaps"` // cells that two live visits have
	Orphans  int `json:"orphans"`  // cells that are taken for no live visit
	Untaken  int `json:"untaken"`  // cells of a live visit that are not taken
	Strays   int `json:"strays"`   // cases booked without one visit, or a visit without its case
	Reserved int `json:"reserved"` // pieces
	Promised int `json:"promised"` // pieces, to live visits
	Unmet    int `json:"unmet"`    // pieces promised that are neither on the shelf nor on order
}

// integrity counts in one snapshot: the processes go on meanwhile.
func (r *rig) integrity(ctx context.Context, workshop string) (in integrity, err error) {
	err = r.store.Snapshot(ctx, func(at store) error {
		in = integrity{}
		live, err := in.visits(ctx, at, workshop)
		if err != nil {
			return err
		}
		if err := in.cells(ctx, at, workshop, live); err != nil {
			return err
		}
		stock, err := at.Stock(ctx, presage.StockFilter{DepotID: "depot-" + workshop})
		for _, s := range stock {
			in.Reserved += s.Reserved
			in.Unmet += max(0, s.Reserved-s.OnHand-s.OnOrder)
		}
		return err
	})
	return in, err
}

// visits counts what live visits were promised and whether their cases know.
func (in *integrity) visits(ctx context.Context, at store, workshop string) ([]presage.Booking, error) {
	live, err := at.Bookings(ctx, presage.BookingFilter{WorkshopID: workshop, State: presage.BookingConfirmed})
	if err != nil {
		return nil, err
	}
	booked, err := at.Cases(ctx, presage.CaseFilter{WorkshopID: workshop, State: presage.CaseBooked})
	if err != nil {
		return nil, err
	}
	visits := map[string]int{}
	for _, b := range live {
		in.Visits++
		visits[b.CaseID]++
		for _, p := range b.Parts {
			in.Promised += p.Quantity
		}
	}
	for _, c := range booked {
		if visits[c.ID] != 1 {
			in.Strays++
		}
		delete(visits, c.ID)
	}
	in.Strays += len(visits)
	return live, nil
}

// cells compares what is taken with what live visits need, both ways.
func (in *integrity) cells(ctx context.Context, at store, workshop string, live []presage.Booking) error {
	type place struct {
		resource string
		at       int64
	}
	need := map[place]int{}
	for _, b := range live {
		for t := b.Start; t.Before(b.End); t = t.Add(cell) {
			for _, resource := range []string{b.BayID, b.TechnicianID} {
				need[place{resource, t.Unix()}]++
			}
		}
	}
	for _, n := range need {
		in.Overlaps += n - 1
	}
	now := time.Now()
	busy, err := at.Busy(ctx, workshop, now.AddDate(0, -1, 0), now.AddDate(0, 6, 0))
	for _, x := range busy {
		for t := x.Start; t.Before(x.End); t = t.Add(cell) {
			if p := (place{x.Resource, t.Unix()}); need[p] == 0 {
				in.Orphans++
			} else {
				delete(need, p)
			}
		}
	}
	in.Untaken = len(need)
	return err
}

// faults names what must not be.
func (in integrity) faults() []fault {
	return []fault{
		{in.Overlaps, "cells are sold twice"},
		{in.Orphans, "cells are taken for no live visit"},
		{in.Untaken, "cells of live visits are not taken"},
		{in.Strays, "cases and visits do not match"},
		{max(in.Reserved-in.Promised, in.Promised-in.Reserved), "pieces are the difference of reserved and promised"},
		{in.Unmet, "promised pieces are neither on the shelf nor on order"},
	}
}
