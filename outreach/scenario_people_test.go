package outreach_test

import (
	"slices"
	"strings"

	"presage"
)

// people sets what single technicians of a workshop are: levels=ann:3,ben:1,
// unskilled=ben, certificates=ann:2026-11-30, shifts=ann:mon-fri/08:00-14:00.
func people(st *step, w *presage.Workshop) {
	each := func(list string, set func(t *presage.Technician, value string)) {
		for item := range strings.SplitSeq(list, ",") {
			if item == "" {
				continue
			}
			name, value, _ := strings.Cut(item, ":")
			i := slices.IndexFunc(w.Technicians, func(t presage.Technician) bool { return t.ID == name })
			if i < 0 {
				st.fatalf("no technician %q", name)
			}
			set(&w.Technicians[i], value)
		}
	}
	w.Technicians = slices.Clone(w.Technicians)
	each(st.opt("levels", ""), func(t *presage.Technician, v string) { t.Level = st.number(v) })
	each(st.opt("unskilled", ""), func(t *presage.Technician, _ string) { t.Skills = nil })
	each(st.opt("certificates", ""), func(t *presage.Technician, v string) {
		t.Certificates = []presage.Certificate{{Skill: "hv", Until: v}}
	})
	each(st.opt("shifts", ""), func(t *presage.Technician, v string) { t.Shifts = weekHours(st, v) })
}

// weekHours reads "mon-fri/08:00-12:00;mon-fri/13:00-18:00;sat/09:00-13:00".
func weekHours(st *step, text string) []presage.WeekHours {
	var list []presage.WeekHours
	for item := range strings.SplitSeq(text, ";") {
		days, hours, _ := strings.Cut(item, "/")
		first, last, several := strings.Cut(days, "-")
		if !several {
			last = first
		}
		h := presage.WeekHours{}
		h.From, h.To, _ = strings.Cut(hours, "-")
		end := weekdays(st, last)[0]
		for d := weekdays(st, first)[0]; ; d = (d + 1) % 7 {
			h.Days = append(h.Days, d)
			if d == end || len(h.Days) == 7 {
				break
			}
		}
		list = append(list, h)
	}
	return list
}
