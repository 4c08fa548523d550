package booking_test

import (
	"errors"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/outreach/booking"
)

func workshop(zone string) presage.Workshop {
	return presage.Workshop{
		ID: "w1", Zone: zone, OpenHour: 8, CloseHour: 10, ClosedOn: []time.Weekday{time.Sunday},
		Bays:        presage.PlainBays("b1", "b2"),
		Technicians: []presage.Technician{{ID: "t1"}, {ID: "t2", Skills: []string{"hv"}}},
	}
}

func at(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04 -0700", text)
	if err != nil {
		panic(err)
	}
	return t.UTC()
}

func starts(slots []presage.Slot, zone *time.Location) []string {
	var list []string
	for _, s := range slots {
		list = append(list, s.Start.In(zone).Format("Mon 15:04 -0700"))
	}
	return list
}

func TestSlots(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	base := booking.Search{
		Workshop: workshop("Europe/Berlin"), Duration: 90 * time.Minute,
		From: at("2026-03-27 00:00 +0100"), To: at("2026-03-31 00:00 +0200"),
	}
	taken := func(resource, from, to string) booking.Busy {
		return booking.Busy{Resource: resource, Start: at("2026-03-27 " + from + " +0100"), End: at("2026-03-27 " + to + " +0100")}
	}
	tests := map[string]struct {
		set  func(*booking.Search)
		want []string
	}{
		// Clocks go forward in Berlin on Sunday 29 March 2026: the workshop opens at 08:00 on both sides, and not on Sunday.
		"over a clock change": {
			want: []string{
				"Fri 08:00 +0100", "Fri 08:15 +0100", "Fri 08:30 +0100",
				"Sat 08:00 +0100", "Sat 08:15 +0100", "Sat 08:30 +0100",
				"Mon 08:00 +0200", "Mon 08:15 +0200", "Mon 08:30 +0200",
			},
		},
		"a limit":         {set: func(s *booking.Search) { s.Limit = 2 }, want: []string{"Fri 08:00 +0100", "Fri 08:15 +0100"}},
		"one a day":       {set: func(s *booking.Search) { s.PerDay = 1 }, want: []string{"Fri 08:00 +0100", "Sat 08:00 +0100", "Mon 08:00 +0200"}},
		"not before from": {set: func(s *booking.Search) { s.From, s.Limit = at("2026-03-27 08:16 +0100"), 1 }, want: []string{"Fri 08:30 +0100"}},
		// 150 minutes of two-hour days: two days, and Friday 10:00 to Saturday 08:00 is no work.
		"too long for one day": {
			set: func(s *booking.Search) { s.Duration, s.Limit = 150*time.Minute, 8 },
			want: []string{
				"Fri 08:00 +0100", "Fri 08:15 +0100", "Fri 08:30 +0100", "Fri 08:45 +0100", "Fri 09:00 +0100",
				"Fri 09:15 +0100", "Fri 09:30 +0100", "Sat 08:00 +0100",
			},
		},
		"both bays taken": {
			set: func(s *booking.Search) {
				s.Limit = 1
				s.Busy = []booking.Busy{taken("b2", "09:00", "10:00"), taken("b1", "08:00", "08:30"), taken("b1", "09:45", "10:00")}
			},
			want: []string{"Sat 08:00 +0100"},
		},
		"the skilled technician is taken": {
			set: func(s *booking.Search) {
				s.Limit, s.Skills, s.Busy = 1, []string{"hv"}, []booking.Busy{taken("t2", "08:00", "08:15")}
			},
			want: []string{"Fri 08:15 +0100"},
		},
		"an end frees a start": {
			set: func(s *booking.Search) {
				s.Limit, s.Duration = 1, time.Hour
				s.Busy = []booking.Busy{taken("b1", "08:00", "09:00"), taken("b2", "08:00", "09:00")}
			},
			want: []string{"Fri 09:00 +0100"},
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := base
			if tc.set != nil {
				tc.set(&s)
			}
			slots, err := booking.Slots(s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, starts(slots, berlin)); diff != "" {
				t.Errorf("slots (-want +got):\n%s", diff)
			}
		})
	}
}

func TestEverySlotHasItsCandidates(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w := workshop(rapid.SampledFrom([]string{"Asia/Shanghai", "America/New_York", "Europe/Berlin"}).Draw(t, "zone"))
		w.CloseHour = 18
		from := at("2026-10-20 00:00 +0000").Add(time.Duration(rapid.IntRange(0, 14*24).Draw(t, "h")) * time.Hour)
		s := booking.Search{
			Workshop: w, Duration: time.Duration(rapid.IntRange(1, 300).Draw(t, "minutes")) * time.Minute,
			From: from, To: from.AddDate(0, 0, 3),
		}
		for i := range rapid.IntRange(0, 6).Draw(t, "busy") {
			start := from.Add(time.Duration(rapid.IntRange(0, 280).Draw(t, "q")) * booking.Grid)
			s.Busy = append(s.Busy, booking.Busy{
				Resource: []string{"b1", "b2", "t1", "t2"}[i%4], Start: start, End: start.Add(5 * time.Hour),
			})
		}
		slots, err := booking.Slots(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, slot := range slots {
			at, err := booking.At(s, slot.Start)
			if err != nil || len(at.Bays) == 0 || len(at.Technicians) == 0 {
				t.Fatalf("slot %s has bays %v, technicians %v, %v", slot.Start, at.Bays, at.Technicians, err)
			}
			for _, b := range s.Busy {
				if b.Resource == at.Bays[0] && b.Start.Before(slot.End) && b.End.After(slot.Start) {
					t.Fatalf("slot %s would share bay %s", slot.Start, at.Bays[0])
				}
			}
		}
		if at, _ := booking.At(s, from.Add(7*time.Minute)); len(at.Bays) > 0 {
			t.Fatal("a start off the grid has bays")
		}
	})
}

func TestSlotID(t *testing.T) {
	t.Parallel()
	start := at("2026-03-27 08:00 +0100")
	w, got, err := booking.ParseSlotID(booking.SlotID("w@1", start))
	if err != nil || w != "w@1" || !got.Equal(start) {
		t.Errorf("got %q %s %v", w, got, err)
	}
	for _, bad := range []string{"", "@1", "w", "w@", "w@x"} {
		if _, _, err := booking.ParseSlotID(bad); !errors.Is(err, presage.ErrInvalid) {
			t.Errorf("%q: %v, want ErrInvalid", bad, err)
		}
	}
}

func TestWorkIsDoneOnce(t *testing.T) {
	t.Parallel()
	job := presage.Job{Code: "a", Minutes: 50, Skill: "hv", Parts: []presage.PartQuantity{{Part: "p", Quantity: 2}}}
	more := presage.Job{Code: "b", Minutes: 30, Skill: "hv", Parts: []presage.PartQuantity{{Part: "p", Quantity: 1}}}
	n := booking.Work([]presage.Job{job, more, job})
	if n.Duration != 90*time.Minute || len(n.Skills) != 1 {
		t.Errorf("%s, skills %v; want 80 minutes rounded up to 90 and one skill", n.Duration, n.Skills)
	}
	if diff := cmp.Diff([]presage.PartQuantity{{Part: "p", Quantity: 3}}, n.Parts); diff != "" {
		t.Errorf("parts (-want +got):\n%s", diff)
	}
}

func TestPickOffersAChoice(t *testing.T) {
	t.Parallel()
	w := workshop("Asia/Shanghai")
	w.CloseHour = 18
	from := at("2026-11-23 00:00 +0800") // a Monday
	slots, err := booking.Slots(booking.Search{Workshop: w, Duration: time.Hour, From: from, To: from.AddDate(0, 0, 12)})
	if err != nil {
		t.Fatal(err)
	}
	shanghai := time.FixedZone("CST", 8*3600)
	// The target is Friday 27: the day itself, the day before and two days before are nearer than Monday 30 (late days count double).
	got := starts(booking.Pick(slots, at("2026-11-27 12:00 +0800"), 3, shanghai), shanghai)
	want := []string{"Wed 12:00 +0800", "Thu 15:00 +0800", "Fri 09:00 +0800"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("picked (-want +got):\n%s", diff)
	}
	if got := booking.Pick(slots[:2], from, 3, shanghai); len(got) != 2 {
		t.Errorf("picked %d of 2 slots, want both", len(got))
	}
}

func TestCalendar(t *testing.T) {
	t.Parallel()
	e := booking.Entry{
		Booking: presage.Booking{ID: "b1", CaseID: "c1", Sequence: 2, State: presage.BookingConfirmed, Start: at("2026-03-27 08:00 +0100"), End: at("2026-03-27 09:00 +0100")},
		Zone:    "Europe/Berlin", Title: "BYD Han: 更换前制动片", Location: "Workshop, Street 1", URL: "https://service.example/b/x", Stamp: at("2026-03-01 00:00 +0000"),
	}
	got := string(booking.Calendar(e))
	// RFC 5545: local date-times name their zone, commas in texts are escaped, lines end in CR LF. The zone's last
	// change before the visit was on 26 October 2025; its next ones are on 29 March and 25 October 2026, 28 March 2027
	// is more than a year away.
	for _, want := range []string{
		"BEGIN:VCALENDAR\r\n", "METHOD:PUBLISH\r\n", "UID:c1@presage\r\n", "SEQUENCE:2\r\n",
		"DTSTART;TZID=Europe/Berlin:20260327T080000\r\n", "DTEND;TZID=Europe/Berlin:20260327T090000\r\n",
		"LOCATION:Workshop\\, Street 1\r\n", "STATUS:CONFIRMED\r\n", "TRIGGER:-P1D\r\n", "TRIGGER:-PT2H\r\n", "END:VCALENDAR\r\n",
		"BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\n",
		"BEGIN:STANDARD\r\nDTSTART:20251026T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nTZNAME:CET\r\nEND:STANDARD\r\n",
		"BEGIN:DAYLIGHT\r\nDTSTART:20260329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nTZNAME:CEST\r\nEND:DAYLIGHT\r\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	e.Booking.State, e.Booking.Sequence = presage.BookingCancelled, 3
	got = string(booking.Calendar(e))
	for _, want := range []string{"METHOD:CANCEL\r\n", "STATUS:CANCELLED\r\n", "UID:c1@presage\r\n", "SEQUENCE:3\r\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("cancelled: no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "VALARM") {
		t.Error("an alarm for a cancelled visit")
	}
	// 01:30 comes twice in New York on 1 November 2026, first at 05:30 UTC; a reader takes local time for the first.
	e.Zone, e.Booking.Start, e.Booking.End = "America/New_York", at("2026-11-01 05:30 +0000"), at("2026-11-01 06:30 +0000")
	got = string(booking.Calendar(e))
	for _, want := range []string{"DTSTART;TZID=America/New_York:20261101T013000\r\n", "DTEND:20261101T063000Z\r\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("doubled hour: no %q in\n%s", want, got)
		}
	}
}

func BenchmarkSlots(b *testing.B) {
	w := workshop("Asia/Shanghai")
	w.CloseHour = 18
	from := at("2026-11-23 00:00 +0800")
	s := booking.Search{Workshop: w, Duration: time.Hour, From: from, To: from.AddDate(0, 0, 28)}
	for i := range 200 {
		start := from.Add(time.Duration(i) * 3 * time.Hour)
		s.Busy = append(s.Busy, booking.Busy{Resource: []string{"b1", "t1"}[i%2], Start: start, End: start.Add(time.Hour)})
	}
	for b.Loop() {
		if _, err := booking.Slots(s); err != nil {
			b.Fatal(err)
		}
	}
}

// Names from outside add no line to the file for any reader: the separators are
// those of Python's str.splitlines, which splits at the most.
func TestCalendarKeepsItsLines(t *testing.T) {
	t.Parallel()
	var evil strings.Builder
	for _, r := range "\r\n\v\f\x1c\x1d\x1e\u0085\u2028\u2029\x00\x1b\x7f" {
		evil.WriteString("Garage" + string(r) + "ATTENDEE:mailto:x@example.com")
	}
	text := string(booking.Calendar(booking.Entry{Title: evil.String(), Location: evil.String(), Notes: evil.String() + "\r\nend"}))
	text = strings.ReplaceAll(text, "\r\n ", "")
	for _, l := range strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}) {
		if strings.HasPrefix(l, "ATTENDEE") {
			t.Errorf("a name became a property: %q", text)
		}
	}
	if rest := strings.ReplaceAll(text, "\r\n", ""); strings.ContainsFunc(rest, unicode.IsControl) {
		t.Errorf("control characters stay: %q", rest)
	}
	if !strings.Contains(text, `\nend`) {
		t.Error("the notes lost their lines")
	}
}
