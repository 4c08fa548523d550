package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Rollouts keeps new software that is sent to cars over the air.
type Rollouts interface {
	// Rollouts lists roll-outs with their cars by state, by ID, after one of them.
	Rollouts(ctx context.Context, after string, limit int) ([]presage.RolloutProgress, error)
	// Rollout returns the one with an ID, or ErrNotFound.
	Rollout(ctx context.Context, id string) (presage.Rollout, error)
	RolloutCars(ctx context.Context, f presage.RolloutCarFilter) ([]presage.RolloutCar, error)
	// SaveRollout registers one or changes a draft. ErrInvalid names every fault by its
	// field, ErrConflict: it has been started.
	SaveRollout(ctx context.Context, r presage.Rollout) error
	// SteerRollout starts, pauses or closes one; ErrConflict when it cannot be put there.
	SteerRollout(ctx context.Context, id string, to presage.RolloutState, who string) (presage.Rollout, error)
	// RouteFigures counts the cases that were opened within a time, by route.
	RouteFigures(ctx context.Context, from, to time.Time) ([]presage.RouteFigure, error)
}

func (h *handlers) rolloutRoutes(a huma.API) {
	const path, tag = "/v1/rollouts", "Roll-outs"
	op := get("list-rollouts", path, tag, "Roll-outs of software with their cars by state, by ID")
	progress := presage.RolloutProgress{Rollout: exampleRollout(), Cars: 1240}
	progress.Count.Installed, progress.Count.Received, progress.Count.Waiting = 118, 6, 1116
	op.Responses = example[page[presage.RolloutProgress]](a, page[presage.RolloutProgress]{
		Items: []presage.RolloutProgress{progress},
	})
	route(a, h.Logger, op, h.rollouts)

	op = huma.Operation{
		OperationID: "put-rollout", Method: http.MethodPut, Path: path + "/{id}", Tags: []string{tag},
		Summary: "Register new software for cars, or change a draft",
	}
	op.Description = "A car is one of it when it runs one of the versions in from, which it tells by an event of the " +
		"type `software`, and is in any of the ranges. Nothing is sent before a person starts it. Each ring is a share of " +
		"the cars in percent, in the order of a hash of roll-out and VIN: the next begins when pass_share of a ring's cars " +
		"have installed it, and it halts by itself when more than halt_share of at least min_answers answers are " +
		"failures. A ring without cars passes. Left out, rings are 1, 10 and 100, pass_share 0.9, halt_share 0.05, " +
		"min_answers 10 and hours 168. 409: it has been started."
	op.SkipValidateBody = true // one place checks all fields
	op.Errors = []int{http.StatusConflict}
	op.Responses = example[presage.Rollout](a, exampleRollout())
	route(a, h.Logger, op, h.putRollout)

	op = post("steer-rollout", path+"/{id}/state", tag, "Start, pause or close a roll-out")
	op.Description = "running starts a draft, or goes on after a pause or a halt; failures before do not halt it again. " +
		"Commands that are on their way stay in force. closed is for good. Each car gets one command on " +
		"`presage/v1/{vin}/command`, `{\"type\": \"ota\", \"rollout\", \"component\", \"from\", \"to\", " +
		"\"install_when\": \"parked\", \"expires_at\"}`, and answers by an event of the type `ota` with the code " +
		"installed or failed and the rollout."
	op.Responses = example[presage.Rollout](a, exampleRollout())
	route(a, h.Logger, op, h.steerRollout)

	op = get("list-rollout-vehicles", path+"/{id}/vehicles", tag, "The cars of a roll-out with their state, by VIN")
	op.Responses = example[page[presage.RolloutCar]](a, page[presage.RolloutCar]{Items: []presage.RolloutCar{{
		Rollout: "SW-2026-07", VIN: "LSVAA49J132047371", State: presage.CarFailed, CommandID: 4711, Note: "12 V too low",
		SentAt:    time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		ExpiresAt: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC), AnsweredAt: time.Date(2026, 11, 20, 19, 30, 0, 0, time.UTC),
	}}})
	route(a, h.Logger, op, h.rolloutCars)

	op = get("count-routes", "/v1/cases/routes", "Cases", "Cases by the route on which they are repaired")
	op.Description = "Of the cases that were opened in the time, without those withheld or superseded. mended ended " +
		"with a repair. The remote share is cases of the route ota out of all."
	op.Responses = example[routeFigures](a, routeFigures{
		From: time.Date(2026, 10, 21, 9, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC),
		Routes: []presage.RouteFigure{
			{Route: presage.RouteOTA, Cases: 31, Mended: 27}, {Route: presage.RouteWorkshop, Cases: 402, Mended: 288},
		},
	})
	route(a, h.Logger, op, h.routeFigures)
}

func (h *handlers) rollouts(ctx context.Context, in *Window) (*body[page[presage.RolloutProgress]], error) {
	if in.After != "" {
		if _, err := h.Rollouts.Rollout(ctx, in.After); err != nil {
			return nil, gone("after", err)
		}
	}
	rows, err := h.Rollouts.Rollouts(ctx, in.After, more(in.Limit))
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(r presage.RolloutProgress) string { return r.ID }), nil
}

// RolloutPath names a roll-out. Exported, for its fields are those of inputs.
type RolloutPath struct {
	ID string `path:"id" maxLength:"40" example:"SW-2026-07"`
}

type rolloutPut struct {
	RolloutPath

	Body rolloutBody
}

// rolloutBody is what is put of a roll-out.
type rolloutBody struct {
	Title      presage.Text          `json:"title" doc:"Its name"`
	Component  presage.ComponentID   `json:"component" doc:"Its routes hold ota" example:"control_software"`
	Codes      []string              `json:"codes,omitempty" doc:"Trouble codes that it mends; none: any"`
	From       []string              `json:"from" doc:"Versions that it replaces"`
	To         string                `json:"to" doc:"Version that it installs"`
	Ranges     []presage.RecallRange `json:"ranges,omitempty" doc:"None: all cars that run one of the versions"`
	Rings      []float64             `json:"rings,omitempty" doc:"Shares of the cars in percent, the last of them 100"`
	PassShare  float64               `json:"pass_share,omitempty"`
	HaltShare  float64               `json:"halt_share,omitempty"`
	MinAnswers int                   `json:"min_answers,omitempty"`
	Hours      int                   `json:"hours,omitempty" doc:"How long a car has to install it"`
}

func (h *handlers) putRollout(ctx context.Context, in *rolloutPut) (*body[presage.Rollout], error) {
	b := in.Body
	err := h.Rollouts.SaveRollout(ctx, presage.Rollout{
		ID: in.ID, Title: b.Title, Component: b.Component, Codes: b.Codes, From: b.From, To: b.To, Ranges: b.Ranges,
		Rings: b.Rings, PassShare: b.PassShare, HaltShare: b.HaltShare, MinAnswers: b.MinAnswers, Hours: b.Hours,
	})
	if err != nil {
		return nil, err
	}
	r, err := h.Rollouts.Rollout(ctx, in.ID)
	return &body[presage.Rollout]{Body: r}, err
}

type rolloutSteer struct {
	RolloutPath

	Body struct {
		State presage.RolloutState `json:"state" enum:"running,paused,closed"`
		Who   string               `json:"who" minLength:"1" maxLength:"100" doc:"Who decided it"`
	}
}

func (h *handlers) steerRollout(ctx context.Context, in *rolloutSteer) (*body[presage.Rollout], error) {
	r, err := h.Rollouts.SteerRollout(ctx, in.ID, in.Body.State, signed(ctx, in.Body.Who))
	return &body[presage.Rollout]{Body: r}, err
}

type rolloutCarsInput struct {
	RolloutPath
	Window

	State presage.RolloutCarState `query:"state" enum:"waiting,sent,received,installed,failed,expired"`
}

func (h *handlers) rolloutCars(ctx context.Context, in *rolloutCarsInput) (*body[page[presage.RolloutCar]], error) {
	if _, err := h.Rollouts.Rollout(ctx, in.ID); err != nil {
		return nil, err
	}
	cars, err := h.Rollouts.RolloutCars(ctx, presage.RolloutCarFilter{
		Rollout: in.ID, State: in.State, After: presage.VIN(in.After), Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	return paged(cars, in.Limit, func(c presage.RolloutCar) string { return string(c.VIN) }), nil
}

type routesInput struct {
	From time.Time `query:"from" doc:"Opened from then on; 30 days before to when absent"`
	To   time.Time `query:"to" doc:"... and before; now when absent"`
}

type routeFigures struct {
	From   time.Time             `json:"from"`
	To     time.Time             `json:"to"`
	Routes []presage.RouteFigure `json:"routes"`
}

func (h *handlers) routeFigures(ctx context.Context, in *routesInput) (*body[routeFigures], error) {
	within, err := figureTimes(in.From, in.To, h.Now())
	if err != nil {
		return nil, err
	}
	fs, err := h.Rollouts.RouteFigures(ctx, within.From, within.To)
	return &body[routeFigures]{Body: routeFigures{within.From, within.To, nonNil(fs)}}, err
}

func exampleRollout() presage.Rollout {
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	return presage.Rollout{
		ID: "SW-2026-07", Title: presage.Text{ZH: "车身控制器 4.1.2", EN: "Body control 4.1.2"}, Component: "control_software",
		Codes: []string{"U0300"}, From: []string{"4.1.0", "4.1.1"}, To: "4.1.2",
		Ranges: []presage.RecallRange{{Make: "BYD", Models: []string{"Han"}, FromYear: 2024}},
		Rings:  []float64{1, 10, 100}, PassShare: 0.9, HaltShare: 0.05, MinAnswers: 10, Hours: 168,
		State: presage.RolloutRunning, Ring: 1, Since: at, By: "Li Na", SavedAt: at.Add(-time.Hour),
	}
}
