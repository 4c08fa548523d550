package rest

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"

	"presage"
	"presage/api/port"
)

const (
	typeJSON = "application/json"
	typeCSV  = "text/csv"
)

func (h *handlers) partRoutes(a huma.API) {
	op := get("get-part-forecast", "/v1/parts/forecast", "Parts",
		"Demand for each part at each depot: mean, quantiles, where it comes from, what to order")
	op.Description = "Send `Accept: text/csv` for a table."
	list := a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[page[presage.PartForecast]](), true, "")
	op.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content: map[string]*huma.MediaType{
			typeJSON: {Schema: list},
			typeCSV:  {Schema: &huma.Schema{Type: huma.TypeString}},
		},
	}}
	route(a, h.Logger, op, h.forecast)
}

type forecastInput struct {
	Accept string `header:"Accept"`
	Part   string `query:"part" maxLength:"64" doc:"Part number"`
	Depot  string `query:"depot" maxLength:"64"`
}

// written is an answer that chooses its own content type.
type written struct {
	Type string `header:"Content-Type"`
	Vary string `header:"Vary"`
	Body func(huma.Context)
}

func (h *handlers) forecast(ctx context.Context, in *forecastInput) (*written, error) {
	rows, err := h.Parts.PartForecasts(ctx, port.ForecastFilter{Part: in.Part, DepotID: in.Depot})
	if err != nil {
		return nil, err
	}
	out := written{Type: typeJSON, Vary: "Accept"}
	write := func(c huma.Context) error {
		return json.NewEncoder(c.BodyWriter()).Encode(page[presage.PartForecast]{Items: nonNil(rows)})
	}
	if negotiation.SelectQValueFast(in.Accept, []string{typeJSON, typeCSV}) == typeCSV {
		out.Type = typeCSV + "; charset=utf-8"
		write = func(c huma.Context) error { return port.WriteForecastCSV(c.BodyWriter(), h.Catalogue, rows) }
	}
	out.Body = func(c huma.Context) {
		if err := write(c); err != nil {
			h.Logger.WarnContext(ctx, "part forecast was not written whole", "error", err)
		}
	}
	return &out, nil
}
