package floor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

// Block closes a workshop for a time, or takes a bay or a technician away. Visits
// in the way are planned anew. ErrConflict with presage.VisitsInWayError when some are in
// the way that the person has not seen; ErrConflict when the block stands already;
// ErrInvalid names every fault.
func (f *Floor) Block(ctx context.Context, b presage.Block) (presage.Blocked, error) {
	w, err := f.Store.Workshop(ctx, b.WorkshopID)
	if err != nil {
		return presage.Blocked{}, fmt.Errorf("block: %w", err)
	}
	if err := b.Check(w); err != nil {
		return presage.Blocked{}, fmt.Errorf("block: %w", err)
	}
	done := presage.Blocked{Stretch: presage.Stretch{
		ID: b.Absence.ID(), Resource: b.Absence.Resource, Note: b.Absence.Note, By: b.Who,
	}}
	if done.From, done.To, err = instants(w, b.Absence); err != nil {
		return done, fmt.Errorf("block: %w", err)
	}
	met, err := f.inTheWay(ctx, done.Stretch, w.ID)
	if err != nil {
		return done, fmt.Errorf("block: %w", err)
	}
	if !b.Ill && slices.ContainsFunc(met, func(v presage.Booking) bool { return !slices.Contains(b.Seen, v.ID) }) {
		return done, fmt.Errorf("block: %w", presage.VisitsInWayError{Visits: met})
	}
	b.Absence.By = b.Who
	if err := f.Store.ChangeWorkshop(ctx, w.ID, add(b.Absence), presage.WorkshopNotes{
		Events: f.noted(b, done.Stretch, met),
	}); err != nil {
		return done, fmt.Errorf("block: %w", err)
	}
	if _, err := f.Keeper.KeepAt(ctx, w.ID); err != nil {
		return done, fmt.Errorf("the block stands; visits in its way are planned anew by the next sweep: %w", err)
	}
	done.Affected, err = f.fates(ctx, met)
	return done, err
}

// Sick is Block for a technician who is not there for the rest of today.
func (f *Floor) Sick(ctx context.Context, workshopID, technicianID, note, who string) (presage.Blocked, error) {
	w, err := f.Store.Workshop(ctx, workshopID)
	if err != nil {
		return presage.Blocked{}, fmt.Errorf("sick call: %w", err)
	}
	if !w.HasTechnician(technicianID) {
		return presage.Blocked{}, fmt.Errorf("sick call: technician: %w: %.64q does not work at workshop %s",
			presage.ErrInvalid, technicianID, w.ID)
	}
	zone, err := w.Location()
	if err != nil {
		return presage.Blocked{}, fmt.Errorf("sick call: %w", err)
	}
	now := f.Now().In(zone)
	quarter := now.Truncate(time.Minute).Add(-time.Duration(now.Minute()%15) * time.Minute)
	return f.Block(ctx, presage.Block{
		WorkshopID: workshopID, Who: who, Ill: true,
		Absence: presage.Absence{Resource: technicianID, Closure: presage.Closure{
			From: quarter.Format("2006-01-02T15:04"), Note: note,
		}},
	})
}

// Unblock takes a block back, by its ID; who does it is kept, "" for nobody known.
// ErrNotFound when none stands under it.
func (f *Floor) Unblock(ctx context.Context, workshopID, id, who string) error {
	if err := presage.CheckPlain(who, mostWho); err != nil {
		return fmt.Errorf("who: %w", err)
	}
	back := presage.TakenBack{Who: who, At: f.Now()}
	err := f.Store.ChangeWorkshop(ctx, workshopID, func(w *presage.Workshop) error {
		was, err := lift(w, id)
		if err != nil {
			return err
		}
		back.Stretch = presage.Stretch{ID: id, Resource: was.Resource, Note: was.Note, By: was.By}
		back.From, back.To, err = instants(*w, was)
		return err
	}, presage.WorkshopNotes{TakenBack: &back})
	if err != nil {
		return fmt.Errorf("workshop %s: %w", workshopID, err)
	}
	return nil
}

// mostWho is how long the name of a person may be.
const mostWho = 100

// lift takes a block out of a workshop's record.
func lift(w *presage.Workshop, id string) (presage.Absence, error) {
	closed := func(c presage.Closure) bool { return presage.Absence{Closure: c}.ID() == id }
	absent := func(a presage.Absence) bool { return a.ID() == id }
	if i := slices.IndexFunc(w.Closures, closed); i >= 0 {
		was := presage.Absence{Closure: w.Closures[i]}
		w.Closures = slices.Delete(slices.Clone(w.Closures), i, i+1)
		return was, nil
	}
	if i := slices.IndexFunc(w.Absences, absent); i >= 0 {
		was := w.Absences[i]
		w.Absences = slices.Delete(slices.Clone(w.Absences), i, i+1)
		return was, nil
	}
	return presage.Absence{}, fmt.Errorf("block %.100q: %w", id, presage.ErrNotFound)
}

// add writes a block into a workshop's record, once.
func add(a presage.Absence) func(*presage.Workshop) error {
	return func(w *presage.Workshop) error {
		same := func(x presage.Absence) bool { return x.ID() == a.ID() }
		shut := func(c presage.Closure) bool { return same(presage.Absence{Closure: c}) }
		if slices.ContainsFunc(w.Absences, same) || slices.ContainsFunc(w.Closures, shut) {
			return fmt.Errorf("%w: this block stands already", presage.ErrConflict)
		}
		if a.Resource == "" {
			w.Closures = append(slices.Clone(w.Closures), a.Closure)
			return nil
		}
		if !w.Has(a.Resource) {
			return fmt.Errorf("%w: %s has left the workshop", presage.ErrConflict, a.Resource)
		}
		w.Absences = append(slices.Clone(w.Absences), a)
		return nil
	}
}

// instants are when a block of local time begins and ends.
func instants(w presage.Workshop, a presage.Absence) (from, to time.Time, err error) {
	zone, err := w.Location()
	if err != nil {
		return from, to, err
	}
	if from, to, err = a.Wall(); err != nil {
		return from, to, err
	}
	at := func(t time.Time) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), 0, 0, zone).UTC()
	}
	return at(from), at(to), nil
}

// inTheWay are the visits, not over yet, that a block meets.
func (f *Floor) inTheWay(ctx context.Context, s presage.Stretch, workshopID string) ([]presage.Booking, error) {
	visits, err := f.Store.Bookings(ctx, presage.BookingFilter{
		WorkshopID: workshopID, From: s.From.Add(-longestVisit), To: s.To.Add(longestDrive),
	})
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(visits, func(v presage.Booking) bool {
		live := v.State == presage.BookingConfirmed || v.State == presage.BookingArrived
		mine := s.Resource == "" || s.Resource == v.BayID || s.Resource == v.TechnicianID
		return !live || !mine || !v.End.After(f.Now()) || !meets(v, presage.Span{From: s.From, To: s.To})
	}), nil
}

// noted tells the cases of visits what came in their way, and who said so.
func (f *Floor) noted(b presage.Block, s presage.Stretch, met []presage.Booking) []presage.CaseEvent {
	evs := make([]presage.CaseEvent, 0, len(met))
	for _, v := range met {
		why := presage.Because(presage.WhyBlocked, "from", s.From.Format(time.RFC3339), "to", s.To.Format(time.RFC3339))
		for name, value := range map[string]string{"resource": s.Resource, "text": s.Note} {
			if value != "" {
				why = why.Arg(name, value)
			}
		}
		evs = append(evs, presage.CaseEvent{CaseID: v.CaseID, At: f.Now(), Who: b.Who, Reason: why})
	}
	return evs
}

// fates are what became of visits.
func (f *Floor) fates(ctx context.Context, met []presage.Booking) ([]presage.Affected, error) {
	list := make([]presage.Affected, 0, len(met))
	for _, was := range met {
		is, err := f.Store.Booking(ctx, was.ID)
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return list, err
		}
		row := presage.Affected{Visit: is, Fate: presage.FateKept}
		switch {
		case is.State == presage.BookingCancelled:
			row.Fate = presage.FateCancelled
			if now, moved, err := f.movedTo(ctx, is); err != nil {
				return list, err
			} else if moved {
				row.Visit, row.Fate = now, presage.FateMoved
			}
		case is.State == presage.BookingArrived || !is.Start.After(f.Now()):
			row.Fate = presage.FateInWork
		case is.BayID != was.BayID || is.TechnicianID != was.TechnicianID:
			row.Fate = presage.FateReplanned
		}
		list = append(list, row)
	}
	return list, nil
}

// movedTo is the visit that its case has instead of one that was given up.
func (f *Floor) movedTo(ctx context.Context, was presage.Booking) (presage.Booking, bool, error) {
	live, err := f.Store.Bookings(ctx, presage.BookingFilter{CaseID: was.CaseID, State: presage.BookingConfirmed})
	if err != nil || len(live) == 0 {
		return was, false, err
	}
	return live[0], true, nil
}
