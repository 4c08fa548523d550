package booking_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/outreach/booking"
)

func shop(zone string, opens, closes int) presage.Workshop {
	return presage.Workshop{
		ID: "w1", Zone: zone, OpenHour: opens, CloseHour: closes,
		Bays: presage.PlainBays("b1"), Technicians: []presage.Technician{{ID: "t1"}},
	}
}

func zoneOf(t interface{ Fatal(args ...any) }, name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Every kind of clock change, each seen from days before and from that morning.
func TestEveryOpeningHourOnce(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		zone, day     string
		opens, closes int
		want          int // starts of an hour's job on that day: four an hour, the last an hour before closing
	}{
		{"Europe/Berlin", "2026-03-29", 8, 18, 37},
		{"Europe/Berlin", "2026-10-25", 8, 18, 37},
		{"Africa/Cairo", "2026-04-24", 8, 18, 37}, // 00:00 -> 01:00
		{"Asia/Beirut", "2026-03-29", 8, 18, 37},
		{"America/Santiago", "2026-09-06", 8, 18, 37},
		{"America/Santiago", "2027-09-05", 8, 18, 37},
		{"America/Havana", "2026-03-08", 8, 18, 37},
		{"America/Asuncion", "2023-10-01", 8, 18, 37},
		{"America/Sao_Paulo", "2018-11-04", 8, 18, 37},
		{"Asia/Kathmandu", "2028-02-29", 8, 18, 37}, // UTC+05:45
		{"Australia/Lord_Howe", "2026-10-04", 8, 18, 37},
		{"Pacific/Apia", "2011-12-29", 8, 18, 37},
		{"Pacific/Apia", "2011-12-30", 8, 18, 0}, // skipped
		{"Pacific/Apia", "2011-12-31", 8, 18, 37},
		{"Pacific/Kwajalein", "1993-08-21", 8, 18, 0}, // skipped
		{"Pacific/Kwajalein", "1993-08-22", 8, 18, 37},
		{"Europe/Berlin", "2026-03-29", 0, 24, 23*4 - 3},     // 02:00 -> 03:00
		{"Europe/Berlin", "2026-10-25", 0, 24, 25*4 - 3},     // 03:00 -> 02:00
		{"Europe/Berlin", "2026-03-29", 2, 5, 2*4 - 3},       // opens in the gap: at 03:00
		{"Europe/Berlin", "2026-03-29", 1, 2, 1},             // closes with it
		{"Europe/Berlin", "2026-10-25", 2, 4, 3*4 - 3},       // its first hour comes twice
		{"America/Santiago", "2026-09-06", 0, 3, 2*4 - 3},    // opens at a midnight that is not
		{"America/Sao_Paulo", "2018-02-17", 22, 24, 3*4 - 3}, // 24:00 -> 23:00
		{"Australia/Lord_Howe", "2026-10-04", 2, 4, 6 - 3},   // 02:00 -> 02:30
		{"Australia/Lord_Howe", "2026-04-05", 1, 3, 10 - 3},  // 02:00 -> 01:30
		{"America/St_Johns", "2010-11-06", 22, 24, 2*4 - 3},  // a minute past midnight back to 23:01: too short for an hour more
	} {
		zone := zoneOf(t, tc.zone)
		d, err := time.Parse(time.DateOnly, tc.day)
		if err != nil {
			t.Fatal(err)
		}
		w := shop(tc.zone, tc.opens, tc.closes)
		for _, from := range []time.Time{d.AddDate(0, 0, -3), d.Add(-27 * time.Hour)} {
			slots, err := booking.Slots(booking.Search{Workshop: w, Duration: time.Hour, From: from, To: d.AddDate(0, 0, 3)})
			if err != nil {
				t.Fatal(err)
			}
			n, seen := 0, map[string]bool{}
			for _, s := range slots {
				if seen[s.ID] {
					t.Errorf("%s %s: %s twice", tc.zone, tc.day, s.Start)
				}
				seen[s.ID] = true
				if s.Start.In(zone).Format(time.DateOnly) == tc.day {
					n++
				}
			}
			if n != tc.want {
				t.Errorf("%s %s, open %d to %d: %d starts, want %d", tc.zone, tc.day, tc.opens, tc.closes, n, tc.want)
			}
		}
	}
}

// Whatever the zone and the day: a slot is bookable, and the clocks of its
// first and last minute show opening hours of that day.
func TestSlotsLieInOpeningHours(t *testing.T) {
	t.Parallel()
	zones := []string{
		"Europe/Berlin", "America/Havana", "Africa/Casablanca", "Antarctica/Troll", "Australia/Lord_Howe", "Pacific/Apia",
		"America/Santiago", "Asia/Gaza", "Pacific/Chatham", "America/Scoresbysund", "Asia/Tehran", "Pacific/Kwajalein",
	}
	rapid.Check(t, func(t *rapid.T) {
		opens := rapid.IntRange(0, 23).Draw(t, "opens")
		w := shop(rapid.SampledFrom(zones).Draw(t, "zone"), opens, rapid.IntRange(opens+1, 24).Draw(t, "closes"))
		zone := zoneOf(t, w.Zone)
		from := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 50*365).Draw(t, "day"))
		s := booking.Search{Workshop: w, Duration: booking.Grid, From: from, To: from.AddDate(0, 0, 2)}
		slots, err := booking.Slots(s)
		if err != nil {
			t.Fatal(err)
		}
		sold := map[time.Time]bool{}
		for _, slot := range slots {
			sold[slot.Start] = true
			if at, err := booking.At(s, slot.Start); err != nil || len(at.Bays) == 0 {
				t.Fatalf("%s is not bookable: %v", slot.Start.In(zone), err)
			}
		}
		for at := from; at.Before(s.To); at = at.Add(booking.Grid) {
			hour := at.In(zone).Hour()
			if open := hour >= w.OpenHour && hour < w.CloseHour; open != sold[at] {
				t.Fatalf("%s: on sale %v, want %v", at.In(zone), sold[at], open)
			}
		}
	})
}

// Closed on 24 December from 13:00 and on the 25th and 26th; bay b1 is under
// repair on the 22nd, the technician away on the 23rd until noon.
func TestClosuresAndAbsences(t *testing.T) {
	t.Parallel()
	w := shop("Europe/Berlin", 8, 18)
	w.Closures = []presage.Closure{{From: "2026-12-24T13:00"}, {From: "2026-12-25", To: "2026-12-26", Note: "Christmas"}}
	w.Absences = []presage.Absence{
		{Resource: "b1", Closure: presage.Closure{From: "2026-12-22"}},
		{Resource: "t1", Closure: presage.Closure{From: "2026-12-23", To: "2026-12-23T12:00"}},
	}
	slots, err := booking.Slots(booking.Search{
		Workshop: w, Duration: 4 * time.Hour, From: at("2026-12-21 12:00 +0100"), To: at("2026-12-28 00:00 +0100"),
	})
	if err != nil {
		t.Fatal(err)
	}
	first, last := map[int]string{}, map[int]string{}
	for _, s := range slots {
		local := s.Start.In(zoneOf(t, w.Zone))
		if first[local.Day()] == "" {
			first[local.Day()] = local.Format("15:04")
		}
		last[local.Day()] = local.Format("15:04")
	}
	if diff := cmp.Diff(map[int]string{21: "12:00", 23: "12:00", 24: "08:00", 27: "08:00"}, first); diff != "" {
		t.Errorf("first starts (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int]string{21: "14:00", 23: "14:00", 24: "09:00", 27: "14:00"}, last); diff != "" {
		t.Errorf("last starts (-want +got):\n%s", diff)
	}
	for _, bad := range []presage.Closure{{}, {From: "24.12.2026"}, {From: "2026-12-24", To: "2026-12-23"}, {From: "2026-12-24T25:00"}} {
		w.Closures = []presage.Closure{bad}
		if _, err := booking.Slots(booking.Search{Workshop: w}); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%+v: %v, want ErrInvalid", bad, err)
		}
	}
}

// 15 hours of work in ten-hour days: two days in a row that are open, the night,
// the Sunday and the holiday are not sold.
func TestWorkOfSeveralDays(t *testing.T) {
	t.Parallel()
	w := shop("Europe/Berlin", 8, 18)
	w.ClosedOn = []time.Weekday{time.Sunday}
	w.Closures = []presage.Closure{{From: "2026-10-26", Note: "clocks went back on Sunday"}}
	s := booking.Search{Workshop: w, Duration: 15 * time.Hour, From: at("2026-10-24 00:00 +0200"), To: at("2026-10-25 00:00 +0200")}
	slots, err := booking.Slots(s)
	if err != nil {
		t.Fatal(err)
	}
	// From 08:00 (ten hours and five) to 13:00 (five and ten): 21 starts.
	if len(slots) != 21 || !slots[0].Start.Equal(at("2026-10-24 08:00 +0200")) || !slots[0].End.Equal(at("2026-10-27 13:00 +0100")) {
		t.Fatalf("%d slots, the first %+v", len(slots), slots[0])
	}
	place, err := booking.At(s, slots[0].Start)
	if err != nil {
		t.Fatal(err)
	}
	want := []presage.Span{
		{From: at("2026-10-24 08:00 +0200"), To: at("2026-10-24 18:00 +0200")},
		{From: at("2026-10-27 08:00 +0100"), To: at("2026-10-27 13:00 +0100")},
	}
	if diff := cmp.Diff(want, place.Hours); diff != "" {
		t.Errorf("hours (-want +got):\n%s", diff)
	}
	s.Busy = []booking.Busy{{Resource: "t1", Start: at("2026-10-27 12:45 +0100"), End: at("2026-10-27 13:15 +0100")}}
	if place, err := booking.At(s, slots[0].Start); err != nil || len(place.Bays) > 0 {
		t.Errorf("the technician is taken on the second day, and still %v %v", place.Bays, err)
	}
	s.Busy = []booking.Busy{{Resource: "t1", Start: at("2026-10-25 00:00 +0200"), End: at("2026-10-27 08:00 +0100")}}
	if place, err := booking.At(s, slots[0].Start); err != nil || len(place.Bays) == 0 {
		t.Errorf("the technician is taken between the two days only, and not free: %v", err)
	}
}

func TestImpossibleVisitsAreSaidToBe(t *testing.T) {
	t.Parallel()
	from := at("2026-11-23 00:00 +0100")
	for name, set := range map[string]func(*booking.Search){
		"longer than five days":  func(s *booking.Search) { s.Duration = 50*time.Hour + time.Minute },
		"nobody has the skill":   func(s *booking.Search) { s.Skills = []string{"welding"} },
		"no bay":                 func(s *booking.Search) { s.Workshop.Bays = nil },
		"never open":             func(s *booking.Search) { s.Workshop.ClosedOn = []time.Weekday{0, 1, 2, 3, 4, 5, 6} },
		"closes before it opens": func(s *booking.Search) { s.Workshop.CloseHour = 7 },
	} {
		s := booking.Search{Workshop: shop("Europe/Berlin", 8, 18), Duration: time.Hour, From: from, To: from.AddDate(0, 0, 7)}
		set(&s)
		if err := booking.Possible(s); !errors.Is(err, booking.ErrImpossible) || !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%s: possible? %v", name, err)
		}
		if slots, err := booking.Slots(s); err != nil || len(slots) > 0 {
			t.Errorf("%s: %d slots, %v", name, len(slots), err)
		}
	}
}
