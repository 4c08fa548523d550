package api_test

import (
	"net/http"
	"strings"
	"testing"

	"presage"
)

const recallHeader = "id,title_zh,title_en,tell_zh,tell_en,safety,with_visit,job,make,models,from_year,to_year," +
	"powertrains,vin_prefix,from_serial,to_serial,vin\n"

// A recall is put, listed with its progress, and shown on the console with its cars.
func TestRecalls(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const hose = `{"title": {"zh": "制动软管", "en": "Brake hose"},
		"tell": {"zh": "可能渗漏。", "en": "It may leak."},
		"safety": true, "job": "brake_pads_front_replace", "vins": ["VIN"]}`
	put := strings.Replace(hose, "VIN", vin(), 1)
	want(t, r.do(t, http.MethodPut, "/v1/recalls/R-1", put, "Content-Type", "application/json"), http.StatusOK)
	want(t, r.do(t, http.MethodPut, "/v1/recalls/R-2", put, "Content-Type", "application/json"), http.StatusOK)
	first := decode[list[presage.RecallProgress]](t, r.get(t, "/v1/recalls?limit=1"))
	if len(first.Items) != 1 || first.Next != "R-1" || first.Items[0].Cars != 1 || first.Items[0].Open != 1 {
		t.Errorf("first page %+v", first)
	}
	rest := decode[list[presage.RecallProgress]](t, r.get(t, "/v1/recalls?after="+first.Next))
	if len(rest.Items) != 1 || rest.Items[0].ID != "R-2" || rest.Next != "" {
		t.Errorf("second page %+v", rest)
	}
	cars := decode[list[presage.RecallCar]](t, r.get(t, "/v1/recalls/R-1/vehicles?state=open"))
	if len(cars.Items) != 1 || string(cars.Items[0].VIN) != vin() {
		t.Errorf("cars %+v", cars)
	}
	noted := decode[struct{ Noted int }](t, r.json(t, "/v1/recalls/R-1/done", `{"vins": ["`+vin()+`"]}`))
	if noted.Noted != 1 {
		t.Errorf("%d noted, want 1", noted.Noted)
	}
	want(t, r.get(t, "/v1/recalls/none/vehicles"), http.StatusNotFound)
	want(t, r.json(t, "/v1/recalls/none/done", `{"vins": ["`+vin()+`"]}`), http.StatusNotFound)
	page := r.get(t, "/recalls?lang=en&id=R-1").body
	for _, text := range []string{"Brake hose", "Safety", "Cars of R-1", "Open"} {
		if !strings.Contains(page, text) {
			t.Errorf("the page does not say %q", text)
		}
	}
}

// All faults of a list are named with their lines, and nothing of it is taken in.
func TestRecallLists(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	post := func(query, body string) answer {
		return r.do(t, http.MethodPost, "/v1/recalls/import"+query, recallHeader+body, "Content-Type", "text/csv")
	}
	bad := post("", "R-1,软管,Hose,渗漏,Leaks,maybe,,no_such_job,,,,,,,,,\n"+
		"R-2,软管,,渗漏,Leaks,yes,,brake_pads_front_replace,BYD,Han|Tang,20x6,,,,,,\n"+
		"R-3,软管,Hose,渗漏,Leaks,,,brake_pads_front_replace,,,,,,,,,LSV\n")
	want(t, bad, http.StatusUnprocessableEntity)
	for _, text := range []string{
		"line 2: ", "want yes or no", "no_such_job", "it concerns no car",
		"line 3: ", "20x6", "want zh and en", "line 4: ", "VIN",
	} {
		if !strings.Contains(bad.body, text) {
			t.Errorf("the answer does not name %q: %s", text, bad.body)
		}
	}
	good := "R-1,软管,Hose,渗漏,Leaks,yes,,brake_pads_front_replace,,,,,,,,," + vin() + "\n" +
		"R-1,,,,,,,,BYD,Han|Tang,2020,2026,bev,,,,\n"
	count := func() int { return len(decode[list[presage.RecallProgress]](t, r.get(t, "/v1/recalls")).Items) }
	want(t, post("?dry_run=true", good), http.StatusOK)
	if n := count(); n != 0 {
		t.Errorf("%d recalls after a bad list and a dry run, want none", n)
	}
	changed(t, "a dry run", post("?dry_run=true", good), presage.RecallImport{Created: 1, DryRun: true})
	changed(t, "the first time", post("", good), presage.RecallImport{Created: 1})
	changed(t, "the same list again", post("", good), presage.RecallImport{Unchanged: 1})
	if n := count(); n != 1 {
		t.Errorf("%d recalls after the same list twice, want 1", n)
	}
}

// changed compares what a list changed.
func changed(t *testing.T, what string, a answer, want presage.RecallImport) {
	t.Helper()
	if got := decode[presage.RecallImport](t, a); got != want {
		t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

// JSON says what CSV says; what a list does not say of being closed stays.
func TestRecallListsInJSON(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	post := func(body string) answer {
		return r.do(t, http.MethodPost, "/v1/recalls/import", body, "Content-Type", "application/json")
	}
	one := func(more string) string {
		return `{"id": "R-1", "title": {"zh": "软管", "en": "Hose"}, "tell": {"zh": "渗漏", "en": "Leaks"}, "safety": true,
			"job": "brake_pads_front_replace", "vins": ["` + vin() + `"]` + more + `}`
	}
	csv := recallHeader + "R-1,软管,Hose,渗漏,Leaks,yes,,brake_pads_front_replace,,,,,,,,," + vin() + "\n"
	changed(t, "CSV", r.do(t, http.MethodPost, "/v1/recalls/import", csv, "Content-Type", "text/csv"), presage.RecallImport{Created: 1})
	changed(t, "the same as JSON", post(`{"recalls": [`+one("")+`]}`), presage.RecallImport{Unchanged: 1})
	changed(t, "closed", post("\ufeff["+one(`, "closed": true`)+"]"), presage.RecallImport{Updated: 1})
	changed(t, "closed already", post("["+one("")+"]"), presage.RecallImport{Unchanged: 1})
	bad := post("[\n" + one("") + ",\n" + one("") + ",\n\n" + one(`, "colour": "red"`) + ",\n" + `{"id": 7}` + "\n]")
	want(t, bad, http.StatusUnprocessableEntity)
	for _, text := range []string{"line 4: ", "there already, on line 2", "line 7: ", "colour", "line 9: ", "want text, not number"} {
		if !strings.Contains(bad.body, text) {
			t.Errorf("the answer does not name %q: %s", text, bad.body)
		}
	}
	for _, wrong := range []string{"[", `{"recalls": [`, `{"cars": []}`, `[]`, `[] x`, `{"recalls": [], "more": 1}`, `[1]`, "{", "[{}]"} {
		want(t, post(wrong), http.StatusUnprocessableEntity)
	}
}
