package api_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"presage"
	"presage/api"
	"presage/api/apitest"
	"presage/api/web"
)

// says fails for every part that the page lacks.
func says(t *testing.T, a answer, parts ...string) {
	t.Helper()
	want(t, a, http.StatusOK)
	for _, part := range parts {
		if !strings.Contains(a.body, part) {
			t.Errorf("%s does not say %q", a.Request.URL.RequestURI(), part)
		}
	}
}

// rowsOf counts the lines of the page's first table.
func rowsOf(a answer) int {
	body, _, _ := strings.Cut(a.body, "</tbody>")
	_, body, _ = strings.Cut(body, "<tbody>")
	return strings.Count(body, "<tr>")
}

func TestPartsListFilters(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	// The fake world plans 7 parts at 3 depots, two of which lie in one region.
	for path, rows := range map[string]int{
		"/parts": 21, "/parts?region=east": 14, "/parts?depot=d-south": 7, "/parts?level=region": 14, "/parts?level=all": 7,
		"/parts?level=region&region=east": 7, "/parts?q=brake": 6, "/parts?q=制动": 6, "/parts?q=bp-f": 3,
		"/parts?level=all&depot=d-east": 7, "/parts?q=nothing": 0,
	} {
		if got := rowsOf(r.get(t, path)); got != rows {
			t.Errorf("%s has %d lines, want %d", path, got, rows)
		}
	}
	says(t, r.get(t, "/parts?lang=en"), "Pieces expected", "Inside the 80% band", `href="/parts/BP-F-2041?depot=d-east"`,
		"planner 58.0 / 30 d", "Stock-out risk", "Order 28", "send 12", "249 in excess")
	says(t, r.get(t, "/parts?level=all&days=90&lang=zh"), "90 天", `href="/parts/BP-F-2041"`)
	says(t, r.get(t, "/parts?q=nothing&lang=en"), "No part matches.")
}

func TestPartsListShowsTheAskedHorizon(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	// The fake cabin filter is expected at 52 pieces in 30 days at the first depot, in proportion: 156 in 90.
	for days, mean := range map[string]string{"30": ">52.0<", "90": ">156<", "11": ">52.0<"} {
		says(t, r.get(t, "/parts?depot=d-east&q=CF-CAB&days="+days), mean)
	}
}

func TestPartPageShowsWhatAPlannerNeeds(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	says(t, r.get(t, "/parts/BP-F-2041?depot=d-east&lang=en"), "Front brake pads kit", "data-demand=", "data-past=",
		"from what is predicted for 619 vehicles", "9 from booked visits", "80% interval", "Fleet <b class=\"n\">81%",
		"History <b class=\"n\">19%", "The history alone", "The planner", "Target: fill rate 97%", "Reorder below",
		"Order 28", "Zhao Min", "58 pieces in 30 days", `href="/parts/BP-F-2041?region=east"`)
	says(t, r.get(t, "/parts/BP-F-2041?depot=d-east&lang=zh"), "来自 619 辆车的预测需求", "计划员的数字", "以往预测的准确度")
	says(t, r.get(t, "/parts/BP-R-2042?depot=d-east"), "BP-R-2040")
	says(t, r.get(t, "/parts/TY-PATCH-06?depot=d-south&lang=en"), "South China depot → Suzhou forward depot", "Demand has ended")
	every := r.get(t, "/parts/BP-F-2041?lang=en")
	says(t, every, "Stock of 3 depots", "Choose a depot", "depot by depot")
	if strings.Contains(every.body, `name="why"`) {
		t.Error("an override can be given for everywhere")
	}
	want(t, r.get(t, "/parts/none"), http.StatusNotFound)
	want(t, r.get(t, "/parts/BP-F-2041?depot=nowhere"), http.StatusNotFound)
	for _, number := range []string{"A%2FB", "%E5%89%8D%2F1"} { // a slash in the number is no other path
		a := r.get(t, "/v1/parts/"+number+"/forecast")
		want(t, a, http.StatusNotFound)
		if strings.Contains(a.body, "no operation at this path") {
			t.Errorf("%s is taken for another path: %s", number, a.body)
		}
	}
}

func TestPagesWriteMoneyOneWay(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	a := r.get(t, "/parts/BP-F-2041?depot=d-east&lang=en")
	says(t, a, "for ¥")
	if strings.Contains(a.body, "CNY ") {
		t.Error("the sentence writes money in another way than the figures")
	}
}

func TestPartPageWithLittleToShow(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	says(t, r.get(t, "/parts/SA-F-3310?depot=d-east&lang=en"), "there is no history yet", "No forecast is over yet",
		"Nothing was used yet on record", "None: the advice follows the model")
	says(t, r.get(t, "/parts/CF-CAB-118?depot=d-east&lang=en"), "no prognosis asks for this part")
	r = start(t, func(_ *api.Config, d *api.Deps) {
		d.Web.Parts = unplanned{apitest.New(0, now())}
	})
	says(t, r.get(t, "/parts?lang=en"), "computed every night")
	says(t, r.get(t, "/parts/reorder?lang=en"), "computed every night")
	says(t, r.get(t, "/parts/BP-F-2041?depot=d-east&lang=en"), "no forecast for this part yet", "Front brake pads kit")
	want(t, r.get(t, "/parts/none"), http.StatusNotFound)
}

func TestAnEmptyShelfIsNotCalledEnough(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stock  presage.Stock
		risk   float64
		enough bool
	}{
		"nothing free, some on order": {stock: presage.Stock{OnHand: 1, Reserved: 1, OnOrder: 4}},
		"at risk":                     {stock: presage.Stock{OnHand: 2}, risk: .22},
		"well stocked":                {stock: presage.Stock{OnHand: 2}, risk: .01, enough: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t, func(_ *api.Config, d *api.Deps) {
				d.Web.Parts = shelf{Parts: apitest.New(0, now()), stock: c.stock, risk: c.risk}
			})
			if got := strings.Contains(r.get(t, "/parts?lang=en").body, "Enough"); got != c.enough {
				t.Errorf("called enough: %v, want %v", got, c.enough)
			}
		})
	}
}

// shelf is a plan of one part at one depot.
type shelf struct {
	web.Parts
	stock presage.Stock
	risk  float64
}

func (s shelf) PartForecasts(context.Context, presage.ForecastFilter) ([]presage.PartForecast, error) {
	return []presage.PartForecast{{
		Part: "BP-F-2041", DepotID: "d-east", AsOf: now(), HorizonDays: 30, Mean: 2, Stock: s.stock,
		Advice: presage.ReorderAdvice{Policy: "service_level", StockOutRisk: s.risk},
	}}, nil
}

func (s shelf) PlanRows(ctx context.Context, f presage.ForecastFilter,
	pick func([]presage.PartForecast) []presage.PartForecast,
) ([]presage.PartForecast, error) {
	return apitest.PickRows(ctx, s, f, pick)
}

// unplanned is a service before its first plan.
type unplanned struct{ web.Parts }

func (unplanned) PartForecasts(context.Context, presage.ForecastFilter) ([]presage.PartForecast, error) {
	return nil, nil
}

func (u unplanned) PlanRows(ctx context.Context, f presage.ForecastFilter,
	pick func([]presage.PartForecast) []presage.PartForecast,
) ([]presage.PartForecast, error) {
	return apitest.PickRows(ctx, u, f, pick)
}

func (unplanned) PartOutlook(context.Context, string, string, string) (presage.PartOutlook, error) {
	return presage.PartOutlook{}, presage.ErrNotFound
}

func TestPlannerOverridesAndWithdraws(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const page = "/parts/LB-12-60AGM?depot=d-south&lang=en"
	post := "/parts/LB-12-60AGM/overrides?depot=d-south&lang=en"
	form := url.Values{
		"mean": {"21.5"}, "days": {"60"}, "until": {"2026-12-31"}, "by": {`Li <i>Na</i>`},
		"why": {`"><script>alert(1)</script> frost`},
	}
	a := r.form(t, post, form)
	want(t, a, http.StatusSeeOther)
	if to := a.Header.Get("Location"); !strings.HasPrefix(to, "/parts/LB-12-60AGM?depot=d-south&notice=") {
		t.Errorf("sent on to %s", to)
	}
	says(t, r.get(t, a.Header.Get("Location")), "Kept.", "21.5 pieces in 60 days")
	shown := r.get(t, page)
	says(t, shown, "&lt;script&gt;alert(1)&lt;/script&gt; frost", "Li &lt;i&gt;Na&lt;/i&gt;", "In force")
	if strings.Contains(shown.body, "<script>alert") || strings.Contains(shown.body, "<i>Na") {
		t.Error("a planner's text is not escaped")
	}
	// The model's figure stands beside: 14.7 * 0.62 in 30 days = 9.114, in proportion 18.2 in 60.
	says(t, shown, `Model, 60 days</small><b class="n">18.2</b>`)
	withdraw := regexp.MustCompile(`/parts/LB-12-60AGM/overrides/\d+/withdraw`).FindString(shown.body)
	want(t, r.form(t, withdraw, nil), http.StatusUnprocessableEntity)
	want(t, r.form(t, strings.Replace(withdraw, "LB-12-60AGM", "BP-F-2041", 1), url.Values{"by": {"x"}}), http.StatusNotFound)
	want(t, r.form(t, withdraw, url.Values{"by": {"Wang"}}), http.StatusSeeOther)
	want(t, r.form(t, withdraw, url.Values{"by": {"Wang"}}), http.StatusConflict)
	says(t, r.get(t, page), "withdrawn by Wang", "Ended")
}

func TestOverrideFaultsStandAtTheirFields(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	for name, bad := range map[string][]string{
		"mean": {"", "-1", "NaN", "many", "1e9"}, "days": {"0", "366", "1.5"}, "until": {"2026-11-20", "2031-01-01", "soon"},
		"by": {" "}, "why": {"", strings.Repeat("因", 501)},
	} {
		for _, value := range bad {
			form := url.Values{"mean": {"2"}, "days": {"30"}, "until": {"2026-12-24"}, "by": {"Li"}, "why": {"frost & snow"}}
			form.Set(name, value)
			a := r.form(t, "/parts/BP-F-2041/overrides?depot=d-east", form)
			want(t, a, http.StatusUnprocessableEntity)
			if strings.Count(a.body, `class="fault"`) != 1 || !strings.Contains(a.body, `id="fault-`+name+`"`) {
				t.Errorf("%s=%q: the fault does not stand at its field alone", name, value)
			}
			if name != "why" && !strings.Contains(a.body, `value="frost &amp; snow"`) {
				t.Errorf("%s=%q: what was typed is lost", name, value)
			}
			if !strings.Contains(a.body, `href="/parts/BP-F-2041?depot=d-east&amp;lang=`) {
				t.Errorf("%s=%q: the language switch leads nowhere", name, value)
			}
		}
	}
	whole := url.Values{"mean": {"2"}, "days": {"30"}, "until": {"2026-12-24"}, "by": {"Li"}, "why": {"frost"}}
	want(t, r.form(t, "/parts/none/overrides?depot=d-east", whole), http.StatusNotFound)
	want(t, r.form(t, "/parts/BP-F-2041/overrides?depot=d-east", whole, "Origin", "https://evil.example"), http.StatusForbidden)
	shut := startOutside(t, nil)
	want(t, shut.form(t, "/parts/BP-F-2041/overrides?depot=d-east", whole), http.StatusForbidden)
}

func TestReorderPageAndFile(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	says(t, r.get(t, "/parts/reorder?lang=en"), "East China depot", "Suzhou forward depot", "12 → Suzhou forward depot",
		"by the figure of Zhao Min", `href="/parts/reorder.csv"`, "¥7,817.60")
	if a := r.get(t, "/parts/reorder?depot=d-south&lang=en"); strings.Contains(a.body, "Zhao Min") {
		t.Error("the list of one depot holds another's lines")
	}
	a := r.get(t, "/parts/reorder.csv")
	want(t, a, http.StatusOK)
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	if err != nil || !strings.HasPrefix(a.Header.Get("Content-Type"), "text/csv") {
		t.Fatalf("%s: %v", a.Header.Get("Content-Type"), err)
	}
	part, order, reason := slices.Index(rows[0], "part"), slices.Index(rows[0], "order_now"), slices.Index(rows[0], "reason_en")
	i := slices.IndexFunc(rows, func(row []string) bool { return row[part] == "BP-F-2041" })
	if i < 0 || rows[i][order] != "28" || !strings.Contains(rows[i][reason], "order 28") {
		t.Errorf("lines %v, want the front pads' order of 28 with its reason", rows)
	}
}

// wide is a plan of many parts at one depot, every one of them to be ordered.
type wide struct {
	web.Parts
	parts int
}

func (w wide) PartForecasts(context.Context, presage.ForecastFilter) ([]presage.PartForecast, error) {
	out := make([]presage.PartForecast, w.parts)
	for i := range out {
		out[i] = presage.PartForecast{
			Part: fmt.Sprintf("W-%04d", i), DepotID: "d-east", AsOf: now(), HorizonDays: 30, Mean: 1, OrderNow: 2,
			Advice: presage.ReorderAdvice{Policy: "service_level", StockOutRisk: 1 - float64(i)/1000},
		}
	}
	return out, nil
}

func (w wide) PlanRows(ctx context.Context, f presage.ForecastFilter,
	pick func([]presage.PartForecast) []presage.PartForecast,
) ([]presage.PartForecast, error) {
	return apitest.PickRows(ctx, w, f, pick)
}

// A long list is shown page by page, its sums are those of the whole.
func TestLongPlansArePaged(t *testing.T) {
	t.Parallel()
	r := start(t, func(_ *api.Config, d *api.Deps) { d.Web.Parts = wide{apitest.New(0, now()), 250} })
	for _, c := range []struct {
		path, has, lacks, next string
	}{
		{"/parts?lang=en", "W-0119", "W-0120", "from=120"},
		{"/parts?lang=en&from=240", "W-0249", "W-0239", ""},
		{"/parts/reorder?lang=en", "W-0199", "W-0200", "from=200"},
		{"/parts/reorder?lang=en&from=200", "W-0249", "W-0199", ""},
	} {
		a := r.get(t, c.path)
		says(t, a, c.has, "<b>500</b>") // pieces to order in all
		if strings.Contains(a.body, c.lacks) {
			t.Errorf("%s shows %s of another page", c.path, c.lacks)
		}
		pager := regexp.MustCompile(`(?s)<p class="pager">.*?</p>`).FindString(a.body)
		if leads := regexp.MustCompile(`from=[1-9]\d*`).FindString(pager); leads != c.next {
			t.Errorf("%s leads on to %q, want %q", c.path, leads, c.next)
		}
	}
}
