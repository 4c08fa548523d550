package visit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/casework"
)

// Keeper looks after the visits that are booked: a bay or a technician may
// leave, a holiday may come up, a promised part may be used for another car. Its
// fields are set once, before its first use.
type Keeper struct {
	Store KeeperStore
	Desk  *Desk
	Now   func() time.Time
}

// KeeperStore finds and changes booked visits.
type KeeperStore interface {
	Bookings(ctx context.Context, f presage.BookingFilter) ([]presage.Booking, error)
	Workshops(ctx context.Context) ([]presage.Workshop, error)
	// Lacking lists the visits whose promised parts will not be there, as it looks at now.
	Lacking(ctx context.Context, now time.Time) ([]string, error)
	// Renewed lists the confirmed visits of cars of which a workshop has replaced a part
	// since they were booked, and not later than an instant.
	Renewed(ctx context.Context, until time.Time) ([]string, error)
	// Labels lists what workshops found at a vehicle, by time.
	Labels(ctx context.Context, vin presage.VIN) ([]presage.Label, error)
	// Replan gives a visit another bay, technician and parts at the same time.
	// ErrConflict names what is missing.
	Replan(ctx context.Context, r presage.Reservation) (presage.Booking, error)
}

// Keep frees each visit of which all was done at another one meanwhile, and plans each
// visit anew that cannot be kept as it is: at its own time if
// that can be, which nobody has to know; else it is cancelled, the customer is
// told, and a person calls. It returns how many visits it changed.
func (k *Keeper) Keep(ctx context.Context) (int, error) { return k.KeepAt(ctx, "") }

// KeepAt is Keep for the visits of one workshop.
func (k *Keeper) KeepAt(ctx context.Context, workshopID string) (int, error) {
	workshops, err := k.Store.Workshops(ctx)
	if err != nil {
		return 0, fmt.Errorf("keep visits: %w", err)
	}
	lacking, err := k.Store.Lacking(ctx, k.Now())
	if err != nil {
		return 0, fmt.Errorf("keep visits: %w", err)
	}
	renewed, err := k.Store.Renewed(ctx, k.Now().Add(-presage.UndoWithin))
	if err != nil {
		return 0, fmt.Errorf("keep visits: %w", err)
	}
	visits, err := k.Store.Bookings(ctx, presage.BookingFilter{
		WorkshopID: workshopID, State: presage.BookingConfirmed, From: k.Now(),
	})
	if err != nil {
		return 0, fmt.Errorf("keep visits: %w", err)
	}
	changed := 0
	var faults []error
	for _, b := range visits {
		i := slices.IndexFunc(workshops, func(w presage.Workshop) bool { return w.ID == b.WorkshopID })
		if i < 0 {
			continue
		}
		did, err := k.keep(ctx, b, workshops[i], slices.Contains(renewed, b.ID), slices.Contains(lacking, b.ID))
		switch {
		case casework.Overtaken(err): // it moved while we looked
		case err != nil:
			faults = append(faults, fmt.Errorf("keep booking %s: %w", b.ID, err))
		case did:
			changed++
		}
	}
	return changed, errors.Join(faults...)
}

// keep tells whether it changed a visit: of a car that was repaired since it was booked,
// or that lacks promised pieces.
func (k *Keeper) keep(ctx context.Context, b presage.Booking, w presage.Workshop, renewed, lacks bool) (bool, error) {
	if renewed {
		if freed, err := k.free(ctx, b); freed || err != nil {
			return freed, err
		}
	}
	lost, err := booking.Lost(k.Desk.Agenda.question(w, k.Desk.sold(b)), b.Sold(), b.BayID, b.TechnicianID)
	if err == nil && lost == "" && !lacks {
		return false, nil
	}
	return true, errors.Join(err, k.mend(ctx, b, lost, lacks))
}

// free ends the case of a visit of which nothing is left to do: the customer is told and
// need not come.
func (k *Keeper) free(ctx context.Context, b presage.Booking) (bool, error) {
	f, err := k.Desk.Files.ByCase(ctx, b.CaseID)
	if err != nil {
		return false, err
	}
	if f.Booking == nil || f.Booking.ID != b.ID {
		return false, presage.ErrConflict
	}
	found, err := k.Store.Labels(ctx, b.VIN)
	if err != nil {
		return false, err
	}
	var at time.Time
	for _, c := range f.Case.Components {
		i := slices.IndexFunc(found, func(l presage.Label) bool {
			return l.Component == c && l.Replaced && l.At.After(b.CreatedAt)
		})
		if i < 0 {
			return false, nil
		}
		at = casework.Later(at, found[i].At)
	}
	why := presage.Because(presage.WhyServed, "at", at.UTC().Format(time.RFC3339))
	return true, k.Desk.Close(ctx, f, casework.Note{Who: casework.BySweep, Why: why})
}

func (k *Keeper) mend(ctx context.Context, b presage.Booking, lost presage.DispatchCause, lacks bool) error {
	f, err := k.Desk.Files.ByCase(ctx, b.CaseID)
	if err != nil {
		return err
	}
	if f.Booking == nil || f.Booking.ID != b.ID {
		return presage.ErrConflict
	}
	err = k.replan(ctx, f, lost, lacks)
	if err == nil || !casework.Overtaken(err) && !errors.Is(err, booking.ErrImpossible) {
		return err
	}
	why := reasonOf(presage.WhyUnkept, *f.Booking, lost).With(presage.Because(presage.WhyCall))
	return k.Desk.Cancel(ctx, f, presage.CaseEscalated, casework.Note{Who: casework.BySweep, Why: why})
}

// replan keeps the time of a visit with what the workshop still has.
func (k *Keeper) replan(ctx context.Context, f CaseFile, lost presage.DispatchCause, lacks bool) error {
	v, now := k.Desk.sold(*f.Booking), k.Now()
	at, err := k.Desk.Agenda.during(ctx, f.Workshop, v)
	if err != nil {
		return err
	}
	who, err := k.Desk.Agenda.dispatch(ctx, task{f.Workshop, v, f.Case.VIN, at})
	if err != nil {
		return err
	}
	who.Cause = lost
	if ofTechnician(lost) {
		who.Instead = f.Booking.TechnicianID
	} else {
		who = keeping(who, f.Booking.TechnicianID)
	}
	r := f.sameTime(booking.Place{Bays: who.Bays, Technicians: ables(who)}, now, casework.Note{
		Who: casework.BySweep, Why: reasonOf(presage.WhyReplanned, *f.Booking, lost),
	})
	r.Booking.Dispatch = &who
	if lacks {
		if r.Replenish, err = k.Desk.replenish(ctx, v.Parts, now); err != nil {
			return err
		}
	}
	_, err = k.Store.Replan(ctx, r)
	return err
}

// ofTechnician tells whether it is the technician who cannot keep a visit.
func ofTechnician(lost presage.DispatchCause) bool {
	return lost != "" && lost != presage.CauseBay && lost != presage.CauseClosed
}

// keeping is a dispatch of a visit whose technician stays, if they can.
func keeping(d presage.Dispatch, technician string) presage.Dispatch {
	i := slices.IndexFunc(d.Technicians, func(c presage.Considered) bool { return c.Technician == technician })
	if i > 0 && slices.Contains(ables(d), technician) {
		d.Technicians = toFront(d.Technicians, i)
	}
	return d
}

// reasonOf tells what is missing of a visit: the technician or the bay by name.
func reasonOf(code string, b presage.Booking, lost presage.DispatchCause) presage.Reason {
	switch {
	case ofTechnician(lost):
		return presage.Because(code, "cause", string(lost), "technician", b.TechnicianID)
	case lost == presage.CauseBay:
		return presage.Because(code, "cause", string(lost), "bay", b.BayID)
	case lost != "":
		return presage.Because(code, "cause", string(lost))
	}
	return presage.Because(code)
}
