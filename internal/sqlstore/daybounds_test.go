package sqlstore_test

import (
	"errors"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/internal/sqlstore"
)

// Of many who want different hours of one day no more begin than may be, of all and
// of those who wait there.
func dayBounds(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	const customers, most, waiting = 40, 7, 2
	must(t, s.PutWorkshops(t.Context(), []presage.Workshop{{ID: "w1", DepotID: "d1"}}))
	must(t, s.PutStock(t.Context(), []presage.Stock{{DepotID: "d1", Part: "PAD", OnHand: customers}}))
	for i := range customers {
		mustOpen(t, s, i)
	}
	day := presage.Span{From: noon().Add(12 * time.Hour), To: noon().Add(36 * time.Hour)}
	stays := make([]presage.Stay, customers)
	sold := make([]bool, customers)
	var g errgroup.Group
	for i := range customers {
		g.Go(func() error {
			r := reservation(i)
			r.Booking.Start = day.From.Add(time.Duration(i) * 30 * time.Minute)
			r.Booking.End = r.Booking.Start.Add(15 * time.Minute)
			r.Bounds = []presage.DayBound{{Span: day, Most: most}}
			if i%2 == 0 {
				stays[i], r.Booking.Stay = presage.StayWait, presage.StayWait
				r.Bounds = append(r.Bounds, presage.DayBound{Span: day, Stay: presage.StayWait, Most: waiting})
			}
			_, err := s.Reserve(t.Context(), r)
			if sold[i] = err == nil; err != nil && !errors.Is(err, presage.ErrConflict) {
				return err
			}
			return nil
		})
	}
	must(t, g.Wait())
	all, wait, free := 0, 0, -1
	for i := range customers {
		switch {
		case sold[i] && stays[i] == presage.StayWait:
			wait++
			fallthrough
		case sold[i]:
			all++
		case free < 0:
			free = i
		}
	}
	same(t, "visits of the day", all, most)
	if wait > waiting {
		t.Errorf("%d customers wait, at most %d may", wait, waiting)
	}
	// Another day has its own bound, and one that moves within its day takes the place it had.
	r := reservation(free)
	r.Booking.Start, r.Booking.End = day.To.Add(time.Hour), day.To.Add(2*time.Hour)
	r.Bounds = []presage.DayBound{{Span: presage.Span{From: day.To, To: day.To.Add(24 * time.Hour)}, Most: 1}}
	b, err := s.Reserve(t.Context(), r)
	must(t, err)
	r.Replaces, r.Booking.ID = b.ID, "booking-again"
	r.Booking.Start, r.Booking.End = r.Booking.Start.Add(time.Hour), r.Booking.End.Add(time.Hour)
	_, err = s.Reserve(t.Context(), r)
	must(t, err)
}
