package api_test

import (
	"net/http"
	"testing"

	"presage"
)

func TestDecisions(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	first := decode[list[presage.DecisionRecord]](t, r.get(t, "/v1/decisions?limit=1"))
	if len(first.Items) != 1 || first.Items[0].ID != "d1" || first.Next != "d1" {
		t.Fatalf("the first page is %+v, want d1 and a cursor", first)
	}
	next := decode[list[presage.DecisionRecord]](t, r.get(t, "/v1/decisions?limit=1&after=d1"))
	if len(next.Items) != 1 || next.Items[0].Outcome != presage.DecisionCapped || next.Next != "" {
		t.Errorf("the second page is %+v, want d2 and no cursor", next)
	}
	late := decode[list[presage.DecisionRecord]](t, r.get(t, "/v1/decisions?from=2026-11-21T00:00:00Z"))
	if len(late.Items) != 1 || late.Items[0].ID != "d2" {
		t.Errorf("from the 21st on: %+v, want d2", late.Items)
	}
	want(t, r.get(t, "/v1/decisions?after=nothing"), http.StatusUnprocessableEntity)
	want(t, r.get(t, "/v1/decisions?from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z"), http.StatusUnprocessableEntity)
}
