package visit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/outreach/booking"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/link"
	"presage/outreach/rules"
	"presage/internal/wording"
)

// moreSlots is how many slots a page shows beside the offered ones.
const moreSlots = 9

// Page shows offers and visits to customers and advisers. Its fields are set
// once, before its first use.
type Page struct {
	Store     PageStore
	Files     *Files
	Agenda    *Agenda
	Catalogue *presage.Catalogue
	Rules     rules.Config
	Now       func() time.Time
}

// PageStore notes what a customer saw.
type PageStore interface {
	MarkOfferOpened(ctx context.Context, id string, at time.Time) error
}

// OfferByToken is the booking page of a link, in the customer's language, and
// notes that it was opened. ErrForbidden for a link that we did not sign,
// ErrExpired long after its offer ran out, or with ErrNewOwner once the car is
// somebody else's; of an error the customer's language is told where it is known.
func (p *Page) OfferByToken(ctx context.Context, token string) (presage.OfferView, error) {
	f, err := p.Files.ByToken(ctx, token)
	if err != nil {
		return presage.OfferView{Lang: f.Customer.Lang}, err
	}
	if f.Offer.OpenedAt.IsZero() {
		if err := p.Store.MarkOfferOpened(ctx, f.Offer.ID, p.Now()); err != nil {
			return presage.OfferView{}, fmt.Errorf("offer %s: %w", f.Offer.ID, err)
		}
	}
	return p.view(ctx, f)
}

// OfferOfCase is the same page for an adviser, without noting anything.
// ErrNotFound when the case has no offer.
func (p *Page) OfferOfCase(ctx context.Context, caseID string) (presage.OfferView, error) {
	f, err := p.Files.ByCase(ctx, caseID)
	if err != nil {
		return presage.OfferView{}, err
	}
	if f.Offer.ID == "" {
		return presage.OfferView{}, fmt.Errorf("case %s: offer %w", caseID, presage.ErrNotFound)
	}
	return p.view(ctx, f)
}

// TokenOf cuts the token out of a message's link; "" when there is none.
func TokenOf(url string) string { return link.TokenOf(url) }

func (p *Page) view(ctx context.Context, f CaseFile) (presage.OfferView, error) {
	now, l, zone := p.Now(), contact.LangOf(f.Customer), contact.ZoneOf(f.Customer.Zone)
	v := presage.OfferView{
		Token: link.TokenOf(f.Link), Link: f.Link, State: f.State(now), Lang: l, Zone: zone,
		CustomerName: wording.FirstName(f.Customer.Name, l), Vehicle: f.Vehicle, Car: wording.Car(f.Vehicle, l),
		Reason: f.Offer.Reason.In(l), Price: f.Plan.Price, Duration: f.Plan.Duration,
		Workshop: f.Workshop, WorkshopName: f.Workshop.Name.In(l), Address: f.Workshop.Address.In(l),
		Booking: f.Booking, Offer: f.Offer, Case: f.Case, CanBook: f.MayBook(now) == nil,
	}
	if b := f.Booking; b != nil {
		v.BookingText = wording.Moment(l, b.Start, zone)
		v.CanCancel = b.State == presage.BookingConfirmed && now.Before(b.Start)
	}
	v.CanDecline = v.State == presage.OfferOpen || v.CanCancel
	for _, x := range f.Plan.Lines {
		v.Components = append(v.Components, p.component(l, x, zone))
	}
	if !v.CanBook {
		return v, nil
	}
	var err error
	v.Slots, err = p.choices(ctx, f, zone)
	return v, err
}

func (p *Page) component(l presage.Lang, x wording.Line, zone *time.Location) presage.ComponentView {
	c := presage.ComponentView{
		ID: x.Component.ID, Name: x.Component.Name.In(l), Sentence: wording.Sentence(l, x, zone),
		Why: x.Component.Why.In(l), Severity: x.Component.Severity,
	}
	if j, err := p.Catalogue.Job(x.Component.JobCode); err == nil {
		c.Job, c.Price, c.Minutes = j.Name.In(l), j.Price, j.Minutes
	}
	return c
}

// choices are the offered slots that are still free under their numbers, then
// others around the cheapest day.
func (p *Page) choices(ctx context.Context, f CaseFile, zone *time.Location) ([]presage.SlotView, error) {
	now := p.Now()
	x, err := p.Agenda.SupplyOf(ctx, f.Workshop.DepotID, f.Plan.Parts, now)
	if err != nil {
		return nil, err
	}
	earliest := casework.Later(now.Add(p.Rules.Notice), x.Ready(now))
	target := casework.Later(earliest, f.Case.VisitBy)
	free, err := p.Agenda.Search(ctx, f.Workshop, f.Plan, Window{
		From: casework.Later(now, x.Ready(now)), To: target.AddDate(0, 0, p.Rules.SearchDays),
	})
	if err != nil {
		return nil, err
	}
	var views []presage.SlotView
	show := func(slot presage.Slot, number int) {
		views = append(views, presage.SlotView{Slot: slot, Number: number, Text: wording.Moment(contact.LangOf(f.Customer), slot.Start, zone)})
	}
	for i, offered := range f.Offer.Slots {
		if slices.ContainsFunc(free, func(x presage.Slot) bool { return x.ID == offered.ID }) {
			show(offered, i+1)
		}
	}
	free = slices.DeleteFunc(free, func(x presage.Slot) bool {
		return x.Start.Before(earliest) ||
			slices.ContainsFunc(views, func(v presage.SlotView) bool { return v.ID == x.ID })
	})
	for _, slot := range booking.Pick(free, target, moreSlots, contact.ZoneOf(f.Workshop.Zone)) {
		show(slot, 0)
	}
	return views, nil
}

// ICS is the visit as a calendar file (RFC 5545). ErrNotFound when nothing is booked.
func (p *Page) ICS(ctx context.Context, token string) ([]byte, error) {
	f, err := p.Files.ByToken(ctx, token)
	if err != nil {
		return nil, err
	}
	if f.Booking == nil {
		return nil, fmt.Errorf("calendar: booking %w", presage.ErrNotFound)
	}
	l := contact.LangOf(f.Customer)
	jobs := make([]string, 0, len(f.Plan.Jobs))
	for _, j := range f.Plan.Jobs {
		jobs = append(jobs, j.Name.In(l))
	}
	return booking.Calendar(booking.Entry{
		Booking: *f.Booking, Title: wording.Car(f.Vehicle, l) + ": " + strings.Join(jobs, ", "),
		Location: f.Workshop.Name.In(l) + ", " + f.Workshop.Address.In(l),
		Notes:    f.Offer.Reason.In(l), URL: f.Link, Stamp: p.Now(),
	}), nil
}
