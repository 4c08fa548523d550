package outreach_test

import (
	"strings"

	"presage"
	"presage/outreach"
)

// stage is how far the car has come: stage car1 in_work who=li.
func (s *scenario) stage(st *step) {
	car, stage := st.word("car"), presage.RepairStage(st.word("stage"))
	st.fails(s.service(st).Step(s.t.Context(), s.booking(st, car).ID, stage, st.opt("who", "")))
}

// undo takes the newest result back: undo car1 who=li.
func (s *scenario) undo(st *step) {
	st.fails(s.service(st).Undo(s.t.Context(), s.booking(st, st.word("car")).ID, st.opt("who", "")))
}

// correct puts another finding in its place: correct car1 battery_12v other_cause
// cause="a drain" who=li why="mixed up".
func (s *scenario) correct(st *step) {
	r := presage.WorkshopResult{BookingID: s.booking(st, st.word("car")).ID, OdometerKm: 61_000}
	r.Findings = []presage.Finding{{
		Component: presage.ComponentID(st.word("component")), Outcome: presage.Outcome(st.word("outcome")),
		Replaced: st.is("replaced"), Cause: st.opt("cause", ""),
	}}
	st.fails(s.service(st).Correct(s.t.Context(), r, st.opt("who", ""), st.opt("why", "")))
}

// expectRepair lists the steps of the newest visit: expect repair car1 "arrived" "in_work".
func (s *scenario) expectRepair(st *step) {
	course, err := s.store.Repair(s.t.Context(), s.booking(st, st.word("car")).ID)
	st.must(err)
	var rows []string
	for _, x := range course.Steps {
		rows = append(rows, strings.TrimSpace(string(x.Stage)+" "+x.Who))
	}
	s.expectList(st, rows)
}

// expectVersions lists what was reported of the newest visit, the newest first:
// "2 other_cause", "1 confirmed undone".
func (s *scenario) expectVersions(st *step) {
	versions, err := s.store.ResultVersions(s.t.Context(), s.booking(st, st.word("car")).ID)
	st.must(err)
	var rows []string
	for _, v := range versions {
		row := string(rune('0'+v.Version)) + " " + string(v.Result.Findings[0].Outcome)
		if !v.UndoneAt.IsZero() {
			row += " undone"
		}
		rows = append(rows, row)
	}
	s.expectList(st, rows)
}

// survey is what a customer says of the newest visit: survey car1 csat=5 nps=9 line="kind".
func (s *scenario) survey(st *step) {
	token := s.tab(st, st.word("car")).Token
	st.fails(s.service(st).AnswerByToken(s.t.Context(), token, presage.Survey{
		CSAT: st.number(st.opt("csat", "5")), NPS: st.number(st.opt("nps", "9")), Line: st.opt("line", ""),
	}))
}

// quietAfterwards is the default, without the question after a visit: the stories that
// are about it turn it on.
func quietAfterwards() outreach.Config {
	c := outreach.DefaultConfig()
	c.SurveyAfter = 0
	return c
}
