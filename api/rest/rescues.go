package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Rescues is help for cars that stand still.
type Rescues interface {
	// Rescues lists the newest first.
	Rescues(ctx context.Context, f presage.RescueFilter) ([]presage.Rescue, error)
	// Rescue returns one, or ErrNotFound.
	Rescue(ctx context.Context, id string) (presage.Rescue, error)
	// RescueEvents lists the history of one, the oldest first; ErrNotFound.
	RescueEvents(ctx context.Context, id string) ([]presage.RescueEvent, error)
	// StepRescue: ErrInvalid names every fault by its field, ErrConflict: it is in another
	// state than the one that was seen, or cannot be put there from it.
	StepRescue(ctx context.Context, s presage.RescueStep) (presage.Rescue, error)
	// Report opens the rescue of a case; ErrConflict when the case has ended or the car is
	// in the workshop.
	Report(ctx context.Context, caseID, who string) (presage.Rescue, error)
}

func (h *handlers) rescueRoutes(a huma.API) {
	const path, tag = "/v1/rescues", "Rescues"
	op := get("list-rescues", path, tag, "Rescues of cars that stand still, the newest first")
	op.Responses = example[page[presage.Rescue]](a, page[presage.Rescue]{Items: []presage.Rescue{exampleRescue()}})
	route(a, h.Logger, op, h.rescues)

	op = get("get-rescue", path+"/{id}", tag, "One rescue with its history, the oldest first")
	x := exampleRescue()
	op.Responses = example[rescueDetail](a, rescueDetail{Rescue: x, Events: []presage.RescueEvent{
		{RescueID: x.ID, At: x.OpenedAt, Who: "outreach", To: presage.RescueAsked, Reason: x.Partner},
		{RescueID: x.ID, At: x.UpdatedAt, Who: "Chen Wei", From: presage.RescueAsked, To: presage.RescueOnTheWay},
	}})
	route(a, h.Logger, op, h.rescue)

	op = post("step-rescue", path+"/{id}/steps", tag, "Take a rescue a step on")
	op.Description = "asked, on_the_way, arrived, then mended (on the spot) or towed, then done; called_off before " +
		"that. seen is the state in which the caller saw it. The customer gets one message when somebody is on the way, " +
		"when the car is towed, and when the rescue is called off. mended ends the case; towed leaves it with the " +
		"partner's workshop. 409: it is in another state by now, or cannot be put there from it."
	op.SkipValidateBody = true // one place checks all fields
	op.Errors = append(op.Errors, http.StatusConflict)
	op.Responses = example[presage.Rescue](a, exampleRescue())
	route(a, h.Logger, op, h.stepRescue)

	op = post("open-rescue", "/v1/cases/{id}/rescue", tag, "Say that the car of a case stands still")
	op.Description = "Opens its rescue at once, or returns the one that goes on. An offer that is out is withdrawn; a " +
		"visit that is booked stands. 409: the case has ended, or the car is in the workshop."
	op.Errors = append(op.Errors, http.StatusConflict)
	op.Responses = example[presage.Rescue](a, exampleRescue())
	route(a, h.Logger, op, h.openRescue)
}

type rescuesInput struct {
	Window

	State      presage.RescueState `query:"state" enum:"asked,on_the_way,arrived,mended,towed,done,called_off"`
	Live       bool                `query:"live" doc:"Only those that go on"`
	VIN        string              `query:"vin" maxLength:"17"`
	CaseID     string              `query:"case_id" maxLength:"64"`
	WorkshopID string              `query:"workshop_id" maxLength:"64" doc:"The partner"`
}

func (h *handlers) rescues(ctx context.Context, in *rescuesInput) (*body[page[presage.Rescue]], error) {
	if in.After != "" {
		if _, err := h.Rescues.Rescue(ctx, in.After); err != nil {
			return nil, gone("after", err)
		}
	}
	rows, err := h.Rescues.Rescues(ctx, presage.RescueFilter{
		State: in.State, Live: in.Live, VIN: presage.VIN(in.VIN), CaseID: in.CaseID, WorkshopID: in.WorkshopID,
		BeforeID: in.After, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(r presage.Rescue) string { return r.ID }), nil
}

// RescuePath names a rescue. Exported, for its fields are those of inputs.
type RescuePath struct {
	ID string `path:"id" maxLength:"64" example:"rexample"`
}

// rescueDetail is a rescue with who changed it, when and why.
type rescueDetail struct {
	presage.Rescue

	Events []presage.RescueEvent `json:"events"`
}

func (h *handlers) rescue(ctx context.Context, in *RescuePath) (*body[rescueDetail], error) {
	r, err := h.Rescues.Rescue(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	evs, err := h.Rescues.RescueEvents(ctx, in.ID)
	return &body[rescueDetail]{Body: rescueDetail{r, nonNil(evs)}}, err
}

type rescueStep struct {
	RescuePath

	Body rescueStepBody
}

// rescueStepBody is what is said of a rescue.
type rescueStepBody struct {
	Seen    presage.RescueState `json:"seen" enum:"asked,on_the_way,arrived,mended,towed" doc:"As the caller saw it"`
	To      presage.RescueState `json:"to" enum:"on_the_way,arrived,mended,towed,done,called_off"`
	Who     string              `json:"who" minLength:"1" maxLength:"60" doc:"Who says it"`
	Note    string              `json:"note,omitempty" maxLength:"300"`
	Minutes int                 `json:"minutes,omitempty" minimum:"0" maximum:"600" doc:"On the way: until there"`
}

func (h *handlers) stepRescue(ctx context.Context, in *rescueStep) (*body[presage.Rescue], error) {
	b := in.Body
	r, err := h.Rescues.StepRescue(ctx, presage.RescueStep{
		ID: in.ID, Seen: b.Seen, To: b.To, Who: signed(ctx, b.Who), Note: b.Note, Minutes: b.Minutes,
	})
	return &body[presage.Rescue]{Body: r}, err
}

type rescueOpen struct {
	ID string `path:"id" maxLength:"64"`

	Body struct {
		Who string `json:"who" minLength:"1" maxLength:"60" doc:"Who says it"`
	}
}

func (h *handlers) openRescue(ctx context.Context, in *rescueOpen) (*body[presage.Rescue], error) {
	r, err := h.Rescues.Report(ctx, in.ID, signed(ctx, in.Body.Who))
	return &body[presage.Rescue]{Body: r}, err
}

func exampleRescue() presage.Rescue {
	at, km := time.Date(2026, 11, 20, 22, 14, 0, 0, time.UTC), presage.Kilometre(6.4)
	return presage.Rescue{
		ID: "rexample", CaseID: "cexample", VIN: "LSVAA49J132047371", CustomerID: "c-1", WorkshopID: "w-1",
		State: presage.RescueOnTheWay, Owner: presage.OwnerWorkshop, Place: &presage.Place{Lat: 31.2612, Lon: 121.5274},
		SeenAt: at.Add(-time.Minute), Km: &km,
		Cause: presage.Because(presage.WhyAlert, "rule", "no_start", "component", "battery_12v",
			"since", "2026-11-20T22:13:00Z", "code", "no_start"),
		Partner:  presage.Because(presage.WhyRescueNearest, "workshop", "w-1", "km", "6.4"),
		OpenedAt: at, UpdatedAt: at.Add(6 * time.Minute), DueAt: at.Add(46 * time.Minute), ETA: at.Add(31 * time.Minute),
	}
}
