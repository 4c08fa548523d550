package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"presage"
)

func bookCase(r *request) error {
	_, err := r.site.Desk.BookWish(r.Request.Context(), presage.Wish{
		CaseID: r.Param("id"), SlotID: r.PostForm("slot"), Via: "adviser", Who: "adviser", Seen: r.shownVisit(),
	})
	if err != nil {
		return err
	}
	return r.redirect("/cases/" + url.PathEscape(r.Param("id")) + "?notice=booked")
}

func arrive(r *request) error {
	b, err := r.site.Bookings.Booking(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	if err := r.site.Visits.Arrive(r.Request.Context(), b.ID); err != nil {
		return err
	}
	return r.redirect("/cases/" + url.PathEscape(b.CaseID) + "?notice=arrived")
}

func cancelBooking(r *request) error {
	b, err := r.site.Bookings.Booking(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	why := strings.TrimSpace(r.PostForm("why"))
	if err := r.site.Desk.CancelBooking(r.Request.Context(), b.ID, "adviser", why); err != nil {
		return err
	}
	return r.redirect("/cases/" + url.PathEscape(b.CaseID) + "?notice=cancelled")
}

type workshopBody struct {
	All        []presage.Workshop
	Workshop   presage.Workshop
	Day        time.Time // local midnight
	Prev, Next string
	Week       []weekDay // of the day, Monday first
	Bays       []bayDay
}

// weekDay is a day of the strip above the bays.
type weekDay struct {
	Day   time.Time
	Count int
	Shown bool
}

// bayDay is one bay's bookings of a day.
type bayDay struct {
	ID   string
	Rows []bayBooking
}

type bayBooking struct {
	presage.Booking
	Vehicle    presage.Vehicle
	Technician string
	Coupon     *presage.Coupon
	Stage      presage.RepairStage // "" before the car has come
}

func workshop(r *request) error {
	ctx, s := r.Request.Context(), r.site
	all, err := s.Places.Workshops(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		return r.render(http.StatusOK, "workshop", "workshop", r.text("nav.workshop"), workshopBody{})
	}
	i := max(0, slices.IndexFunc(all, func(w presage.Workshop) bool { return w.ID == r.Query("id") }))
	b := workshopBody{All: all, Workshop: all[i]}
	zone := r.zone(b.Workshop.Zone)
	today := s.Now().In(zone)
	if b.Day, err = time.ParseInLocation(time.DateOnly, r.Query("day"), zone); err != nil {
		b.Day = time.Date(today.Year(), today.Month(), today.Day(), 0, 0, 0, 0, zone)
	}
	monday := b.Day.AddDate(0, 0, -(int(b.Day.Weekday())+6)%7)
	for i := range 7 {
		day := monday.AddDate(0, 0, i)
		b.Week = append(b.Week, weekDay{Day: day, Shown: day.Equal(b.Day)})
	}
	b.Prev, b.Next = b.Day.AddDate(0, 0, -1).Format(time.DateOnly), b.Day.AddDate(0, 0, 1).Format(time.DateOnly)
	rows, err := s.Bookings.Bookings(ctx, presage.BookingFilter{
		WorkshopID: b.Workshop.ID, From: monday.UTC(), To: monday.AddDate(0, 0, 7).UTC(), Limit: 500,
	})
	if err != nil {
		return err
	}
	for _, bay := range b.Workshop.Bays {
		b.Bays = append(b.Bays, bayDay{ID: bay.ID})
	}
	if err := s.fillDay(ctx, &b, rows); err != nil {
		return err
	}
	return r.render(http.StatusOK, "workshop", "workshop", r.text("nav.workshop"), b)
}

// fillDay counts the week's bookings and lays those of the day out by bay.
func (s *Site) fillDay(ctx context.Context, b *workshopBody, rows []presage.Booking) error {
	stages, err := s.stagesOf(ctx, b.Workshop.ID, b.Day)
	if err != nil {
		return err
	}
	for _, k := range rows {
		if k.State == presage.BookingCancelled {
			continue
		}
		for i, d := range b.Week {
			if !k.Start.Before(d.Day) && k.Start.Before(d.Day.AddDate(0, 0, 1)) {
				b.Week[i].Count++
			}
		}
		if k.Start.Before(b.Day) || !k.Start.Before(b.Day.AddDate(0, 0, 1)) {
			continue
		}
		v, err := s.Vehicles.Vehicle(ctx, k.VIN)
		if err != nil && !errors.Is(err, presage.ErrNotFound) {
			return err
		}
		v.VIN = k.VIN
		coupon, err := s.couponOf(ctx, k.CaseID)
		if err != nil {
			return err
		}
		b.add(bayBooking{
			Booking: k, Vehicle: v, Technician: technician(b.Workshop, k.TechnicianID), Coupon: coupon, Stage: stages[k.ID],
		})
	}
	return nil
}

func (b *workshopBody) add(k bayBooking) {
	i := slices.IndexFunc(b.Bays, func(d bayDay) bool { return d.ID == k.BayID })
	if i < 0 {
		b.Bays = append(b.Bays, bayDay{ID: k.BayID})
		i = len(b.Bays) - 1
	}
	b.Bays[i].Rows = append(b.Bays[i].Rows, k)
}

func technician(w presage.Workshop, id string) string {
	for _, t := range w.Technicians {
		if t.ID == id {
			return t.Name
		}
	}
	return id
}
