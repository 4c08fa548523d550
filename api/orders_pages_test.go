package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"presage"
)

func reads(t *testing.T, page string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

func (r *rig) post(t *testing.T, path string, form url.Values) answer {
	t.Helper()
	return r.do(t, http.MethodPost, path, form.Encode(), "Content-Type", "application/x-www-form-urlencoded")
}

// A planner looks for what is overdue, receives three of ten, and ends the rest.
func TestOrderPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	reads(t, r.get(t, "/orders?lang=en").body, "Purchase orders", "po-1", "po-2", "Nordbrake", "Placed", "sla late")
	late := r.get(t, "/orders?show=overdue&lang=zh").body
	reads(t, late, "采购订单", "po-1", "已下单")
	if strings.Contains(late, "po-2") {
		t.Error("an order in time among the overdue")
	}
	page := r.get(t, "/orders/po-1?lang=en").body
	reads(t, page, "po-1", "Receive", "Cancel the rest", `placeholder="10"`)
	key := regexp.MustCompile(`name="key" value="(\w+)"`).FindStringSubmatch(page)[1]
	form := url.Values{"key": {key}, "who": {"Li Na"}, "kind": {"receive"}, "pieces-1": {"3"}}
	for range 2 { // a second press does nothing
		want(t, r.post(t, "/orders/po-1/acts", form), http.StatusSeeOther)
	}
	reads(t, r.get(t, "/orders/po-1?lang=en").body, "Partly received", `placeholder="7"`, "Li Na")
	bad := r.post(t, "/orders/po-1/acts", url.Values{"key": {"x"}, "who": {"Li Na"}, "kind": {"receive"}, "pieces-1": {"8"}})
	want(t, bad, http.StatusConflict)
	reads(t, bad.body, "Line 1: only 7 pieces are left, not 8", "notice")
	zh := r.post(t, "/orders/po-1/acts?lang=zh", url.Values{"key": {"y"}, "who": {"Li Na"}, "kind": {"receive"}, "pieces-1": {"8"}})
	reads(t, zh.body, "第 1 行只剩 7 件，填写了 8 件")
	wrong := r.post(t, "/orders/po-1/acts?lang=en", url.Values{"who": {" "}, "kind": {"receive"}, "pieces-1": {"many"}})
	reads(t, wrong.body, "The pieces of line 1 are no number that can be taken: many", "notice")
	want(t, r.post(t, "/orders/po-1/acts", url.Values{"who": {"Li Na"}, "kind": {"receive"}, "pieces-1": {"0"}}), http.StatusUnprocessableEntity)
	want(t, r.post(t, "/orders/po-1/acts", url.Values{"who": {""}, "kind": {"receive"}}), http.StatusUnprocessableEntity)
	want(t, r.post(t, "/orders/po-1/acts", url.Values{"who": {"Li Na"}, "kind": {"confirm"}, "day-1": {"2027-01-10"}}), http.StatusSeeOther)
	want(t, r.post(t, "/orders/po-1/acts", url.Values{"who": {"Li Na"}, "kind": {"cancel"}}), http.StatusSeeOther)
	o := decode[presage.Order](t, r.get(t, "/v1/orders/po-1"))
	if o.State != presage.OrderReceived || o.Lines[0].Received != 3 || o.Lines[0].Cancelled != 7 || o.Lines[0].ExpectedAt.Year() != 2027 {
		t.Errorf("%+v", o)
	}
	want(t, r.get(t, "/orders/none"), http.StatusNotFound)
	want(t, r.get(t, "/orders/orders.csv?show=all"), http.StatusOK)
	reads(t, r.get(t, "/orders?show=proposed&lang=en").body, "No such orders.")
}

// The first row of the reorder list is ordered with a quantity of its own, by a form.
func TestReorderPageOrders(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	page := r.get(t, "/parts/reorder?lang=en").body
	reads(t, page, "Place orders", "Keep as proposals")
	pick := regexp.MustCompile(`name="pick" value="([^"]+)"`).FindStringSubmatch(page)[1]
	form := url.Values{"key": {"k"}, "who": {"Li Na"}, "do": {"place"}, "pick": {pick}, "pieces " + pick: {"17"}}
	for range 2 {
		want(t, r.post(t, "/orders/advice", form), http.StatusSeeOther)
	}
	made := decode[list[presage.Order]](t, r.get(t, "/v1/orders")).Items
	if len(made) != 3 || made[0].Open() != 17 || made[0].By != "Li Na" {
		t.Errorf("%d orders, the newest %+v", len(made), made[0])
	}
	form.Set("pieces "+pick, "many")
	want(t, r.post(t, "/orders/advice", form), http.StatusUnprocessableEntity)
	want(t, r.post(t, "/orders/advice", url.Values{"who": {"Li Na"}}), http.StatusUnprocessableEntity)
}

// A row with two suppliers says why one is chosen, and its pieces are split between them by hand.
func TestReorderPageSplits(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	reads(t, r.get(t, "/parts/reorder?lang=en").body, "Order from nordbrake rather than eastparts")
	want(t, r.post(t, "/parts/parameters", url.Values{
		"seen": {"0"}, "who": {"Li Na"}, "do": {"supplier"}, "supplier_id": {"nordbrake"}, "name": {"Nordbrake GmbH"}, "day": {"1"},
	}), http.StatusSeeOther)
	page := r.get(t, "/parts/reorder?lang=en").body
	reads(t, page, "Order from Nordbrake GmbH rather than eastparts", "0.3 pieces instead of 2.4", "> Nordbrake GmbH</label>")
	reads(t, r.get(t, "/parts/reorder?lang=zh").body, "向 Nordbrake GmbH 订货")
	pick := regexp.MustCompile(`name="from ([^"]+)" value="nordbrake"`).FindStringSubmatch(page)[1]
	form := url.Values{
		"key": {"k"}, "who": {"Li Na"}, "do": {"place"}, "pick": {pick}, "from " + pick: {"eastparts", "nordbrake"},
		"pieces " + pick + " eastparts": {"5"}, "pieces " + pick + " nordbrake": {"3"},
	}
	want(t, r.post(t, "/orders/advice", form), http.StatusSeeOther)
	open := map[string]int{}
	for _, o := range decode[list[presage.Order]](t, r.get(t, "/v1/orders")).Items {
		open[o.Supplier] += o.Open()
	}
	if open["eastparts"] != 5 || open["nordbrake"] != 3 {
		t.Errorf("%v", open)
	}
	form.Set("pieces "+pick+" eastparts", "0")
	form.Set("pieces "+pick+" nordbrake", "0")
	want(t, r.post(t, "/orders/advice", form), http.StatusUnprocessableEntity)
}

// A count of a shelf stands in the ledger, in both languages.
func TestLedgerPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	shelf := decode[list[presage.Stock]](t, r.get(t, "/v1/stock")).Items[0]
	form := url.Values{"key": {"k"}, "who": {"Li Na"}, "depot_id": {shelf.DepotID}, "part": {shelf.Part}, "kind": {"count"}, "pieces": {"5"}}
	want(t, r.post(t, "/stock/movements", form), http.StatusSeeOther)
	reads(t, r.get(t, "/stock?lang=en&part="+shelf.Part).body, "Stock ledger", "Opening balance", "Count", "-3", "Li Na")
	reads(t, r.get(t, "/stock?lang=zh").body, "库存台账", "期初", "盘点")
	form.Set("kind", "scrap")
	form.Set("pieces", "6")
	form.Set("key", "l")
	bad := r.post(t, "/stock/movements", form)
	want(t, bad, http.StatusUnprocessableEntity)
	reads(t, bad.body, "only 5 are on hand", shelf.Part)
	want(t, r.get(t, "/stock?after=none"), http.StatusUnprocessableEntity)
}
