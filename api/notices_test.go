package api_test

import (
	"net/http"
	"strings"
	"testing"

	"presage"
)

func TestNotices(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	ids := func(query string) (list string, next string) {
		t.Helper()
		for _, n := range decode[pageOfNotices](t, r.get(t, "/v1/notices"+query)).Items {
			list += n.ID + " "
		}
		return strings.TrimSpace(list), decode[pageOfNotices](t, r.get(t, "/v1/notices"+query)).Next
	}
	for query, want := range map[string][2]string{
		"":                     {"n3 n2 n1", ""},
		"?limit=2":             {"n3 n2", "n2"},
		"?limit=2&before=n2":   {"n1", ""},
		"?kind=digest&limit=1": {"n2", "n2"},
		"?state=failed":        {"n1", ""},
	} {
		if got, next := ids(query); got != want[0] || next != want[1] {
			t.Errorf("%q: %q and the cursor %q, want %q", query, got, next, want)
		}
	}
	for _, query := range []string{"?before=nothing", "?kind=gossip", "?state=lost", "?limit=0"} {
		want(t, r.get(t, "/v1/notices"+query), http.StatusUnprocessableEntity)
	}
	page := r.get(t, "/outreach/stages?lang=en")
	want(t, page, http.StatusOK)
	for _, part := range []string{
		"E-mails to our own people", "A customer has waited too long", "waits for the mail server", "no connection",
		"ops@norvik.example", "nobody has the address",
	} {
		if !strings.Contains(page.body, part) {
			t.Errorf("the page lacks %q", part)
		}
	}
}

type pageOfNotices = list[presage.Notice]
