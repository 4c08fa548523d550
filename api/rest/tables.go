package rest

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/negotiation"

	"presage/internal/xlsx"
)

const (
	typeJSON = "application/json"
	typeCSV  = "text/csv"
	typeXLSX = xlsx.Type
)

// written is an answer that chooses its own content type.
type written struct {
	Type string `header:"Content-Type"`
	Vary string `header:"Vary"`
	Link string `header:"Link"`
	Body func(huma.Context)
}

// tabular describes an operation that answers T, or a table to who asks for CSV.
func tabular[T any](a huma.API, op huma.Operation, example T, table string) huma.Operation {
	op.Description += " Send `Accept: text/csv` for a table (UTF-8), `Accept: " + typeXLSX + "` for a workbook."
	op.Responses = map[string]*huma.Response{"200": {
		Description: http.StatusText(http.StatusOK),
		Content: map[string]*huma.MediaType{
			typeJSON: {Schema: a.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[T](), true, ""), Example: example},
			typeCSV:  {Schema: &huma.Schema{Type: huma.TypeString}, Example: table},
			typeXLSX: {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
		},
	}}
	return op
}

// tableRows is how many rows of a table JSON has in one page unless limit says otherwise.
const tableRows = 1000

// TableWindow is which part of a table is asked for. CSV without a limit is whole.
type TableWindow struct {
	Accept string `header:"Accept"`
	After  string `query:"after" maxLength:"512" doc:"Cursor: next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"10000" doc:"1,000 when absent; as CSV all"`

	query url.Values
}

// Resolve keeps the query for the link to the next page.
func (w *TableWindow) Resolve(c huma.Context) []error {
	u := c.URL()
	w.query = u.Query()
	return nil
}

func (w *TableWindow) csv() bool {
	return tableType(w.Accept) != typeJSON
}

// tableType is what who accepts so is answered with.
func tableType(accept string) string {
	return cmp.Or(negotiation.SelectQValueFast(accept, []string{typeJSON, typeCSV, typeXLSX}), typeJSON)
}

// rows is how many rows the window has at the most; 0 for all.
func (w *TableWindow) rows() int {
	if w.Limit == 0 && !w.csv() {
		return tableRows
	}
	return w.Limit
}

// limit is how many rows are read: one more than the window has, which tells that there
// is more; 0 for all.
func (w *TableWindow) limit() int {
	if n := w.rows(); n > 0 {
		return more(n)
	}
	return 0
}

// link is the Link header (RFC 8288) of a table with more behind it: CSV has no
// other place to tell that it was cut.
func (w *TableWindow) link(next string) string {
	if next == "" {
		return ""
	}
	w.query.Set("after", next)
	return "<?" + w.query.Encode() + `>; rel="next"`
}

// pageOfTable cuts a table that was read whole.
func pageOfTable[T any](rows []T, w TableWindow, cursor func(T) string) (page[T], error) {
	rows, err := behind(rows, w.After, cursor)
	return pageOf(rows, cmp.Or(w.rows(), len(rows)), cursor), err
}

// answered is what a table answers with.
type answered struct {
	accept string
	json   any
	link   string
}

// table answers with JSON, or what csv writes to who asks for CSV or a workbook.
func (h *handlers) table(ctx context.Context, a answered, csv func(io.Writer) error) *written {
	out := written{Type: typeJSON, Vary: "Accept", Link: a.link}
	write := func(c huma.Context) error { return json.NewEncoder(c.BodyWriter()).Encode(a.json) }
	switch tableType(a.accept) {
	case typeCSV:
		out.Type = typeCSV + "; charset=utf-8"
		write = func(c huma.Context) error { return csv(c.BodyWriter()) }
	case typeXLSX:
		out.Type = typeXLSX
		write = func(c huma.Context) error { return xlsx.Write(c.BodyWriter(), csv) }
	}
	out.Body = func(c huma.Context) {
		if err := write(c); err != nil {
			h.Logger.WarnContext(ctx, "the answer was not written whole", "error", err)
		}
	}
	return &out
}
