package booking_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"presage"
	"presage/outreach/booking"
)

// garage has a lunch break, a short Saturday, a lift, a high-voltage bay and a van.
func garage() presage.Workshop {
	days := []time.Weekday{1, 2, 3, 4, 5}
	return presage.Workshop{
		ID: "g", Zone: "Europe/Berlin", Place: &presage.Place{Lat: 52.52, Lon: 13.405},
		Week: []presage.WeekHours{
			{Days: days, From: "08:00", To: "12:00"},
			{Days: days, From: "13:00", To: "18:00"},
			{Days: []time.Weekday{6}, From: "09:00", To: "13:00"},
		},
		Bays: []presage.Bay{
			{ID: "floor"},
			{ID: "lift", Kinds: []string{"lift"}},
			{ID: "hv", Kinds: []string{"hv", "lift"}},
			{ID: "van", Kinds: []string{"van"}, RadiusKm: 20},
		},
		Technicians: []presage.Technician{
			{ID: "early", Shifts: []presage.WeekHours{{Days: days, From: "08:00", To: "14:00"}}},
			{
				ID: "late", Skills: []string{"hv"}, Certificates: []presage.Certificate{{Skill: "hv", Until: "2026-11-25"}},
				Shifts: []presage.WeekHours{{Days: []time.Weekday{1, 2, 3, 4, 5, 6}, From: "11:00", To: "18:00"}},
			},
		},
	}
}

// A week from Monday 23 November 2026 in Berlin, by hand.
func TestSlotsOfAWeekWithBreaksAndShifts(t *testing.T) {
	t.Parallel()
	nearby, far := presage.Place{Lat: 52.6, Lon: 13.405}, presage.Place{Lat: 53, Lon: 13.405} // 9 and 53 km north
	for name, tc := range map[string]struct {
		set  func(*booking.Search)
		want string // the first and the last start of each day
	}{
		// Early from 8 to 12 and 13 to 14, late from 11 to 12 and 13 to 18; late alone on Saturday from 11 to 13.
		"an hour": {
			want: "Mon 08:00-17:00 Tue 08:00-17:00 Wed 08:00-17:00 Thu 08:00-17:00 Fri 08:00-17:00 Sat 11:00-12:00",
		},
		// Over the break it goes on: early from 8 to 9 (to 14:00), late from 11 to 13:00.
		"five hours": {
			set:  func(s *booking.Search) { s.Duration = 5 * time.Hour },
			want: "Mon 08:00-13:00 Tue 08:00-13:00 Wed 08:00-13:00 Thu 08:00-13:00 Fri 08:00-13:00",
		},
		// Two days of early (5 hours each) or late (6, on Saturday 2): late has one left of Monday at 17:00, five of
		// Friday at 13:00, and the two of Saturday or the last of them go on with six on Monday.
		"seven hours": {
			set:  func(s *booking.Search) { s.Duration = 7 * time.Hour },
			want: "Mon 08:00-17:00 Tue 08:00-17:00 Wed 08:00-17:00 Thu 08:00-17:00 Fri 08:00-13:00 Sat 11:00-12:00",
		},
		"high voltage until the certificate ends": {
			set:  func(s *booking.Search) { s.Skills, s.Bays = []string{"hv"}, []string{"hv"} },
			want: "Mon 11:00-17:00 Tue 11:00-17:00 Wed 11:00-17:00",
		},
		"the only lift that is left": {
			set: func(s *booking.Search) {
				s.Bays = []string{"lift"}
				s.Workshop.Absences = []presage.Absence{{Resource: "lift", Closure: presage.Closure{From: "2026-11-23", To: "2026-11-28"}}}
				s.Busy = []booking.Busy{{Resource: "hv", Start: at("2026-11-23 08:00 +0100"), End: at("2026-11-27 12:00 +0100")}}
			},
			want: "Fri 13:00-17:00 Sat 11:00-12:00",
		},
		"away for centuries": {
			set: func(s *booking.Search) {
				s.Workshop.Absences = []presage.Absence{{Resource: "late", Closure: presage.Closure{From: "1970-01-01", To: "2999-12-31"}}}
			},
			want: "Mon 08:00-13:00 Tue 08:00-13:00 Wed 08:00-13:00 Thu 08:00-13:00 Fri 08:00-13:00",
		},
		"a holiday": {
			set: func(s *booking.Search) {
				s.Holiday = func(d time.Time) bool { return d.Format(time.DateOnly) == "2026-11-24" }
			},
			want: "Mon 08:00-17:00 Wed 08:00-17:00 Thu 08:00-17:00 Fri 08:00-17:00 Sat 11:00-12:00",
		},
		"two visits a day": {
			set: func(s *booking.Search) {
				s.Workshop.Daily = &presage.DailyVisits{All: 2}
				for _, x := range []string{"2026-11-23 08:00 +0100", "2026-11-25 08:00 +0100", "2026-11-25 17:00 +0100"} {
					s.Visits = append(s.Visits, presage.Booking{Start: at(x)})
				}
			},
			want: "Mon 08:00-17:00 Tue 08:00-17:00 Thu 08:00-17:00 Fri 08:00-17:00 Sat 11:00-12:00",
		},
		"by van": {
			set: func(s *booking.Search) {
				s.At = &nearby
				s.Workshop.Absences = []presage.Absence{{Resource: "van", Closure: presage.Closure{From: "2026-11-23", To: "2026-11-26"}}}
			},
			want: "Fri 08:00-17:00 Sat 11:00-12:00",
		},
		// Half an hour each way: it leaves at 8 and is back by 12, leaves at 13 and is back
		// by 18; on Saturday from 11 to 13.
		"by van with its way": {
			set: func(s *booking.Search) {
				s.At, s.Drive = &nearby, 30*time.Minute
				s.Workshop.Absences = []presage.Absence{{Resource: "van", Closure: presage.Closure{From: "2026-11-23", To: "2026-11-26"}}}
			},
			want: "Fri 08:30-16:30 Sat 11:30-11:30",
		},
		"too far for the van": {set: func(s *booking.Search) { s.At = &far }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := booking.Search{
				Workshop: garage(), Duration: time.Hour,
				From: at("2026-11-23 00:00 +0100"), To: at("2026-11-30 00:00 +0100"),
			}
			if tc.set != nil {
				tc.set(&s)
			}
			slots, err := booking.Slots(s)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.want, ends(t, slots)); diff != "" {
				t.Errorf("starts (-want +got):\n%s", diff)
			}
		})
	}
}

// ends are the first and the last start of each day.
func ends(t *testing.T, slots []presage.Slot) string {
	t.Helper()
	var days []string
	zone := zoneOf(t, "Europe/Berlin")
	for i, s := range slots {
		at := s.Start.In(zone)
		if i == 0 || slots[i-1].Start.In(zone).YearDay() != at.YearDay() {
			days = append(days, at.Format("Mon 15:04"))
		}
		if i+1 == len(slots) || slots[i+1].Start.In(zone).YearDay() != at.YearDay() {
			days[len(days)-1] += at.Format("-15:04")
		}
	}
	return strings.Join(days, " ")
}

func TestWhatNoBayTakesIsImpossible(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*booking.Search){
		"no bay of the kind":    func(s *booking.Search) { s.Bays = []string{"paint"} },
		"no van of the kind":    func(s *booking.Search) { s.Bays, s.At = []string{"lift"}, s.Workshop.Place },
		"vans alone":            func(s *booking.Search) { s.Workshop.Bays = s.Workshop.Bays[3:] },
		"nobody's shift so far": func(s *booking.Search) { s.Duration = 31 * time.Hour },
	} {
		s := booking.Search{Workshop: garage(), Duration: time.Hour}
		set(&s)
		if err := booking.Possible(s); !errors.Is(err, booking.ErrImpossible) {
			t.Errorf("%s: %v", name, err)
		}
	}
	s := booking.Search{Workshop: workshop("Europe/Berlin"), Duration: time.Hour, Bays: []string{"lift"}}
	if err := booking.Possible(s); err != nil {
		t.Errorf("a workshop that names no kinds is asked for one: %v", err)
	}
}

// stretch is hours of a day in quarters.
func stretch(t *rapid.T, name string) presage.WeekHours {
	from := rapid.IntRange(0, 92).Draw(t, name+" from")
	to := rapid.IntRange(from+1, 96).Draw(t, name+" to")
	clock := func(q int) string { return fmt.Sprintf("%02d:%02d", q/4, q%4*15) }
	days := rapid.SliceOfNDistinct(rapid.IntRange(0, 6), 1, 7, rapid.ID).Draw(t, name+" days")
	h := presage.WeekHours{From: clock(from), To: clock(to)}
	for _, d := range days {
		h.Days = append(h.Days, time.Weekday(d))
	}
	return h
}

// drawn is any workshop that its operator may register.
func drawn(t *rapid.T) presage.Workshop {
	w := presage.Workshop{ID: "w", Zone: rapid.SampledFrom([]string{
		"Europe/Berlin", "Asia/Shanghai", "America/Havana", "Australia/Lord_Howe", "Pacific/Chatham",
	}).Draw(t, "zone")}
	for range rapid.IntRange(1, 4).Draw(t, "stretches") {
		if more := append(slices.Clone(w.Week), stretch(t, "week")); valid(more) {
			w.Week = more
		}
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "bays") {
		b := presage.Bay{ID: fmt.Sprint("b", i)}
		if rapid.Bool().Draw(t, "kind") {
			b.Kinds = []string{"lift"}
		}
		w.Bays = append(w.Bays, b)
	}
	for i := range rapid.IntRange(1, 3).Draw(t, "technicians") {
		x := presage.Technician{ID: fmt.Sprint("t", i)}
		for range rapid.IntRange(0, 3).Draw(t, "shifts") {
			if more := append(slices.Clone(x.Shifts), stretch(t, "shift")); valid(more) {
				x.Shifts = more
			}
		}
		w.Technicians = append(w.Technicians, x)
	}
	for range rapid.IntRange(0, 2).Draw(t, "absences") {
		day := time.Date(2026, 10, 23, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 5).Draw(t, "absent on"))
		w.Absences = append(w.Absences, presage.Absence{
			Resource: rapid.SampledFrom([]string{"t0", "b0", "t1"}).Draw(t, "who"), Closure: presage.Closure{
				From: day.Format(time.DateOnly) + fmt.Sprintf("T%02d:07", rapid.IntRange(0, 23).Draw(t, "from hour")),
				To:   day.AddDate(0, 0, 1).Format(time.DateOnly) + "T12:00",
			},
		})
	}
	return w
}

func valid(hours []presage.WeekHours) bool {
	_, err := presage.ReadWeek("week", hours)
	return err == nil
}

// works reads a workshop by itself, minute by minute: whether a moment of the wall is
// in hours of a list.
func works(list []presage.WeekHours, local time.Time) bool {
	clock := local.Format("15:04")
	return slices.ContainsFunc(list, func(h presage.WeekHours) bool {
		return slices.Contains(h.Days, local.Weekday()) && h.From <= clock && clock < h.To
	})
}

// A visit that is sold never lies outside opening hours, the technician's shift and
// everybody's presence, never begins on a holiday, and takes a bay of its kind.
func TestSoldVisitsLieInWorkingHours(t *testing.T) {
	t.Parallel()
	sold := 0
	rapid.Check(t, func(t *rapid.T) {
		w := drawn(t)
		zone := zoneOf(t, w.Zone)
		from := time.Date(2026, 10, 23, 0, 0, 0, 0, zone)
		s := booking.Search{
			Workshop: w, Duration: time.Duration(rapid.IntRange(1, 60).Draw(t, "quarters")) * booking.Grid,
			From: from, To: from.AddDate(0, 0, 5),
			Holiday: func(d time.Time) bool { return d.Format(time.DateOnly) == "2026-10-26" },
		}
		if rapid.Bool().Draw(t, "on a lift") {
			s.Bays = []string{"lift"}
		}
		slots, err := booking.Slots(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, slot := range slots[:min(20, len(slots))] {
			p, err := booking.At(s, slot.Start)
			if err != nil || len(p.Bays) == 0 || len(p.Technicians) == 0 || !p.Hours[len(p.Hours)-1].To.Equal(slot.End) {
				t.Fatalf("slot %s to %s: %+v %v", slot.Start, slot.End, p, err)
			}
			sold++
			for _, who := range append(slices.Clone(p.Bays), p.Technicians...) {
				checkHours(t, w, who, p.Hours)
			}
			checkBays(t, w, s.Bays, p.Bays)
			bays, technicians, err := booking.During(s, p.Hours)
			if err != nil || !slices.Equal(bays, p.Bays) || len(technicians) < len(p.Technicians) {
				t.Fatalf("the hours of slot %s can be kept by %v and %v, not by %+v: %v", slot.Start, bays, technicians, p, err)
			}
		}
	})
	if sold < 20 {
		t.Errorf("%d visits sold: nothing was tried", sold)
	}
}

func checkHours(t *rapid.T, w presage.Workshop, who string, hours []presage.Span) {
	zone := zoneOf(t, w.Zone)
	i := slices.IndexFunc(w.Technicians, func(x presage.Technician) bool { return x.ID == who })
	total := time.Duration(0)
	for _, h := range hours {
		total += h.To.Sub(h.From)
		for at := h.From; at.Before(h.To); at = at.Add(time.Minute) {
			local := at.In(zone)
			if !works(w.Week, local) || local.Format(time.DateOnly) == "2026-10-26" {
				t.Fatalf("%s works at %s, when the workshop is closed", who, local)
			}
			if i >= 0 && len(w.Technicians[i].Shifts) > 0 && !works(w.Technicians[i].Shifts, local) {
				t.Fatalf("%s works at %s, outside of the shift", who, local)
			}
			for _, a := range w.Absences {
				if clock := local.Format("2006-01-02T15:04"); a.Resource == who && a.From <= clock && clock < a.To {
					t.Fatalf("%s works at %s, and is away", who, local)
				}
			}
		}
	}
	if total%booking.Grid != 0 {
		t.Fatalf("%s of work", total)
	}
}

func checkBays(t *rapid.T, w presage.Workshop, kinds, bays []string) {
	named := slices.ContainsFunc(w.Bays, func(b presage.Bay) bool { return len(b.Kinds) > 0 })
	for _, id := range bays {
		if b, _ := w.Bay(id); named && len(kinds) > 0 && len(b.Kinds) == 0 {
			t.Fatalf("bay %s has no lift", id)
		}
	}
}
