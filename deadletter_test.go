package presage_test

import (
	"bytes"
	"testing"

	"presage"
)

func TestMaskTopic(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"presage/v1/LPSVSED07R0000042/telemetry": "presage/v1/LPS**********0042/telemetry",
		"presage/v1/nonsense/event":              "presage/v1/***/event",
		"gbt32960/LPSVSED07R0000042/frame":       "gbt32960/LPS**********0042/frame",
		"gbt32960/-/noise":                       "gbt32960/-/noise",
		"other":                                  "other",
	} {
		if got := presage.MaskTopic(in); got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}

func TestExcerptIsPrintable(t *testing.T) {
	t.Parallel()
	if got := (presage.DeadLetter{Payload: []byte("a\x00\xffb\n" + "制")}).Excerpt(); got != "a··b\n制" {
		t.Errorf("got %q", got)
	}
	if got := (presage.DeadLetter{Payload: bytes.Repeat([]byte("x"), 3000)}).Excerpt(); len(got) != 2000+len(" …") {
		t.Errorf("%d bytes, want 2000 and an ellipsis", len(got))
	}
}
