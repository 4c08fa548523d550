package api_test

import (
	"net/http"
	"net/url"
	"slices"
	"testing"

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
