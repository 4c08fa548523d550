package api_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
)

// fields are what a browser sends of the form that keeps an adviser.
func fields(page string) url.Values {
	values := url.Values{}
	_, form, _ := strings.Cut(page, `class="stack pad"`)
	for _, tag := range regexp.MustCompile(`<input [^>]*>`).FindAllString(form, -1) {
		of := func(name string) string {
			m := regexp.MustCompile(` ` + name + `="([^"]*)"`).FindStringSubmatch(tag)
			if m == nil {
				return ""
			}
			return html.UnescapeString(m[1])
		}
		if of("type") != "checkbox" || strings.Contains(tag, " checked") {
			values.Add(of("name"), of("value"))
		}
	}
	return values
}

func TestAnAdviserSavedUnchangedIsUnchanged(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const zhao = `{"name":"Zhao Min","languages":["zh","en"],"skills":["hv","safety"],"workshops":["w-1","w-gone"],` +
		`"zone":"America/New_York","from_hour":7,"to_hour":24,"off_on":[6,0],"absent_until":"2026-12-01T17:30:05.25Z"}`
	want(t, r.do(t, http.MethodPut, "/v1/advisers/zhao", zhao), http.StatusOK)
	before := decode[list[presage.Adviser]](t, r.get(t, "/v1/advisers")).Items
	const page = "/outreach/advisers"
	form := fields(r.get(t, page+"?edit=zhao").body)
	if form.Get("absent_until") != "2026-12-01T12:30:05.25" {
		t.Errorf("absent until %q, want New York's 12:30", form.Get("absent_until"))
	}
	want(t, r.form(t, page, form), http.StatusSeeOther)
	after := decode[list[presage.Adviser]](t, r.get(t, "/v1/advisers")).Items
	if diff := cmp.Diff(before, after); diff != "" || len(after) != 1 {
		t.Errorf("saved unchanged (-before +after):\n%s", diff)
	}
	form["off_on"] = []string{"3"}
	form.Set("absent_until", "")
	want(t, r.form(t, page, form), http.StatusSeeOther)
	if a := decode[list[presage.Adviser]](t, r.get(t, "/v1/advisers")).Items[0]; len(a.OffOn) != 1 || a.OffOn[0] != 3 || !a.AbsentUntil.IsZero() {
		t.Errorf("off on %v, absent until %v; want Wednesday, not absent", a.OffOn, a.AbsentUntil)
	}
	for name, bad := range map[string]string{"absent_until": "soon", "off_on": "7"} {
		form.Set(name, bad)
		want(t, r.form(t, page, form), http.StatusUnprocessableEntity)
		form.Del(name)
	}
	if form := fields(r.get(t, page).body); form.Get("id") != "" || form.Get("absent_until") != "" || form["off_on"] != nil {
		t.Errorf("the form for a new one begins with %v", form)
	}
}
