package visit

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/internal/wording"
	"presage/outreach/booking"
	"presage/outreach/casework"
	"presage/outreach/contact"
	"presage/outreach/link"
	"presage/outreach/rules"
)

// moreSlots is how many slots a page shows beside the offered ones.
const moreSlots = 9

// Page shows offers and visits to customers and advisers. Its fields are set
// once, before its first use.
type Page struct {
	Files     *Files
	Agenda    *Agenda
	Catalogue *presage.Catalogue
	Rules     rules.Current
	Now       func() time.Time
}

// OfferByToken is the booking page of a link, in the customer's language. Looking
// at it changes nothing: links are opened by machines too. ErrForbidden for a
// link that we did not sign, ErrExpired long after its offer ran out, or with
// ErrNewOwner once the car is somebody else's; of an error the customer's language is told where it is known.
func (p *Page) OfferByToken(ctx context.Context, token string) (presage.OfferView, error) {
	return p.OfferAt(ctx, token, "")
}

// OfferAt is the same page with the times and prices of another workshop nearby;
// "" for the offer's own. ErrInvalid for one that does not take the car.
func (p *Page) OfferAt(ctx context.Context, token, workshopID string) (presage.OfferView, error) {
	f, err := p.Files.ByToken(ctx, token)
	if err != nil {
		return presage.OfferView{Lang: f.Customer.Lang}, err
	}
	if f, err = p.Agenda.elsewhere(ctx, f, workshopID); err != nil {
		return presage.OfferView{Lang: f.Customer.Lang}, err
	}
	if workshopID != "" {
		return p.view(ctx, f)
	}
	return p.own(ctx, f)
}

// own is the page of who does the visit of a file: the workshop too, where its van has
// no time any more.
func (p *Page) own(ctx context.Context, f CaseFile) (presage.OfferView, error) {
	v, err := p.view(ctx, f)
	if err != nil || v.Site == nil || !v.CanBook || f.Booking != nil || len(v.Slots) > 0 {
		return v, err
	}
	f.Plan.send(p.Agenda, nil)
	return p.view(ctx, f)
}

// OfferOfCase is the same page for an adviser.
// ErrNotFound when the case has no offer.
func (p *Page) OfferOfCase(ctx context.Context, caseID string) (presage.OfferView, error) {
	f, err := p.Files.ByCase(ctx, caseID)
	if err != nil {
		return presage.OfferView{}, err
	}
	if f.Offer.ID == "" {
		return presage.OfferView{}, fmt.Errorf("case %s: offer %w", caseID, presage.ErrNotFound)
	}
	return p.own(ctx, f)
}

// TokenOf cuts the token out of a message's link; "" when there is none.
func TokenOf(url string) string { return link.TokenOf(url) }

func (p *Page) view(ctx context.Context, f CaseFile) (presage.OfferView, error) {
	now, l, reader := p.Now(), contact.LangOf(f.Customer), contact.ReaderZone(f.Customer, f.Workshop)
	zone := contact.ZoneOf(f.Workshop.Zone)
	v := presage.OfferView{
		Token: link.TokenOf(f.Link), Link: f.Link, State: f.State(now), Lang: l, Zone: zone,
		CustomerName: wording.FirstName(f.Customer.Name, l), Vehicle: f.Vehicle, Car: wording.Car(f.Vehicle, l),
		Brand: p.Files.Planner.Sender(f.Vehicle).In(l), Reason: f.Offer.Reason.In(l),
		Price: f.Plan.PriceAt(f.Workshop), Duration: f.Plan.Duration,
		Workshop: f.Workshop, WorkshopName: f.Workshop.Name.In(l), Address: f.Workshop.Address.In(l),
		Booking: f.Booking, Consent: f.Customer.Consent, HasEmail: f.Customer.Email != "", Offer: f.Offer, Case: f.Case,
		CanBook:  f.MayBook(now) == nil,
		ZoneNote: wording.ZoneNote(l, now, zone, reader),
	}
	p.vans(f, &v)
	v.ToPay, v.Goodwill = v.Price, wording.GoodwillOff(l, f.Case.Goodwill)
	if _, off := f.couponAt(f.begins()); f.Coupon != nil {
		v.Coupon, v.Off = f.Coupon, off
		v.ToPay.Minor -= off.Minor
	}
	f.visits(&v, now)
	if f.Booking != nil {
		v.BookingText = wording.VisitTime(l, f.Booking.Start, zone, reader)
	}
	if err := p.waits(ctx, f, &v); err != nil {
		return v, err
	}
	v.CanDecline = v.State == presage.OfferOpen || v.CanCancel
	for _, x := range f.Plan.Lines {
		v.Components = append(v.Components, p.component(l, x, f, reader))
	}
	if !v.CanBook {
		return v, nil
	}
	var err error
	if v.Nearby, err = p.Agenda.nearby(ctx, f); err != nil {
		return v, err
	}
	if v.Latest, err = p.Agenda.latest(ctx, f); err != nil {
		return v, err
	}
	v.Slots, err = p.choices(ctx, f, v.Latest)
	return v, err
}

// vans tells whether a van comes, or could.
func (p *Page) vans(f CaseFile, v *presage.OfferView) {
	v.Site, v.Travel = f.Plan.Site, presage.Money{}
	if v.Site != nil {
		v.Travel = f.Plan.travel(len(f.Plan.Jobs)-len(f.Plan.Covered), v.Price.Currency)
	}
	if f.Workshop.ID == f.Case.WorkshopID {
		if _, err := p.Agenda.byVan(f, f.Workshop.ID); err == nil {
			v.VanOf = presage.VansOf(f.Workshop.ID)
		}
	}
}

// visits are the one that stands, the one before it, and the one that took place.
func (f CaseFile) visits(v *presage.OfferView, now time.Time) {
	if f.Before != nil && now.Before(f.Before.Start) {
		v.Before = f.Before
	}
	if b := f.Booking; b != nil {
		v.CanCancel = b.State == presage.BookingConfirmed && now.Before(b.Begins())
	} else if f.Last != nil && f.Last.State == presage.BookingDone {
		v.Visited = f.Last
	}
}

// waits tells of a visit to come whether its customer waits for an earlier time, and
// which one is theirs to take.
func (p *Page) waits(ctx context.Context, f CaseFile, v *presage.OfferView) error {
	if !v.CanCancel {
		return nil
	}
	_, err := p.Files.Store.WaitingOf(ctx, f.Case.ID)
	if err != nil && !errors.Is(err, presage.ErrNotFound) {
		return err
	}
	v.Waits = err == nil
	o, err := p.Files.Store.FreedTo(ctx, f.Case.ID, p.Now())
	switch {
	case errors.Is(err, presage.ErrNotFound):
	case err != nil:
		return err
	case o.BookingID == f.Booking.ID:
		v.Earlier, v.EarlierUntil = &presage.Slot{
			ID: booking.SlotID(f.Booking.Where(), o.Start), WorkshopID: o.WorkshopID, Start: o.Start, End: o.End,
		}, o.ExpiresAt
	}
	return nil
}

func (p *Page) component(l presage.Lang, x wording.Line, f CaseFile, zone *time.Location) presage.ComponentView {
	c := presage.ComponentView{
		ID: x.Component.ID, Name: x.Component.Name.In(l), Sentence: wording.Sentence(l, x, zone),
		Found: presage.Text{
			ZH: wording.Sentence(presage.Chinese, x, zone), EN: wording.Sentence(presage.English, x, zone),
		},
		Why: x.Component.Why.In(l), Matters: x.Component.Why, Severity: x.Component.Severity,
	}
	if j, err := p.Catalogue.Job(jobOf(x.Component, slices.Contains(f.Case.Alerted, x.Component.ID))); err == nil {
		c.Job, c.Price, c.Minutes = j.Name.In(l), f.Workshop.PriceOf([]presage.Job{j}), j.Minutes
		if w, free := f.Plan.Covered[j.Code]; free {
			c.Price.Minor, c.Warranty = 0, w.Name.In(l)
		}
	}
	return c
}

// choices are the offered slots that are still free under their numbers, then
// others around the cheapest day, none after last.
func (p *Page) choices(ctx context.Context, f CaseFile, last time.Time) ([]presage.SlotView, error) {
	in, err := p.window(ctx, f, last)
	if err != nil {
		return nil, err
	}
	target := casework.Later(in.From, f.Case.VisitBy)
	if end := target.AddDate(0, 0, p.Rules().SearchDays); end.Before(in.To) {
		in.To = end
	}
	earliest := in.From
	in.From = casework.Later(p.Now(), earliest.Add(-p.Agenda.notice(f.Case))) // what was offered stands at short notice
	free, err := p.Agenda.Search(ctx, f.Workshop, f.Plan, in)
	if err != nil {
		return nil, err
	}
	var views []presage.SlotView
	zone, reader := contact.ZoneOf(f.Workshop.Zone), contact.ReaderZone(f.Customer, f.Workshop)
	show := func(slot presage.Slot, number int) {
		text := wording.VisitTime(contact.LangOf(f.Customer), slot.Start, zone, reader)
		views = append(views, presage.SlotView{Slot: slot, Number: number, Text: text})
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
	for _, slot := range booking.Pick(free, target, moreSlots, zone) {
		show(slot, 0)
	}
	return views, nil
}

// window is when the visit of a file may begin: after the notice and with its
// parts, until last.
func (p *Page) window(ctx context.Context, f CaseFile, last time.Time) (Window, error) {
	now := p.Now()
	x, err := p.Agenda.supply(ctx, f.Workshop.DepotID, f.Plan, now)
	if err != nil {
		return Window{}, err
	}
	return Window{
		From: casework.Later(now.Add(p.Agenda.notice(f.Case)), x.Ready(now)), To: last.Add(time.Second),
		Keep: f.Case.Severity != presage.Safety, Except: f.Offer.ID,
	}, nil
}

// ICS is the visit as a calendar file (RFC 5545); one that was cancelled takes its
// entry away. ErrNotFound when nothing was ever booked.
func (p *Page) ICS(ctx context.Context, token string) ([]byte, error) {
	f, err := p.Files.ByToken(ctx, token)
	if err != nil {
		return nil, err
	}
	b := f.Booking
	if b == nil {
		b = f.Last
	}
	if b == nil {
		return nil, fmt.Errorf("calendar: booking %w", presage.ErrNotFound)
	}
	l := contact.LangOf(f.Customer)
	jobs := make([]string, 0, len(f.Plan.Jobs))
	for _, j := range f.Plan.Jobs {
		jobs = append(jobs, j.Name.In(l))
	}
	place := f.Workshop.Name.In(l) + ", " + f.Workshop.Address.In(l)
	if b.Site != nil {
		place = string(b.Site.Address)
	}
	return booking.Calendar(booking.Entry{
		Booking: *b, Zone: f.Workshop.Zone, Title: wording.Car(f.Vehicle, l) + ": " + strings.Join(jobs, ", "),
		Location: place,
		Notes:    f.Offer.Reason.In(l), URL: f.Link, Stamp: p.Now(),
	}), nil
}
