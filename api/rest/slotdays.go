package rest

import (
	"context"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Calendar tells when visits can be, day by day.
type Calendar interface {
	// FreeDays is a month of a workshop for jobs; ErrInvalid when it can never do them.
	FreeDays(ctx context.Context, e presage.Errand, month string) (presage.FreeMonth, error)
	FreeTimes(ctx context.Context, e presage.Errand, day string) ([]presage.Slot, error)
	// OfferDays is the same for who holds an offer's token; workshop "" is the
	// offer's own. ErrConflict when no time can be chosen any more; the other
	// errors are those of BookWish.
	OfferDays(ctx context.Context, token, workshop, month string) (presage.FreeMonth, error)
	OfferTimes(ctx context.Context, token, workshop, day string) ([]presage.Slot, error)
}

func (h *handlers) slotDayRoutes(a huma.API) {
	const tag = "Bookings"
	days := get("list-free-days", "/v1/slots/days", tag, "A month of a workshop: on which days a visit can begin")
	days.Description = "Either workshop and jobs, or token: of an offer the days follow its notice, its parts and how " +
		"long the repair can wait, and workshop may name another centre nearby, or the vans of one as `w-1/van`. " +
		"Days are local to the workshop; nothing is planned beyond the policy's `offer.horizon_days`."
	days.Errors = []int{http.StatusNotFound, http.StatusConflict, http.StatusGone}
	route(a, h.Logger, days, h.freeDays)
	times := get("list-free-times", "/v1/slots/times", tag, "The free appointments of one day, the earliest first")
	times.Errors = days.Errors
	route(a, h.Logger, times, h.freeTimes)
}

// Errand is whose visit it is about.
type Errand struct {
	Workshop string   `query:"workshop" maxLength:"64" example:"w-1"`
	Jobs     []string `query:"jobs" maxItems:"20" doc:"Job codes, separated by commas" example:"brake_pads_front_replace"`
	Token    string   `query:"token" maxLength:"512" doc:"Signed token of an offer, instead of jobs"`
	Lat      float64  `query:"lat" minimum:"-90" maximum:"90" doc:"With lon: where a van of the workshop does the jobs"`
	Lon      float64  `query:"lon" minimum:"-180" maximum:"180"`
}

// errand is a visit at the workshop, or of its van where a place is named.
func (e Errand) errand() presage.Errand {
	x := presage.Errand{WorkshopID: e.Workshop, Jobs: e.Jobs}
	if at := (presage.Place{Lat: e.Lat, Lon: e.Lon}); at != (presage.Place{}) {
		x.At = &at
	}
	return x
}

func (e Errand) check() error {
	switch {
	case e.Token != "" && len(e.Jobs) > 0:
		return fmt.Errorf("token: %w: want either token, or workshop and jobs", presage.ErrInvalid)
	case e.Token != "" && (e.Lat != 0 || e.Lon != 0):
		return fmt.Errorf("lat: %w: want either token, or a place", presage.ErrInvalid)
	case e.Token == "" && (e.Workshop == "" || len(e.Jobs) == 0):
		return fmt.Errorf("jobs: %w: want workshop and jobs, or token", presage.ErrInvalid)
	}
	return nil
}

type daysInput struct {
	Errand
	Month string `query:"month" required:"true" minLength:"7" maxLength:"7" doc:"Local to the workshop" example:"2026-12"`
}

func (h *handlers) freeDays(ctx context.Context, in *daysInput) (*body[presage.FreeMonth], error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	var m presage.FreeMonth
	var err error
	if in.Token != "" {
		m, err = h.Calendar.OfferDays(ctx, in.Token, in.Workshop, in.Month)
	} else {
		m, err = h.Calendar.FreeDays(ctx, in.errand(), in.Month)
	}
	if err != nil {
		return nil, err
	}
	m.Days = nonNil(m.Days)
	return &body[presage.FreeMonth]{Body: m}, nil
}

type timesInput struct {
	Errand
	Day string `query:"day" required:"true" minLength:"10" maxLength:"10" doc:"Local to the workshop" example:"2026-12-07"`
}

// freeTimes answers a whole day at once: a day has at most 96 quarter hours.
func (h *handlers) freeTimes(ctx context.Context, in *timesInput) (*body[page[presage.Slot]], error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	var rows []presage.Slot
	var err error
	if in.Token != "" {
		rows, err = h.Calendar.OfferTimes(ctx, in.Token, in.Workshop, in.Day)
	} else {
		rows, err = h.Calendar.FreeTimes(ctx, in.errand(), in.Day)
	}
	if err != nil {
		return nil, err
	}
	return &body[page[presage.Slot]]{Body: page[presage.Slot]{Items: nonNil(rows)}}, nil
}
