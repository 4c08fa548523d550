package apitest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/outreach/finding"
)

// offer is one customer's link.
type offer struct {
	presage.Offer
	caseID string
	state  presage.OfferState
}

// Booking implements rest.Bookings.
func (w *World) Booking(_ context.Context, id string) (presage.Booking, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if i := w.index(id); i >= 0 {
		return w.bookings[i], w.Err
	}
	return presage.Booking{}, fmt.Errorf("booking: %w", presage.ErrNotFound)
}

func (w *World) index(id string) int {
	return slices.IndexFunc(w.bookings, func(b presage.Booking) bool { return b.ID == id })
}

// Bookings implements rest.Bookings.
func (w *World) Bookings(_ context.Context, f presage.BookingFilter) ([]presage.Booking, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.Booking
	for _, b := range w.bookings {
		if (f.CaseID == "" || b.CaseID == f.CaseID) && (f.WorkshopID == "" || b.WorkshopID == f.WorkshopID) &&
			(f.From.IsZero() || !b.Start.Before(f.From)) && (f.To.IsZero() || b.Start.Before(f.To)) {
			out = append(out, b)
		}
	}
	slices.SortFunc(out, func(a, b presage.Booking) int {
		return cmp.Or(a.Start.Compare(b.Start), cmp.Compare(a.ID, b.ID))
	})
	if i := slices.IndexFunc(out, func(b presage.Booking) bool { return b.ID == f.AfterID }); i >= 0 {
		out = out[i+1:]
	}
	if f.Limit > 0 {
		out = out[:min(f.Limit, len(out))]
	}
	return out, w.Err
}

// Slots implements rest.Desk: mornings and afternoons of the next days.
//
//nolint:revive // the interface has these arguments
func (w *World) Slots(_ context.Context, workshopID string, _ []string, from, to time.Time, limit int,
) ([]presage.Slot, error) {
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		return nil, err
	}
	var out []presage.Slot
	t := from.In(zone)
	for day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, zone); day.Before(to); day = day.AddDate(0, 0, 1) {
		for _, half := range []int{18, 21, 28, 31} {
			at := day.Add(time.Duration(half) * 30 * time.Minute)
			if at.Before(from) || !at.Before(to) || w.isTaken(at) || day.Weekday() == time.Sunday || len(out) == limit {
				continue
			}
			out = append(out, presage.Slot{
				ID: fmt.Sprintf("%s@%d", workshopID, at.Unix()), WorkshopID: workshopID, Start: at.UTC(), End: at.Add(time.Hour).UTC(),
			})
		}
	}
	return out, w.Err
}

// BookWish implements rest.Desk and web.Offers. The slot ID "sold" was just sold,
// "late" is too late; any other without a workshop is none.
func (w *World) BookWish(ctx context.Context, x presage.Wish) (presage.Booking, error) {
	caseID, slotID, via := x.CaseID, x.SlotID, x.Via
	if x.Token != "" {
		o, err := w.offer(x.Token)
		if err != nil {
			return presage.Booking{}, err
		}
		caseID = o.caseID
	}
	if err := w.unchanged(caseID, x.Seen); err != nil {
		return presage.Booking{}, err
	}
	if slotID == "late" {
		return presage.Booking{}, fmt.Errorf("book: %w slot: %w", presage.ErrInvalid, presage.ErrTooLate)
	}
	c, err := w.Case(ctx, caseID)
	if err != nil {
		return presage.Booking{}, err
	}
	shop, _, ok := strings.Cut(slotID, "@")
	shop, van := presage.SplitVan(shop)
	if _, err := w.Workshop(ctx, shop); slotID != "sold" && (!ok || err != nil) {
		return presage.Booking{}, fmt.Errorf("book: %w slot %q", presage.ErrInvalid, slotID)
	}
	slots, err := w.Slots(ctx, shop, nil, w.now, w.now.AddDate(0, 0, bookableDays), 500)
	if err != nil {
		return presage.Booking{}, err
	}
	i := slices.IndexFunc(slots, func(s presage.Slot) bool { return s.ID == strings.Replace(slotID, presage.VansOf(shop), shop, 1) })
	if i < 0 {
		return presage.Booking{}, fmt.Errorf("book: %w: that time is not free any more", presage.ErrConflict)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	b := presage.Booking{
		ID: fmt.Sprintf("b-%d", len(w.bookings)), CaseID: c.ID, VIN: c.VIN, CustomerID: c.CustomerID,
		WorkshopID: shop, BayID: "w-1-b1", Start: slots[i].Start, End: slots[i].End,
		Jobs: []string{"brake_pads_front_replace"}, State: presage.BookingConfirmed, Via: via, CreatedAt: w.now,
	}
	if x.Wishes != nil {
		b.Wishes = *x.Wishes
	}
	if b.Site, err = sited(van, x); err != nil {
		return presage.Booking{}, err
	}
	if van {
		b.BayID, b.Hours = shop+"-van", []presage.Span{{From: b.Start.Add(-b.Site.Drive()), To: b.End.Add(b.Site.Drive())}}
	}
	for i, old := range w.bookings {
		if old.CaseID == c.ID {
			b.Sequence = max(b.Sequence, old.Sequence+1)
			w.bookings[i].State = presage.BookingCancelled
		}
	}
	w.bookings = append(w.bookings, b)
	w.move(c.ID, presage.CaseBooked)
	w.relocate(c.ID, shop)
	return b, nil
}

func (w *World) move(caseID string, to presage.CaseState) {
	for i := range w.cases {
		if w.cases[i].ID == caseID {
			w.cases[i].State = to
		}
	}
}

// CancelBooking implements rest.Desk.
func (w *World) CancelBooking(_ context.Context, id, _, _ string) error {
	return w.change(id, presage.BookingCancelled, presage.CaseOffered)
}

// Act implements rest.Desk: it keeps what was done; a case that was closed is not closed twice.
func (w *World) Act(ctx context.Context, x presage.CaseAction) (presage.Case, error) {
	c, err := w.Case(ctx, x.CaseID)
	if err != nil {
		return c, err
	}
	if c.State.Ended() {
		return c, fmt.Errorf("%w: it is %s", presage.ErrConflict, c.State)
	}
	w.mu.Lock()
	w.Actions = append(w.Actions, x)
	if x.Kind == presage.ActionClosed {
		w.move(c.ID, presage.CaseResolvedElsewhere)
	}
	w.mu.Unlock()
	return w.Case(ctx, x.CaseID)
}

// Arrive implements rest.Desk.
func (w *World) Arrive(_ context.Context, id, _ string) error {
	return w.change(id, presage.BookingArrived, presage.CaseArrived)
}

func (w *World) change(id string, to presage.BookingState, state presage.CaseState) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := w.index(id)
	if i < 0 {
		return fmt.Errorf("booking: %w", presage.ErrNotFound)
	}
	if w.bookings[i].State != presage.BookingConfirmed {
		return fmt.Errorf("booking: %w: it is %s", presage.ErrConflict, w.bookings[i].State)
	}
	w.bookings[i].State = to
	w.move(w.bookings[i].CaseID, state)
	return nil
}

// RecordResult implements rest.Desk; what is not plausible is refused as the service does.
func (w *World) RecordResult(ctx context.Context, r presage.WorkshopResult) error {
	r, err := w.plausible(ctx, r)
	if err != nil {
		return fmt.Errorf("record result: %w", err)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.Results = append(w.Results, r)
	w.addVersion(presage.ResultVersion{Result: r, RecordedBy: r.Who})
	if i := w.index(r.BookingID); i >= 0 {
		w.bookings[i].State = presage.BookingDone
		w.move(w.bookings[i].CaseID, presage.CaseDone)
	}
	return nil
}

func (w *World) plausible(ctx context.Context, r presage.WorkshopResult) (presage.WorkshopResult, error) {
	k := finding.Known{Catalogue: w.catalogue, Now: w.now}
	if b, err := w.Booking(ctx, r.BookingID); err == nil {
		k.Booking = &b
		if r.VIN == "" {
			r.VIN = b.VIN
		}
		if b.State == presage.BookingArrived {
			k.Arrived = w.now
		}
	}
	k.Car, _ = w.Vehicle(ctx, r.VIN)
	for _, x := range w.rollups[r.VIN] {
		if km := x.Features["odometer_km"]; km > 0 {
			k.Reading = finding.Reading{Km: presage.Kilometre(km), At: x.Last}
		}
	}
	return k.Check(r)
}

func (w *World) offer(token string) (*offer, error) {
	switch o, ok := w.offers[token]; {
	case token == "old":
		return nil, fmt.Errorf("link: %w", presage.ErrExpired)
	case !ok:
		return nil, fmt.Errorf("link: %w: not signed by us", presage.ErrForbidden)
	default:
		return o, nil
	}
}

// unchanged compares the visit that was shown with the one there is.
func (w *World) unchanged(caseID string, seen *string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	is := ""
	for _, b := range w.bookings {
		if b.CaseID == caseID && b.State == presage.BookingConfirmed {
			is = b.ID
		}
	}
	if seen != nil && *seen != is {
		return fmt.Errorf("%w: %w", presage.ErrConflict, presage.ErrStale)
	}
	return nil
}

// CancelSeen implements web.Refusals.
func (w *World) CancelSeen(ctx context.Context, token string, seen *string) error {
	v, err := w.OfferAt(ctx, token, "")
	if err != nil {
		return err
	}
	if err := w.unchanged(v.Case.ID, seen); err != nil {
		return err
	}
	if v.Booking == nil {
		return fmt.Errorf("cancel: booking %w", presage.ErrNotFound)
	}
	return w.CancelBooking(ctx, v.Booking.ID, "customer", "")
}

// DeclineSeen implements web.Refusals.
func (w *World) DeclineSeen(_ context.Context, token, _ string, seen *string) error {
	o, err := w.offer(token)
	if err != nil {
		return err
	}
	if err := w.unchanged(o.caseID, seen); err != nil {
		return err
	}
	o.state = presage.OfferDeclined
	return nil
}

// StopByToken implements web.Offers.
func (w *World) StopByToken(_ context.Context, token string) error {
	if _, err := w.offer(token); err != nil {
		return err
	}
	w.Stopped = append(w.Stopped, token)
	return nil
}

// Unsubscribe implements web.Refusals.
func (w *World) Unsubscribe(ctx context.Context, token string) error {
	_, err := w.Unsubscriber(ctx, token)
	if err == nil {
		w.Unsubscribed = append(w.Unsubscribed, token)
	}
	return err
}

// Unsubscriber implements web.Refusals: the token "mail" is of a customer who reads
// English, "old" has expired.
func (w *World) Unsubscriber(_ context.Context, token string) (presage.Lang, error) {
	switch token {
	case "mail":
		return presage.English, nil
	case "old":
		return "", presage.ErrExpired
	}
	return "", presage.ErrForbidden
}

// ICS implements web.Offers.
func (w *World) ICS(ctx context.Context, token string) ([]byte, error) {
	v, err := w.OfferAt(ctx, token, "")
	if err != nil {
		return nil, err
	}
	if v.Booking == nil {
		return nil, fmt.Errorf("calendar: booking %w", presage.ErrNotFound)
	}
	return []byte("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"), nil
}
