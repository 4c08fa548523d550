package api_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"presage"
)

// Six pieces go from east to south, five come; the sixth turns up later.
func TestTransfersByAPI(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	draft := `{"key": "t1", "from": "d-east", "to": "d-south", "by": "Li Na", "lines": [{"part": "` + pads + `", "pieces": 6}]}`
	x := decode[presage.Shipment](t, created(t, r.json(t, "/v1/transfers", draft)))
	if again := decode[presage.Shipment](t, created(t, r.json(t, "/v1/transfers", draft))); again.ID != x.ID || x.State != presage.ShipmentProposed {
		t.Errorf("%+v, then %+v", x, again)
	}
	act := func(body string) presage.Shipment {
		t.Helper()
		return decode[presage.Shipment](t, r.json(t, "/v1/transfers/"+x.ID+"/acts", body))
	}
	want(t, r.json(t, "/v1/transfers/"+x.ID+"/acts", `{"kind": "ship", "by": "Li Na"}`), http.StatusConflict)
	want(t, r.json(t, "/v1/transfers/"+x.ID+"/acts", `{"kind": "pick", "by": "Li Na", "lines": [{"line": 1, "pieces": 7}]}`), http.StatusUnprocessableEntity)
	act(`{"kind": "pick", "by": "Li Na"}`)
	act(`{"kind": "ship", "by": "Li Na"}`)
	got := act(`{"kind": "receive", "by": "Wu", "lines": [{"line": 1, "pieces": 5}]}`)
	if got.State != presage.ShipmentReceived || got.Missing() != 1 {
		t.Errorf("%+v", got)
	}
	got = act(`{"kind": "receive", "by": "Wu"}`)
	if got.Missing() != 0 || got.Lines[0].Received != 6 {
		t.Errorf("found: %+v", got)
	}
	want(t, r.json(t, "/v1/transfers/"+x.ID+"/acts", `{"kind": "back", "by": "Wu"}`), http.StatusConflict)
	moves := decode[list[presage.StockMovement]](t, r.get(t, "/v1/stock/movements?ref="+x.ID)).Items
	if len(moves) != 3 {
		t.Errorf("movements %+v", moves)
	}
	rows := table(t, r.get(t, "/v1/transfers", "Accept", "text/csv"))
	if len(rows) != 2 || rows[1][0] != x.ID || rows[1][8] != "6" {
		t.Errorf("table %v", rows)
	}
	_, fields := problemOf(t, r.json(t, "/v1/transfers", `{"from": "d-east", "to": "d-east", "by": " ", "lines": [{"part": "none", "pieces": 1}]}`), 422)
	if strings.Join(fields, " ") != "body.to body.by body.lines[0].part" {
		t.Errorf("%v", fields)
	}
	want(t, r.get(t, "/v1/transfers/none"), http.StatusNotFound)
}

// What the reorder list advises is proposed by one press, picked on its page and put back.
func TestTransferPages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	reads(t, r.get(t, "/transfers?lang=zh").body, "调拨", "没有符合条件的调拨单")
	form := url.Values{"key": {"k"}, "who": {"Li Na"}}
	for range 2 {
		want(t, r.post(t, "/transfers/advice", form), http.StatusSeeOther)
	}
	page := r.get(t, "/transfers?lang=en").body
	reads(t, page, "Transfers", "Proposed")
	links := regexp.MustCompile(`href="(/transfers/tr-\w+)"`).FindAllStringSubmatch(page, -1)
	one := r.get(t, links[0][1]+"?lang=en").body
	reads(t, one, "Pick", "Cancel, put back")
	refused := r.post(t, links[0][1]+"/acts", url.Values{
		"who": {"Li Na"}, "kind": {"pick"}, "pieces-1": {"many"}, "note": {"by <van>"},
	})
	want(t, refused, http.StatusUnprocessableEntity)
	reads(t, refused.body, `name="pieces-1" value="many"`, `value="Li Na"`, `value="by &lt;van&gt;"`)
	want(t, r.post(t, links[0][1]+"/acts", url.Values{"who": {"Li Na"}, "kind": {"pick"}}), http.StatusSeeOther)
	reads(t, r.get(t, links[0][1]+"?lang=en").body, "Picked", "Ship")
	want(t, r.post(t, links[0][1]+"/acts", url.Values{"who": {"Li Na"}, "kind": {"back"}}), http.StatusSeeOther)
	reads(t, r.get(t, links[0][1]+"?lang=zh").body, "已取消", "Li Na", "库存台账")
	want(t, r.get(t, "/transfers/transfers.csv?show=all"), http.StatusOK)
	want(t, r.get(t, "/transfers/none"), http.StatusNotFound)
}
