//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/internal/sqlstore"
)

// replanned is reservation i again an hour after it was sold, with the second
// bay and technician; with pack, its pad may be ordered.
func replanned(i, pack int) presage.Reservation {
	r := reservation(i)
	r.Bays, r.Technicians, r.Now = r.Bays[1:], r.Technicians[1:], noon().Add(time.Hour)
	r.Booking.CreatedAt = noon()
	r.Event = presage.CaseEvent{
		At: r.Now, Who: "sweep", From: presage.CaseBooked, To: presage.CaseBooked, Reason: because("the technician is ill"),
	}
	if pack > 0 {
		r.Replenish = []presage.Replenishment{{Part: "PAD", Pack: pack, Arrives: r.Booking.Start}}
	}
	return r
}

func replan(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: 1}}))
	mustOpen(t, s, 1)
	old, err := s.Reserve(ctx, reservation(1))
	must(t, err)
	// Its pad is used elsewhere.
	must(t, s.PutStock(ctx, []presage.Stock{{DepotID: "d1", Part: "PAD"}}))
	before := state(t, s)
	for _, c := range []struct {
		name   string
		change func(*presage.Reservation)
		want   error
	}{
		{"no bay", func(r *presage.Reservation) { r.Bays = nil }, presage.ErrConflict},
		{"no technician", func(r *presage.Reservation) { r.Technicians = nil }, presage.ErrConflict},
		{"a pad that comes late", func(r *presage.Reservation) {
			r.Replenish[0].Arrives = r.Booking.Start.Add(time.Second)
		}, presage.ErrConflict},
		{"no such visit", func(r *presage.Reservation) { r.Booking.ID = "b9" }, presage.ErrNotFound},
	} {
		r := replanned(1, 4)
		c.change(&r)
		_, err := s.Replan(ctx, r)
		wantKind(t, err, c.want)
		same(t, c.name+": the visit stands untouched", state(t, s), before)
	}

	want := old
	want.BayID, want.TechnicianID, want.UpdatedAt = "bay-2", "tech-2", noon().Add(time.Hour)
	got, err := s.Replan(ctx, replanned(1, 0)) // says nothing about its parts
	must(t, err)
	same(t, "the visit returned", got, want)
	stored, err := s.Booking(ctx, old.ID)
	must(t, err)
	same(t, "the visit stored", stored, want)
	busy, err := s.Busy(ctx, "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)
	same(t, "busy", busy, []presage.Busy{
		{Resource: "bay-2", Start: old.Start, End: old.End}, {Resource: "tech-2", Start: old.Start, End: old.End},
	})
	same(t, "pads", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", Reserved: 1})
	es, err := s.CaseEvents(ctx, "case-1")
	must(t, err)
	ev := replanned(1, 0).Event
	ev.CaseID = "case-1"
	same(t, "the event", es[len(es)-1], ev)

	_, err = s.Replan(ctx, replanned(1, 4))
	must(t, err)
	same(t, "pads", stockOf(t, s, "PAD"), presage.Stock{DepotID: "d1", Part: "PAD", Reserved: 1, OnOrder: 4})
	_, err = s.Replan(ctx, replanned(1, 4)) // by another process: three are left over
	must(t, err)
	same(t, "orders", onOrder(t, s), []int{4})

	must(t, s.Cancel(ctx, presage.Cancellation{
		BookingID: old.ID, Now: noon(), Event: presage.CaseEvent{At: noon(), Who: "customer", To: presage.CaseOffered},
	}))
	_, err = s.Replan(ctx, replanned(1, 4))
	wantKind(t, err, presage.ErrConflict)
}

// replanRace plans the visits of customers anew who move and cancel them
// meanwhile: what is sold and promised is what the visits have that stand.
func replanRace(t *testing.T, s *sqlstore.Store) {
	const customers, rounds = 4, 8
	must(t, s.PutWorkshops(t.Context(), []presage.Workshop{{ID: "w1"}}))
	var g errgroup.Group
	overtaken := func(err error) error {
		if errors.Is(err, presage.ErrConflict) {
			return nil
		}
		return err
	}
	for i := range customers {
		mustOpen(t, s, i)
		g.Go(func() error {
			ctx, has := t.Context(), ""
			for n := range rounds {
				r := replanned(i, 4)
				r.Bays, r.Technicians = reservation(i).Bays, reservation(i).Technicians
				r.Replaces, r.Booking.ID = has, fmt.Sprintf("%s/%d", r.Booking.ID, n)
				r.Booking.Start = r.Booking.Start.Add(time.Duration((i+n)%customers) * time.Hour)
				r.Booking.End, r.Event.From = r.Booking.Start.Add(2*time.Hour), ""
				if b, err := s.Reserve(ctx, r); err == nil {
					has = b.ID
				} else if overtaken(err) != nil {
					return err
				}
				if n%4 == 2 && has != "" {
					err := s.Cancel(ctx, presage.Cancellation{
						BookingID: has, Now: noon(), Event: presage.CaseEvent{At: noon(), Who: "customer", To: presage.CaseOffered},
					})
					if err != nil {
						return err
					}
					has = ""
				}
			}
			return nil
		})
		g.Go(func() error {
			for range rounds {
				live, err := s.Bookings(t.Context(), presage.BookingFilter{State: presage.BookingConfirmed})
				if err != nil {
					return err
				}
				for _, b := range live {
					r := replanned(i, 4)
					r.Booking, r.Bays, r.Technicians = b, reservation(i).Bays, reservation(i).Technicians
					if _, err := s.Replan(t.Context(), r); overtaken(err) != nil {
						return err
					}
				}
			}
			return nil
		})
	}
	must(t, g.Wait())
	live, err := s.Bookings(t.Context(), presage.BookingFilter{State: presage.BookingConfirmed})
	must(t, err)
	busy, err := s.Busy(t.Context(), "w1", noon(), noon().AddDate(0, 0, 9))
	must(t, err)
	var hours float64
	for _, b := range busy {
		hours += b.End.Sub(b.Start).Hours()
	}
	same(t, "hours of bays and technicians", hours, 2*2.0*float64(len(live)))
	same(t, "pads", stockOf(t, s, "PAD").Reserved, len(live))
	if len(live) == 0 {
		t.Error("no visit is left to look at")
	}
}
