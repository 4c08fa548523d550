package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

func (h *handlers) resultRoutes(a huma.API) {
	op := post("create-result", "/v1/results", "Bookings",
		"What a workshop found: closes the case and teaches the models")
	op.Description = "Without booking_id it reports a breakdown or a repair that nobody booked."
	op.DefaultStatus = http.StatusCreated
	route(a, h.Logger, op, h.result)
}

type resultInput struct {
	Body struct {
		BookingID  string                 `json:"booking_id,omitempty" maxLength:"64"`
		VIN        string                 `json:"vin" maxLength:"17"`
		At         time.Time              `json:"at"`
		OdometerKm float64                `json:"odometer_km" minimum:"0" maximum:"5000000"`
		Findings   []findingBody          `json:"findings" minItems:"1" maxItems:"50"`
		PartsUsed  []presage.PartQuantity `json:"parts_used,omitempty" maxItems:"100"`
		Note       string                 `json:"note,omitempty" maxLength:"2000"`
	}
}

type findingBody struct {
	Component string          `json:"component" minLength:"1" maxLength:"64"`
	Outcome   presage.Outcome `json:"outcome" enum:"confirmed,worn_not_due,no_fault_found,replaced_elsewhere,failed"`
	Replaced  bool            `json:"replaced"`
	Measured  *float64        `json:"measured,omitempty" doc:"By hand, in the component's unit"`
}

func (h *handlers) result(ctx context.Context, in *resultInput) (*body[presage.WorkshopResult], error) {
	b := in.Body
	vin, errVIN := presage.ParseVIN(b.VIN)
	var v presage.Vehicle
	if errVIN == nil {
		var err error
		if v, err = h.Vehicles.Vehicle(ctx, vin); err != nil {
			return nil, err
		}
	} else {
		errVIN = fmt.Errorf("vin: %w", errVIN)
	}
	r := presage.WorkshopResult{
		BookingID: b.BookingID, VIN: vin, At: b.At.UTC(), OdometerKm: presage.Kilometre(b.OdometerKm),
		PartsUsed: b.PartsUsed, Note: b.Note,
	}
	faults := []error{errVIN, visited(r.At, v.InService, h.Now())}
	if err := presage.CheckNote(b.Note, 2000); err != nil {
		faults = append(faults, fmt.Errorf("note: %w", err))
	}
	for i, f := range b.Findings {
		faults = append(faults, h.findingFault(fmt.Sprintf("findings[%d]", i), f))
		r.Findings = append(r.Findings, presage.Finding{
			Component: presage.ComponentID(f.Component), Outcome: f.Outcome, Replaced: f.Replaced, Measured: f.Measured,
		})
	}
	for i, p := range b.PartsUsed {
		faults = append(faults, h.usedFault(fmt.Sprintf("parts_used[%d]", i), p))
	}
	if err := errors.Join(faults...); err != nil {
		return nil, err
	}
	if err := h.Visits.RecordResult(ctx, r); err != nil {
		return nil, err
	}
	return &body[presage.WorkshopResult]{Body: r}, nil
}

// visited checks when the workshop had the vehicle: in its life, not ahead.
func visited(at, inService, now time.Time) error {
	first := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	if inService.After(first) {
		first = inService.AddDate(0, 0, -1) // whatever the zone
	}
	if at.Before(first) || at.After(now.Add(clockSkew)) {
		return fmt.Errorf("at: %w: %s: want a time from %s, the vehicle's first day, to now",
			presage.ErrInvalid, at.Format(time.RFC3339), first.Format(time.DateOnly))
	}
	return nil
}

// The bounds of what is measured by hand, and of the pieces of one part.
const (
	mostMeasured = 1e6
	mostPercent  = 200 // a new battery may have more than its nominal capacity
	mostUsed     = 1000
)

func (h *handlers) findingFault(where string, f findingBody) error {
	c, err := h.Catalogue.Component(presage.ComponentID(f.Component))
	if err != nil {
		return fmt.Errorf("%s.component: %w: %q is not in the catalogue", where, presage.ErrInvalid, f.Component)
	}
	most := float64(mostMeasured)
	if c.Unit == "%" {
		most = mostPercent
	}
	if m := f.Measured; m != nil && (*m < 0 || *m > most) {
		return fmt.Errorf("%s.measured: %w: %v: want 0 to %v %s", where, presage.ErrInvalid, *m, most, c.Unit)
	}
	return nil
}

func (h *handlers) usedFault(where string, p presage.PartQuantity) error {
	var errs []error
	if p.Quantity < 1 || p.Quantity > mostUsed {
		errs = append(errs, fmt.Errorf("%s.quantity: %w: %d: want 1 to %d", where, presage.ErrInvalid, p.Quantity, mostUsed))
	}
	if err := presage.CheckID(p.Part); err != nil {
		errs = append(errs, fmt.Errorf("%s.part: %w", where, err))
	}
	return errors.Join(errs...)
}
