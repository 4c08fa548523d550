package visit

import (
	"context"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/booking"
	"presage/outreach/casework"
)

// Book sells a slot to whoever holds the link: any free slot of the case's
// workshop or of one nearby, offered or not. Booking the same slot again returns the same visit;
// another slot moves the visit. via is "link", "api" or "reply".
//
// ErrConflict when the slot or a part is gone or the visit has begun,
// ErrExpired when the offer ran out, ErrForbidden for a forged link,
// ErrInvalid for a slot that is none or, with ErrTooLate, too far ahead.
func (d *Desk) Book(ctx context.Context, token, slotID, via string) (presage.Booking, error) {
	return d.BookWish(ctx, presage.Wish{Token: token, SlotID: slotID, Via: via})
}

// BookCase does the same for an adviser or a partner who names the case; via
// ("adviser", "api", ...) stays with the booking, who goes into the case's history.
func (d *Desk) BookCase(ctx context.Context, caseID, slotID, via, who string) (presage.Booking, error) {
	return d.BookWish(ctx, presage.Wish{CaseID: caseID, SlotID: slotID, Via: via, Who: who})
}

// BookWish is Book or BookCase for a wish made in view of a visit: ErrStale
// with ErrConflict when another one, or none, is booked by now.
func (d *Desk) BookWish(ctx context.Context, w presage.Wish) (presage.Booking, error) {
	var (
		f   CaseFile
		err error
	)
	if w.Token != "" {
		w.Who = casework.ByCustomer
		if f, err = d.Files.ByToken(ctx, w.Token); err == nil {
			err = d.Files.Acted(ctx, f)
		}
	} else {
		f, err = d.Files.ByCase(ctx, w.CaseID)
	}
	if err != nil {
		return presage.Booking{}, err
	}
	return d.BookSlot(ctx, f, w)
}

// BookSlot books or moves the visit of a file.
func (d *Desk) BookSlot(ctx context.Context, f CaseFile, w presage.Wish) (presage.Booking, error) {
	if err := f.MayBook(d.Now()); err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	f, start, err := d.chosen(ctx, f, w.SlotID)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	if f, err = f.addressed(w); err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	if f.Booking != nil && f.Booking.Start.Equal(start) && f.Booking.Where() == f.where() {
		return d.again(ctx, f, w)
	}
	wishes, err := d.allowed(ctx, f, w, start)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	b, err := d.reserve(ctx, f, sale{
		start: start, via: w.Via, who: w.Who, why: f.whySold(start, w.Via), tell: wording.Confirmation, wishes: wishes,
	})
	switch {
	case err != nil && f.Booking != nil:
		return b, fmt.Errorf("move visit, the former time %s stands: %w", stamp(f.Booking.Start), err)
	case err != nil:
		return b, fmt.Errorf("book: %w", err)
	}
	return b, nil
}

// again books what is booked: another address is taken over.
func (d *Desk) again(ctx context.Context, f CaseFile, w presage.Wish) (presage.Booking, error) {
	if s := f.Plan.Site; s == nil || s.Address == f.Booking.Site.Address {
		return *f.Booking, nil
	}
	if err := f.Unchanged(w.Seen); err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	return d.readdress(ctx, f, w)
}

// whySold tells of a sale, or of the move of the visit that the file has.
func (f CaseFile) whySold(start time.Time, via string) presage.Reason {
	if f.Booking != nil {
		return presage.Because(presage.WhyMoved, "from", stamp(f.Booking.Start), "to", stamp(start))
	}
	return presage.Because(presage.WhyBooked, "start", stamp(start), "via", via)
}

// chosen reads a slot: when, and the file with its visit at the slot's workshop. ErrConflict
// where the workshop has vans, and none comes to the car any more: it was offered once.
func (d *Desk) chosen(ctx context.Context, f CaseFile, slotID string) (CaseFile, time.Time, error) {
	workshopID, start, err := booking.ParseSlotID(slotID)
	if err != nil {
		return f, start, err
	}
	at, err := d.Agenda.elsewhere(ctx, f, workshopID)
	if id, van := presage.SplitVan(workshopID); err != nil && van && id == f.Workshop.ID && f.Workshop.Vans() {
		err = presage.Refuse(fmt.Errorf("%w: no van of workshop %.64q comes to this car now", presage.ErrConflict, id),
			presage.WhyNoVan)
	}
	return at, start, err
}

// Unchanged compares the visit that somebody was shown with the one there is.
func (f CaseFile) Unchanged(seen *string) error {
	is := ""
	if f.Booking != nil {
		is = f.Booking.ID
	}
	switch {
	case seen == nil || *seen == is:
		return nil
	case is == "":
		return presage.Refuse(fmt.Errorf("%w: %w: it was cancelled", presage.ErrConflict, presage.ErrStale),
			presage.WhyVisitGone)
	}
	return presage.Refuse(fmt.Errorf("%w: %w: booking %s stands, for %s", presage.ErrConflict, presage.ErrStale,
		is, stamp(f.Booking.Start)), presage.WhyVisitMoved, "start", stamp(f.Booking.Start))
}

// allowed says why a wish cannot be met, whatever is free; else what is asked of
// the visit.
func (d *Desk) allowed(ctx context.Context, f CaseFile, w presage.Wish, start time.Time) (presage.Wishes, error) {
	if err := f.Unchanged(w.Seen); err != nil {
		return presage.Wishes{}, err
	}
	if err := d.Agenda.timely(ctx, f, start); err != nil {
		return presage.Wishes{}, err
	}
	return f.wishes(w.Wishes)
}

// wishes are what the customer asks now, else what they asked of the visit that
// moves, as far as the workshop offers it.
func (f CaseFile) wishes(now *presage.Wishes) (presage.Wishes, error) {
	if now != nil {
		return *now, now.Check(f.Workshop)
	}
	if f.Booking == nil {
		return presage.Wishes{}, nil
	}
	kept := f.Booking.Wishes
	if !f.Workshop.Offers(kept.Stay) {
		kept.Stay = ""
	}
	return kept, nil
}

// sale is how a slot is sold, and how that is told.
type sale struct {
	start    time.Time
	via, who string
	why      presage.Reason
	change   presage.CaseChange
	tell     wording.Kind // "": nobody is told
	wishes   presage.Wishes
	pin      pin
}

// reserve sells a slot in one transaction of the store, instead of the visit
// that the file has, if any: that one stands until the new one is sold.
func (d *Desk) reserve(ctx context.Context, f CaseFile, x sale) (presage.Booking, error) {
	r, err := d.reservation(ctx, f, x)
	if err != nil {
		return presage.Booking{}, err
	}
	return d.Store.Reserve(ctx, r)
}

// reservation is what the store is asked for when a slot is sold.
func (d *Desk) reservation(ctx context.Context, f CaseFile, x sale) (presage.Reservation, error) {
	at, err := d.Agenda.place(ctx, f.Workshop, f.Plan, x.start)
	if err != nil {
		return presage.Reservation{}, err
	}
	if at, err = pinned(at, x.pin); err != nil {
		return presage.Reservation{}, err
	}
	return d.reservationAt(ctx, f, x, at)
}

// reservationAt asks for a place that was found, or that a dealer names.
func (d *Desk) reservationAt(ctx context.Context, f CaseFile, x sale, at booking.Place) (presage.Reservation, error) {
	who, err := d.Agenda.dispatch(ctx, task{f.Workshop, f.Plan, f.Case.VIN, at})
	if err != nil {
		return presage.Reservation{}, err
	}
	now := d.Now()
	parts, err := d.Agenda.supply(ctx, f.Workshop.DepotID, f.Plan, now)
	if err != nil {
		return presage.Reservation{}, err
	}
	replenish, err := d.replenish(ctx, f.Plan.Parts, now)
	if err != nil {
		return presage.Reservation{}, err
	}
	if f.Workshop.ID != f.Case.WorkshopID {
		x.change.WorkshopID = f.Workshop.ID
	}
	x.change.DueAt, x.change.Owner = x.start.Add(d.Rules().NoShowAfter), presage.OwnerWorkshop
	r := presage.Reservation{
		Bays: who.Bays, Technicians: ables(who), DepotID: f.Workshop.DepotID, OfferID: f.Offer.ID, Now: now,
		Replenish: replenish, ArrivalOf: func(part string) time.Time { return parts.at[part] },
		Event: presage.CaseEvent{
			CaseID: f.Case.ID, At: now, Who: x.who, From: f.Case.State, To: presage.CaseBooked, Reason: x.why,
		},
		Change: x.change, Bounds: bounds(f.Workshop, x.start, x.wishes.Stay),
	}
	if f.Booking != nil {
		r.Replaces = f.Booking.ID
	}
	r.Booking = presage.Booking{
		ID:     casework.ID("b", f.Case.ID, casework.Instant(x.start), casework.Instant(now), x.who, r.Replaces),
		CaseID: f.Case.ID, VIN: f.Case.VIN, CustomerID: f.Case.CustomerID, WorkshopID: f.Workshop.ID,
		Start: x.start, End: at.Hours[len(at.Hours)-1].To.Add(-f.Plan.Drive()), Jobs: f.Plan.JobCodes(), Parts: f.Plan.Parts,
		State: presage.BookingConfirmed, CreatedAt: now, UpdatedAt: now, Via: x.via,
		Wishes: x.wishes, Dispatch: &who,
	}
	if len(at.Hours) > 1 || f.Plan.Site != nil {
		r.Booking.Hours = at.Hours
	}
	f.sited(&r)
	if x.tell != "" {
		r.Messages, err = d.bookingMessages(f, r.Booking, x)
	}
	return r, err
}

// replenish is how parts can be ordered that nobody has ordered yet; the store
// orders what is missing when the slot is sold.
func (d *Desk) replenish(ctx context.Context, parts []presage.PartQuantity, now time.Time,
) ([]presage.Replenishment, error) {
	from, err := d.Agenda.Store.Sourcing(ctx)
	if err != nil {
		return nil, fmt.Errorf("who sells parts: %w", err)
	}
	list := make([]presage.Replenishment, 0, len(parts))
	for _, p := range parts {
		list = append(list, from.Replenish(d.Catalogue, p.Part, now))
	}
	return list, nil
}

// stamp is an instant as an argument of a reason.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
