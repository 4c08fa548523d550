package visit

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/contact"
)

// CaseFile is a case with everything around it that an action needs.
type CaseFile struct {
	Case     presage.Case
	Offer    presage.Offer // zero when none was made
	Customer presage.Customer
	Vehicle  presage.Vehicle
	Workshop presage.Workshop
	Plan     Plan
	Booking  *presage.Booking // the live one: confirmed or arrived
	Last     *presage.Booking // the newest, whatever became of it
	// Before is the visit that the live one took the place of, or that was
	// cancelled last; nil for none.
	Before *presage.Booking
	// Coupon came with the offer and counts still, or did; nil for none.
	Coupon *presage.Coupon
	Link   string
}

// Files opens case files. Its fields are set once, before its first use.
type Files struct {
	Store   FileStore
	Agenda  *Agenda
	Planner *contact.Planner
	Now     func() time.Time
}

// ByToken opens the file that a booking link names. ErrExpired with
// ErrNewOwner once the car is somebody else's.
func (r *Files) ByToken(ctx context.Context, token string) (CaseFile, error) {
	f, err := r.ByLink(ctx, token)
	if err != nil {
		return CaseFile{}, err
	}
	if f.Lost() {
		return f, fmt.Errorf("booking link: %w: %w", presage.ErrExpired, presage.ErrNewOwner)
	}
	return f, nil
}

// Lost tells that the car has another owner than the one the case is about.
func (f CaseFile) Lost() bool { return f.Vehicle.CustomerID != f.Case.CustomerID }

// ByLink is ByToken whoever owns the car by now.
func (r *Files) ByLink(ctx context.Context, token string) (CaseFile, error) {
	offerID, err := r.Planner.Links.Read(token, r.Now())
	if err != nil {
		return CaseFile{}, err
	}
	o, err := r.Store.Offer(ctx, offerID)
	if err != nil {
		return CaseFile{}, fmt.Errorf("booking link: %w", err)
	}
	c, err := r.Store.Case(ctx, o.CaseID)
	if err != nil {
		return CaseFile{}, fmt.Errorf("booking link: %w", err)
	}
	return r.file(ctx, c, o)
}

// ByCase opens the file of a case with its newest offer.
func (r *Files) ByCase(ctx context.Context, caseID string) (CaseFile, error) {
	c, err := r.Store.Case(ctx, caseID)
	if err != nil {
		return CaseFile{}, err
	}
	offers, err := r.Store.OffersOf(ctx, caseID)
	if err != nil {
		return CaseFile{}, fmt.Errorf("offers of case %s: %w", caseID, err)
	}
	if len(offers) == 0 {
		return r.file(ctx, c, presage.Offer{})
	}
	return r.file(ctx, c, offers[0])
}

// ByMessage opens the file of what a message spoke of, with the offer that it
// told. current tells that no other offer of the case was made since.
func (r *Files) ByMessage(ctx context.Context, m presage.Message) (f CaseFile, current bool, err error) {
	c, err := r.Store.Case(ctx, m.CaseID)
	if err != nil {
		return f, false, err
	}
	offers, err := r.Store.OffersOf(ctx, m.CaseID)
	if err != nil {
		return f, false, fmt.Errorf("offers of case %s: %w", m.CaseID, err)
	}
	told := presage.Offer{}
	for i, o := range offers {
		if o.ID == m.OfferID {
			told, current = o, i == 0
		}
	}
	f, err = r.file(ctx, c, told)
	return f, current || len(offers) == 0, err
}

func (r *Files) file(ctx context.Context, c presage.Case, o presage.Offer) (CaseFile, error) {
	f := CaseFile{Case: c, Offer: o}
	var err, errs error
	f.Customer, err = r.Store.Customer(ctx, c.CustomerID)
	errs = errors.Join(errs, err)
	f.Vehicle, err = r.Store.Vehicle(ctx, c.VIN)
	errs = errors.Join(errs, err)
	f.Workshop, err = r.Store.Workshop(ctx, c.WorkshopID)
	errs = errors.Join(errs, err)
	ps, err := r.Store.Prognoses(ctx, c.VIN)
	errs = errors.Join(errs, err)
	bs, err := r.Store.BookingsOf(ctx, c.ID)
	if errs = errors.Join(errs, err); errs != nil {
		return f, fmt.Errorf("case %s: %w", c.ID, errs)
	}
	if f.Plan, err = r.Agenda.PlanFor(c, f.Vehicle, ps); err != nil {
		return f, fmt.Errorf("case %s: %w", c.ID, err)
	}
	for i := range bs {
		if f.Last == nil || bs[i].Sequence > f.Last.Sequence {
			f.Last = &bs[i]
		}
	}
	for i := range bs {
		if bs[i].State == presage.BookingConfirmed || bs[i].State == presage.BookingArrived {
			f.Booking, f.Plan.Instead = &bs[i], &bs[i]
			break
		}
	}
	if f.Booking != nil {
		f.Plan.send(r.Agenda, f.Booking.Site)
	}
	f.before(bs)
	if f.Coupon, err = r.coupon(ctx, f); err != nil {
		return f, fmt.Errorf("case %s: %w", c.ID, err)
	}
	if o.ID != "" {
		f.Link = r.Planner.Link(o)
	}
	return f, nil
}

func (f *CaseFile) before(bs []presage.Booking) {
	for i := range bs {
		if bs[i].State == presage.BookingCancelled && (f.Before == nil || bs[i].Sequence > f.Before.Sequence) {
			f.Before = &bs[i]
		}
	}
}

// Acted notes that a person did something on the page of a link: they have read
// the text that brought it, and this is their answer. That the page was opened
// says nothing, for machines open links too.
func (r *Files) Acted(ctx context.Context, f CaseFile) error {
	err := r.Store.React(ctx, presage.Reaction{OfferID: f.Offer.ID, At: r.Now(), Answered: true})
	if err != nil {
		return fmt.Errorf("booking link: %w", err)
	}
	return nil
}

// State is what the customer can still do.
func (f CaseFile) State(now time.Time) presage.OfferState {
	switch f.Case.State {
	case presage.CaseBooked, presage.CaseArrived:
		return presage.OfferBooked
	case presage.CaseOpen, presage.CaseEscalated:
		return presage.OfferOpen
	case presage.CaseOffered:
		if now.After(casework.Later(f.Offer.ExpiresAt, f.Case.DueAt)) {
			return presage.OfferExpired
		}
		return presage.OfferOpen
	case presage.CaseDeclined:
		if now.After(f.Offer.ExpiresAt) {
			return presage.OfferExpired
		}
		return presage.OfferDeclined
	case presage.CaseExpired:
		return presage.OfferExpired
	case presage.CaseSuppressed:
		return presage.OfferStopped
	default:
		return presage.OfferClosed
	}
}

// MayBook says why no slot can be chosen; nil when one can.
func (f CaseFile) MayBook(now time.Time) error {
	if f.Lost() {
		return fmt.Errorf("%w: %w", presage.ErrExpired, presage.ErrNewOwner)
	}
	switch f.State(now) {
	case presage.OfferOpen, presage.OfferDeclined:
		return nil
	case presage.OfferBooked:
		if f.Booking == nil || f.Booking.State == presage.BookingArrived || !now.Before(f.Booking.Begins()) {
			return presage.Refuse(fmt.Errorf("%w: the visit has begun", presage.ErrConflict), presage.WhyVisitBegun)
		}
		return nil
	case presage.OfferExpired:
		return presage.Refuse(fmt.Errorf("%w: this offer has run out; please call the workshop", presage.ErrExpired),
			presage.WhyOfferRanOut)
	default:
		return presage.Refuse(fmt.Errorf("%w: this offer is closed", presage.ErrConflict), presage.WhyOfferClosed)
	}
}
