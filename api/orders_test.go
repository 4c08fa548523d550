package api_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/xlsx"
)

// The world's first order is of ten pieces and eight days late, the second in time.
func TestOrdersByAPI(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	all := decode[list[presage.Order]](t, r.get(t, "/v1/orders?limit=1"))
	if len(all.Items) != 1 || all.Items[0].ID != "po-2" || all.Next != "po-2" {
		t.Errorf("first page %+v", all)
	}
	late := decode[list[presage.Order]](t, r.get(t, "/v1/orders?overdue=true"))
	if len(late.Items) != 1 || late.Items[0].ID != "po-1" || late.Items[0].Lines[0].Open != 10 {
		t.Errorf("overdue %+v", late)
	}
	want(t, r.get(t, "/v1/orders?after=none"), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/v1/orders/none"), http.StatusNotFound)

	// Receiving 3 of 10 leaves 7, by the number of the line or by its part, once for a key.
	receive := `{"key": "note-1", "kind": "receive", "by": "Li Na", "lines": [{"part": "` + late.Items[0].Lines[0].Part + `", "pieces": 3}]}`
	for range 2 {
		o := decode[presage.Order](t, r.json(t, "/v1/orders/po-1/acts", receive))
		if o.State != presage.OrderPartly || o.Lines[0].Open != 7 {
			t.Errorf("received %+v", o)
		}
	}
	want(t, r.json(t, "/v1/orders/po-1/acts", strings.Replace(receive, "3}", "4}", 1)), http.StatusConflict)
	want(t, r.json(t, "/v1/orders/po-1/acts", `{"kind": "receive", "by": "Li Na", "lines": [{"line": 1, "pieces": 8}]}`), http.StatusConflict)
	want(t, r.json(t, "/v1/orders/po-1/acts", `{"kind": "place", "by": "Li Na"}`), http.StatusConflict)
	want(t, r.json(t, "/v1/orders/po-1/acts",
		`{"kind": "confirm", "by": "Li Na", "lines": [{"line": 1, "expected_at": "2027-01-10T00:00:00Z"}]}`), http.StatusOK)
	want(t, r.json(t, "/v1/orders/po-1/acts", `{"kind": "cancel", "by": "Li Na"}`), http.StatusOK)
	type withActs struct {
		presage.Order
		Acts []presage.OrderAct
	}
	one := decode[withActs](t, r.get(t, "/v1/orders/po-1"))
	if one.State != presage.OrderReceived || one.Lines[0].Received != 3 || one.Lines[0].Cancelled != 7 || len(one.Acts) != 3 {
		t.Errorf("%+v", one)
	}
	moves := decode[list[presage.StockMovement]](t, r.get(t, "/v1/stock/movements?ref=po-1"))
	if len(moves.Items) != 1 || moves.Items[0].Pieces != 3 || moves.Items[0].OnHand != 11 || moves.Items[0].Kind != presage.MoveReceipt {
		t.Errorf("movements %+v", moves)
	}
	rows := table(t, r.get(t, "/v1/orders", "Accept", "text/csv"))
	if len(rows) != 3 || rows[2][0] != "po-1" || rows[2][9] != "3" {
		t.Errorf("table %v", rows)
	}
}

// Orders are made of a draft or of the reorder list, each once for its key.
func TestOrdersAreMade(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	draft := `{"key": "k1", "external_id": "ERP-1", "depot_id": "d-east", "by": "Li Na", "lines": [
		{"part": "` + pads + `", "pieces": 8}, {"part": "` + pads + `", "pieces": 4, "expected_at": "2026-12-24T00:00:00Z"}]}`
	made := decode[presage.Order](t, created(t, r.json(t, "/v1/orders", draft)))
	if made.State != presage.OrderProposed || made.Open() != 0 || made.Lines[1].ExpectedAt.Day() != 24 {
		t.Errorf("proposed %+v", made)
	}
	if again := decode[presage.Order](t, created(t, r.json(t, "/v1/orders", draft))); again.ID != made.ID {
		t.Errorf("a second order %s of the same key", again.ID)
	}
	want(t, r.json(t, "/v1/orders", strings.Replace(draft, "k1", "k2", 1)), http.StatusConflict) // the external ID is used
	o := decode[presage.Order](t, r.json(t, "/v1/orders/"+made.ID+"/acts", `{"kind": "place", "by": "Li Na", "lines": [{"line": 1, "pieces": 12}]}`))
	if o.State != presage.OrderPlaced || o.Open() != 12 || o.Lines[0].ExpectedAt.IsZero() || o.Lines[1].State != presage.OrderProposed {
		t.Errorf("placed %+v", o)
	}
	// The second line named by its part keeps its own day, not that of the line before it.
	o = decode[presage.Order](t, r.json(t, "/v1/orders/"+made.ID+"/acts", `{"kind": "place", "by": "Li Na", "lines": [{"part": "`+pads+`"}]}`))
	if l := o.Lines[1]; l.State != presage.OrderPlaced || l.PromisedAt.Format(time.DateOnly) != "2026-12-24" {
		t.Errorf("placed by its part: %+v", l)
	}
	bad := `{"depot_id": "none", "by": " ", "lines": [{"part": "none", "pieces": 1, "expected_at": "2126-12-24T00:00:00Z"}]}`
	_, fields := problemOf(t, r.json(t, "/v1/orders", bad), 422)
	for _, f := range []string{"body.depot_id", "body.by", "body.lines[0].part", "body.lines[0].expected_at"} {
		if !slices.Contains(fields, f) {
			t.Errorf("%v do not name %s", fields, f)
		}
	}

	todo := decode[list[presage.ReorderRow]](t, r.get(t, "/v1/parts/reorder")).Items
	row := todo[slices.IndexFunc(todo, func(x presage.ReorderRow) bool { return x.OrderNow > 0 })]
	pick := fmt.Sprintf(`{"key": "a1", "by": "Li Na", "place": true, "lines": [{"depot_id": %q, "part": %q}]}`, row.DepotID, row.Part)
	for range 2 {
		got := decode[list[presage.Order]](t, created(t, r.json(t, "/v1/orders/advice", pick))).Items
		if len(got) != 1 || got[0].DepotID != row.DepotID || got[0].Open() != row.OrderNow {
			t.Errorf("ordered %+v, want %d of %s", got, row.OrderNow, row.Part)
		}
	}
	whole := decode[list[presage.Order]](t, created(t, r.json(t, "/v1/orders/advice", `{"by": "Li Na"}`))).Items
	placed := map[[2]string]bool{}
	for _, o := range whole {
		placed[[2]string{o.DepotID, o.Supplier}] = true
	}
	if len(whole) != len(placed) || len(whole) == 0 {
		t.Errorf("%d orders for %d depots and suppliers", len(whole), len(placed))
	}
	_, fields = problemOf(t, r.json(t, "/v1/orders/advice", `{"by": "Li Na", "lines": [{"depot_id": "d-east", "part": "none"}]}`), 422)
	if !slices.Equal(fields, []string{"body.lines[0].part"}) {
		t.Errorf("%v", fields)
	}
}

// The first part has two suppliers: it is ordered from the advised one, from another, or split between them, an order
// for each.
func TestOrdersOfSeveralSuppliers(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	draft := func(lines string) string { return fmt.Sprintf(`{"by": "Li Na", "place": true, "lines": [%s]}`, lines) }
	line := func(rest string) string {
		return `{"depot_id": "d-east", "part": "BP-F-2041", "pieces": 4` + rest + "}"
	}
	orders := func(lines string) []presage.Order {
		return decode[list[presage.Order]](t, created(t, r.json(t, "/v1/orders/advice", draft(lines)))).Items
	}
	if got := orders(line("")); len(got) != 1 || got[0].Supplier != "nordbrake" {
		t.Errorf("advised: %+v", got)
	}
	split := orders(line(`, "supplier": "nordbrake"`) + "," + line(`, "supplier": "eastparts"`))
	if len(split) != 2 || split[0].Supplier != "eastparts" || split[1].Supplier != "nordbrake" ||
		!split[0].Lines[0].ExpectedAt.After(split[1].Lines[0].ExpectedAt) {
		t.Errorf("split: %+v", split)
	}
	_, fields := problemOf(t, r.json(t, "/v1/orders/advice", draft(line(`, "supplier": "nobody"`)+","+line("")+","+line(""))), 422)
	if !slices.Contains(fields, "body.lines[2].part") {
		t.Errorf("%v", fields)
	}
	_, fields = problemOf(t, r.json(t, "/v1/orders/advice", draft(line(`, "supplier": "nobody"`))), 422)
	if !slices.Equal(fields, []string{"body.lines[0].supplier"}) {
		t.Errorf("%v", fields)
	}
}

func created(t *testing.T, a answer) answer {
	t.Helper()
	want(t, a, http.StatusCreated)
	a.StatusCode = http.StatusOK
	return a
}

// The shelf of the first part has 8 pieces.
func TestStockByAPI(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	first := decode[list[presage.Stock]](t, r.get(t, "/v1/stock")).Items[0]
	if first.OnHand != 8 {
		t.Fatalf("stock %+v", first)
	}
	move := func(kind string, pieces int, rest string) answer {
		return r.json(t, "/v1/stock/movements", fmt.Sprintf(`{"by": "Li Na"%s, "movements": [{"depot_id": %q, "part": %q, "kind": %q, "pieces": %d}]}`,
			rest, first.DepotID, first.Part, kind, pieces))
	}
	for range 2 { // once for a key
		got := decode[list[presage.StockMovement]](t, created(t, move("count", 5, `, "key": "c"`))).Items
		if len(got) != 1 || got[0].Pieces != -3 || got[0].OnHand != 5 || got[0].N != 2 {
			t.Errorf("counted %+v", got)
		}
	}
	want(t, move("return", 2, ""), http.StatusCreated)
	want(t, move("scrap", 1, `, "why": "broken"`), http.StatusCreated)
	want(t, move("supplier_return", 1, ""), http.StatusCreated)
	want(t, move("correction", -2, `, "why": "counted twice"`), http.StatusCreated)
	for _, bad := range []answer{
		move("scrap", 4, ""), move("scrap", 0, ""), move("correction", -1, ""), move("receipt", 1, ""), move("count", -1, ""),
	} {
		want(t, bad, http.StatusUnprocessableEntity) // of 3 pieces; none; without a reason; not by hand; below 0
	}
	page := decode[list[presage.StockMovement]](t, r.get(t, "/v1/stock/movements?limit=2"))
	rest := decode[list[presage.StockMovement]](t, r.get(t, "/v1/stock/movements?after="+page.Next))
	var sum int
	for _, m := range append(page.Items, rest.Items...) {
		sum += m.Pieces
	}
	if len(page.Items) != 2 || len(rest.Items) != 4 || sum != 3 || page.Items[0].OnHand != 3 {
		t.Errorf("%d and %d movements, of %d pieces", len(page.Items), len(rest.Items), sum)
	}
	want(t, r.get(t, "/v1/stock/movements?after=none"), http.StatusUnprocessableEntity)
	if rows := table(t, r.get(t, "/v1/stock/movements?kind=scrap", "Accept", "text/csv")); len(rows) != 2 || rows[1][11] != "broken" {
		t.Errorf("table %v", rows)
	}
	if rows := table(t, r.get(t, "/v1/stock", "Accept", "text/csv")); len(rows) != 2 || rows[1][2] != "3" {
		t.Errorf("table %v", rows)
	}
}

// Tables of orders, receipts and counts are taken in, and change nothing the second time, whoever sends them.
func TestOrderImport(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	by := "Li+Na"
	send := func(list, text string) answer {
		return r.do(t, http.MethodPost, "/v1/orders/import/"+list+"&by="+by, text, "Content-Type", "text/csv")
	}
	placed := "external_id,depot,part,pieces,supplier,expected_at\nERP-1,d-east," + pads + ",10,Nordbrake,2026-12-24\nERP-1,d-east," + pads + ",2,,\n"
	receipts := "key,order,line,pieces\nLS-1,ERP-1,1,3\n"
	for again := range 2 {
		for _, x := range []struct {
			list, text string
			rows       int
		}{
			{"orders?key=", placed, 2},
			{"receipts?key=", receipts, 1},
			{"counts?key=c", "depot,part,pieces\nd-east," + pads + ",7\n", 1},
		} {
			got := decode[presage.SupplyReport](t, send(x.list, x.text))
			if got.Rows != x.rows || got.Created+got.Updated != x.rows*(1-again) || got.Unchanged != x.rows*again {
				t.Errorf("%s, time %d: %+v", x.list, again, got)
			}
		}
		by = "Zhao+Min"
	}
	o := decode[presage.Order](t, r.get(t, "/v1/orders/ERP-1"))
	if o.State != presage.OrderPartly || o.Lines[0].Open != 7 || o.Lines[0].ExpectedAt.Day() != 24 || o.Lines[1].Open != 2 {
		t.Errorf("%+v", o)
	}
	moves := decode[list[presage.StockMovement]](t, r.get(t, "/v1/stock/movements?depot=d-east&part="+pads+"&limit=1")).Items
	if moves[0].OnHand != 7 {
		t.Errorf("the last movement is %+v", moves[0])
	}
	for list, text := range map[string]string{
		"orders?key=": "external_id,depot,part\n", "receipts?key=": "key,order,pieces,colour\n,po-1,x,\n", "counts?key=": "depot,part,pieces\n",
		"counts?key=x": "depot,part,pieces\n\"d-east", "none?key=": placed,
	} {
		want(t, send(list, text), http.StatusUnprocessableEntity)
	}
	detail, _ := problemOf(t, send("receipts?key=", "key,order,line,pieces\n,po-1,1,x\nk,po-1,1,y\n"), 422)
	for _, part := range []string{"line 2, column 4 (pieces)", "line 2, column 1 (key)", "line 3, column 4 (pieces)"} {
		if !strings.Contains(detail, part) {
			t.Errorf("%s lacks %s", detail, part)
		}
	}
	// One line that an order refuses refuses the file: the others are not done either, and all are named.
	wrong := send("receipts?key=", "key,order,line,pieces\nLS-4,ERP-1,1,1\nLS-2,none,1,3\nLS-3,ERP-1,2,9\n")
	want(t, wrong, http.StatusUnprocessableEntity)
	reads(t, wrong.body, "line 3", "line 4", "only 2 are left")
	wrong = send("orders?key=", "external_id,depot,part,pieces\nERP-7,d-east,"+pads+",10\nERP-1,d-east,"+pads+",11\n")
	want(t, wrong, http.StatusUnprocessableEntity)
	reads(t, wrong.body, "line 3, column 1 (external_id)", "is known with other lines")
	want(t, r.get(t, "/v1/orders/ERP-7"), http.StatusNotFound)
	if o := decode[presage.Order](t, r.get(t, "/v1/orders/ERP-1")); o.Lines[0].Open != 7 {
		t.Errorf("half a file was taken in: %+v", o)
	}
	// JSON does what CSV does.
	got := decode[presage.SupplyReport](t, r.json(t, "/v1/orders/import/receipts?by=ERP", `[{"key": "LS-9", "order": "ERP-1", "line": 1, "pieces": 2}]`))
	if got.Created+got.Updated != 1 {
		t.Errorf("%+v", got)
	}
	wrong = r.json(t, "/v1/orders/import/receipts?by=ERP", `[{"key": "LS-10", "order": "ERP-1", "line": 1, "pieces": 20}, {"key": "", "order": 7}]`)
	want(t, wrong, http.StatusUnprocessableEntity)
	reads(t, wrong.body, "/receipts/1 (line)", "/receipts/1/key", "/receipts/1 (pieces)")
}

// A workbook is taken in as a CSV is, and every table can be had as one.
// Movements come as a table: all of them or none, every fault by its line; the same file again moves nothing.
func TestMovementImport(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	shelf := decode[list[presage.Stock]](t, r.get(t, "/v1/stock")).Items[0]
	on := shelf.DepotID + "," + shelf.Part + ","
	send := func(rows string) answer {
		return r.do(t, http.MethodPost, "/v1/orders/import/movements?by=ERP&key=m1", "depot,part,kind,pieces\n"+rows, "Content-Type", "text/csv")
	}
	bad := send(on + "scrap,1\n" + on + "lost,1\nnowhere," + shelf.Part + ",scrap,0\n")
	want(t, bad, http.StatusUnprocessableEntity)
	reads(t, bad.body, "line 3, column 3 (kind)", "line 4, column 1 (depot)", "line 4, column 4 (pieces)")
	for range 2 {
		want(t, send(on+"scrap,1\n"+on+"return,3\n"), http.StatusOK)
	}
	if now := decode[list[presage.Stock]](t, r.get(t, "/v1/stock")).Items[0]; now.OnHand != shelf.OnHand+2 {
		t.Errorf("%d on the shelf, before %d", now.OnHand, shelf.OnHand)
	}
}

// Every table of the planner's pages comes as CSV and as a workbook.
func TestPlannersTablesAsWorkbooks(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for page, path := range map[string]string{
		"/parts": "/parts/forecast", "/parts/reorder": "/parts/reorder", "/parts/month": "/parts/month/exceptions",
		"/parts/budget": "/parts/budget/levels", "/orders": "/orders/orders", "/transfers": "/transfers/transfers",
	} {
		reads(t, r.get(t, page+"?lang=en").body, path+".csv", path+".xlsx", "Excel")
		got := r.get(t, path+".xlsx")
		if rows, err := xlsx.ToCSV([]byte(got.body)); err != nil || !strings.Contains(got.Header.Get("Content-Disposition"), ".xlsx") {
			t.Errorf("%s: %v, %v, %s", path, err, got.Header, rows)
		}
	}
}

func TestOrdersAsWorkbooks(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	send := func(rows string) answer {
		var file bytes.Buffer
		if err := xlsx.Write(&file, func(w io.Writer) error { _, err := io.WriteString(w, rows); return err }); err != nil {
			t.Fatal(err)
		}
		return r.do(t, http.MethodPost, "/v1/orders/import/orders?by=Li+Na", file.String(), "Content-Type", xlsx.Type)
	}
	got := decode[presage.SupplyReport](t, send("external_id,depot,part,pieces,note\nERP-9,d-east,"+pads+",10,@home\n"))
	if got.Rows != 1 || got.Created != 1 {
		t.Errorf("%+v", got)
	}
	refused := send("external_id,depot,part,pieces\nERP-8,d-east," + pads + ",=5+5\n")
	want(t, refused, http.StatusUnprocessableEntity)
	reads(t, refused.body, "line 2, column 4 (pieces)", "=5+5", "want a number")
	want(t, r.do(t, http.MethodPost, "/v1/orders/import/orders?by=Li+Na", "PK\x03\x04", "Content-Type", xlsx.Type), http.StatusUnprocessableEntity)
	for _, path := range []string{"/v1/orders", "/v1/stock", "/v1/stock/movements", "/v1/parts/reorder", "/v1/parts/forecast"} {
		a := r.get(t, path, "Accept", xlsx.Type)
		if a.Header.Get("Content-Type") != xlsx.Type {
			t.Errorf("%s: %v", path, a.Header)
		}
		text, err := xlsx.ToCSV([]byte(a.body))
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
		plain := table(t, r.get(t, path, "Accept", "text/csv"))
		if err != nil || !slices.EqualFunc(rows, plain, slices.Equal[[]string]) || len(rows) < 1 {
			t.Errorf("%s: %v, %v, want %v", path, err, rows, plain)
		}
	}
}
