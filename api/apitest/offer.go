package apitest

import (
	"context"
	"fmt"
	"time"

	"presage"
)

// OfferAt implements web.Offers: the tokens "forged" and "old" are what they say.
func (w *World) OfferAt(ctx context.Context, token, workshop string) (presage.OfferView, error) {
	o, err := w.offer(token)
	if err != nil {
		return presage.OfferView{}, err
	}
	c, err := w.Case(ctx, o.caseID)
	if err != nil {
		return presage.OfferView{}, err
	}
	cust := w.customers[c.CustomerID]
	v := presage.OfferView{
		Offer: o.Offer, Case: c, Lang: cust.Lang, State: o.state, CanBook: true, Token: token, Consent: cust.Consent,
		Latest: w.now.AddDate(0, 0, bookableDays),
	}
	if v.Vehicle, err = w.Vehicle(ctx, c.VIN); err != nil {
		return v, err
	}
	named := workshop != ""
	if !named {
		workshop = c.WorkshopID
	}
	workshop, van := presage.SplitVan(workshop)
	if v.Workshop, err = w.Workshop(ctx, workshop); err != nil {
		return v, fmt.Errorf("%w workshop: %w", presage.ErrInvalid, err)
	}
	for _, x := range w.workshops {
		if x.ID != c.WorkshopID {
			v.Nearby = append(v.Nearby, presage.NearWorkshop{Workshop: x, Km: 6.7})
		}
	}
	w.describe(&v, cust.Lang)
	slots, err := w.Slots(ctx, workshop, nil, w.now.AddDate(0, 0, 1), w.now.AddDate(0, 0, 9), 9)
	w.vans(&v, van)
	if van {
		slots = byVan(slots)
	}
	for _, slot := range slots {
		v.Slots = append(v.Slots, presage.SlotView{Slot: slot})
	}
	w.visits(&v)
	if v.Booking != nil && v.Booking.Site != nil && !named {
		v.Site = v.Booking.Site
	}
	v.CanDecline = v.State == presage.OfferOpen
	return v, err
}

// describe tells what is to be done and what it costs.
func (w *World) describe(v *presage.OfferView, l presage.Lang) {
	for _, id := range v.Case.Components {
		x, err := w.catalogue.Component(id)
		if err != nil {
			continue
		}
		v.Components = append(v.Components, presage.ComponentView{
			ID: id, Name: x.Name.In(l), Why: x.Why.In(l), Severity: x.Severity, Sentence: v.Offer.Reason.In(l),
			Found: v.Offer.Reason, Matters: x.Why,
		})
		if j, err := w.catalogue.Job(x.JobCode); err == nil {
			v.Price = presage.Money{Minor: v.Price.Minor + j.Price.Minor, Currency: j.Price.Currency}
			v.Duration += time.Duration(j.Minutes) * time.Minute
		}
	}
}

func (w *World) visits(v *presage.OfferView) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.bookings {
		b := w.bookings[i]
		switch {
		case b.CaseID != v.Case.ID:
		case b.State == presage.BookingCancelled:
			v.Before = &b
		default:
			v.Booking, v.CanCancel, v.State = &b, b.State == presage.BookingConfirmed, presage.OfferBooked
		}
	}
}

func (w *World) relocate(caseID, workshop string) {
	for i := range w.cases {
		if w.cases[i].ID == caseID {
			w.cases[i].WorkshopID = workshop
		}
	}
}

// AgreeByToken implements web.Refusals.
func (w *World) AgreeByToken(ctx context.Context, token string, ways presage.Channels, seen *time.Time) error {
	v, err := w.OfferAt(ctx, token, "")
	if err != nil {
		return err
	}
	x := presage.ConsentStep{Seen: seen, At: w.Now(), Source: "link"}
	x.Open, x.Close = v.Consent.StepTo(ways)
	return w.ChangeConsent(ctx, v.Case.CustomerID, x)
}
