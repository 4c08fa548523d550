package booking_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/outreach/booking"
)

// Clocks go back in Berlin on Sunday, 25 October 2026: that day has 25 hours.
func TestWorkdays(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	w := workshop("Europe/Berlin")
	w.CloseHour = 18
	w.Closures = []presage.Closure{{From: "2026-10-24T13:00", Note: "Outing"}}
	w.Absences = []presage.Absence{{Resource: "t1", Closure: presage.Closure{From: "2026-10-24T10:00", To: "2026-10-26"}}}
	days, err := booking.Workdays(booking.Search{Workshop: w}, time.Date(2026, time.October, 24, 0, 0, 0, 0, berlin), 3)
	if err != nil {
		t.Fatal(err)
	}
	span := func(from, to string) presage.Span { return presage.Span{From: at(from), To: at(to)} }
	away := func(from, to string) presage.Stretch {
		return presage.Stretch{ID: "t1.20261024T1000.20261027T0000", Resource: "t1", From: at(from), To: at(to)}
	}
	want := []presage.BoardDay{
		{
			Day: "2026-10-24", From: at("2026-10-24 00:00 +0200"), To: at("2026-10-25 00:00 +0200"),
			Open: []presage.Span{span("2026-10-24 08:00 +0200", "2026-10-24 13:00 +0200")},
			Shut: []presage.Stretch{
				{ID: ".20261024T1300.20261025T0000", From: at("2026-10-24 13:00 +0200"), To: at("2026-10-25 00:00 +0200"), Note: "Outing"},
				away("2026-10-24 10:00 +0200", "2026-10-25 00:00 +0200"),
			},
			Visits: []presage.BoardVisit{},
		},
		{
			Day: "2026-10-25", From: at("2026-10-25 00:00 +0200"), To: at("2026-10-26 00:00 +0100"), Open: []presage.Span{},
			Shut: []presage.Stretch{away("2026-10-25 00:00 +0200", "2026-10-26 00:00 +0100")}, Visits: []presage.BoardVisit{},
		},
		{
			Day: "2026-10-26", From: at("2026-10-26 00:00 +0100"), To: at("2026-10-27 00:00 +0100"),
			Open: []presage.Span{span("2026-10-26 08:00 +0100", "2026-10-26 18:00 +0100")},
			Shut: []presage.Stretch{away("2026-10-26 00:00 +0100", "2026-10-27 00:00 +0100")}, Visits: []presage.BoardVisit{},
		},
	}
	if diff := cmp.Diff(want, days); diff != "" {
		t.Errorf("workdays (-want +got):\n%s", diff)
	}
}

// The early technician works until 14:00; the workshop rests at noon and on holidays.
func TestWorkdaysOfShifts(t *testing.T) {
	t.Parallel()
	weekdays := []time.Weekday{1, 2, 3, 4, 5}
	w := presage.Workshop{
		ID: "w", Zone: "UTC", Bays: []presage.Bay{{ID: "b"}},
		Week: []presage.WeekHours{{Days: weekdays, From: "08:00", To: "12:00"}, {Days: weekdays, From: "13:00", To: "18:00"}},
		Technicians: []presage.Technician{
			{ID: "early", Shifts: []presage.WeekHours{{Days: weekdays, From: "08:00", To: "14:00"}}}, {ID: "all"},
		},
	}
	s := booking.Search{Workshop: w, Holiday: func(local time.Time) bool { return local.Day() == 3 }}
	days, err := booking.Workdays(s, at("2026-11-02 00:00 +0000"), 2) // a Monday
	if err != nil {
		t.Fatal(err)
	}
	span := func(from, to string) presage.Span { return presage.Span{From: at(from), To: at(to)} }
	open := []presage.Span{span("2026-11-02 08:00 +0000", "2026-11-02 12:00 +0000"), span("2026-11-02 13:00 +0000", "2026-11-02 18:00 +0000")}
	off := []presage.Stretch{{Resource: "early", From: at("2026-11-02 14:00 +0000"), To: at("2026-11-02 18:00 +0000")}}
	if diff := cmp.Diff(open, days[0].Open) + cmp.Diff(off, days[0].Shut); diff != "" {
		t.Errorf("Monday (-want +got):\n%s", diff)
	}
	if len(days[1].Open)+len(days[1].Shut) != 0 {
		t.Errorf("the holiday is %+v", days[1])
	}
}
