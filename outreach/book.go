package outreach

import (
	"context"
	"errors"
	"fmt"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/booking"
)

// Book sells a slot to whoever holds the link: any free slot of the case's
// workshop, offered or not. Booking the same slot again returns the same visit;
// another slot moves the visit. via is "link", "api" or "reply".
//
// ErrConflict when the slot or a part is gone or the visit has begun,
// ErrExpired when the offer ran out, ErrForbidden for a forged link,
// ErrInvalid for a slot that is none.
func (s *Service) Book(ctx context.Context, token, slotID, via string) (presage.Booking, error) {
	d, err := s.byToken(ctx, token)
	if err != nil {
		return presage.Booking{}, err
	}
	return s.bookSlot(ctx, d, slotID, via, byCustomer)
}

// BookCase does the same for an adviser or a partner who names the case; via
// ("adviser", "api", ...) stays with the booking, who goes into the case's history.
func (s *Service) BookCase(ctx context.Context, caseID, slotID, via, who string) (presage.Booking, error) {
	d, err := s.byCase(ctx, caseID)
	if err != nil {
		return presage.Booking{}, err
	}
	return s.bookSlot(ctx, d, slotID, via, who)
}

func (s *Service) bookSlot(ctx context.Context, d dossier, slotID, via, who string) (presage.Booking, error) {
	if err := d.mayBook(s.now()); err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	workshopID, start, err := booking.ParseSlotID(slotID)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	if workshopID != d.c.WorkshopID {
		return presage.Booking{}, fmt.Errorf("book: %w slot %q: the offer is for workshop %s",
			presage.ErrInvalid, slotID, d.c.WorkshopID)
	}
	if d.booking == nil {
		return s.reserve(ctx, d, sale{start: start, via: via, who: who})
	}
	if d.booking.Start.Equal(start) {
		return *d.booking, nil
	}
	return s.rebook(ctx, d, sale{start: start, via: via, who: who})
}

// sale is one wish to book.
type sale struct {
	start    time.Time
	via, who string
}

// rebook moves a visit: the old one is given up only when the new one looks
// free, and taken back when it was sold in between.
func (s *Service) rebook(ctx context.Context, d dossier, wish sale) (presage.Booking, error) {
	old := *d.booking
	if _, _, err := s.candidates(ctx, d, wish.start, old); err != nil {
		return presage.Booking{}, err
	}
	// Between two visits there is none: who hangs up now must not lose both.
	ctx = context.WithoutCancel(ctx)
	now := s.now()
	ev := presage.CaseEvent{
		CaseID: d.c.ID, At: now, Who: wish.who, From: presage.CaseBooked, To: presage.CaseOffered,
		Why: "moved to " + wish.start.UTC().Format(time.RFC3339),
	}
	if err := s.store.CancelBooking(ctx, old.ID, now, ev, presage.CaseOffered, nil); err != nil {
		return presage.Booking{}, fmt.Errorf("move visit: %w", err)
	}
	d.booking, d.c.State = nil, presage.CaseOffered
	b, err := s.reserve(ctx, d, wish)
	if err == nil {
		return b, nil
	}
	if _, errBack := s.reserve(ctx, d, sale{start: old.Start, via: old.Via, who: "outreach"}); errBack != nil {
		return presage.Booking{}, fmt.Errorf("move visit: %w; the former time is gone too: %w", err, errBack)
	}
	return presage.Booking{}, fmt.Errorf("move visit, the former time stands: %w", err)
}

// candidates are the bays and technicians free for the visit at start.
// ErrConflict when there are none. The cells of the visit that is given up
// count as free.
func (s *Service) candidates(ctx context.Context, d dossier, start time.Time, given presage.Booking,
) (bays, technicians []string, err error) {
	now := s.now()
	if !start.After(now) {
		return nil, nil, fmt.Errorf("book: %w: that time has passed", presage.ErrConflict)
	}
	busy, err := s.store.Busy(ctx, d.workshop.ID, start.Add(-24*time.Hour), start.Add(24*time.Hour))
	if err != nil {
		return nil, nil, fmt.Errorf("book: %w", err)
	}
	if given.ID != "" {
		busy = without(busy, given)
	}
	bays, technicians, err = booking.Candidates(booking.Search{
		Workshop: d.workshop, Busy: busy, Duration: d.plan.duration, Skills: d.plan.skills,
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
func without(busy []booking.Busy, b presage.Booking) []booking.Busy {
	var rest []booking.Busy
	for _, x := range busy {
		mine := x.Resource == b.BayID || x.Resource == b.TechnicianID
		if !mine || !x.Start.Before(b.End) || !x.End.After(b.Start) {
			rest = append(rest, x)
			continue
		}
		if x.Start.Before(b.Start) {
			rest = append(rest, booking.Busy{Resource: x.Resource, Start: x.Start, End: b.Start})
		}
		if x.End.After(b.End) {
			rest = append(rest, booking.Busy{Resource: x.Resource, Start: b.End, End: x.End})
		}
	}
	return rest
}

// reserve sells the slot in one transaction of the store.
func (s *Service) reserve(ctx context.Context, d dossier, want sale) (presage.Booking, error) {
	bays, technicians, err := s.candidates(ctx, d, want.start, presage.Booking{})
	if err != nil {
		return presage.Booking{}, err
	}
	now := s.now()
	x, err := s.supplyOf(ctx, d.workshop.DepotID, d.plan.parts, now)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	if x.ready(now).After(want.start) {
		return presage.Booking{}, fmt.Errorf("book: %w: the parts are not there before %s",
			presage.ErrConflict, x.ready(now).UTC().Format(time.DateOnly))
	}
	if err := s.orderMissing(ctx, d.c.ID, x, now); err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	b := presage.Booking{
		ID:     id("b", d.c.ID, instant(want.start), instant(now), want.who),
		CaseID: d.c.ID, VIN: d.c.VIN, CustomerID: d.c.CustomerID, WorkshopID: d.workshop.ID,
		Start: want.start, End: want.start.Add(d.plan.duration), Jobs: d.plan.jobCodes(), Parts: d.plan.parts,
		State: presage.BookingConfirmed, CreatedAt: now, UpdatedAt: now, Via: want.via,
	}
	ms, err := s.bookingMessages(d, b, want.who)
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	sold, err := s.store.Reserve(ctx, Reservation{
		Booking: b, Bays: bays, Technicians: technicians, DepotID: d.workshop.DepotID, OfferID: d.offer.ID, Now: now,
		Event: presage.CaseEvent{
			CaseID: d.c.ID, At: now, Who: want.who, From: d.c.State, To: presage.CaseBooked,
			Why: "booked for " + want.start.UTC().Format(time.RFC3339) + " via " + want.via,
		},
		Change:   CaseChange{DueAt: b.Start.Add(s.cfg.NoShowAfter), Owner: OwnerWorkshop},
		Messages: ms, ArrivalOf: func(part string) time.Time { return x.at[part] },
	})
	if err != nil {
		return presage.Booking{}, fmt.Errorf("book: %w", err)
	}
	return sold, nil
}

// reminderHour is the local hour of the day before at which a visit is recalled.
const reminderHour = 10

// bookingMessages are the confirmation of what who did and the reminder on the
// day before, left out when the visit is too soon for one. A customer without a
// channel gets neither.
func (s *Service) bookingMessages(d dossier, b presage.Booking, who string) ([]presage.Message, error) {
	route := s.route(d.customer)
	if len(route) == 0 {
		return nil, nil
	}
	now, zone := s.now(), zoneOf(d.customer.Zone)
	f := s.facts(d.customer, d.vehicle, d.workshop, d.plan)
	f.Start, f.Link = b.Start, d.link
	to := draft{
		about: b.ID, c: d.c, offerID: d.offer.ID, customer: d.customer, channel: route[0], at: s.answerAt(who, zone),
	}
	confirmation, err := s.message(wording.Confirmation, f, to)
	if err != nil {
		return nil, err
	}
	y, m, day := b.Start.In(zone).Date()
	to.at = time.Date(y, m, day-1, reminderHour, 0, 0, 0, zone).UTC()
	if to.at.Sub(now) < 12*time.Hour {
		return []presage.Message{confirmation}, nil
	}
	reminder, err := s.message(wording.Reminder, f, to)
	return []presage.Message{confirmation, reminder}, err
}

// byCustomer is who in a case's history where the customer acted.
const byCustomer = "customer"

// answerAt is when a customer may be written to about what who did: at once
// about their own doing, outside quiet hours about anybody else's.
func (s *Service) answerAt(who string, zone *time.Location) time.Time {
	if who == byCustomer {
		return s.now()
	}
	return s.cfg.quietUntil(s.now(), zone)
}

// CancelByToken gives the visit back; the offer stays open for another time.
// ErrNotFound when nothing is booked, ErrConflict once the visit has begun.
func (s *Service) CancelByToken(ctx context.Context, token string) error {
	d, err := s.byToken(ctx, token)
	if err != nil {
		return err
	}
	return s.cancel(ctx, d, presage.CaseOffered, byCustomer, "cancelled by the customer")
}

// CancelBooking does the same for an adviser.
func (s *Service) CancelBooking(ctx context.Context, bookingID, who, why string) error {
	b, err := s.store.Booking(ctx, bookingID)
	if err != nil {
		return err
	}
	d, err := s.byCase(ctx, b.CaseID)
	if err != nil {
		return err
	}
	if d.booking == nil || d.booking.ID != bookingID {
		return fmt.Errorf("cancel booking %s: %w: it is not live", bookingID, presage.ErrConflict)
	}
	return s.cancel(ctx, d, presage.CaseOffered, who, why)
}

// cancel frees the visit and moves its case to next.
func (s *Service) cancel(ctx context.Context, d dossier, next presage.CaseState, who, why string) error {
	now := s.now()
	if d.booking == nil {
		return fmt.Errorf("cancel: booking %w", presage.ErrNotFound)
	}
	if d.booking.State != presage.BookingConfirmed || !now.Before(d.booking.Start) {
		return fmt.Errorf("cancel: %w: the visit has begun", presage.ErrConflict)
	}
	var ms []presage.Message
	if route := s.route(d.customer); len(route) > 0 {
		f := s.facts(d.customer, d.vehicle, d.workshop, d.plan)
		f.Start, f.Link = d.booking.Start, d.link
		m, err := s.message(wording.Cancellation, f, draft{
			about: d.booking.ID, c: d.c, offerID: d.offer.ID, customer: d.customer, channel: route[0],
			at: s.answerAt(who, zoneOf(d.customer.Zone)),
		})
		if err != nil {
			return err
		}
		ms = append(ms, m)
	}
	ev := presage.CaseEvent{CaseID: d.c.ID, At: now, Who: who, From: d.c.State, To: next, Why: why}
	if err := s.store.CancelBooking(ctx, d.booking.ID, now, ev, next, ms); err != nil {
		return fmt.Errorf("cancel: %w", err)
	}
	change := CaseChange{Owner: OwnerOutreach, DueAt: now.Add(s.cfg.OfferTTL)}
	switch {
	case next.Ended():
		return nil
	case next == presage.CaseEscalated:
		change = CaseChange{Owner: OwnerAdviser, DueAt: now.Add(callWithin(d.c.Severity))}
	}
	return s.store.ChangeCase(ctx, d.c.ID, change, now)
}

// overtaken is true for an error that only says that somebody was faster.
func overtaken(err error) bool { return errors.Is(err, presage.ErrConflict) }
