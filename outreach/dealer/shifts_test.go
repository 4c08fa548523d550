package dealer_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
)

// A row names shifts of technicians; who stays keeps what it does not say of them.
func TestShifts(t *testing.T) {
	t.Parallel()
	x := open(t)
	ctx := t.Context()
	x.do(x.store.ChangeWorkshop(ctx, "w1", func(w *presage.Workshop) error {
		w.Technicians[0].Level, w.Technicians[0].Certificates = 3, []presage.Certificate{{Skill: "hv", Until: "2027-05-31"}}
		return nil
	}, presage.WorkshopNotes{}))
	x.take(`{"workshops": [{"id": "S1", "presage_id": "w1", "technicians": "t1:Li Na;t3:Bo:hv",
		"shifts": [{"technician": "t1", "days": [1, 2, 3, 4, 5], "hours": "09:00-13:00"},
			{"technician": "t1", "days": [1, 3], "hours": "14:00-17:00"}]}]}`)
	w, err := x.store.Workshop(ctx, "w1")
	x.do(err)
	weekdays := []time.Weekday{1, 2, 3, 4, 5}
	want := []presage.Technician{
		{
			ID: "t1", Name: "Li Na", Skills: []string{"hv"}, Level: 3, Certificates: []presage.Certificate{{Skill: "hv", Until: "2027-05-31"}},
			Shifts: []presage.WeekHours{{Days: weekdays, From: "09:00", To: "13:00"}, {Days: []time.Weekday{1, 3}, From: "14:00", To: "17:00"}},
		}, {ID: "t3", Name: "Bo", Skills: []string{"hv"}},
	}
	x.want("technicians", w.Technicians, want)

	// A table says the same of one of them, and the other stays as it is.
	csv := "id,presage_id,shifts\nS1,w1,t3:6:10:00-12:00\n"
	_, err = x.Import(ctx, source, "workshops", []byte(csv), false)
	x.do(err)
	w, err = x.store.Workshop(ctx, "w1")
	x.do(err)
	want[1].Shifts = []presage.WeekHours{{Days: []time.Weekday{6}, From: "10:00", To: "12:00"}}
	x.want("technicians", w.Technicians, want)

	for row, fault := range map[string]string{
		"t1:8:09:00-13:00": "0 (Sunday) to 6", "t1:1:13:00-09:00": "is not after", "t1": "names no day",
		"t1:1:09:00-12:00;t1:1:11:00-13:00": "shifts", "t9:1:09:00-13:00": "none of the technicians",
	} {
		_, err := x.Import(ctx, source, "workshops", []byte("id,presage_id,technicians,shifts\nS1,w1,t1;t3,"+row+"\n"), false)
		if err == nil || !strings.Contains(err.Error(), fault) || !strings.Contains(err.Error(), "line 2, column") {
			t.Errorf("%s: %v, want %q with its place", row, err, fault)
		}
	}
}

// Visits that a dealer's system holds stand on the board with their name there, for the
// bay and for the technician, and no longer than they are held.
func TestDealersVisitsOnTheBoard(t *testing.T) {
	t.Parallel()
	x := open(t)
	x.take(people)
	held := func(state string, revision string) {
		x.take(`{"bookings": [{"id": "A-1", "workshop": "S1", "bay": "b1", "technician": "t2", "start": "2026-12-01T10:00:00+08:00",
			"minutes": 90, "jobs": ["tyre change"], "state": "` + state + `", "revision": ` + revision + `}]}`)
	}
	held("confirmed", "1")
	day := func() []presage.Stretch {
		b, err := x.s.Board(t.Context(), "w1", "2026-12-01", 1)
		x.do(err)
		return slices.DeleteFunc(b.Days[0].Shut, func(s presage.Stretch) bool { return s.Source == "" })
	}
	from := time.Date(2026, 12, 1, 2, 0, 0, 0, time.UTC)
	want := []presage.Stretch{}
	for _, resource := range []string{"b1", "t2"} {
		want = append(want, presage.Stretch{
			ID: "d" + source + "/A-1." + resource, Resource: resource, From: from, To: from.Add(90 * time.Minute),
			Note: "A-1 · tyre change", Source: source,
		})
	}
	got := day()
	for i := range got { // the prefix of its ID is the store's own
		_, got[i].ID, _ = strings.Cut(got[i].ID, source)
		_, want[i].ID, _ = strings.Cut(want[i].ID, source)
	}
	x.want("board", got, want)
	held("cancelled", "2")
	x.want("board without it", len(day()), 0)
}
