package rest

import (
	"context"
	"fmt"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

func (h *handlers) decisionRoutes(a huma.API) {
	op := get("list-decisions", "/v1/decisions", "Policy",
		"What outreach decided, with all that it rested on, the oldest first")
	op.Description = "`presage outreach compare` makes these decisions again by other policies. " +
		"What is held back has one record for each state of its prognoses."
	route(a, h.Logger, op, h.decisions)
}

type decisionsInput struct {
	From  time.Time `query:"from" doc:"From this moment on" example:"2026-11-01T00:00:00Z"`
	To    time.Time `query:"to" doc:"Before this moment" example:"2026-12-01T00:00:00Z"`
	After string    `query:"after" maxLength:"64" doc:"Cursor: next of the page before"`
	Limit int       `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (h *handlers) decisions(ctx context.Context, in *decisionsInput) (*body[page[presage.DecisionRecord]], error) {
	if !in.From.IsZero() && !in.To.IsZero() && in.To.Before(in.From) {
		return nil, fmt.Errorf("to: %w: it is before from", presage.ErrInvalid)
	}
	if in.After != "" {
		kept, err := h.Decisions.DecisionKept(ctx, in.After)
		if err == nil && !kept {
			err = presage.ErrNotFound
		}
		if err != nil {
			return nil, gone("after", err)
		}
	}
	rows, err := h.Decisions.Decisions(ctx, presage.DecisionFilter{
		From: in.From, To: in.To, AfterID: in.After, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(d presage.DecisionRecord) string { return d.ID }), nil
}
