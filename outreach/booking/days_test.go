package booking_test

import (
	"strings"
	"testing"
	"time"

	"presage"
	"presage/outreach/booking"
)

// letters writes the states of a month as one letter a day.
func letters(days []presage.FreeDay) string {
	var b strings.Builder
	for _, d := range days {
		b.WriteString(map[presage.DayState]string{
			presage.DayFree: "f", presage.DayFull: "-", presage.DayClosed: ".", presage.DayEarly: "<", presage.DayLate: ">",
		}[d.State])
	}
	return b.String()
}

func oneBay() presage.Workshop {
	return presage.Workshop{
		ID: "w", Zone: "Europe/Berlin", OpenHour: 8, CloseHour: 18, ClosedOn: []time.Weekday{time.Sunday},
		Bays: presage.PlainBays("b"), Technicians: []presage.Technician{{ID: "t"}},
		Closures: []presage.Closure{{From: "2026-12-24", To: "2026-12-26"}},
	}
}

// December 2026 begins on a Tuesday: Sundays are the 6th, 13th, 20th and 27th.
func TestDaysOfAMonth(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	at := func(day, hour int) time.Time { return time.Date(2026, time.December, day, hour, 0, 0, 0, zone) }
	s := booking.Search{
		Workshop: oneBay(), Duration: time.Hour, From: at(3, 12), To: at(29, 0),
		Busy: []booking.Busy{
			{Resource: "b", Start: at(7, 8), End: at(7, 18)}, // whole
			{Resource: "t", Start: at(8, 8), End: at(8, 17)}, // an hour is left
			{Resource: "b", Start: at(9, 9), End: at(9, 18)}, // an hour is left, and kept for somebody
		},
		Held: []presage.HeldTime{{Start: at(9, 8), End: at(9, 9), Offers: 1}},
	}
	days, err := booking.Days(s, at(1, 0))
	if err != nil {
		t.Fatal(err)
	}
	const want = "<<fff.-f-fff.ffffff.fff....f>>>"
	if got := letters(days); got != want {
		t.Errorf("December reads\n%s, want\n%s", got, want)
	}
	if !days[2].First.Equal(at(3, 12)) || !days[7].First.Equal(at(8, 17)) || days[0].Day != "2026-12-01" {
		t.Errorf("first starts %v and %v of %d days from %s", days[2].First, days[7].First, len(days), days[0].Day)
	}
}

// Days and Slots must say the same: a day is free exactly when it has a slot.
func TestDaysAgreeWithSlots(t *testing.T) {
	t.Parallel()
	s, month := crowded(t)
	days, err := booking.Days(s, month)
	if err != nil {
		t.Fatal(err)
	}
	slots, err := booking.Slots(s)
	if err != nil {
		t.Fatal(err)
	}
	first := map[string]time.Time{}
	for _, slot := range slots {
		day := slot.Start.In(month.Location()).Format(time.DateOnly)
		if _, known := first[day]; !known {
			first[day] = slot.Start
		}
	}
	if len(first) < 5 || len(first) > 28 {
		t.Fatalf("%d free days: the month shows nothing", len(first))
	}
	for _, d := range days {
		if at, free := first[d.Day]; free != (d.State == presage.DayFree) || !at.Equal(d.First) {
			t.Errorf("%s is %s from %v, its first slot %v", d.Day, d.State, d.First, at)
		}
	}
}

func TestMonthCannotBeRead(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "2026", "2026-13", "2026-12-01", "0001-01", "9999-01", "december"} {
		if _, err := presage.Month(text, time.UTC); err == nil {
			t.Errorf("%q was read as a month", text)
		}
	}
	for _, text := range []string{"", "2026-12", "2026-02-30"} {
		if _, err := presage.Date(text, time.UTC); err == nil {
			t.Errorf("%q was read as a day", text)
		}
	}
}

// crowded is a month of a large workshop: ten bays and technicians, of whom four
// in five quarter hours are sold, most in whole days.
func crowded(tb testing.TB) (booking.Search, time.Time) {
	tb.Helper()
	zone, err := time.LoadLocation("Asia/Shanghai")
	if err != nil {
		tb.Fatal(err)
	}
	month := time.Date(2026, time.December, 1, 0, 0, 0, 0, zone)
	s := booking.Search{Duration: 2 * time.Hour, From: month, To: month.AddDate(0, 1, 0)}
	s.Workshop = presage.Workshop{ID: "w", Zone: zone.String(), OpenHour: 8, CloseHour: 18}
	for i := range 10 {
		bay, person := "b"+string(rune('0'+i)), "t"+string(rune('0'+i))
		s.Workshop.Bays = append(s.Workshop.Bays, presage.Bay{ID: bay})
		s.Workshop.Technicians = append(s.Workshop.Technicians, presage.Technician{ID: person})
		for day := range 31 {
			for hour := range 10 {
				if day%3 == 0 && (day*7+hour+i*3)%11 < 3 {
					continue
				}
				at := month.AddDate(0, 0, day).Add(time.Duration(8+hour) * time.Hour)
				s.Busy = append(s.Busy, booking.Busy{Resource: bay, Start: at, End: at.Add(time.Hour)},
					booking.Busy{Resource: person, Start: at, End: at.Add(time.Hour)})
			}
		}
	}
	return s, month
}

func BenchmarkDays(b *testing.B) {
	s, month := crowded(b)
	for b.Loop() {
		if _, err := booking.Days(s, month); err != nil {
			b.Fatal(err)
		}
	}
}
