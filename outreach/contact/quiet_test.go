package contact_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"presage/outreach/calendar"
	"presage/outreach/contact"
)

func places(t interface{ Fatal(args ...any) }, names ...string) (list []calendar.Place) {
	for _, name := range names {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, calendar.Place{Country: "XX", Zone: zone})
	}
	return list
}

// dayOff makes one day, by everybody's own clock, a holiday.
func dayOff(days ...string) func(string, time.Time) bool {
	return func(_ string, local time.Time) bool {
		for _, day := range days {
			if local.Format(time.DateOnly) == day {
				return true
			}
		}
		return false
	}
}

// Moments are counted by hand from the zones' offsets and clock changes.
func TestQuietUntil(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		from, to int
		zones    []string
		holidays []string
		at, want string
	}{
		"day":         {21, 8, []string{"Asia/Shanghai"}, nil, "2026-11-02T02:00:00Z", "2026-11-02T02:00:00Z"},
		"night":       {21, 8, []string{"Asia/Shanghai"}, nil, "2026-11-02T13:00:00Z", "2026-11-03T00:00:00Z"},
		"never quiet": {0, 0, []string{"Asia/Shanghai"}, nil, "2026-11-02T18:00:00Z", "2026-11-02T18:00:00Z"},
		"at noon":     {12, 14, []string{"Europe/London"}, nil, "2026-11-02T13:59:59Z", "2026-11-02T14:00:00Z"},
		// Clocks go back on 25 October: eight is at 07:00 UTC, not at 06:00 as on the day before.
		"clocks go back":    {21, 8, []string{"Europe/Berlin"}, nil, "2026-10-24T20:00:00Z", "2026-10-25T07:00:00Z"},
		"clocks go forward": {21, 8, []string{"Europe/Berlin"}, nil, "2026-03-28T22:00:00Z", "2026-03-29T06:00:00Z"},
		// At 02:00 it is 03:00: an hour of quiet hours that end at two is left out.
		"an end that is not there": {21, 2, []string{"Europe/Berlin"}, nil, "2026-03-28T23:00:00Z", "2026-03-29T01:00:00Z"},
		"a holiday":                {21, 8, []string{"Asia/Shanghai"}, []string{"2026-10-01"}, "2026-10-01T02:00:00Z", "2026-10-02T00:00:00Z"},
		"an evening before":        {21, 8, []string{"Asia/Shanghai"}, []string{"2026-10-01"}, "2026-09-30T13:30:00Z", "2026-10-02T00:00:00Z"},
		"two in a row": {
			21, 8,
			[]string{"Asia/Shanghai"},
			[]string{"2026-10-01", "2026-10-02"},
			"2026-10-01T02:00:00Z", "2026-10-03T00:00:00Z",
		},
		// Santiago leaves out the midnight of 6 September: 24:00 is 01:00 of UTC-3.
		"a midnight that is not there": {
			0, 0,
			[]string{"America/Santiago"},
			[]string{"2026-09-05"},
			"2026-09-05T15:00:00Z", "2026-09-06T04:00:00Z",
		},
		// New York's evening is 01:00 UTC in summer, Honolulu's morning 18:00.
		"two zones, day":     {21, 8, []string{"America/New_York", "Pacific/Honolulu"}, nil, "2026-07-01T18:00:00Z", "2026-07-01T18:00:00Z"},
		"two zones, morning": {21, 8, []string{"America/New_York", "Pacific/Honolulu"}, nil, "2026-07-01T13:00:00Z", "2026-07-01T18:00:00Z"},
		"two zones, evening": {21, 8, []string{"America/New_York", "Pacific/Honolulu"}, nil, "2026-07-02T01:00:00Z", "2026-07-02T18:00:00Z"},
		"two zones, in winter": {
			21, 8,
			[]string{"America/New_York", "Pacific/Honolulu"},
			nil,
			"2026-12-02T01:30:00Z", "2026-12-02T01:30:00Z",
		},
		// Shanghai's day ends at 13:00 UTC, that of Los Angeles begins at 16:00: the first one's counts.
		"no hour suits both": {
			21, 8,
			[]string{"Asia/Shanghai", "America/Los_Angeles"},
			nil,
			"2026-12-01T14:00:00Z", "2026-12-02T00:00:00Z",
		},
	} {
		q := contact.Quiet{From: tc.from, To: tc.to, Places: places(t, tc.zones...)}
		if tc.holidays != nil {
			q.Holiday = dayOff(tc.holidays...)
		}
		at, err := time.Parse(time.RFC3339, tc.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := q.Until(at).UTC().Format(time.RFC3339); got != tc.want {
			t.Errorf("%s: %s, want %s", name, got, tc.want)
		}
	}
}

// A year of nothing but holidays keeps nobody from ever hearing of it.
func TestQuietWithoutAWorkingDay(t *testing.T) {
	t.Parallel()
	q := contact.Quiet{From: 21, To: 8, Places: places(t, "UTC"), Holiday: func(string, time.Time) bool { return true }}
	at := time.Date(2026, 11, 2, 23, 0, 0, 0, time.UTC)
	if got, want := q.Until(at), time.Date(2026, 11, 3, 8, 0, 0, 0, time.UTC); !got.Equal(want) {
		t.Errorf("%s, want %s", got, want)
	}
}

// Whatever the hour, the zones and the holidays: the moment is not before now, is
// decent in every zone, and no decent moment of whole quarters lies before it.
func TestQuietIsDecentEverywhere(t *testing.T) {
	t.Parallel()
	zones := []string{
		"Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "Europe/London", "America/New_York", "America/Sao_Paulo",
		"America/Santiago", "Africa/Cairo", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Kathmandu",
	}
	rapid.Check(t, func(t *rapid.T) {
		q := contact.Quiet{
			From: rapid.IntRange(18, 23).Draw(t, "from"), To: rapid.IntRange(5, 10).Draw(t, "to"),
			Places: places(t, rapid.SliceOfNDistinct(rapid.SampledFrom(zones), 1, 2, rapid.ID).Draw(t, "zones")...),
		}
		begin := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		now := begin.Add(time.Duration(rapid.IntRange(0, 366*24*4).Draw(t, "quarter")) * 15 * time.Minute)
		var off []string
		for range rapid.IntRange(0, 4).Draw(t, "holidays") {
			off = append(off, now.AddDate(0, 0, rapid.IntRange(-1, 4).Draw(t, "day")).Format(time.DateOnly))
		}
		q.Holiday = dayOff(off...)
		decent := func(at time.Time) bool {
			for _, p := range q.Places {
				local := at.In(p.Zone)
				if local.Hour() >= q.From || local.Hour() < q.To || q.Holiday(p.Country, local) {
					return false
				}
			}
			return true
		}
		at := now
		for !decent(at) && at.Sub(now) < 20*24*time.Hour {
			at = at.Add(15 * time.Minute)
		}
		if at.Sub(now) == 20*24*time.Hour {
			t.Skip("no hour suits both")
		}
		if got := q.Until(now); !got.Equal(at) {
			t.Fatalf("from %s: %s, want %s", now, got, at.UTC())
		}
	})
}
