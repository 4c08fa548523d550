package wording_test

import (
	"strings"
	"testing"

	"presage"
	"presage/internal/wording"
)

// One of a thing has its own form, which is there in both languages and belongs to a
// text for many.
func TestOneOfAThing(t *testing.T) {
	t.Parallel()
	book, err := wording.Open()
	if err != nil {
		t.Fatal(err)
	}
	for n, want := range map[string]string{"1": "1 vehicle has", "2": "2 vehicles have", "0": "0 vehicles have", "1,000": "1,000 vehicles have"} {
		if got := book.In(presage.English, "fleet.silent", n); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", n, got, want)
		}
	}
	if one, two := book.In(presage.English, "time.days", 1), book.In(presage.English, "time.days", 2); one != "1 day" || two != "2 days" {
		t.Errorf("%q and %q", one, two)
	}
	for _, key := range book.Keys() {
		if many, ok := strings.CutSuffix(key, ".one"); ok && book.In(presage.English, key) == book.In(presage.English, many) && book.Has(many) {
			t.Errorf("%s says what %s says", key, many)
		}
	}
}
