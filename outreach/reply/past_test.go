package reply_test

import (
	"testing"
	"time"

	"presage/outreach/reply"
	"presage/outreach/reply/corpus"
)

// The day on which it was done, told on Friday 27 November 2026.
func TestDoneOn(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"had them replaced yesterday":           "2026-11-26",
		"already done on the 12th":              "2026-11-12",
		"pads were changed on 12 November":      "2026-11-12",
		"new pads were fitted last wednesday":   "2026-11-18",
		"my garage replaced them 3 weeks ago":   "around 2026-11-06",
		"already replaced last week":            "around 2026-11-20",
		"already had them replaced in august":   "around 2026-08-15",
		"already had them replaced in december": "around 2025-12-15",
		"already done":                          "",
		"上周三已经换过了":                              "2026-11-18",
		"昨天已经换好了":                               "2026-11-26",
		"12号已经换过了":                              "2026-11-12",
		"11月3号修好了":                              "2026-11-03",
		"三天前已经换了":                               "around 2026-11-24",
		"上個月已經換過了":                              "around 2026-10-28",
		"已经换过了":                                 "",
	} {
		m := reply.Read(text, corpus.Offer())
		have := ""
		if !m.Past.IsZero() {
			have = m.Past.Format(time.DateOnly)
		}
		if m.Around {
			have = "around " + have
		}
		if m.Kind != reply.Done || have != want {
			t.Errorf("%q: %s on %q, want %q", text, m.Kind, have, want)
		}
	}
}
