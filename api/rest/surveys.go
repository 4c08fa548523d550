package rest

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Surveys reads what customers think of visits, and how visits went.
type Surveys interface {
	// Surveys lists those that were answered, the first answer first.
	Surveys(ctx context.Context, f presage.SurveyFilter) ([]presage.Survey, error)
	// VisitFigures are of the visits that began in [from, to), by workshop.
	VisitFigures(ctx context.Context, from, to time.Time) ([]presage.VisitFigure, error)
	// VisitTotal is of all workshops together.
	VisitTotal(ctx context.Context, from, to time.Time) (presage.VisitFigure, error)
}

func (h *handlers) surveyRoutes(a huma.API) {
	const tag = "Bookings"
	route(a, h.Logger, get("list-surveys", "/v1/surveys", tag,
		"What customers said of visits, the first answer first"), h.surveys)
	figures := get("visit-figures", "/v1/visits/figures", tag,
		"How visits went, by workshop: surveys, first-time fix, minutes worked, no-shows")
	figures.Description = "Shares and ratings with Wilson's 95 % interval on their scale, minutes with one by normal " +
		"approximation; n says of how many."
	route(a, h.Logger, figures, h.visitFigures)
}

type surveysInput struct {
	Window
	Workshop string    `query:"workshop" maxLength:"64"`
	From     time.Time `query:"from" doc:"Answered from then on"`
	To       time.Time `query:"to" doc:"... and before"`
}

func (h *handlers) surveys(ctx context.Context, in *surveysInput) (*body[page[presage.Survey]], error) {
	rows, err := h.Surveys.Surveys(ctx, presage.SurveyFilter{
		WorkshopID: in.Workshop, From: in.From, To: in.To, AfterID: in.After, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(s presage.Survey) string { return s.BookingID }), nil
}

type figuresInput struct {
	From time.Time `query:"from" doc:"Visits that began from then on; 30 days before to when absent"`
	To   time.Time `query:"to" doc:"... and before; now when absent"`
}

type visitFigures struct {
	From      time.Time             `json:"from"`
	To        time.Time             `json:"to"`
	All       presage.VisitFigure   `json:"all"`
	Workshops []presage.VisitFigure `json:"workshops"`
}

func (h *handlers) visitFigures(ctx context.Context, in *figuresInput) (*body[visitFigures], error) {
	within, err := figureTimes(in.From, in.To, h.Now())
	if err != nil {
		return nil, err
	}
	rows, err := h.Surveys.VisitFigures(ctx, within.From, within.To)
	if err != nil {
		return nil, err
	}
	all, err := h.Surveys.VisitTotal(ctx, within.From, within.To)
	return &body[visitFigures]{Body: visitFigures{within.From, within.To, all, nonNil(rows)}}, err
}
