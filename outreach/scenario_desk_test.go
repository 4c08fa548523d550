package outreach_test

import (
	"slices"
	"strings"

	"presage"
)

// putAdviser registers an adviser or changes one, on duty around the clock:
// adviser mia langs=en,zh skills=hv workshops=berlin absent="Tue 3 Nov 09:00" from=9 to=17.
func (s *scenario) putAdviser(st *step) {
	id := st.word("adviser")
	known, err := s.store.Advisers(s.t.Context())
	st.must(err)
	a := presage.Adviser{ID: id, Name: id, Languages: []presage.Lang{presage.English}, Zone: s.zone.String(), ToHour: 24}
	if i := slices.IndexFunc(known, func(a presage.Adviser) bool { return a.ID == id }); i >= 0 {
		a = known[i]
	}
	if langs := st.opt("langs", ""); langs != "" {
		a.Languages = nil
		for l := range strings.SplitSeq(langs, ",") {
			a.Languages = append(a.Languages, presage.Lang(l))
		}
	}
	if skills := st.opt("skills", ""); skills != "" {
		a.Skills = strings.Split(skills, ",")
	}
	if workshops := st.opt("workshops", ""); workshops != "" {
		a.Workshops = strings.Split(workshops, ",")
	}
	a.FromHour, a.ToHour = st.number(st.opt("from", "0")), st.number(st.opt("to", "24"))
	if until := st.opt("absent", ""); until != "" {
		a.AbsentUntil = s.moment(st, until)
	}
	st.must(a.Validate())
	st.must(s.store.PutAdviser(s.t.Context(), a))
	s.run(st)
}
