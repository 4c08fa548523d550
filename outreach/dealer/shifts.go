package dealer

import (
	"maps"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/internal/records"
)

// shifts are when technicians work, "id:days:from-to" with days from 0, Sunday, by the ID:
// "T1:12345:08:00-16:30". One who works in several stretches is named for each of them.
func shifts(f *fields) map[string][]presage.WeekHours {
	byID := map[string][]presage.WeekHours{}
	for _, text := range f.List("shifts") {
		parts := append(strings.SplitN(text, ":", 3), "", "")
		from, to, _ := strings.Cut(parts[2], "-")
		h := presage.WeekHours{From: from, To: to}
		for _, day := range strings.ReplaceAll(parts[1], "+", "") {
			h.Days = append(h.Days, time.Weekday(day-'0'))
		}
		if presage.CheckID(parts[0]) != nil {
			f.Bad("shifts", "%q: want id:days:from-to, such as T1:12345:08:00-16:30", text)
			continue
		}
		byID[parts[0]] = append(byID[parts[0]], h)
	}
	for _, id := range slices.Sorted(maps.Keys(byID)) {
		if _, err := presage.ReadWeek("shifts of "+id, byID[id]); err != nil {
			f.Bad("shifts", "%s", records.Bare(err))
		}
	}
	f.workHere(byID)
	return byID
}

// workHere wants the technicians of shifts to be those of the row, where it names them.
func (f *fields) workHere(shifts map[string][]presage.WeekHours) {
	named := f.List("technicians")
	if len(named) == 0 {
		return
	}
	for _, id := range slices.Sorted(maps.Keys(shifts)) {
		same := func(text string) bool { return text == id || strings.HasPrefix(text, id+":") }
		if !slices.ContainsFunc(named, same) {
			f.Bad("shifts", "%q is none of the technicians of the row", id)
		}
	}
}

// atWork are the technicians of a workshop after a row: who stays keeps what the row
// does not say of them, and who is named with shifts has these alone.
func atWork(were, named []presage.Technician, shifts map[string][]presage.WeekHours) []presage.Technician {
	if len(named) == 0 {
		named = slices.Clone(were)
	}
	for i, t := range named {
		if n := slices.IndexFunc(were, func(w presage.Technician) bool { return w.ID == t.ID }); n >= 0 {
			was := were[n]
			set(&was.Name, t.Name)
			if len(t.Skills) > 0 {
				was.Skills = t.Skills
			}
			named[i] = was
		}
		if own, ok := shifts[t.ID]; ok {
			named[i].Shifts = own
		}
	}
	return named
}
