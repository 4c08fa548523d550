package rest

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

func (h *handlers) bookingRoutes(a huma.API) {
	const tag = "Bookings"
	slots := get("list-slots", "/v1/slots", tag, "Appointments with a free bay, technician and parts")
	slots.Errors = []int{http.StatusNotFound} // no such workshop or job
	route(a, h.Logger, slots, h.slots)
	route(a, h.Logger, get("list-bookings", "/v1/bookings", tag, "List bookings, the earliest first"), h.bookings)
	create := post("create-booking", "/v1/bookings", tag,
		"Book a slot: bay, technician and parts are reserved together, or none")
	create.Description = "A slot of vans (`w-1/van@...`, where the offer's car stands near enough) takes the van and " +
		"a technician with the way there and back: `hours` of the booking; `address` says where to, and changes it where " +
		"the same slot is booked again."
	create.DefaultStatus = http.StatusCreated
	create.Errors = append(create.Errors, http.StatusGone)
	route(a, h.Logger, create, h.book)
	route(a, h.Logger, get("get-booking", "/v1/bookings/{id}", tag, "One booking"), h.booking)
	route(a, h.Logger, post("cancel-booking", "/v1/bookings/{id}/cancel", tag,
		"Cancel: bay, technician and parts are free again"), h.cancel)
	route(a, h.Logger, post("arrive-booking", "/v1/bookings/{id}/arrive", tag, "The vehicle has arrived"), h.arrive)
}

type slotsInput struct {
	Workshop string    `query:"workshop" required:"true" maxLength:"64"`
	Jobs     []string  `query:"jobs" required:"true" minItems:"1" maxItems:"20" doc:"Job codes, separated by commas"`
	From     time.Time `query:"from" doc:"Earliest start; now when absent"`
	To       time.Time `query:"to" doc:"Latest start; 14 days after from when absent"`
	After    string    `query:"after" maxLength:"128" doc:"Cursor: next of the page before"`
	Limit    int       `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (h *handlers) slots(ctx context.Context, in *slotsInput) (*body[page[presage.Slot]], error) {
	from, to := in.From, in.To
	if now := h.Now().UTC(); from.IsZero() || from.Before(now) {
		from = now
	}
	if to.IsZero() {
		to = from.AddDate(0, 0, 14)
	}
	if !to.After(from) {
		return nil, fmt.Errorf("%w to: it must be after from and after now", presage.ErrInvalid)
	}
	if in.After != "" {
		last, err := slotStart(in.After, in.Workshop)
		if err != nil {
			return nil, err
		}
		from = latest(from, last.Add(time.Second))
	}
	rows, err := h.Desk.Slots(ctx, in.Workshop, in.Jobs, from, to, more(in.Limit))
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(s presage.Slot) string { return s.ID }), nil
}

// slotStart reads the instant of a slot's ID, workshop@unix-seconds.
func slotStart(id, workshop string) (time.Time, error) {
	text, ours := strings.CutPrefix(id, workshop+"@")
	seconds, err := strconv.ParseInt(text, 10, 64)
	if !ours || err != nil || seconds < 0 || seconds > 1<<33 {
		return time.Time{}, gone("after", presage.ErrNotFound)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

type bookingsInput struct {
	Window
	VIN      string               `query:"vin" maxLength:"17"`
	Case     string               `query:"case" maxLength:"64"`
	Workshop string               `query:"workshop" maxLength:"64"`
	State    presage.BookingState `query:"state" enum:"confirmed,arrived,done,cancelled,no_show"`
	From     time.Time            `query:"from"`
	To       time.Time            `query:"to"`
}

func (h *handlers) bookings(ctx context.Context, in *bookingsInput) (*body[page[presage.Booking]], error) {
	if in.After != "" {
		if _, err := h.Bookings.Booking(ctx, in.After); err != nil {
			return nil, gone("after", err)
		}
	}
	rows, err := h.Bookings.Bookings(ctx, presage.BookingFilter{
		VIN: presage.VIN(in.VIN), CaseID: in.Case, WorkshopID: in.Workshop, State: in.State,
		From: in.From, To: in.To, AfterID: in.After, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(b presage.Booking) string { return b.ID }), nil
}

type bookInput struct {
	Body struct {
		Token  string `json:"token,omitempty" maxLength:"512" doc:"Signed token of an offer: books for the customer"`
		CaseID string `json:"case_id,omitempty" maxLength:"64" doc:"Books for a case, as an adviser"`
		SlotID string `json:"slot_id" minLength:"1" maxLength:"128"`
		// Visit is a pointer: "" says that none was shown.
		Visit *string `json:"visit,omitempty" maxLength:"64" doc:"ID of the visit that was shown, empty for none: answers 409 when another stands by now"` //nolint:lll // a tag cannot be broken
		presage.Wishes
		Address presage.Address `json:"address,omitempty" maxLength:"200" doc:"Where a van comes to, for a slot of vans (workshop/van@...)" example:"1188 Century Avenue, gate 2"` //nolint:lll // a tag cannot be broken
	}
}

func (h *handlers) book(ctx context.Context, in *bookInput) (*body[presage.Booking], error) {
	x := in.Body
	if (x.Token == "") == (x.CaseID == "") {
		return nil, fmt.Errorf("%w body: want either token or case_id", presage.ErrInvalid)
	}
	w := presage.Wish{
		Token: x.Token, CaseID: x.CaseID, SlotID: x.SlotID, Seen: x.Visit, Via: "api", Who: signed(ctx, "api"),
		Address: x.Address,
	}
	if x.Wishes != (presage.Wishes{}) {
		w.Wishes = &x.Wishes
	}
	b, err := h.Desk.BookWish(ctx, w)
	if err != nil {
		return nil, err
	}
	if x.Token != "" {
		b.Dispatch = nil // a customer asks
	}
	return &body[presage.Booking]{Body: b}, nil
}

func (h *handlers) booking(ctx context.Context, in *idPath) (*body[presage.Booking], error) {
	b, err := h.Bookings.Booking(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &body[presage.Booking]{Body: b}, nil
}

type cancelInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Why string `json:"why" minLength:"1" maxLength:"200" doc:"Goes into the case's history"`
	}
}

func (h *handlers) cancel(ctx context.Context, in *cancelInput) (*body[presage.Booking], error) {
	if err := h.Desk.CancelBooking(ctx, in.ID, signed(ctx, "api"), in.Body.Why); err != nil {
		return nil, err
	}
	return h.booking(ctx, &idPath{ID: in.ID})
}

func (h *handlers) arrive(ctx context.Context, in *idPath) (*body[presage.Booking], error) {
	if err := h.Visits.Arrive(ctx, in.ID, signedAnyway(ctx, "")); err != nil {
		return nil, err
	}
	return h.booking(ctx, in)
}
