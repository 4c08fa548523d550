package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Bench is the workshop's work on a visit.
type Bench interface {
	// JobCard is what a technician needs to know; ErrNotFound.
	JobCard(ctx context.Context, bookingID string) (presage.JobCard, error)
	// Step notes a stage; ErrConflict once the visit is over.
	Step(ctx context.Context, bookingID string, stage presage.RepairStage, who string) error
	// Course is how far the repair of a booking has come.
	Course(ctx context.Context, bookingID string) (presage.Repair, error)
	// Check ticks a step off, or takes the tick back; ErrInvalid for one that the card has not.
	Check(ctx context.Context, bookingID, item, who string, ticked bool) error
	// Undo takes the result back within presage.UndoWithin; ErrConflict later.
	Undo(ctx context.Context, bookingID, who string) error
	// Correct puts another version in the place of the result; errors are those
	// of Visits.RecordResult, ErrConflict without a result.
	Correct(ctx context.Context, r presage.WorkshopResult, who, why string) error
}

func (h *handlers) repairRoutes(a huma.API) {
	const tag = "Bookings"
	card := get("get-job", "/v1/bookings/{id}/job", tag, "The job card: evidence, steps, parts, stages, what was found")
	card.Errors = []int{http.StatusNotFound}
	route(a, h.Logger, card, h.job)
	route(a, h.Logger, post("set-repair-stage", "/v1/bookings/{id}/stage", tag,
		"How far the repair has come: customers see it"), h.stage)
	route(a, h.Logger, post("check-job", "/v1/bookings/{id}/checks", tag,
		"Tick a step of the job card, or take the tick back"), h.check)
	route(a, h.Logger, post("undo-result", "/v1/bookings/{id}/result/undo", tag,
		"Take a result back within ten minutes of its storing"), h.undo)
	correct := post("correct-result", "/v1/bookings/{id}/result/corrections", tag,
		"Correct a result: both versions stay, the models learn from the new one")
	correct.DefaultStatus = http.StatusCreated
	route(a, h.Logger, correct, h.correct)
}

func (h *handlers) job(ctx context.Context, in *idPath) (*body[presage.JobCard], error) {
	card, err := h.Bench.JobCard(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	card.Needs, card.Jobs, card.Parts = nonNil(card.Needs), nonNil(card.Jobs), nonNil(card.Parts)
	card.Checks, card.Hints, card.Versions = nonNil(card.Checks), nonNil(card.Hints), nonNil(card.Versions)
	card.Repair.Steps, card.Photos = nonNil(card.Repair.Steps), nonNil(card.Photos)
	return &body[presage.JobCard]{Body: card}, nil
}

type stageInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Stage presage.RepairStage `json:"stage" enum:"arrived,in_work,waiting_part,ready"`
		Who   string              `json:"who,omitempty" maxLength:"100"`
	} `example:"{\"stage\":\"in_work\",\"who\":\"Li Na\"}"`
}

func (h *handlers) stage(ctx context.Context, in *stageInput) (*body[presage.Repair], error) {
	if err := h.Bench.Step(ctx, in.ID, in.Body.Stage, signed(ctx, in.Body.Who)); err != nil {
		return nil, err
	}
	course, err := h.Bench.Course(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	course.Steps = nonNil(course.Steps)
	return &body[presage.Repair]{Body: course}, nil
}

type checkInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Item   string `json:"item" minLength:"1" maxLength:"100" doc:"Job code and number of the step: tyre_repair/1"`
		Ticked bool   `json:"ticked"`
		Who    string `json:"who,omitempty" maxLength:"100"`
	} `example:"{\"item\":\"tyre_repair/1\",\"ticked\":true,\"who\":\"Li Na\"}"`
}

func (h *handlers) check(ctx context.Context, in *checkInput) (*body[presage.JobCard], error) {
	if err := h.Bench.Check(ctx, in.ID, in.Body.Item, signed(ctx, in.Body.Who), in.Body.Ticked); err != nil {
		return nil, err
	}
	return h.job(ctx, &idPath{ID: in.ID})
}

type undoInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Who string `json:"who,omitempty" maxLength:"100"`
	} `example:"{\"who\":\"Li Na\"}"`
}

func (h *handlers) undo(ctx context.Context, in *undoInput) (*body[presage.JobCard], error) {
	if err := h.Bench.Undo(ctx, in.ID, signed(ctx, in.Body.Who)); err != nil {
		return nil, err
	}
	return h.job(ctx, &idPath{ID: in.ID})
}

type correctInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		ResultWork

		At  time.Time `json:"at,omitzero" required:"false" doc:"That of the version before when absent"`
		Why string    `json:"why" minLength:"1" maxLength:"300"`
	}
}

func (h *handlers) correct(ctx context.Context, in *correctInput) (*body[presage.JobCard], error) {
	r := in.Body.result(ctx)
	r.BookingID, r.At = in.ID, in.Body.At.UTC()
	if err := h.Bench.Correct(ctx, r, signed(ctx, in.Body.Who), in.Body.Why); err != nil {
		return nil, h.resultFaults(err)
	}
	return h.job(ctx, &idPath{ID: in.ID})
}
