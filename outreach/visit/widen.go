package visit

import (
	"context"
	"fmt"

	"presage"
	"presage/internal/wording"
	"presage/outreach/booking"
	"presage/outreach/casework"
)

// Widening is what joins a visit that is booked.
type Widening struct {
	Plan Plan // all that the visit does from now on
	// Change is what becomes of the visit's case: its components, severity and so
	// on; who answers for it and until when follows from the visit.
	Change presage.CaseChange
	Who    string         // "" for the policy
	Why    presage.Reason // zero: what the visit is joined by
}

// Widen keeps the start of a visit and does more at it, with the time and the
// parts that this takes, all in one transaction: the customer is told what joins,
// and the calendar entry becomes longer. A plan of less gives time and parts back, and
// the customer is told what the visit is by then.
//
// ErrConflict when the time behind the visit or a part is not free, or the visit
// has begun or is not booked any more; ErrInvalid with booking.ErrImpossible when
// the workshop can never do so much. Then the visit stands as it is.
func (d *Desk) Widen(ctx context.Context, b presage.Booking, w Widening) (presage.Booking, error) {
	f, err := d.Files.ByCase(ctx, b.CaseID)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("widen visit %s: %w", b.ID, err)
	}
	if err := f.Unchanged(&b.ID); err != nil {
		return presage.Booking{}, fmt.Errorf("widen visit %s: %w", b.ID, err)
	}
	if f.Booking.State != presage.BookingConfirmed || !d.Now().Before(f.Booking.Begins()) {
		return presage.Booking{}, presage.Refuse(
			fmt.Errorf("widen visit %s: %w: the visit has begun", b.ID, presage.ErrConflict),
			presage.WhyVisitBegun)
	}
	if f.Booking.Site != nil && w.Plan.Site == nil {
		return presage.Booking{}, fmt.Errorf("widen visit %s: %w: %w: a van cannot do it", b.ID,
			presage.ErrInvalid, booking.ErrImpossible)
	}
	f.Plan = w.Plan
	f.Plan.send(d.Agenda, f.Booking.Site)
	f.Plan.Instead = f.Booking
	if w.Change.Severity.Graver(f.Case.Severity) {
		f.Case.Severity = w.Change.Severity
	}
	x := sale{
		start: f.Booking.Start, via: f.Booking.Via, who: w.Who, why: w.Why, change: w.Change, tell: wording.Joined,
		wishes: f.Booking.Wishes,
	}
	if len(f.added()) == 0 {
		x.tell = wording.Confirmation // less is done than was told
	}
	if x.who == "" {
		x.who = casework.ByPolicy
	}
	if x.why.IsZero() {
		x.why = joinedBy(f.added())
	}
	wide, err := d.reserve(ctx, f, x)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("widen visit %s, it stands as it is: %w", b.ID, err)
	}
	return wide, nil
}

// joinedBy names the jobs that join a visit.
func joinedBy(jobs []presage.Job) presage.Reason {
	var why []presage.Reason
	for _, j := range jobs {
		why = append(why, presage.Because(presage.WhyJoined, "job", j.Code))
	}
	if len(why) == 0 {
		return presage.Because(presage.WhyJoined)
	}
	return why[0].With(why[1:]...)
}
