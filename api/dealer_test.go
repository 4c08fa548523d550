package api_test

import (
	"net/http"
	"strings"
	"testing"

	"presage"
)

func TestImports(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	got := decode[presage.ImportReport](t, r.json(t, "/v1/imports?source=dms-1&dry_run=true", `{"customers": []}`))
	if got.Source != "dms-1" || !got.DryRun || got.Changes == nil {
		t.Errorf("report %+v", got)
	}
	want(t, r.json(t, "/v1/imports", `{}`), http.StatusUnprocessableEntity)
	want(t, r.json(t, "/v1/imports?source=dms-1", `nothing`), http.StatusUnprocessableEntity)
	post := func(list, body string) answer {
		return r.do(t, http.MethodPost, "/v1/imports/"+list+"?source=dms-1", body, "Content-Type", "text/csv")
	}
	want(t, post("customers", "id,name\nC1,A\n"), http.StatusOK)
	want(t, post("customers", "name\nA\n"), http.StatusUnprocessableEntity)
	want(t, post("cars", "id\n1\n"), http.StatusUnprocessableEntity)
}

func TestExports(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	first := decode[list[presage.ExportedBooking]](t, r.get(t, "/v1/exports/bookings?limit=1&source=dms-1"))
	if len(first.Items) != 1 || first.Next == "" || first.Items[0].External["booking"] == "" {
		t.Fatalf("the first page is %+v", first)
	}
	rest := decode[list[presage.ExportedBooking]](t, r.get(t, "/v1/exports/bookings?after="+first.Next))
	if len(rest.Items) == 0 || rest.Items[0].ID == first.Items[0].ID {
		t.Errorf("the rest is %+v", rest)
	}
	table := r.get(t, "/v1/exports/bookings?source=dms-1", "Accept", "text/csv")
	lines := strings.Split(strings.TrimSpace(table.body), "\n")
	if len(lines) != len(rest.Items)+2 || !strings.HasPrefix(lines[0], "id,case_id,vin,") || !strings.Contains(lines[1], "'=1+1") {
		t.Errorf("table:\n%s", table.body)
	}
	want(t, r.get(t, "/v1/exports/bookings?after=nothing"), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/v1/exports/work-orders"), http.StatusOK)
	want(t, r.get(t, "/v1/exports/work-orders", "Accept", "text/csv"), http.StatusOK)
}
