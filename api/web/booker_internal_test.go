package web

import (
	"testing"
	"time"

	"presage"
)

// A time that the offer names can be taken although the day is too near for
// others: the calendar must not call that day full.
func TestOfferedTimesAreInTheCalendar(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("CST", 8*3600)
	first := time.Date(2026, 11, 1, 0, 0, 0, 0, zone)
	m := presage.FreeMonth{From: first, Until: first.AddDate(0, 3, 0)}
	for i := range 30 {
		m.Days = append(m.Days, presage.FreeDay{Day: first.AddDate(0, 0, i).Format(time.DateOnly), State: "early"})
	}
	slot := func(id string, hour int) presage.Slot {
		return presage.Slot{ID: id, Start: time.Date(2026, 11, 30, hour, 0, 0, 0, zone).UTC()}
	}
	offered := []presage.SlotView{{Slot: slot("noon", 12)}, {Slot: slot("dawn", 0)}}
	g := gridOf(m, first)
	if g.Free {
		t.Fatal("no day of the month is free by itself")
	}
	g.open(offered, zone)
	free := 0
	for _, week := range g.Weeks {
		for _, d := range week {
			if d.State == presage.DayFree {
				free += d.Number
			}
		}
	}
	if !g.Free || free != 30 {
		t.Errorf("free %v, days %d, want the 30th alone", g.Free, free)
	}
	b := booker{spot: spot{day: "2026-11-30"}, Times: []presage.Slot{slot("later", 15), slot("noon", 12)}}
	b.offered(offered, zone)
	var ids []string
	for _, s := range b.Times {
		ids = append(ids, s.ID)
	}
	if len(ids) != 3 || ids[0] != "dawn" || ids[1] != "noon" || ids[2] != "later" {
		t.Errorf("times %v, want dawn, noon, later, each once", ids)
	}
	b = booker{spot: spot{day: "2026-11-29"}}
	if b.offered(offered, zone); len(b.Times) > 0 {
		t.Errorf("times %v of another day", b.Times)
	}
}
