package api_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestStages(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/v1/conversations/stages"
	got := decode[struct {
		Figures []struct {
			Stage   string
			Median  int64   `json:"median_seconds"`
			P90     int64   `json:"p90_seconds"`
			Share   float64 `json:"missed_share"`
			Adviser string
		}
		Overdue []struct {
			CustomerID string `json:"customer_id"`
			Stage      string
		}
	}](t, r.get(t, path+"?by=adviser"))
	if len(got.Figures) != 1 || got.Figures[0].Median != 600 || got.Figures[0].P90 != 10_800 || got.Figures[0].Share != 0.25 ||
		got.Figures[0].Adviser != "Mia" || len(got.Overdue) == 0 {
		t.Errorf("figures %+v", got)
	}
	for _, query := range []string{
		"?by=nobody", "?from=yesterday", "?from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z",
		"?from=1990-11-02T00:00:00Z&to=2026-11-01T00:00:00Z",
	} {
		want(t, r.get(t, path+query), http.StatusUnprocessableEntity)
	}
	page := r.get(t, "/outreach/stages?lang=en&by=adviser&days=7")
	want(t, page, http.StatusOK)
	for _, part := range []string{"first answered", "25%", "10 min", "3 h", `class="fan"`, "not answered", "/outreach/conversations/c-"} {
		if !strings.Contains(page.body, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
	want(t, r.get(t, "/outreach/stages?lang=zh"), http.StatusOK)
}
