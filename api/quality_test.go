package api_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"presage"
)

func TestQuality(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	first := decode[list[presage.QualityReport]](t, r.get(t, "/v1/data-quality?limit=1"))
	rest := decode[list[presage.QualityReport]](t, r.get(t, "/v1/data-quality?after="+first.Next))
	if len(first.Items) != 1 || len(rest.Items) != 1 || rest.Items[0].Source != "dms-1" {
		t.Errorf("pages %+v and %+v", first, rest)
	}
	const records = "/v1/data-quality/records?source=dms-1&check=phone_twice"
	one := decode[list[presage.QualityRecord]](t, r.get(t, records+"&limit=1"))
	two := decode[list[presage.QualityRecord]](t, r.get(t, records+"&after="+one.Next))
	if len(two.Items) != 1 || two.Items[0].ID != "k2" || two.Next != "" {
		t.Errorf("records %+v, then %+v", one, two)
	}
	want(t, r.get(t, "/v1/data-quality/records?source=dms-1"), http.StatusUnprocessableEntity)
	want(t, r.get(t, records+"&after=nothing"), http.StatusUnprocessableEntity)
}

func TestMerges(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	var ids []string
	for _, v := range decode[list[presage.Vehicle]](t, r.get(t, "/v1/vehicles?limit=20")).Items {
		if len(ids) == 0 || ids[0] != v.CustomerID {
			ids = append(ids, v.CustomerID)
		}
	}
	merge := func(keep, gone string) answer {
		return r.json(t, "/v1/merges", `{"keep": "`+keep+`", "gone": "`+gone+`", "who": "Anna"}`)
	}
	want(t, merge(ids[0], ids[0]), http.StatusUnprocessableEntity)
	want(t, merge(ids[0], "nobody"), http.StatusNotFound)
	m := decode[presage.Merge](t, merge(ids[0], ids[1]))
	want(t, r.json(t, "/v1/merges/"+m.ID+"/undo", `{"who": "Ben"}`), http.StatusOK)
	want(t, r.json(t, "/v1/merges/"+m.ID+"/undo", `{"who": "Ben"}`), http.StatusConflict)
	want(t, r.json(t, "/v1/merges/nothing/undo", `{"who": "Ben"}`), http.StatusNotFound)
	if got := decode[list[presage.Merge]](t, r.get(t, "/v1/merges")).Items; len(got) != 1 || got[0].UndoneBy != "Ben" {
		t.Errorf("merges %+v", got)
	}
	want(t, r.get(t, "/v1/merges?after=nothing"), http.StatusUnprocessableEntity)

	want(t, r.form(t, "/data/merges", url.Values{"keep": {ids[0]}, "gone": {ids[1]}, "who": {""}}), http.StatusUnprocessableEntity)
	want(t, r.form(t, "/data/merges", url.Values{"keep": {ids[0]}, "gone": {ids[1]}, "who": {"Anna"}}), http.StatusSeeOther)
	page := r.get(t, "/data/quality?source=dms-1&check=phone_twice").body
	for _, text := range []string{"33.3 %", "Merge into k1", "undone by Ben", `action="/data/merges/m2/undo"`} {
		if !strings.Contains(page, text) {
			t.Errorf("no %q on the page", text)
		}
	}
	want(t, r.form(t, "/data/merges/m2/undo", url.Values{"who": {"Anna"}}), http.StatusSeeOther)
	if !strings.Contains(r.get(t, "/data").body, "Same phone twice") {
		t.Error("/data does not show the sources")
	}
}
