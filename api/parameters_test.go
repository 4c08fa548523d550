package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
)

func TestParametersByAPI(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/v1/parts/parameters"
	none := r.get(t, path)
	if p := decode[presage.PlanningParameters](t, none); p.Version != 0 || none.Header.Get("ETag") != `"0"` {
		t.Errorf("%+v, %v", p, none.Header)
	}
	doc := `{"by": "Zhao Min", "least_service_level": {"safety": 0.98}, "rules": [{"part": "BP-F-2041", "service_level": 0.99},
		{"class": "CZ", "max": 4}, {"depot": "d-east", "lot": 2}]}`
	put := func(match, body string) answer {
		return r.do(t, http.MethodPut, path, body, "If-Match", match, "Content-Type", "application/json")
	}
	p := decode[presage.PlanningParameters](t, put(`"0"`, doc))
	if p.Version != 1 || len(p.Rules) != 3 || p.Floors[presage.Safety] != .98 || p.PutAt.IsZero() {
		t.Errorf("%+v", p)
	}
	if again := decode[presage.PlanningParameters](t, put(`"1"`, doc)); again.Version != 1 {
		t.Errorf("the same made version %d", again.Version)
	}
	want(t, put(`"0"`, doc), http.StatusConflict)
	_, fields := problemOf(t, put(`"1"`, `{"by": " ", "least_service_level": {"grave": 0.5}, "rules": [{"part": "NONE", "min": 1},
		{"class": "XA", "min": 3, "max": 2}, {}]}`), 422)
	for _, field := range []string{
		"body.by", "body.least_service_level", "body.rules[0].part", "body.rules[1].class", "body.rules[1].max", "body.rules[2]",
	} {
		if !slices.Contains(fields, field) {
			t.Errorf("%s is not named among %v", field, fields)
		}
	}
	want(t, put("x", doc), http.StatusUnprocessableEntity)
	want(t, r.get(t, path+"?version=9"), http.StatusNotFound)
}

// A supplier and what it sells are put, shown, changed and taken away on the page.
func TestSuppliersPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/parts/parameters"
	supplier := url.Values{
		"seen": {"0"}, "who": {"Li Na"}, "do": {"supplier"}, "supplier_id": {"nord"}, "name": {"Nordbrake"}, "zone": {"Europe/Berlin"},
		"day": {"1", "2", "5"}, "closures": {"2026-12-24 2027-01-01 Christmas\n\n2026-10-03 Unity Day\n"},
	}
	want(t, r.post(t, path, supplier), http.StatusSeeOther)
	p := decode[presage.PlanningParameters](t, r.get(t, "/v1"+path))
	kept := []presage.Supplier{{
		ID: "nord", Name: "Nordbrake", Zone: "Europe/Berlin", Days: []time.Weekday{1, 2, 5},
		Closures: []presage.DaysOff{{From: "2026-12-24", To: "2027-01-01", Note: "Christmas"}, {From: "2026-10-03", Note: "Unity Day"}},
	}}
	if diff := cmp.Diff(kept, p.Suppliers); diff != "" {
		t.Error(diff)
	}
	reads(t, r.get(t, path+"?lang=en").body, "Nordbrake", "2026-12-24 – 2027-01-01", "Mon", "Who sells which part")
	reads(t, r.get(t, path+"?supplier=nord&lang=zh").body, "2026-12-24 2027-01-01 Christmas\n", `value="Europe/Berlin"`, "供应商")
	source := url.Values{
		"seen": {"1"}, "who": {"Li Na"}, "do": {"source"}, "source_part": {"BP-F-2041"}, "source_supplier": {"nord"},
		"source_price": {"12.50"}, "source_lead": {"4"}, "source_lot": {"8"},
	}
	want(t, r.post(t, path, source), http.StatusSeeOther)
	sells := decode[presage.PlanningParameters](t, r.get(t, "/v1"+path)).Sources
	if s := sells[0]; s.Price.Minor != 1250 || s.Price.Currency == "" || s.LeadTimeDays != 4 || s.Lot != 8 {
		t.Errorf("%+v", sells)
	}
	bad := r.post(t, path, url.Values{
		"seen": {"2"}, "who": {"Li Na"}, "do": {"supplier"}, "supplier_id": {"nord"}, "zone": {"Mars"}, "closures": {"tomorrow"}, "day": {"2"},
	})
	want(t, bad, http.StatusUnprocessableEntity)
	reads(t, bad.body, "suppliers[0].zone", "suppliers[0].closures[0]", `value="Mars"`, "tomorrow")
	none := url.Values{"seen": {"2"}, "who": {"Li Na"}, "do": {"supplier"}, "supplier_id": {"nord"}}
	want(t, r.post(t, path, none), http.StatusUnprocessableEntity) // on no day
	for version, what := range []url.Values{
		2: {"do": {"no-source"}, "source_part": {"BP-F-2041"}, "source_supplier": {"nord"}}, 3: source, 4: {"do": {"no-supplier"}, "supplier_id": {"nord"}},
	} {
		if what != nil {
			what.Set("seen", strconv.Itoa(version))
			what.Set("who", "Li Na")
			want(t, r.post(t, path, what), http.StatusSeeOther)
		}
	}
	if p = decode[presage.PlanningParameters](t, r.get(t, "/v1"+path)); p.Version != 5 || len(p.Suppliers)+len(p.Sources) != 0 {
		t.Errorf("%+v", p)
	}
	gone := url.Values{"seen": {"5"}, "who": {"Li Na"}, "do": {"no-supplier"}, "supplier_id": {"nord"}}
	want(t, r.post(t, path, gone), http.StatusUnprocessableEntity)
}

func TestParametersPage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/parts/parameters"
	reads(t, r.get(t, path+"?lang=en").body, "Nothing is set yet", "Classes of parts", "Least service levels")
	rule := url.Values{"seen": {"0"}, "who": {"Li Na"}, "why": {"Winter"}, "class": {"cz"}, "service_level": {"92.5"}, "max": {"4"}}
	want(t, r.post(t, path, rule), http.StatusSeeOther)
	page := r.get(t, path+"?lang=en&notice=parameters").body
	reads(t, page, "Class CZ", "92.5%", "Version 1, put by Li Na", "Winter", "The parameters are set")
	reads(t, r.get(t, path+"?lang=zh").body, "CZ 类", "服务水平", "第 1 版")
	stale := r.post(t, path, rule)
	want(t, stale, http.StatusConflict)
	floors := url.Values{"seen": {"1"}, "who": {"Li Na"}, "do": {"floors"}, "safety": {"98"}}
	want(t, r.post(t, path, floors), http.StatusSeeOther)
	reads(t, r.get(t, path+"?lang=en").body, `name="safety" value="98"`, "Class CZ")
	bad := r.post(t, path, url.Values{"seen": {"2"}, "who": {"Li Na"}, "part": {"NONE"}, "service_level": {"x"}, "min": {"y"}})
	want(t, bad, http.StatusUnprocessableEntity)
	reads(t, bad.body, "service_level", "min", `value="NONE"`)
	gone := url.Values{"seen": {"2"}, "who": {"Li Na"}, "class": {"CZ"}}
	want(t, r.post(t, path, gone), http.StatusSeeOther)
	if p := decode[presage.PlanningParameters](t, r.get(t, "/v1"+path)); len(p.Rules) != 0 || p.Version != 3 {
		t.Errorf("%+v", p)
	}
}
