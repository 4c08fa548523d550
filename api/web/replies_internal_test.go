package web

import (
	"testing"
)

func TestShortLinkAndBay(t *testing.T) {
	t.Parallel()
	const link = "https://presage.example/b/a345oG83M3E1bG0yajY3"
	if got, want := shortLink("See "+link+" STOP", link), "See presage.example/b/a345oG83M3… STOP"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := shortLink("no link", ""); got != "no link" {
		t.Errorf("got %q", got)
	}
	for id, want := range map[string]string{"sh1-bay-2": "2", "A3": "A3", "bay-": "bay-"} {
		if got := bay(id); got != want {
			t.Errorf("bay %q: %q, want %q", id, got, want)
		}
	}
}
