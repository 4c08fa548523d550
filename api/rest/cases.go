package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

func (h *handlers) caseRoutes(a huma.API) {
	route(a, h.Logger, get("list-cases", "/v1/cases", "Cases", "List cases, the newest first"), h.cases)
	route(a, h.Logger, get("get-case", "/v1/cases/{id}", "Cases",
		"One case with its history, messages, booking and the decision behind it"), h.oneCase)
}

type casesInput struct {
	State    presage.CaseState `query:"state" enum:"open,offered,booked,arrived,done,declined,expired,withheld,suppressed,superseded,escalated,resolved_elsewhere"` //nolint:lll // a tag cannot be broken
	VIN      string            `query:"vin" maxLength:"17"`
	Customer string            `query:"customer" maxLength:"64"`
	Workshop string            `query:"workshop" maxLength:"64"`
	Owner    string            `query:"owner" maxLength:"64"`
	Query    string            `query:"q" maxLength:"100" doc:"Part of the vehicle's VIN, plate, make or model, or of its customer's name" example:"沪A123"` //nolint:lll // a tag cannot be broken
	Before   string            `query:"before" maxLength:"64" doc:"Cursor: the last ID of the previous page"`
	Limit    int               `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (h *handlers) cases(ctx context.Context, in *casesInput) (*body[page[presage.Case]], error) {
	if in.Before != "" {
		if _, err := h.Cases.Case(ctx, in.Before); err != nil {
			return nil, gone("before", err)
		}
	}
	rows, err := h.Cases.Cases(ctx, presage.CaseFilter{
		State: in.State, VIN: presage.VIN(in.VIN), CustomerID: in.Customer, WorkshopID: in.Workshop,
		Owner: in.Owner, Query: in.Query, BeforeID: in.Before, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	for i := range rows {
		rows[i].Decision = nil // long; the single case has it
	}
	return paged(rows, in.Limit, func(c presage.Case) string { return c.ID }), nil
}

type casePath struct {
	Reader

	ID string `path:"id" maxLength:"64"`
}

// caseDetail is a case with everything that hangs on it.
type caseDetail struct {
	Case     presage.Case      `json:"case"`
	Events   []caseEvent       `json:"events"`
	Messages []message         `json:"messages"`
	Bookings []presage.Booking `json:"bookings"`
}

func (h *handlers) oneCase(ctx context.Context, in *casePath) (*body[caseDetail], error) {
	c, err := h.Cases.Case(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	events, err := h.Cases.CaseEvents(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	messages, err := h.Messages.Messages(ctx, presage.MessageFilter{CaseID: c.ID, Limit: maxRows})
	if err != nil {
		return nil, err
	}
	bookings, err := h.Bookings.Bookings(ctx, presage.BookingFilter{CaseID: c.ID, Limit: maxRows})
	if err != nil {
		return nil, err
	}
	zone, err := h.zoneOf(ctx, c.WorkshopID)
	if err != nil {
		return nil, err
	}
	tell := h.teller(in.Reader, zone)
	return &body[caseDetail]{Body: caseDetail{
		Case: c, Events: tell.events(events), Messages: tell.messages(messages),
		Bookings: nonNil(bookings),
	}}, nil
}

// maxRows bounds the lists inside a single answer.
const maxRows = 500
