package reply_test

import (
	"testing"
	"time"

	"presage/outreach/reply"
)

// TestLater reads when somebody wants to be asked again. 2 November 2026 is a Monday.
func TestLater(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)
	for text, want := range map[string]string{
		"ask me again next month":            "2026-12-01",
		"not now, ask me again in two weeks": "2026-11-16",
		"maybe later, in 10 days":            "2026-11-12",
		"remind me next week":                "2026-11-09",
		"下个月再说":                              "2026-12-01",
		"过两周再说":                              "2026-11-16",
		"三天后再说":                              "2026-11-05",
		"一个月以后再说":                            "2026-12-02",
		"ask me again in a fortnight":        "2026-11-16",
		"not now, ask me in a week":          "2026-11-09",
		"ask me again in march":              "2027-03-01",
		"四月份再提醒我":                            "2027-04-01",
		"ask me next year":                   "0001-01-01", // often a no: it is asked when
		"later":                              "0001-01-01",
		"以后再说":                               "0001-01-01",
		"not now":                            "0001-01-01",
	} {
		m := reply.Read(text, reply.Context{Slots: 3, Now: now})
		if got := m.Again.Format(time.DateOnly); got != want || m.Kind != reply.Later {
			t.Errorf("%q: kind %q, again %s, want later, %s", text, m.Kind, got, want)
		}
	}
}
