package rest

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/internal/wording"
)

func (h *handlers) resultRoutes(a huma.API) {
	op := post("create-result", "/v1/results", "Bookings",
		"What a workshop found: closes the case and teaches the models")
	op.Description = "Without booking_id it reports a breakdown or a repair that nobody booked."
	op.DefaultStatus = http.StatusCreated
	route(a, h.Logger, op, h.result)
}

type resultInput struct{ Body resultBody }

type resultBody struct {
	BookingID string    `json:"booking_id,omitempty" maxLength:"64"`
	VIN       string    `json:"vin" maxLength:"17"`
	At        time.Time `json:"at"`
	ResultWork
}

// ResultWork is what was found and done, whenever and at whatever car.
type ResultWork struct {
	OdometerKm float64                `json:"odometer_km" minimum:"0" maximum:"5000000"`
	Findings   []findingBody          `json:"findings" minItems:"1" maxItems:"50"`
	PartsUsed  []presage.PartQuantity `json:"parts_used,omitempty" maxItems:"100"`
	Note       string                 `json:"note,omitempty" maxLength:"2000" doc:"Customers are not shown it"`
	Who        string                 `json:"who,omitempty" maxLength:"100" doc:"The technician"`
	Minutes    int                    `json:"minutes,omitempty" minimum:"0" maximum:"14400" doc:"Worked; 0: not said"`
	FirstTime  *bool                  `json:"fixed_first_time,omitempty" doc:"The car needs no other visit for it"`
	Confirmed  string                 `json:"confirmed_by,omitempty" maxLength:"100" doc:"Who says that values that look doubtful are right all the same"` //nolint:lll // a tag cannot be broken
}

type findingBody struct {
	Component string          `json:"component" minLength:"1" maxLength:"64"`
	Outcome   presage.Outcome `json:"outcome" enum:"confirmed,worn_not_due,no_fault_found,other_cause,replaced_elsewhere,failed"` //nolint:lll // a tag cannot be broken
	Replaced  bool            `json:"replaced"`
	Measured  *float64        `json:"measured,omitempty" doc:"By hand, in the component's unit"`
	Cause     string          `json:"cause,omitempty" maxLength:"300" doc:"Of other_cause: which one"`
}

func (b ResultWork) result(ctx context.Context) presage.WorkshopResult {
	r := presage.WorkshopResult{
		OdometerKm: presage.Kilometre(b.OdometerKm), PartsUsed: b.PartsUsed, Note: b.Note, Who: signed(ctx, b.Who),
		Minutes: b.Minutes, FirstTime: b.FirstTime,
	}
	if b.Confirmed != "" {
		r.ConfirmedBy = signed(ctx, b.Confirmed)
	}
	for _, f := range b.Findings {
		r.Findings = append(r.Findings, presage.Finding{
			Component: presage.ComponentID(f.Component), Outcome: f.Outcome, Replaced: f.Replaced, Measured: f.Measured,
			Cause: f.Cause,
		})
	}
	return r
}

func (h *handlers) result(ctx context.Context, in *resultInput) (*body[presage.WorkshopResult], error) {
	vin, err := presage.ParseVIN(in.Body.VIN)
	if err != nil {
		return nil, fmt.Errorf("vin: %w", err)
	}
	if _, err := h.Vehicles.Vehicle(ctx, vin); err != nil {
		return nil, err
	}
	r := in.Body.result(ctx)
	r.BookingID, r.VIN, r.At = in.Body.BookingID, vin, in.Body.At.UTC()
	if err := h.Visits.RecordResult(ctx, r); err != nil {
		return nil, h.resultFaults(err)
	}
	return &body[presage.WorkshopResult]{Body: r}, nil
}

// resultFaults tells what is wrong with a result, each at its field. What is
// doubtful says so: a person may confirm it.
func (h *handlers) resultFaults(err error) error {
	faults, ok := errors.AsType[presage.ResultErrors](err)
	if !ok {
		return err
	}
	names := wording.Names{Catalogue: h.Catalogue, Zone: cmp.Or(h.Zone, time.UTC)}
	details := make([]error, 0, len(faults))
	for _, f := range faults {
		text := h.texts.Why(presage.English, f.Why, names)
		if f.Doubtful {
			text += " (doubtful: repeat it with confirmed_by if it is right)"
		}
		details = append(details, &huma.ErrorDetail{Location: "body." + f.Field, Message: text})
	}
	return huma.NewError(http.StatusUnprocessableEntity, "the result is not plausible", details...)
}
