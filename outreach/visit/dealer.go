package visit

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"presage"
	"presage/internal/wording"
	"presage/outreach/booking"
	"presage/outreach/casework"
)

// dealerPrefix begins the IDs of visits that dealers' systems sold.
const dealerPrefix = "dealer-"

// OfDealer tells whether a booking's ID is of a visit that a dealer's system sold.
func OfDealer(id string) bool { return strings.HasPrefix(id, dealerPrefix) }

// DealerWish is what a dealer's system decided about a visit that is kept here. Bay
// and Technician may be left to us.
type DealerWish struct {
	Source            string // the dealer's system
	CaseID, BookingID string
	WorkshopID        string
	At                presage.Span
	Bay, Technician   string
}

// DealerBooks prepares the sale, the move or the other bay that a dealer's system
// decided; nil when nothing is left to change. What it names is not asked for: the
// dealer knows its own bays and hours. A new time is told to the customer once.
func (d *Desk) DealerBooks(ctx context.Context, w DealerWish) (*presage.Reservation, error) {
	f, err := d.Files.ByCase(ctx, w.CaseID)
	if err != nil {
		return nil, err
	}
	if b := f.Booking; b != nil {
		switch {
		case b.ID != w.BookingID:
			return nil, fmt.Errorf("case %s: %w: it has booking %s", f.Case.ID, presage.ErrConflict, b.ID)
		case b.Start.Equal(w.At.From) && b.WorkshopID == w.WorkshopID:
			return d.otherBay(f, w), nil
		}
	}
	if err := f.MayBook(d.Now()); err != nil {
		return nil, err
	}
	if f, err = d.Agenda.elsewhere(ctx, f, w.WorkshopID); err != nil {
		return nil, err
	}
	at, err := d.dealerPlace(ctx, f, w)
	if err != nil {
		return nil, err
	}
	wishes, err := f.wishes(nil)
	if err != nil {
		return nil, err
	}
	r, err := d.reservationAt(ctx, f, sale{
		start: w.At.From, via: w.Source, who: w.Source, why: f.whySold(w.At.From, w.Source),
		tell: wording.Confirmation, wishes: wishes,
	}, at)
	r.Bounds = nil // how many a day it takes is the dealer's to say
	return &r, err
}

// dealerPlace is the place that the dealer names; where it leaves some of it to us, one
// that is free.
func (d *Desk) dealerPlace(ctx context.Context, f CaseFile, w DealerWish) (booking.Place, error) {
	hours := []presage.Span{w.At}
	if w.Bay != "" && w.Technician != "" {
		return booking.Place{Bays: []string{w.Bay}, Technicians: []string{w.Technician}, Hours: hours}, nil
	}
	at, err := d.Agenda.place(ctx, f.Workshop, f.Plan, w.At.From)
	at.Hours = hours
	return at, err
}

// otherBay is the same visit in the bay and with the technician that the dealer
// names; nil where it has them.
func (d *Desk) otherBay(f CaseFile, w DealerWish) *presage.Reservation {
	b := f.Booking
	bay, technician := cmp.Or(w.Bay, b.BayID), cmp.Or(w.Technician, b.TechnicianID)
	if bay == b.BayID && technician == b.TechnicianID {
		return nil
	}
	r := f.sameTime(booking.Place{Bays: []string{bay}, Technicians: []string{technician}}, d.Now(), casework.Note{
		Who: w.Source, Why: presage.Because(presage.WhyReplanned),
	})
	return &r
}

// DealerCancels prepares that a visit ends which the dealer's system cancelled; its
// customer is told, and has the offer of other times. ErrConflict once it has begun.
func (d *Desk) DealerCancels(ctx context.Context, w DealerWish) (*presage.Cancellation, error) {
	f, err := d.Files.ByCase(ctx, w.CaseID)
	if err != nil {
		return nil, err
	}
	if f.Booking == nil || f.Booking.ID != w.BookingID {
		return nil, fmt.Errorf("cancel booking %s: %w: it is not live", w.BookingID, presage.ErrConflict)
	}
	next, n := d.afterCancel(f, presage.CaseOffered, casework.Note{
		Who: w.Source, Why: presage.Because(presage.WhyCancelled),
	})
	c, err := d.releasing(f, next, n, presage.Cancellation{})
	return &c, err
}

// Prepare checks what a dealer's workshop found, and tells what follows from it.
func (d *Reception) Prepare(
	ctx context.Context, r presage.WorkshopResult,
) (presage.WorkshopResult, []presage.CaseEvent, error) {
	r, err := d.plausible(ctx, r)
	if err != nil {
		return r, nil, err
	}
	evs, err := d.closing(ctx, r)
	return r, evs, err
}
