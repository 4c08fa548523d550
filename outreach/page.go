package outreach

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/booking"
	"presage/outreach/link"
)

// moreSlots is how many slots a page shows beside the offered ones.
const moreSlots = 9

// OfferByToken is the booking page of a link, in the customer's language, and
// notes that it was opened. ErrForbidden for a link that we did not sign,
// ErrExpired long after its offer ran out, or with ErrNewOwner once the car is
// somebody else's; of an error the customer's language is told where it is known.
func (s *Service) OfferByToken(ctx context.Context, token string) (OfferView, error) {
	d, err := s.byToken(ctx, token)
	if err != nil {
		return OfferView{Lang: d.customer.Lang}, err
	}
	if d.offer.OpenedAt.IsZero() {
		if err := s.store.MarkOfferOpened(ctx, d.offer.ID, s.now()); err != nil {
			return OfferView{}, fmt.Errorf("offer %s: %w", d.offer.ID, err)
		}
	}
	return s.view(ctx, d)
}

// OfferOfCase is the same page for an adviser, without noting anything.
// ErrNotFound when the case has no offer.
func (s *Service) OfferOfCase(ctx context.Context, caseID string) (OfferView, error) {
	d, err := s.byCase(ctx, caseID)
	if err != nil {
		return OfferView{}, err
	}
	if d.offer.ID == "" {
		return OfferView{}, fmt.Errorf("case %s: offer %w", caseID, presage.ErrNotFound)
	}
	return s.view(ctx, d)
}

// TokenOf cuts the token out of a message's link; "" when there is none.
func TokenOf(url string) string { return link.TokenOf(url) }

func (s *Service) view(ctx context.Context, d dossier) (OfferView, error) {
	now, l, zone := s.now(), lang(d.customer), zoneOf(d.customer.Zone)
	v := OfferView{
		Token: link.TokenOf(d.link), Link: d.link, State: d.state(now), Lang: l, Zone: zone,
		CustomerName: wording.FirstName(d.customer.Name, l), Vehicle: d.vehicle, Car: wording.Car(d.vehicle, l),
		Reason: d.offer.Reason.In(l), Price: d.plan.price, Duration: d.plan.duration,
		Workshop: d.workshop, WorkshopName: d.workshop.Name.In(l), Address: d.workshop.Address.In(l),
		Booking: d.booking, Offer: d.offer, Case: d.c, CanBook: d.mayBook(now) == nil,
	}
	if b := d.booking; b != nil {
		v.BookingText = wording.Moment(l, b.Start, zone)
		v.CanCancel = b.State == presage.BookingConfirmed && now.Before(b.Start)
	}
	v.CanDecline = v.State == OfferOpen || v.CanCancel
	for _, x := range d.plan.lines {
		v.Components = append(v.Components, s.component(l, x, zone))
	}
	if !v.CanBook {
		return v, nil
	}
	var err error
	v.Slots, err = s.choices(ctx, d, zone)
	return v, err
}

func (s *Service) component(l presage.Lang, x wording.Line, zone *time.Location) ComponentView {
	c := ComponentView{
		ID: x.Component.ID, Name: x.Component.Name.In(l), Sentence: wording.Sentence(l, x, zone),
		Why: x.Component.Why.In(l), Severity: x.Component.Severity,
	}
	if j, err := s.cat.Job(x.Component.JobCode); err == nil {
		c.Job, c.Price, c.Minutes = j.Name.In(l), j.Price, j.Minutes
	}
	return c
}

// choices are the offered slots that are still free under their numbers, then
// others around the cheapest day.
func (s *Service) choices(ctx context.Context, d dossier, zone *time.Location) ([]SlotView, error) {
	now := s.now()
	x, err := s.supplyOf(ctx, d.workshop.DepotID, d.plan.parts, now)
	if err != nil {
		return nil, err
	}
	earliest := latest(now.Add(s.cfg.Notice), x.ready(now))
	target := latest(earliest, d.c.VisitBy)
	free, err := s.search(ctx, d.workshop, d.plan, window{
		from: latest(now, x.ready(now)), to: target.AddDate(0, 0, s.cfg.SearchDays),
	})
	if err != nil {
		return nil, err
	}
	var views []SlotView
	show := func(slot presage.Slot, number int) {
		views = append(views, SlotView{Slot: slot, Number: number, Text: wording.Moment(lang(d.customer), slot.Start, zone)})
	}
	for i, offered := range d.offer.Slots {
		if slices.ContainsFunc(free, func(f presage.Slot) bool { return f.ID == offered.ID }) {
			show(offered, i+1)
		}
	}
	free = slices.DeleteFunc(free, func(f presage.Slot) bool {
		return f.Start.Before(earliest) ||
			slices.ContainsFunc(views, func(v SlotView) bool { return v.ID == f.ID })
	})
	for _, slot := range booking.Pick(free, target, moreSlots, zoneOf(d.workshop.Zone)) {
		show(slot, 0)
	}
	return views, nil
}

// ICS is the visit as a calendar file (RFC 5545). ErrNotFound when nothing is booked.
func (s *Service) ICS(ctx context.Context, token string) ([]byte, error) {
	d, err := s.byToken(ctx, token)
	if err != nil {
		return nil, err
	}
	if d.booking == nil {
		return nil, fmt.Errorf("calendar: booking %w", presage.ErrNotFound)
	}
	l := lang(d.customer)
	jobs := make([]string, 0, len(d.plan.jobs))
	for _, j := range d.plan.jobs {
		jobs = append(jobs, j.Name.In(l))
	}
	return booking.Calendar(booking.Entry{
		Booking: *d.booking, Title: wording.Car(d.vehicle, l) + ": " + strings.Join(jobs, ", "),
		Location: d.workshop.Name.In(l) + ", " + d.workshop.Address.In(l),
		Notes:    d.offer.Reason.In(l), URL: d.link, Stamp: s.now(),
	}), nil
}

func lang(c presage.Customer) presage.Lang {
	if c.Lang == presage.Chinese {
		return presage.Chinese
	}
	return presage.English
}
