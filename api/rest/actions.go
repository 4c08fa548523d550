package rest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

func (h *handlers) actionRoutes(a huma.API) {
	op := post("act-on-case", "/v1/cases/{id}/actions", "Cases", "What a person did with a case")
	op.Description = "called: spoke to the customer or tried to, with the outcome. answered: answered what the customer " +
		"had written; an offer that is still open goes on. snoozed: looks at it again at until, within 30 days, 72 hours " +
		"where safety is at stake. assigned: gave it to owner. declined: the customer does not want the repair; a visit is " +
		"cancelled. repaired: another workshop did it, at on; the part is new since then. closed: nothing is left to " +
		"do. offered_again: back to outreach, with new times. goodwill: a share of the price is let off, with the reason " +
		"as note. Who did what, when and why stays in the case's events."
	op.SkipValidateBody = true // one place checks all fields, those that need the clock too
	route(a, h.Logger, op, h.act)
	op = post("read-case", "/v1/cases/{id}/read", "Cases", "A person has read a case that waits for one")
	op.Description = "How long a case that messages could not settle waited to be read counts until the first such " +
		"call. Acting on the case counts as reading it; asking for it does not."
	route(a, h.Logger, op, h.readCase)
}

type readCaseInput struct {
	ID   string  `path:"id" maxLength:"64"`
	Body *readBy `doc:"Who has read it, where that is known"`
}

func (h *handlers) readCase(ctx context.Context, in *readCaseInput) (*body[presage.Case], error) {
	c, err := h.Cases.Case(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := h.Stages.SawCase(ctx, c.ID, in.Body.name(ctx)); err != nil {
		return nil, err
	}
	return &body[presage.Case]{Body: c}, nil
}

type actionInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Action  presage.ActionKind  `json:"action" enum:"called,answered,snoozed,assigned,declined,repaired,closed,offered_again,goodwill"` //nolint:lll // a tag cannot be broken
		Who     string              `json:"who" minLength:"1" maxLength:"100" doc:"The person" example:"Zhao Min"`
		Outcome presage.CallOutcome `json:"outcome,omitempty" enum:"reached,no_answer,voicemail,wrong_number" doc:"Of called"`
		Note    string              `json:"note,omitempty" maxLength:"500" doc:"In the person's own words; of answered and closed it must be given"` //nolint:lll // a tag cannot be broken
		Until   time.Time           `json:"until,omitzero" doc:"Of snoozed, called and answered: when a person looks at it again"`                   //nolint:lll // a tag cannot be broken
		Owner   string              `json:"owner,omitempty" maxLength:"100" doc:"Of assigned: who has it from now on"`
		Percent int                 `json:"percent,omitempty" minimum:"0" maximum:"100" doc:"Of goodwill: the share of the price that is let off, within what the policy allows; 0 takes it back"` //nolint:lll // a tag cannot be broken
		On      time.Time           `json:"on,omitzero" doc:"Of repaired: when another workshop did it; the part counts as new since then"`                                                        //nolint:lll // a tag cannot be broken
	}
}

func (h *handlers) act(ctx context.Context, in *actionInput) (*body[presage.Case], error) {
	b := in.Body
	x := presage.CaseAction{
		CaseID: in.ID, Kind: b.Action, Who: signed(ctx, b.Who), Call: b.Outcome,
		Note: strings.TrimSpace(b.Note), Until: b.Until, Owner: strings.TrimSpace(b.Owner), On: b.On, Percent: b.Percent,
	}
	if err := x.Validate(h.Now()); err != nil {
		return nil, err
	}
	c, err := h.Desk.Act(ctx, x)
	if err != nil {
		return nil, fmt.Errorf("case %s: %w", in.ID, err)
	}
	return &body[presage.Case]{Body: c}, nil
}
