package rest

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"
)

const (
	typeJSON = "application/json"
	typeCSV  = "text/csv"
)

// written is an answer that chooses its own content type.
type written struct {
	Type string `header:"Content-Type"`
	Vary string `header:"Vary"`
	Body func(huma.Context)
}

// tabular describes an operation that answers T, or a table to who asks for CSV.
func tabular[T any](a huma.API, op huma.Operation, example T, table string) huma.Operation {
	op.Description += " Send `Accept: text/csv` for a table (UTF-8)."
	op.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content: map[string]*huma.MediaType{
			typeJSON: {Schema: a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, ""), Example: example},
			typeCSV:  {Schema: &huma.Schema{Type: huma.TypeString}, Example: table},
		},
	}}
	return op
}

// table answers v, or what csv writes to who asks for CSV.
func (h *handlers) table(ctx context.Context, accept string, v any, csv func(io.Writer) error) *written {
	out := written{Type: typeJSON, Vary: "Accept"}
	write := func(c huma.Context) error { return json.NewEncoder(c.BodyWriter()).Encode(v) }
	if negotiation.SelectQValueFast(accept, []string{typeJSON, typeCSV}) == typeCSV {
		out.Type = typeCSV + "; charset=utf-8"
		write = func(c huma.Context) error { return csv(c.BodyWriter()) }
	}
	out.Body = func(c huma.Context) {
		if err := write(c); err != nil {
			h.Logger.WarnContext(ctx, "the answer was not written whole", "error", err)
		}
	}
	return &out
}
