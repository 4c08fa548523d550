package contact_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"presage"
	"presage/outreach/contact"
)

func TestAfter(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"120":                           2 * time.Minute,
		"Mon, 23 Nov 2026 02:01:00 GMT": time.Minute,
		"Mon, 23 Nov 2026 01:00:00 GMT": 0, // gone by
		"":                              0,
		"-5":                            0,
		"soon":                          0,
	} {
		answer := http.Header{"Date": {"Mon, 23 Nov 2026 02:00:00 GMT"}, "Retry-After": {text}}
		err := contact.After(presage.ErrUnavailable, answer)
		if got := contact.Wait(err); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
		if !errors.Is(err, presage.ErrUnavailable) {
			t.Errorf("%q: the kind is lost", text)
		}
	}
}
