package web

import (
	"net/url"

	"presage"
)

func bookCase(r *request) error {
	_, err := r.site.Desk.BookWish(r.Request.Context(), presage.Wish{
		CaseID: r.Param("id"), SlotID: r.PostForm("slot"), Via: "adviser", Who: r.signed("adviser"), Seen: r.shownVisit(),
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
	if err := r.site.Visits.Arrive(r.Request.Context(), b.ID, r.who()); err != nil {
		return err
	}
	return r.redirect("/cases/" + url.PathEscape(b.CaseID) + "?notice=arrived")
}

func cancelBooking(r *request) error {
	b, err := r.site.Bookings.Booking(r.Request.Context(), r.Param("id"))
	if err != nil {
		return err
	}
	why := r.posted("why")
	if err := r.site.Desk.CancelBooking(r.Request.Context(), b.ID, r.signed("adviser"), why); err != nil {
		return err
	}
	return r.redirect("/cases/" + url.PathEscape(b.CaseID) + "?notice=cancelled")
}
