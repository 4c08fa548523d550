package api_test

import (
	"net/http"
	"slices"
	"testing"

	"presage"
)

func (r *rig) putPolicy(t *testing.T, body, seen, query string) answer {
	t.Helper()
	return r.do(t, http.MethodPut, "/v1/policy?"+query, body, "Content-Type", "application/yaml", "If-Match", seen)
}

func TestPolicy(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	first := r.get(t, "/v1/policy")
	if p := decode[presage.Policy](t, first); p.Version != 0 || first.Header.Get("ETag") != `"0"` {
		t.Errorf("without a stored one: version %d, ETag %s; want 0", p.Version, first.Header.Get("ETag"))
	}
	for _, body := range []string{`{"format":1}`, `{"format":1,"cap":{"offers":3}}`} {
		seen := r.get(t, "/v1/policy").Header.Get("ETag")
		want(t, r.putPolicy(t, body, seen, "by=mia&note=winter"), http.StatusOK)
	}
	if p := decode[presage.Policy](t, r.get(t, "/v1/policy")); p.Version != 2 || p.By != "mia" || p.Note != "winter" {
		t.Errorf("in force: %+v, want version 2 of mia", p)
	}
	if p := decode[presage.Policy](t, r.get(t, "/v1/policy?version=1")); p.Version != 1 {
		t.Errorf("version %d, want 1", p.Version)
	}
	list1 := decode[list[presage.Policy]](t, r.get(t, "/v1/policy/versions?limit=1"))
	list2 := decode[list[presage.Policy]](t, r.get(t, "/v1/policy/versions?limit=1&after="+list1.Next))
	if len(list1.Items) != 1 || list1.Items[0].Version != 2 || len(list2.Items) != 1 || list2.Items[0].Version != 1 {
		t.Errorf("pages %v and %v, want version 2, then 1", list1.Items, list2.Items)
	}
	want(t, r.get(t, "/v1/policy?version=9"), http.StatusNotFound)
	want(t, r.putPolicy(t, `{"format":1}`, `"1"`, "by=mia"), http.StatusConflict)
	want(t, r.putPolicy(t, `{"format":1}`, `"two"`, "by=mia"), http.StatusUnprocessableEntity)
	_, fields := problemOf(t, r.putPolicy(t, `{"format":1,"cap":{"offers":101},"quiet_hours":{"from":24}}`, `"2"`, "by=mia"), 422)
	if !slices.Equal(fields, []string{"body.cap.offers", "body.quiet_hours.from"}) {
		t.Errorf("faults at %v, want both", fields)
	}
}
