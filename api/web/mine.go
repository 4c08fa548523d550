package web

import (
	"context"
	"net/http"
	"slices"
	"time"

	"presage"
	"presage/api/access"
)

const (
	minePath = "/mine"
	mineDays = 2 // today and tomorrow: the visits that a technician prepares
)

// mineBody is what waits for the person who is logged in.
type mineBody struct {
	Person bool // false for the admin, for whom nothing waits
	Talks  []talkRow
	Cases  []caseRow
	Visits []mineVisit
	Desk   bool // conversations and cases are the person's work
	Bench  bool // job cards are
}

// mineVisit is a visit whose technician is the person.
type mineVisit struct {
	presage.Booking

	Vehicle  presage.Vehicle
	Workshop presage.Workshop
}

func minePage(r *request) error {
	ctx := r.Request.Context()
	a, ok := access.Person(ctx)
	b := mineBody{Person: ok, Desk: a.Is(presage.RoleAdviser) || a.Is(presage.RoleManager)}
	if b.Person && b.Desk {
		talks, err := r.site.Talks.Conversations(ctx, presage.ConversationFilter{
			State: presage.ConversationOpen, Owner: a.Name, Limit: talkRows,
		})
		if err != nil {
			return err
		}
		for _, c := range talks {
			row, err := r.site.talkRow(ctx, c)
			if err != nil {
				return err
			}
			b.Talks = append(b.Talks, row)
		}
		if b.Cases, err = r.site.caseRows(ctx, presage.CaseFilter{Owner: a.Name, Limit: vehicleRows}); err != nil {
			return err
		}
		b.Cases = slices.DeleteFunc(b.Cases, func(c caseRow) bool { return c.State.Ended() })
	}
	if b.Person {
		var err error
		if b.Visits, b.Bench, err = r.site.visitsOf(ctx, a); err != nil {
			return err
		}
		b.Bench = b.Bench || a.Is(presage.RoleTechnician)
	}
	r.heed()
	return r.render(http.StatusOK, "mine", "mine", r.text("nav.mine"), b)
}

// visitsOf lists the visits of today and tomorrow whose technician has the person's
// name, the earliest first, and whether any workshop has such a technician.
func (s *Site) visitsOf(ctx context.Context, a presage.Account) (rows []mineVisit, bench bool, err error) {
	workshops, err := s.Places.Workshops(ctx)
	if err != nil {
		return nil, false, err
	}
	for _, w := range workshops {
		for _, t := range w.Technicians {
			if t.Name != a.Name {
				continue
			}
			more, err := s.visitsAt(ctx, w, t.ID)
			if err != nil {
				return nil, true, err
			}
			rows, bench = append(rows, more...), true
		}
	}
	slices.SortStableFunc(rows, func(x, y mineVisit) int { return x.Start.Compare(y.Start) })
	return rows, bench, nil
}

func (s *Site) visitsAt(ctx context.Context, w presage.Workshop, technicianID string) ([]mineVisit, error) {
	local := s.Now().In(s.speakers[presage.English].zone(w.Zone))
	today := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	visits, err := s.Bookings.Bookings(ctx, presage.BookingFilter{
		WorkshopID: w.ID, From: today, To: today.AddDate(0, 0, mineDays),
	})
	if err != nil {
		return nil, err
	}
	var rows []mineVisit
	for _, v := range visits {
		if v.TechnicianID != technicianID || v.State != presage.BookingConfirmed && v.State != presage.BookingArrived {
			continue
		}
		car, err := s.vehicleOf(ctx, v.VIN)
		if err != nil {
			return nil, err
		}
		rows = append(rows, mineVisit{v, car, w})
	}
	return rows, nil
}

// workshop is the one that the person who is logged in sees first, "" for any.
func (r *request) workshop() string {
	if a, ok := access.Person(r.Request.Context()); ok && len(a.Workshops) > 0 {
		return a.Workshops[0]
	}
	return ""
}
