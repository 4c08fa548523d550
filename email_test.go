package presage_test

import (
	"errors"
	"strings"
	"testing"

	"presage"
)

func TestParseEmail(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]presage.Email{
		"":                              "",
		"\tAnna.Berg+car@Example.COM\n": "Anna.Berg+car@example.com",
		"a@xn--bcher-kva.example":       "a@xn--bcher-kva.example",
		"o'neil@mail.co.uk":             "o'neil@mail.co.uk",
	} {
		if got, err := presage.ParseEmail(text); got != want || err != nil {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{
		"anna", "anna@", "@example.com", "anna@localhost", "Anna <anna@example.com>", "anna@example..com", "a b@example.com",
		"anna@exämple.com", "änna@example.com", "anna@example.com\r\nBcc: eve@example.com", "a@-x.com", "a@x-.com",
		"a@[127.0.0.1]", "a,b@example.com", "a@b.com,c@d.com", strings.Repeat("a", 250) + "@b.com", "a@b_c.com",
	} {
		_, err := presage.ParseEmail(text)
		if !errors.Is(err, presage.ErrInvalid) || strings.Contains(err.Error(), text) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if got := presage.Email("anna@example.com").Masked(); got != "a***@***.com" {
		t.Errorf("masked %q", got)
	}
}
