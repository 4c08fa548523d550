package outreach

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
)

// dossier is a case with everything around it that an action needs.
type dossier struct {
	c        presage.Case
	offer    presage.Offer // zero when none was made
	customer presage.Customer
	vehicle  presage.Vehicle
	workshop presage.Workshop
	plan     visit
	booking  *presage.Booking // the live one: confirmed or arrived
	link     string
}

// byToken opens the dossier that a booking link names. ErrExpired with
// ErrNewOwner once the car is somebody else's.
func (s *Service) byToken(ctx context.Context, token string) (dossier, error) {
	d, err := s.byLink(ctx, token)
	if err != nil {
		return dossier{}, err
	}
	if d.lost() {
		return d, fmt.Errorf("booking link: %w: %w", presage.ErrExpired, presage.ErrNewOwner)
	}
	return d, nil
}

// lost tells that the car has another owner than the one the case is about.
func (d dossier) lost() bool { return d.vehicle.CustomerID != d.c.CustomerID }

// lost tells that a car is not a customer's, or not any more.
func (s *Service) lost(ctx context.Context, vin presage.VIN, customerID string) (bool, error) {
	v, err := s.store.Vehicle(ctx, vin)
	if err != nil {
		return false, fmt.Errorf("owner of %s: %w", vin.Masked(), err)
	}
	return v.CustomerID != customerID, nil
}

// byLink is byToken whoever owns the car by now.
func (s *Service) byLink(ctx context.Context, token string) (dossier, error) {
	offerID, err := s.links.Read(token, s.now())
	if err != nil {
		return dossier{}, err
	}
	o, err := s.store.Offer(ctx, offerID)
	if err != nil {
		return dossier{}, fmt.Errorf("booking link: %w", err)
	}
	c, err := s.store.Case(ctx, o.CaseID)
	if err != nil {
		return dossier{}, fmt.Errorf("booking link: %w", err)
	}
	return s.dossier(ctx, c, o)
}

// byCase opens the dossier of a case with its newest offer.
func (s *Service) byCase(ctx context.Context, caseID string) (dossier, error) {
	c, err := s.store.Case(ctx, caseID)
	if err != nil {
		return dossier{}, err
	}
	offers, err := s.store.OffersOf(ctx, caseID)
	if err != nil {
		return dossier{}, fmt.Errorf("offers of case %s: %w", caseID, err)
	}
	if len(offers) == 0 {
		return s.dossier(ctx, c, presage.Offer{})
	}
	return s.dossier(ctx, c, offers[0])
}

func (s *Service) dossier(ctx context.Context, c presage.Case, o presage.Offer) (dossier, error) {
	d := dossier{c: c, offer: o}
	var err, errs error
	d.customer, err = s.store.Customer(ctx, c.CustomerID)
	errs = errors.Join(errs, err)
	d.vehicle, err = s.store.Vehicle(ctx, c.VIN)
	errs = errors.Join(errs, err)
	d.workshop, err = s.store.Workshop(ctx, c.WorkshopID)
	errs = errors.Join(errs, err)
	ps, err := s.store.Prognoses(ctx, c.VIN)
	errs = errors.Join(errs, err)
	bs, err := s.store.BookingsOf(ctx, c.ID)
	if errs = errors.Join(errs, err); errs != nil {
		return d, fmt.Errorf("case %s: %w", c.ID, errs)
	}
	if d.plan, err = s.visitFor(c.Components, ps); err != nil {
		return d, fmt.Errorf("case %s: %w", c.ID, err)
	}
	for i := range bs {
		if bs[i].State == presage.BookingConfirmed || bs[i].State == presage.BookingArrived {
			d.booking = &bs[i]
			break
		}
	}
	if o.ID != "" {
		d.link = s.linkOf(o)
	}
	return d, nil
}

// state is what the customer can still do.
func (d dossier) state(now time.Time) OfferState {
	switch d.c.State {
	case presage.CaseBooked, presage.CaseArrived:
		return OfferBooked
	case presage.CaseOpen, presage.CaseEscalated:
		return OfferOpen
	case presage.CaseOffered:
		if now.After(latest(d.offer.ExpiresAt, d.c.DueAt)) {
			return OfferExpired
		}
		return OfferOpen
	case presage.CaseDeclined:
		if now.After(d.offer.ExpiresAt) {
			return OfferExpired
		}
		return OfferDeclined
	case presage.CaseExpired:
		return OfferExpired
	case presage.CaseSuppressed:
		return OfferStopped
	default:
		return OfferClosed
	}
}

// mayBook says why no slot can be chosen; nil when one can.
func (d dossier) mayBook(now time.Time) error {
	if d.lost() {
		return fmt.Errorf("%w: %w", presage.ErrExpired, presage.ErrNewOwner)
	}
	switch d.state(now) {
	case OfferOpen, OfferDeclined:
		return nil
	case OfferBooked:
		if d.booking == nil || d.booking.State == presage.BookingArrived || !now.Before(d.booking.Start) {
			return fmt.Errorf("%w: the visit has begun", presage.ErrConflict)
		}
		return nil
	case OfferExpired:
		return fmt.Errorf("%w: this offer has run out; please call the workshop", presage.ErrExpired)
	default:
		return fmt.Errorf("%w: this offer is closed", presage.ErrConflict)
	}
}
