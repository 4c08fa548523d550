package floor

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/visit"
)

// Floor shows a workshop's days and changes them. Its fields are set once, before
// its first use.
type Floor struct {
	Store  Store
	Keeper *visit.Keeper
	Desk   *visit.Desk
	// Reception takes in cars that stand in front.
	Reception *visit.Reception
	Now       func() time.Time
}

// Store keeps workshops and their visits.
type Store interface {
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
	Bookings(ctx context.Context, f presage.BookingFilter) ([]presage.Booking, error)
	Booking(ctx context.Context, id string) (presage.Booking, error)
	// Lacking lists the visits whose promised parts will not be there.
	Lacking(ctx context.Context, now time.Time) ([]string, error)
	// DealerTimes are the visits that dealers' systems hold at a workshop and that meet
	// [from, to), one for the bay and one for the technician of each.
	DealerTimes(ctx context.Context, workshopID string, from, to time.Time) ([]presage.Stretch, error)
	// ChangeWorkshop changes a workshop's record while nobody sells its slots, and
	// keeps the notes; an error of change leaves all as it is.
	ChangeWorkshop(
		ctx context.Context, id string, change func(*presage.Workshop) error, notes presage.WorkshopNotes,
	) error
	// TakenBack lists the blocks of a workshop that meet [from, to) and were taken back, by time.
	TakenBack(ctx context.Context, workshopID string, from, to time.Time) ([]presage.TakenBack, error)
}

// MostDays is how many days a board may show.
const MostDays = 31

// longestVisit is how long before a day a visit may have begun that is on it:
// five open days and the rests between them.
const longestVisit = 25 * 24 * time.Hour

// longestDrive is how long before its visit a van may leave.
const longestDrive = 24 * time.Hour

// Board is a workshop on some local days in a row from day ("2026-12-07") on; ""
// is today. Visits that were cancelled, or to which nobody came, are not on it.
func (f *Floor) Board(ctx context.Context, workshopID, day string, days int) (presage.Board, error) {
	w, err := f.Store.Workshop(ctx, workshopID)
	if err != nil {
		return presage.Board{}, fmt.Errorf("board: %w", err)
	}
	if days < 1 || days > MostDays {
		return presage.Board{}, fmt.Errorf("board: days: %w: want 1 to %d", presage.ErrInvalid, MostDays)
	}
	first, err := f.midnight(w, day)
	if err != nil {
		return presage.Board{}, fmt.Errorf("board: %w", err)
	}
	b := presage.Board{WorkshopID: w.ID, Zone: w.Zone}
	if b.Days, err = f.Desk.Agenda.Workdays(w, first, days); err != nil {
		return b, fmt.Errorf("board: %w", err)
	}
	if err := f.visits(ctx, b, presage.BookingFilter{
		WorkshopID: w.ID, From: first.Add(-longestVisit), To: first.AddDate(0, 0, days).Add(longestDrive),
	}); err != nil {
		return b, fmt.Errorf("board: %w", err)
	}
	held, err := f.Store.DealerTimes(ctx, w.ID, first, first.AddDate(0, 0, days))
	if err != nil {
		return b, fmt.Errorf("board: %w", err)
	}
	back, err := f.Store.TakenBack(ctx, w.ID, first, first.AddDate(0, 0, days))
	if err != nil {
		return b, fmt.Errorf("board: %w", err)
	}
	for i := range b.Days {
		d := &b.Days[i]
		d.Hold(held)
		for _, x := range back {
			if d.Meets(x.Stretch) {
				d.TakenBack = append(d.TakenBack, x)
			}
		}
	}
	return b, nil
}

// visits puts those that a filter finds on their days.
func (f *Floor) visits(ctx context.Context, b presage.Board, filter presage.BookingFilter) error {
	found, err := f.Store.Bookings(ctx, filter)
	if err != nil {
		return err
	}
	lacking, err := f.Store.Lacking(ctx, f.Now())
	if err != nil {
		return err
	}
	for _, v := range found {
		if v.State == presage.BookingCancelled || v.State == presage.BookingNoShow {
			continue
		}
		row := presage.BoardVisit{Booking: v, LacksParts: slices.Contains(lacking, v.ID)}
		for i, d := range b.Days {
			if meets(v, presage.Span{From: d.From, To: d.To}) {
				b.Days[i].Visits = append(b.Days[i].Visits, row)
			}
		}
	}
	return nil
}

// midnight reads a day of a workshop; "" is today.
func (f *Floor) midnight(w presage.Workshop, day string) (time.Time, error) {
	zone, err := w.Location()
	if err != nil {
		return time.Time{}, err
	}
	if day == "" {
		day = f.Now().In(zone).Format(time.DateOnly)
	}
	return presage.Date(day, zone)
}

// meets tells whether work on a visit is done in a span.
func meets(v presage.Booking, in presage.Span) bool {
	return slices.ContainsFunc(v.Sold(), func(s presage.Span) bool { return s.From.Before(in.To) && s.To.After(in.From) })
}
