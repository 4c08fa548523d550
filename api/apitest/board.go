package apitest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/booking"
)

// Board implements rest.Board over the world's workshops and visits.
func (w *World) Board(ctx context.Context, workshopID, day string, days int) (presage.Board, error) {
	shop, err := w.Workshop(ctx, workshopID)
	if err != nil {
		return presage.Board{}, err
	}
	zone, err := time.LoadLocation(shop.Zone)
	if err != nil {
		return presage.Board{}, err
	}
	if day == "" {
		day = w.now.In(zone).Format(time.DateOnly)
	}
	first, err := presage.Date(day, zone)
	if err != nil {
		return presage.Board{}, err
	}
	b := presage.Board{WorkshopID: shop.ID, Zone: shop.Zone}
	if b.Days, err = booking.Workdays(booking.Search{Workshop: shop}, first, days); err != nil {
		return b, fmt.Errorf("board: %w", err)
	}
	for i := range b.Days {
		b.Days[i].Hold(w.Held)
		for _, x := range w.takenBack {
			if b.Days[i].Meets(x.Stretch) {
				b.Days[i].TakenBack = append(b.Days[i].TakenBack, x)
			}
		}
	}
	visits, err := w.Bookings(ctx, presage.BookingFilter{WorkshopID: shop.ID, From: first, To: first.AddDate(0, 0, days)})
	for _, v := range visits {
		for i, d := range b.Days {
			if v.State != presage.BookingCancelled && !v.Start.Before(d.From) && v.Start.Before(d.To) {
				b.Days[i].Visits = append(b.Days[i].Visits, presage.BoardVisit{Booking: v, LacksParts: v.State == presage.BookingConfirmed})
			}
		}
	}
	return b, err
}

// MoveVisit implements rest.Mover: a bay or technician that works on another visit
// then is a conflict.
func (w *World) MoveVisit(ctx context.Context, m presage.VisitMove) (presage.Booking, error) {
	b, err := w.Booking(ctx, m.BookingID)
	if err != nil {
		return b, err
	}
	shop, err := w.Workshop(ctx, b.WorkshopID)
	if err != nil {
		return b, err
	}
	if err := m.Check(shop); err != nil {
		return b, err
	}
	here := b.State == presage.BookingArrived && (m.Start.IsZero() || m.Start.Equal(b.Start))
	if b.State != presage.BookingConfirmed && !here {
		return b, fmt.Errorf("move: %w: %w: it is %s", presage.ErrConflict, presage.ErrStale, b.State)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	to := b
	if !m.Start.IsZero() {
		to.Start, to.End = m.Start, m.Start.Add(b.End.Sub(b.Start))
	}
	if m.BayID != "" {
		to.BayID = m.BayID
	}
	if m.TechnicianID != "" {
		to.TechnicianID = m.TechnicianID
	}
	for _, x := range w.bookings {
		if x.ID != b.ID && (x.BayID == to.BayID || x.TechnicianID == to.TechnicianID) && x.State == presage.BookingConfirmed &&
			x.Start.Before(to.End) && to.Start.Before(x.End) {
			return b, fmt.Errorf("move: %w: %s or %s is not free then", presage.ErrConflict, to.BayID, to.TechnicianID)
		}
	}
	if !to.Start.Equal(b.Start) {
		w.bookings[w.index(b.ID)].State = presage.BookingCancelled
		to.ID, to.Sequence = fmt.Sprintf("b-%d", len(w.bookings)), b.Sequence+2
		w.bookings = append(w.bookings, to)
	} else {
		w.bookings[w.index(b.ID)] = to
	}
	w.Moves = append(w.Moves, m)
	return to, nil
}

// Block implements rest.Board; visits in its way keep what they have.
func (w *World) Block(ctx context.Context, b presage.Block) (presage.Blocked, error) {
	shop, err := w.Workshop(ctx, b.WorkshopID)
	if err != nil {
		return presage.Blocked{}, err
	}
	if err := b.Check(shop); err != nil {
		return presage.Blocked{}, err
	}
	zone, err := time.LoadLocation(shop.Zone)
	if err != nil {
		return presage.Blocked{}, err
	}
	from, to, _ := b.Absence.Wall()
	at := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, zone).UTC()
	}
	done := presage.Blocked{Stretch: presage.Stretch{
		ID: b.Absence.ID(), Resource: b.Absence.Resource, From: at(from), To: at(to), Note: b.Absence.Note,
	}}
	w.mu.Lock()
	defer w.mu.Unlock()
	var met []presage.Booking
	for _, v := range w.bookings {
		mine := b.Absence.Resource == "" || v.BayID == b.Absence.Resource || v.TechnicianID == b.Absence.Resource
		if v.WorkshopID == shop.ID && v.State == presage.BookingConfirmed && mine && v.Start.Before(done.To) && v.End.After(done.From) {
			met = append(met, v)
			done.Affected = append(done.Affected, presage.Affected{Fate: presage.FateReplanned, Visit: v})
		}
	}
	if !b.Ill && slices.ContainsFunc(met, func(v presage.Booking) bool { return !slices.Contains(b.Seen, v.ID) }) {
		return done, fmt.Errorf("block: %w", presage.VisitsInWayError{Visits: met})
	}
	i := slices.IndexFunc(w.workshops, func(x presage.Workshop) bool { return x.ID == shop.ID })
	if b.Absence.Resource == "" {
		w.workshops[i].Closures = append(w.workshops[i].Closures, b.Absence.Closure)
	} else {
		w.workshops[i].Absences = append(w.workshops[i].Absences, b.Absence)
	}
	return done, nil
}

// Sick implements rest.Board.
func (w *World) Sick(ctx context.Context, workshopID, technicianID, note, who string) (presage.Blocked, error) {
	return w.Block(ctx, presage.Block{WorkshopID: workshopID, Who: who, Ill: true, Absence: presage.Absence{
		Resource: technicianID,
		Closure:  presage.Closure{From: w.now.In(time.FixedZone("", 8*3600)).Truncate(time.Hour).Format("2006-01-02T15:04"), Note: note},
	}})
}

// Unblock implements rest.Board.
func (w *World) Unblock(ctx context.Context, workshopID, id, who string) error {
	if _, err := w.Workshop(ctx, workshopID); err != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	lifted := func(a presage.Absence) bool {
		if a.ID() != id {
			return false
		}
		from, to, _ := a.Wall()
		const zone = 8 * time.Hour
		w.takenBack = append(w.takenBack, presage.TakenBack{Who: who, At: w.now, Stretch: presage.Stretch{
			ID: id, Resource: a.Resource, From: from.Add(-zone), To: to.Add(-zone), Note: a.Note, By: a.By,
		}})
		return true
	}
	before := len(w.takenBack)
	for i, shop := range w.workshops {
		if shop.ID == workshopID {
			w.workshops[i].Closures = slices.DeleteFunc(slices.Clone(shop.Closures), func(c presage.Closure) bool {
				return lifted(presage.Absence{Closure: c})
			})
			w.workshops[i].Absences = slices.DeleteFunc(slices.Clone(shop.Absences), lifted)
		}
	}
	if len(w.takenBack) == before {
		return fmt.Errorf("block %w", presage.ErrNotFound)
	}
	return nil
}

// WalkIn implements rest.Board: every car is taken in at the next hour, unless it has a visit.
func (w *World) WalkIn(ctx context.Context, x presage.WalkIn) (presage.Booking, error) {
	shop, err := w.Workshop(ctx, x.WorkshopID)
	if err != nil {
		return presage.Booking{}, err
	}
	if err := x.Check(shop, w.catalogue); err != nil {
		return presage.Booking{}, err
	}
	v, err := w.Vehicle(ctx, x.VIN)
	if err != nil {
		return presage.Booking{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	start := w.now.Truncate(time.Hour).Add(time.Hour)
	for _, b := range w.bookings {
		if b.VIN == x.VIN && (b.State == presage.BookingConfirmed || b.State == presage.BookingArrived) {
			return b, fmt.Errorf("walk-in: %w: the car has a visit", presage.ErrConflict)
		}
	}
	c := presage.Case{
		ID: fmt.Sprintf("K%d", 9000+len(w.cases)), VIN: v.VIN, CustomerID: v.CustomerID, WorkshopID: shop.ID,
		Components: x.Components, State: presage.CaseArrived, Severity: presage.Comfort, Owner: presage.OwnerWorkshop,
		Route: presage.RouteWorkshop, OpenedAt: w.now, UpdatedAt: w.now,
	}
	w.cases = append([]presage.Case{c}, w.cases...)
	b := presage.Booking{
		ID: fmt.Sprintf("b-%d", len(w.bookings)), CaseID: c.ID, VIN: v.VIN, CustomerID: v.CustomerID, WorkshopID: shop.ID,
		BayID: shop.Bays[2].ID, TechnicianID: shop.Technicians[1].ID, Start: start, End: start.Add(time.Hour), State: presage.BookingArrived,
		Via: "walk_in", CreatedAt: w.now, UpdatedAt: w.now, Wishes: presage.Wishes{Note: x.Note},
	}
	w.bookings = append(w.bookings, b)
	return b, nil
}
