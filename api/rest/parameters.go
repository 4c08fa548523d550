package rest

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Parameters are how planners want parts to be planned.
type Parameters interface {
	// PlanningParameters is the version, the one in force for 0; ErrNotFound.
	PlanningParameters(ctx context.Context, version int64) (presage.PlanningParameters, error)
	// PutPlanningParameters keeps the next version; ErrConflict when p.Version is not the newest
	// any more; ErrInvalid names every fault, and then nothing is stored.
	PutPlanningParameters(ctx context.Context, p presage.PlanningParameters) (presage.PlanningParameters, error)
}

func (h *handlers) parameterRoutes(a huma.API) {
	one := get("get-planning-parameters", "/v1/parts/parameters", "Parts",
		"Service level, min and max, lot and shelf life by part, class, depot or for all: in force, or an earlier version")
	one.Description = "A parameter comes from the narrowest rule that sets it: part before class before depot before " +
		"the rule that names nothing; what no rule sets comes from configuration and catalogue. The advice of each part " +
		"says what it follows. The ETag is what PUT wants as If-Match."
	one.Errors = []int{http.StatusNotFound}
	route(a, h.Logger, one, h.parameters)
	put := huma.Operation{
		OperationID: "put-planning-parameters", Method: http.MethodPut, Path: "/v1/parts/parameters", Tags: []string{"Parts"},
		Summary: "Put planning parameters: the whole document, followed from the next plan on",
		Description: "Every fault is named, and then nothing is stored. What says the same as the parameters in force " +
			"changes nothing.",
		Errors: []int{http.StatusConflict}, MaxBodyBytes: 2 << 20,
	}
	route(a, h.Logger, put, h.putParameters)
}

type parametersInput struct {
	Version int64 `query:"version" minimum:"0" doc:"An earlier one; without it the one in force" example:"3"`
}

type parametersOutput struct {
	ETag string `header:"ETag"`
	Body presage.PlanningParameters
}

func parametersAnswer(p presage.PlanningParameters) *parametersOutput {
	p.Rules = nonNil(p.Rules)
	return &parametersOutput{ETag: strconv.Quote(number(p.Version)), Body: p}
}

func (h *handlers) parameters(ctx context.Context, in *parametersInput) (*parametersOutput, error) {
	p, err := h.Parameters.PlanningParameters(ctx, in.Version)
	if err != nil {
		return nil, err
	}
	return parametersAnswer(p), nil
}

type parametersPut struct {
	IfMatch string `header:"If-Match" required:"true" doc:"The version that you looked at, as its ETag" example:"\"3\""`
	Body    presage.PlanningParameters
}

func (h *handlers) putParameters(ctx context.Context, in *parametersPut) (*parametersOutput, error) {
	version, err := matched(in.IfMatch, "/v1/parts/parameters")
	if err != nil {
		return nil, err
	}
	p := in.Body
	p.Version, p.PutAt, p.By = version, time.Time{}, signed(ctx, p.By)
	if p, err = h.Parameters.PutPlanningParameters(ctx, p); err != nil {
		return nil, err
	}
	return parametersAnswer(p), nil
}
