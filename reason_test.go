package presage_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
)

func TestReasonsAreKeptAsData(t *testing.T) {
	t.Parallel()
	r := presage.Because(presage.WhyBooked, "start", "2026-12-23T09:00:00Z", "via", "link").
		With(presage.Because(presage.WhyCall))
	const stored = `{"code":"booked","args":{"start":"2026-12-23T09:00:00Z","via":"link"},"and":[{"code":"call"}]}`
	if got := r.Stored(); got != stored {
		t.Errorf("stored as %s", got)
	}
	if diff := cmp.Diff(r, presage.ReasonOf(stored)); diff != "" {
		t.Error(diff)
	}
	if got := r.String(); got != "booked start=2026-12-23T09:00:00Z via=link; call" {
		t.Errorf("for logs: %s", got)
	}
	if got := presage.ReasonOf(" "); !got.IsZero() || got.Stored() != "" {
		t.Errorf("nothing is %v", got)
	}
	for _, prose := range []string{"the garage rang", `{"other":1}`} {
		if got := presage.ReasonOf(prose); !got.Equal(presage.Because(presage.WhyNote, "text", prose)) {
			t.Errorf("%q became %v", prose, got)
		}
	}
}
