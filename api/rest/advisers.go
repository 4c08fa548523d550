package rest

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Advisers keeps who answers customers.
type Advisers interface {
	// Advisers lists all by ID.
	Advisers(ctx context.Context) ([]presage.Adviser, error)
	// AdviserLoads tells by name what each has, and was given since.
	AdviserLoads(ctx context.Context, since time.Time) (map[string]presage.AdviserLoad, error)
	// PutAdviser keeps one, or what is new about one; ErrConflict: another has the name.
	PutAdviser(ctx context.Context, a presage.Adviser) error
	RemoveAdviser(ctx context.Context, id string) error
}

func (h *handlers) adviserRoutes(a huma.API) {
	const tag, path = "Conversations", "/v1/advisers"
	list := get("list-advisers", path, tag, "Who answers customers, and what each has")
	list.Responses = example[page[adviserRow]](a, page[adviserRow]{Items: []adviserRow{exampleAdviser()}})
	route(a, h.Logger, list, h.advisers)
	put := huma.Operation{
		OperationID: "put-adviser", Method: http.MethodPut, Path: path + "/{id}", Tags: []string{tag},
		Summary: "Register an adviser, or change one",
		Description: "What waits is given by itself to an adviser on duty at the workshop: who speaks the customer's " +
			"language first, then who has the skills (safety where it is about safety, and those of the repair), then who " +
			"has the least. What an absent adviser has is given to others. The name is what owner says of conversations " +
			"and cases.",
		SkipValidateBody: true, // one place checks all fields
		Errors:           []int{http.StatusConflict},
	}
	put.Responses = example[adviserRow](a, exampleAdviser())
	route(a, h.Logger, put, h.putAdviser)
	route(a, h.Logger, huma.Operation{
		OperationID: "remove-adviser", Method: http.MethodDelete, Path: path + "/{id}", Tags: []string{tag},
		Summary:       "Forget an adviser: what they have stays theirs until somebody else takes it",
		DefaultStatus: http.StatusNoContent,
	}, h.removeAdviser)
}

type adviserRow struct {
	presage.Adviser

	Load   presage.AdviserLoad `json:"load"`
	OnDuty bool                `json:"on_duty" doc:"Works now"`
}

func exampleAdviser() adviserRow {
	return adviserRow{presage.Adviser{
		ID: "zhao", Name: "Zhao Min", Workshops: []string{"w-pudong"},
		Languages: []presage.Lang{presage.Chinese, presage.English},
		Skills:    []string{"hv", presage.SkillSafety}, Zone: "Asia/Shanghai", FromHour: 9, ToHour: 18,
		OffOn: []time.Weekday{time.Sunday},
	}, presage.AdviserLoad{Open: 3, Lately: 5}, true}
}

func (h *handlers) adviserRow(a presage.Adviser, loads map[string]presage.AdviserLoad) adviserRow {
	a.Workshops, a.Languages = nonNil(a.Workshops), nonNil(a.Languages)
	a.Skills, a.OffOn = nonNil(a.Skills), nonNil(a.OffOn)
	return adviserRow{a, loads[a.Name], a.OnDuty(h.Now())}
}

func (h *handlers) loads(ctx context.Context) (map[string]presage.AdviserLoad, error) {
	return h.Advisers.AdviserLoads(ctx, h.Now().Add(-24*time.Hour))
}

func (h *handlers) advisers(ctx context.Context, in *Window) (*body[page[adviserRow]], error) {
	all, err := h.Advisers.Advisers(ctx)
	if err != nil {
		return nil, err
	}
	cursor := func(a presage.Adviser) string { return a.ID }
	if all, err = behind(all, in.After, cursor); err != nil {
		return nil, err
	}
	loads, err := h.loads(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]adviserRow, len(all))
	for i, a := range all {
		rows[i] = h.adviserRow(a, loads)
	}
	return paged(rows, in.Limit, func(a adviserRow) string { return a.ID }), nil
}

type adviserInput struct {
	ID   string `path:"id" maxLength:"64" example:"zhao"`
	Body struct {
		Name        string         `json:"name" minLength:"1" maxLength:"100" example:"Zhao Min"`
		Workshops   []string       `json:"workshops,omitempty" doc:"Their IDs; none: all"`
		Languages   []presage.Lang `json:"languages" minItems:"1" enum:"zh,en" example:"[\"zh\",\"en\"]"`
		Skills      []string       `json:"skills,omitempty" doc:"Such as hv, safety, body"`
		Zone        string         `json:"zone" minLength:"1" maxLength:"64" doc:"Of the hours" example:"Asia/Shanghai"`
		FromHour    int            `json:"from_hour" minimum:"0" maximum:"23" example:"9"`
		ToHour      int            `json:"to_hour" minimum:"1" maximum:"24" example:"18"`
		OffOn       []time.Weekday `json:"off_on,omitempty" minimum:"0" maximum:"6" doc:"Weekdays, 0 is Sunday"`
		AbsentUntil time.Time      `json:"absent_until,omitzero" doc:"What they have is given to others"`
	}
}

func (h *handlers) putAdviser(ctx context.Context, in *adviserInput) (*body[adviserRow], error) {
	b := in.Body
	a := presage.Adviser{
		ID: in.ID, Name: strings.TrimSpace(b.Name), Workshops: b.Workshops, Languages: b.Languages, Skills: b.Skills,
		Zone: b.Zone, FromHour: b.FromHour, ToHour: b.ToHour, OffOn: b.OffOn, AbsentUntil: b.AbsentUntil,
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	if err := h.Advisers.PutAdviser(ctx, a); err != nil {
		return nil, err
	}
	loads, err := h.loads(ctx)
	if err != nil {
		return nil, err
	}
	return &body[adviserRow]{Body: h.adviserRow(a, loads)}, nil
}

type adviserPath struct {
	ID string `path:"id" maxLength:"64"`
}

func (h *handlers) removeAdviser(ctx context.Context, in *adviserPath) (*struct{}, error) {
	return nil, h.Advisers.RemoveAdviser(ctx, in.ID)
}
