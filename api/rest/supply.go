package rest

import (
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/api/table"
	"presage/internal/xlsx"
)

// supplyBytes bounds a file of planners' records.
const supplyBytes = 8 << 20

func (h *handlers) supplyRoutes(a huma.API) {
	const path, tag = "/v1/parts/imports", "Parts"
	const rules = "All of it is done, or nothing: every fault is named by line and column, or by JSON pointer (422). " +
		"The same once more changes nothing. With `dry_run` it is told what would change. Of a workbook the first sheet " +
		"counts, and a formula is its own text. What a row does not say stays as it is."

	several := post("import-supply", path, tag, "Import records of a planner's system: several lists at once")
	several.Description = "JSON with lists of `depots`, `suppliers`, `parts`, `prices`, `orders`, `receipts`, `stock`, " +
		"`counts`, `movements`, or `files` (`[{\"name\": \"parts.csv\", \"text\": \"...\"}]`); docs/records.md names the " +
		"fields. " + rules
	route(a, h.Logger, takesFiles(a, several, typeJSON), h.importSupply)

	one := post("import-supply-list", path+"/{list}", tag, "Import one list of a planner's system: CSV, .xlsx or JSON")
	one.Description = "The first line names the fields, see docs/records.md. JSON is a list of objects. " + rules
	route(a, h.Logger, takesFiles(a, one, typeCSV, typeXLSX, typeJSON), h.importSupplyList)

	orders := post("import-orders", "/v1/orders/import/{list}", tag,
		"Import orders, receipts, counts or movements of shelves: CSV, .xlsx or JSON")
	orders.Description = "As POST /v1/parts/imports/{list}. " + rules
	route(a, h.Logger, takesFiles(a, orders, typeCSV, typeXLSX, typeJSON), h.importOrders)

	out := get("export-supply", "/v1/parts/exports/{list}", tag, "A list of planners' records as an import takes it")
	out.Description = "With a source its own IDs stand in external_id. Imported again it changes nothing."
	out.Errors = []int{http.StatusUnprocessableEntity}
	route(a, h.Logger, tabular(a, out, supplyItems{Items: []map[string]string{{
		"part": "BP-F-2041", "name_zh": "前刹车片", "name_en": "Front brake pads", "price": "128.00", "currency": "CNY",
		"lead_time_days": "6", "pack_size": "4", "min_order": "0", "supersedes": "", "external_id": "100-2041",
	}}}, "part,name_zh,name_en,price,...\n"), h.exportSupply)
}

// takesFiles lets an import take bodies of some types, whatever the header of its own says.
func takesFiles(a huma.API, op huma.Operation, types ...string) huma.Operation {
	op.MaxBodyBytes, op.SkipValidateBody = supplyBytes, true
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	for _, kind := range types {
		schema := &huma.Schema{Type: huma.TypeString}
		switch kind {
		case typeXLSX:
			schema.Format = "binary"
		case typeJSON:
			schema = &huma.Schema{OneOf: []*huma.Schema{
				{Type: huma.TypeObject, AdditionalProperties: true},
				{Type: huma.TypeArray, Items: &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true}},
			}}
		}
		op.RequestBody.Content[kind] = &huma.MediaType{Schema: schema}
	}
	op.Responses = example[presage.SupplyReport](a, exampleSupply())
	return op
}

// SupplyQuery is who sends records, and whether they are tried alone.
type SupplyQuery struct {
	By     string `query:"by" required:"true" minLength:"1" maxLength:"100" example:"Zhao Min"`
	Source string `query:"source" maxLength:"40" doc:"The name of the planner's system, whose IDs external_id has" example:"erp-1"`          //nolint:lll // a tag cannot be broken
	Key    string `query:"key" maxLength:"100" doc:"Yours, of movements without an external_id: the same again moves nothing" example:"m48"` //nolint:lll // a tag cannot be broken
	DryRun bool   `query:"dry_run" doc:"Tell what would change, and change nothing"`
}

func (q SupplyQuery) wish(ctx context.Context) presage.SupplyWish {
	return presage.SupplyWish{Source: q.Source, By: signed(ctx, q.By), Key: q.Key, DryRun: q.DryRun}
}

type importSupplyInput struct {
	SupplyQuery

	RawBody []byte `contentType:"application/json"`
}

func (h *handlers) importSupply(ctx context.Context, in *importSupplyInput) (*body[presage.SupplyReport], error) {
	return supplied(h.Orders.Import(ctx, in.wish(ctx), "", in.RawBody))
}

type importSupplyListInput struct {
	SupplyQuery

	List    string `path:"list" enum:"depots,suppliers,parts,prices,orders,receipts,stock,counts,movements"`
	RawBody []byte `contentType:"text/csv"`
}

type importOrdersInput struct {
	SupplyQuery

	List    string `path:"list" enum:"orders,receipts,counts,movements"`
	RawBody []byte `contentType:"text/csv"`
}

func (h *handlers) importOrders(ctx context.Context, in *importOrdersInput) (*body[presage.SupplyReport], error) {
	return h.importSupplyList(ctx, &importSupplyListInput{SupplyQuery: in.SupplyQuery, List: in.List, RawBody: in.RawBody})
}

func (h *handlers) importSupplyList(ctx context.Context, in *importSupplyListInput,
) (*body[presage.SupplyReport], error) {
	if xlsx.Is(in.RawBody) {
		var err error
		if in.RawBody, err = xlsx.ToCSV(in.RawBody); err != nil {
			return nil, err
		}
	}
	return supplied(h.Orders.Import(ctx, in.wish(ctx), in.List, in.RawBody))
}

func supplied(r presage.SupplyReport, err error) (*body[presage.SupplyReport], error) {
	if err != nil {
		return nil, err
	}
	return &body[presage.SupplyReport]{Body: r}, nil
}

type exportSupplyInput struct {
	Accept string `header:"Accept"`
	List   string `path:"list" enum:"depots,suppliers,parts,prices,orders,stock"`
	Source string `query:"source" maxLength:"40" doc:"The name of the planner's system" example:"erp-1"`
}

// supplyItems is a list as JSON has it, by the names of the columns.
type supplyItems struct {
	Items []map[string]string `json:"items"`
}

func (h *handlers) exportSupply(ctx context.Context, in *exportSupplyInput) (*written, error) {
	t, err := h.Orders.Export(ctx, in.List, in.Source)
	if err != nil {
		return nil, err
	}
	out := supplyItems{Items: []map[string]string{}}
	for _, row := range t.Rows {
		item := map[string]string{}
		for i, name := range t.Names {
			item[name] = row[i]
		}
		out.Items = append(out.Items, item)
	}
	return h.table(ctx, answered{in.Accept, out, ""}, func(w io.Writer) error { return table.WriteSupply(w, t) }), nil
}

func exampleSupply() presage.SupplyReport {
	return presage.SupplyReport{
		Source: "erp-1", DryRun: true, Rows: 42, Updated: 1, Unchanged: 41, Changes: []presage.SupplyChange{{
			List: "prices", Place: "line 7", ID: "BP-F-2041", Done: "updated",
			Fields: []presage.FieldChange{{Name: "price", Was: "128.00", Is: "131.50"}},
		}},
	}
}
