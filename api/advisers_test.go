package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestAdvisers(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path, zhao = "/v1/advisers", `{"name":"Zhao Min","languages":["zh","en"],"skills":["hv"],"zone":"Asia/Shanghai","from_hour":0,"to_hour":24}`
	want(t, r.do(t, http.MethodPut, path+"/zhao", zhao), http.StatusOK)
	want(t, r.do(t, http.MethodPut, path+"/other", zhao), http.StatusConflict)
	list := r.get(t, path)
	want(t, list, http.StatusOK)
	for _, part := range []string{`"Zhao Min"`, `"open":2`, `"on_duty":true`, `"workshops":[]`} {
		if !strings.Contains(list.body, part) {
			t.Errorf("the list lacks %s: %s", part, list.body)
		}
	}
	bad := r.do(t, http.MethodPut, path+"/x", `{"name":"manager","languages":["fr"],"skills":["A B"],"zone":"Mars","from_hour":9,"to_hour":9,"off_on":[7]}`)
	want(t, bad, http.StatusUnprocessableEntity)
	for _, field := range []string{"body.name", "body.languages[0]", "body.skills[0]", "body.zone", "body.from_hour", "body.off_on[0]"} {
		if !strings.Contains(bad.body, field) {
			t.Errorf("%s is not named in %s", field, bad.body)
		}
	}
	page := "/outreach/advisers"
	form := url.Values{
		"id": {"mia"}, "name": {"Mia"}, "lang": {"en", "zh"}, "skills": {"hv, safety"}, "from": {"0"}, "to": {"24"},
		"zone": {"Europe/Berlin"}, "workshop": {""},
	}
	want(t, r.form(t, page, form), http.StatusSeeOther)
	want(t, r.form(t, page, url.Values{"id": {"mia"}, "absent": {"7"}}), http.StatusSeeOther)
	got := r.get(t, page+"?lang=en").body
	for _, part := range []string{"Mia", "hv, safety", "Absent until", "On duty"} {
		if !strings.Contains(got, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	form.Set("from", "x")
	want(t, r.form(t, page, form), http.StatusUnprocessableEntity)
	want(t, r.form(t, page, url.Values{"id": {"nobody"}, "absent": {"7"}}), http.StatusNotFound)
	want(t, r.form(t, page+"/mia/remove", nil), http.StatusSeeOther)
	want(t, r.do(t, http.MethodDelete, path+"/mia", ""), http.StatusNotFound)
	want(t, r.do(t, http.MethodDelete, path+"/zhao", ""), http.StatusNoContent)
}
