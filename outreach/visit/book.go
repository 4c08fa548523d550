package visit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/casework"
)

// Book sells a slot to whoever holds the link: any free slot of the case's
// workshop, offered or not. Booking the same slot again returns the same visit;
// another slot moves the visit. via is "link", "api" or "reply".
//
// ErrConflict when the slot or a part is gone or the visit has begun,
// ErrExpired when the offer ran out, ErrForbidden for a forged link,
// ErrInvalid for a slot that is none.
func (d *Desk) Book(ctx context.Context, token, slotID, via string) (presage.Booking, error) {
	f, err := d.Files.ByToken(ctx, token)
	if err != nil {
		return presage.Booking{}, err
	}
	return d.BookSlot(ctx, f, slotID, Wish{Via: via, Who: casework.ByCustomer})
}

// BookCase does the same for an adviser or a partner who names the case; via
// ("adviser", "api", ...) stays with the booking, who goes into the case's history.
func (d *Desk) BookCase(ctx context.Context, caseID, slotID, via, who string) (presage.Booking, error) {
	f, err := d.Files.ByCase(ctx, caseID)
	if err != nil {
		return presage.Booking{}, err
	}
	return d.BookSlot(ctx, f, slotID, Wish{Via: via, Who: who})
}

// Wish is who wants a visit, and over what: it stays with the booking.
type Wish struct {
	Via, Who string
	start    time.Time
}

// BookSlot books or moves the visit of a file.
func (d *Desk) BookSlot(ctx context.Context, f CaseFile, slotID string, w Wish) (presage.Booking, error) {
	if err := f.MayBook(d.Now()); err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	workshopID, start, err := booking.ParseSlotID(slotID)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	if workshopID != f.Case.WorkshopID {
		return presage.Booking{}, fmt.Errorf("book: %w slot %q: the offer is for workshop %s",
			presage.ErrInvalid, slotID, f.Case.WorkshopID)
	}
	w.start = start
	if f.Booking == nil {
		return d.reserve(ctx, f, w)
	}
	if f.Booking.Start.Equal(start) {
		return *f.Booking, nil
	}
	return d.rebook(ctx, f, w)
}

// rebook moves a visit: the old one is given up only when the new one looks
// free, and taken back when it was sold in between.
func (d *Desk) rebook(ctx context.Context, f CaseFile, wish Wish) (presage.Booking, error) {
	old := *f.Booking
	if _, _, err := d.candidates(ctx, f, wish.start, old); err != nil {
		return presage.Booking{}, err
	}
	// Between two visits there is none: who hangs up now must not lose both.
	ctx = context.WithoutCancel(ctx)
	now := d.Now()
	ev := presage.CaseEvent{
		CaseID: f.Case.ID, At: now, Who: wish.Who, From: presage.CaseBooked, To: presage.CaseOffered,
		Reason: presage.Because(presage.WhyMoved, "from", stamp(old.Start), "to", stamp(wish.start)),
	}
	if err := d.Store.CancelBooking(ctx, old.ID, now, ev, presage.CaseOffered, nil); err != nil {
		return presage.Booking{}, fmt.Errorf("move visit: %w", err)
	}
	f.Booking, f.Case.State = nil, presage.CaseOffered
	b, err := d.reserve(ctx, f, wish)
	if err == nil {
		return b, nil
	}
	if _, errBack := d.reserve(ctx, f, Wish{start: old.Start, Via: old.Via, Who: presage.OwnerOutreach}); errBack != nil {
		return presage.Booking{}, fmt.Errorf("move visit: %w; the former time is gone too: %w", err, errBack)
	}
	return presage.Booking{}, fmt.Errorf("move visit, the former time stands: %w", err)
}

// candidates are the bays and technicians free for the visit at start.
// ErrConflict when there are none. The cells of the visit that is given up
// count as free.
func (d *Desk) candidates(ctx context.Context, f CaseFile, start time.Time, given presage.Booking,
) (bays, technicians []string, err error) {
	now := d.Now()
	if !start.After(now) {
		return nil, nil, fmt.Errorf("book: %w: that time has passed", presage.ErrConflict)
	}
	busy, err := d.Agenda.Store.Busy(ctx, f.Workshop.ID, start.Add(-24*time.Hour), start.Add(24*time.Hour))
	if err != nil {
		return nil, nil, fmt.Errorf("book: %w", err)
	}
	if given.ID != "" {
		busy = without(busy, given)
	}
	bays, technicians, err = booking.Candidates(booking.Search{
		Workshop: f.Workshop, Busy: busy, Duration: f.Plan.Duration, Skills: f.Plan.Skills,
	}, start)
	if err != nil {
		return nil, nil, fmt.Errorf("book: %w", err)
	}
	if len(bays) == 0 || len(technicians) == 0 {
		return nil, nil, fmt.Errorf("book: %w: that time is not free any more", presage.ErrConflict)
	}
	return bays, technicians, nil
}

// without cuts the time of a booking out of what is taken of its bay and technician.
func without(busy []presage.Busy, b presage.Booking) []presage.Busy {
	var rest []presage.Busy
	for _, x := range busy {
		mine := x.Resource == b.BayID || x.Resource == b.TechnicianID
		if !mine || !x.Start.Before(b.End) || !x.End.After(b.Start) {
			rest = append(rest, x)
			continue
		}
		if x.Start.Before(b.Start) {
			rest = append(rest, presage.Busy{Resource: x.Resource, Start: x.Start, End: b.Start})
		}
		if x.End.After(b.End) {
			rest = append(rest, presage.Busy{Resource: x.Resource, Start: b.End, End: x.End})
		}
	}
	return rest
}

// reserve sells the slot in one transaction of the store.
func (d *Desk) reserve(ctx context.Context, f CaseFile, want Wish) (presage.Booking, error) {
	bays, technicians, err := d.candidates(ctx, f, want.start, presage.Booking{})
	if err != nil {
		return presage.Booking{}, err
	}
	now := d.Now()
	x, err := d.Agenda.SupplyOf(ctx, f.Workshop.DepotID, f.Plan.Parts, now)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	if x.Ready(now).After(want.start) {
		return presage.Booking{}, fmt.Errorf("book: %w: the parts are not there before %s",
			presage.ErrConflict, x.Ready(now).UTC().Format(time.DateOnly))
	}
	if err := d.orderMissing(ctx, f.Case.ID, x, now); err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	b := presage.Booking{
		ID:     casework.ID("b", f.Case.ID, casework.Instant(want.start), casework.Instant(now), want.Who),
		CaseID: f.Case.ID, VIN: f.Case.VIN, CustomerID: f.Case.CustomerID, WorkshopID: f.Workshop.ID,
		Start: want.start, End: want.start.Add(f.Plan.Duration), Jobs: f.Plan.JobCodes(), Parts: f.Plan.Parts,
		State: presage.BookingConfirmed, CreatedAt: now, UpdatedAt: now, Via: want.Via,
	}
	ms, err := d.bookingMessages(f, b, want.Who)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	sold, err := d.Store.Reserve(ctx, presage.Reservation{
		Booking: b, Bays: bays, Technicians: technicians, DepotID: f.Workshop.DepotID, OfferID: f.Offer.ID, Now: now,
		Event: presage.CaseEvent{
			CaseID: f.Case.ID, At: now, Who: want.Who, From: f.Case.State, To: presage.CaseBooked,
			Reason: presage.Because(presage.WhyBooked, "start", stamp(want.start), "via", want.Via),
		},
		Change:   presage.CaseChange{DueAt: b.Start.Add(d.Rules.NoShowAfter), Owner: presage.OwnerWorkshop},
		Messages: ms, ArrivalOf: func(part string) time.Time { return x.at[part] },
	})
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	return sold, nil
}

// stamp is an instant as an argument of a reason.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// orderMissing orders what the visit of a case needs and nobody has ordered
// yet, in whole packs. Ordering the same lack on the same day twice orders once.
func (d *Desk) orderMissing(ctx context.Context, caseID string, x Supply, now time.Time) error {
	for _, p := range x.missing {
		quantity := p.Quantity
		if part, err := d.Catalogue.Part(p.Part); err == nil && part.PackSize > 1 {
			quantity = (quantity + part.PackSize - 1) / part.PackSize * part.PackSize
		}
		err := d.Store.PutOrder(ctx, presage.PurchaseOrder{
			ID: casework.ID("po", x.depotID, p.Part, caseID, presage.DayOf(now).String()), DepotID: x.depotID, Part: p.Part,
			Quantity: quantity, OrderedAt: now, ExpectedAt: x.at[p.Part],
		})
		if err != nil && !errors.Is(err, presage.ErrConflict) {
			return fmt.Errorf("order part %s: %w", p.Part, err)
		}
	}
	return nil
}
