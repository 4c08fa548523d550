package rest

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

func (h *handlers) overrideRoutes(a huma.API) {
	const tag = "Parts"
	route(a, h.Logger, get("list-demand-overrides", "/v1/parts/overrides", tag,
		"Planners' own figures, the newest first, ended ones too"), h.overrides)
	put := post("put-demand-override", "/v1/parts/overrides", tag, "Set a planner's own figure for a part at a depot")
	put.Description = "The reorder advice follows it from the next plan on; the model's figures stay beside it. It ends " +
		"the one in force for the same part and depot. Nothing is stored unless every field is right."
	put.DefaultStatus = http.StatusCreated
	put.Errors = []int{http.StatusNotFound, http.StatusUnprocessableEntity}
	put.SkipValidateBody = true // one place checks all fields, those that need the clock too
	route(a, h.Logger, put, h.putOverride)
	withdraw := get("withdraw-demand-override", "/v1/parts/overrides/{id}", tag,
		"End an override before its time; it stays in the list")
	withdraw.Method, withdraw.DefaultStatus = http.MethodDelete, http.StatusNoContent
	withdraw.Errors = []int{http.StatusNotFound, http.StatusConflict}
	route(a, h.Logger, withdraw, h.withdrawOverride)
}

type overridesInput struct {
	Window
	Part    string `query:"part" maxLength:"64" doc:"Part number" example:"BP-F-2041"`
	Depot   string `query:"depot" maxLength:"64" example:"d-east"`
	InForce bool   `query:"in_force" doc:"Only those that count today"`
}

func (h *handlers) overrides(ctx context.Context, in *overridesInput) (*body[page[presage.DemandOverride]], error) {
	rows, err := h.Overrides.Overrides(ctx, in.Part, in.Depot)
	if err != nil {
		return nil, err
	}
	today, kept := presage.DayOf(h.Now()), []presage.DemandOverride{}
	for _, o := range rows {
		if !in.InForce || o.InForce(today) {
			kept = append(kept, o)
		}
	}
	cursor := func(o presage.DemandOverride) string { return number(o.ID) }
	if kept, err = behind(kept, in.After, cursor); err != nil {
		return nil, err
	}
	return paged(kept, in.Limit, cursor), nil
}

type overrideInput struct {
	Body struct {
		Part    string   `json:"part" minLength:"1" maxLength:"64" example:"BP-F-2041"`
		DepotID string   `json:"depot_id" minLength:"1" maxLength:"64" example:"d-east"`
		Mean    *float64 `json:"mean" minimum:"0" maximum:"1000000" doc:"Pieces within the days, booked visits included" example:"60"` //nolint:lll // a tag cannot be broken
		Days    int      `json:"days" minimum:"1" maximum:"365" example:"30"`
		Until   string   `json:"until" format:"date" doc:"Last day on which it counts: today to two years ahead, UTC" example:"2026-12-31"` //nolint:lll // a tag cannot be broken
		By      string   `json:"by" minLength:"1" maxLength:"100" doc:"The planner" example:"Zhao Min"`
		Why     string   `json:"why" minLength:"1" maxLength:"500" example:"Campaign at the Pudong centre"`
	}
}

func (h *handlers) putOverride(ctx context.Context, in *overrideInput) (*body[presage.DemandOverride], error) {
	b := in.Body
	o := presage.DemandOverride{
		Part: b.Part, DepotID: b.DepotID, Days: b.Days, By: signed(ctx, b.By), Why: strings.TrimSpace(b.Why),
	}
	var unread []error
	if b.Mean != nil {
		o.Mean = *b.Mean
	} else {
		unread = append(unread, fmt.Errorf("mean: %w: it is missing: want pieces within the days", presage.ErrInvalid))
	}
	today := presage.DayOf(h.Now())
	if err := o.Until.UnmarshalText([]byte(b.Until)); err != nil {
		unread = append(unread, fmt.Errorf("until: %w", err))
		o.Until = today // said once
	}
	if err := errors.Join(append(unread, o.Validate(today))...); err != nil {
		return nil, err
	}
	kept, err := h.Overrides.PutOverride(ctx, o)
	if err != nil {
		return nil, err
	}
	return &body[presage.DemandOverride]{Body: kept}, nil
}

type withdrawInput struct {
	ID int64  `path:"id" minimum:"1" example:"7"`
	By string `query:"by" required:"true" minLength:"1" maxLength:"100" doc:"Who withdraws it" example:"Zhao Min"`
}

func (h *handlers) withdrawOverride(ctx context.Context, in *withdrawInput) (*struct{}, error) {
	by := signed(ctx, in.By)
	if by == "" {
		return nil, fmt.Errorf("by: %w: want the planner's name", presage.ErrInvalid)
	}
	return nil, h.Overrides.WithdrawOverride(ctx, in.ID, by)
}
