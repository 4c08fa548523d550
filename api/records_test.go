package api_test

import (
	"net/http"
	"strings"
	"testing"

	"presage"
	"presage/internal/xlsx"
)

// What is exported, as CSV, as a workbook or as JSON, comes back unchanged, with values that a
// spreadsheet would run, and none of them can run there.
func TestExportsComeBack(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	send := func(list, kind, text string) presage.SupplyReport {
		t.Helper()
		return decode[presage.SupplyReport](t, r.do(t, http.MethodPost, "/v1/parts/imports/"+list+"?source=erp-1&by=ERP", text, "Content-Type", kind))
	}
	first := "part,external_id,name_zh,name_en,price,pack_size\n=P-1,@100,\"=HYPERLINK(\"\"x\"\"),甲\",\"+1, \"\"quoted\"\"\",12.50,4\n'-P-2,,'=乙,''=B,7,\n"
	if got := send("parts", "text/csv", first); got.Created != 2 {
		t.Fatalf("%+v", got)
	}
	_ = send("stock", "application/json", `[{"depot": "d-east", "part": "@100", "on_hand": 3, "bin": "-A 1"}]`)
	_ = send("suppliers", "application/json", `{"suppliers": [{"supplier": "+s", "name": "=N", "days": [1, 5]}]}`)
	_ = send("prices", "text/csv", "part,supplier,price\n@100,'+s,11.25\n")
	_ = send("orders", "text/csv", "external_id,depot,part,pieces,note\n'=PO-1,d-east,@100,8,@once\n")
	for _, list := range []string{"depots", "suppliers", "parts", "prices", "stock", "orders"} {
		path := "/v1/parts/exports/" + list + "?source=erp-1"
		for _, kind := range []string{"text/csv", xlsx.Type, "application/json"} {
			a := r.get(t, path, "Accept", kind)
			text := strings.Replace(a.body, `{"items":`, `{"`+list+`":`, 1)
			if kind == "text/csv" {
				for _, row := range table(t, a) {
					for _, cell := range row {
						if strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t") {
							t.Errorf("%s: %q would run as a formula", list, cell)
						}
					}
				}
			}
			if back := send(list, kind, text); back.Rows == 0 || back.Unchanged != back.Rows {
				t.Errorf("%s as %s: %+v", list, kind, back)
			}
		}
	}
	part := table(t, r.get(t, "/v1/parts/exports/parts?source=erp-1", "Accept", "text/csv"))
	if got := strings.Join(part[len(part)-1], "|"); got != `'=P-1|'=HYPERLINK("x"),甲|'+1, "quoted"|12.50|CNY|0|4|0||'@100` {
		t.Errorf("%s", got)
	}
	want(t, r.get(t, "/v1/parts/exports/wheels"), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/v1/parts/exports/parts?source=%00"), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/parts/imports?by=ERP", `{"wheels": []}`), http.StatusUnprocessableEntity)
	dry := decode[presage.SupplyReport](t, r.json(t, "/v1/parts/imports?by=ERP&dry_run=true", `{"prices": [{"part": "=P-1", "price": 13}]}`))
	if len(dry.Changes) != 1 || dry.Changes[0].Place != "/prices/0" ||
		dry.Changes[0].Fields[0] != (presage.FieldChange{Name: "price", Was: "12.50", Is: "13.00"}) {
		t.Errorf("%+v", dry)
	}
}
