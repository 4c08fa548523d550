package api_test

import (
	"net/http"
	"testing"

	"presage"
)

// The money of the plan's own levels serves more when it is spent at the best; more money, more.
func TestBudgetByAPI(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	own := decode[presage.StockBudget](t, r.get(t, "/v1/parts/budget"))
	if own.Money != own.Planned.Value || own.Best.Value > own.Money || own.Best.Fill < own.Planned.Fill-1e-9 {
		t.Errorf("own money: best %+v, planned %+v of %d", own.Best, own.Planned, own.Money)
	}
	value := int64(0)
	for _, l := range own.Items {
		value += int64(l.Pieces) * l.Price.Minor
	}
	if value != own.Best.Value || len(own.Items) != own.Shelves {
		t.Errorf("levels are worth %d, told %d", value, own.Best.Value)
	}
	for i, p := range own.Curve[1:] {
		if before := own.Curve[i]; p.Value <= before.Value || p.Fill < before.Fill {
			t.Errorf("the curve falls: %+v after %+v", p, before)
		}
	}
	none := decode[presage.StockBudget](t, r.get(t, "/v1/parts/budget?money=0"))
	if none.Best != (presage.BudgetPoint{}) {
		t.Errorf("no money buys %+v", none.Best)
	}
	other := decode[presage.StockBudget](t, r.get(t, "/v1/parts/budget?currency=EUR"))
	if other.Shelves != 0 || other.LeftOut == 0 || other.Planned.Fill != 1 {
		t.Errorf("%+v", other)
	}
	rows := table(t, r.get(t, "/v1/parts/budget?depot=d-east", "Accept", "text/csv"))
	if len(rows) < 2 || rows[0][6] != "best" {
		t.Errorf("table %v", rows)
	}
	want(t, r.get(t, "/v1/parts/budget?money=-2"), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/v1/parts/budget?after=x"), http.StatusUnprocessableEntity)
}

func TestBudgetPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	page := r.get(t, "/parts/budget?lang=en&money=500").body
	reads(t, page, "Best fill for this much money", "<polyline", "Planned level", `value="500"`, "levels.csv?money=500", "−¥")
	reads(t, r.get(t, "/parts/budget?lang=zh").body, "库存预算", "当前计划", "满足率")
	reads(t, r.get(t, "/parts/month?lang=en").body, `href="/parts/budget"`)
	reads(t, r.get(t, "/parts/budget?lang=en&currency=EUR").body, "No demand with a price in EUR is planned yet.")
	rows := table(t, r.get(t, "/parts/budget/levels.csv?money=500"))
	if len(rows) < 3 || rows[1][9][0] != '-' {
		t.Errorf("table %v", rows)
	}
	for _, money := range []string{"x", "-1", "1e99", "NaN"} {
		want(t, r.get(t, "/parts/budget?money="+money), http.StatusUnprocessableEntity)
	}
}
