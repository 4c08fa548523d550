package outreach_test

import (
	"encoding/json"
	"strings"
	"time"

	"presage"
	"presage/outreach/rollout"
)

func (s *scenario) rollouts() *rollout.Desk {
	return &rollout.Desk{DeskStore: s.store, Catalogue: s.cat, Now: func() time.Time { return s.now }}
}

// putRollout registers new software: "rollout SW1 from=4.1.0 to=4.1.2 rings=50,100
// min_answers=1 hours=72".
func (s *scenario) putRollout(st *step) {
	r := presage.Rollout{
		ID: st.word("roll-out"), Component: "control_software", To: st.opt("to", "4.1.2"),
		Title: presage.Text{ZH: "车身控制器", EN: "Body control"}, From: strings.Split(st.opt("from", "4.1.0"), ","),
		HaltShare: st.float(st.opt("halt", "0")), PassShare: st.float(st.opt("pass", "0")),
		MinAnswers: st.number(st.opt("min_answers", "0")), Hours: st.number(st.opt("hours", "0")),
	}
	if rings := st.opt("rings", ""); rings != "" {
		for share := range strings.SplitSeq(rings, ",") {
			r.Rings = append(r.Rings, st.float(share))
		}
	}
	st.fails(s.rollouts().SaveRollout(s.t.Context(), r))
}

// steer starts, pauses or closes one: "steer SW1 running who=mia".
func (s *scenario) steer(st *step) {
	id, to := st.word("roll-out"), presage.RolloutState(st.word("state"))
	_, err := s.rollouts().SteerRollout(s.t.Context(), id, to, st.opt("who", "mia"))
	st.fails(err)
}

// tells is what a car says of its software: "tells car1 software 4.1.0", "tells car1
// installed SW1", "tells car1 failed SW1 note="low battery"".
func (s *scenario) tells(st *step) {
	e := presage.Event{VIN: s.car(st, st.word("car")).VIN, Time: s.now, Type: presage.EventOTA, Code: st.word("what")}
	if e.Code == presage.EventSoftware {
		e.Type, e.Code = presage.EventSoftware, st.word("version")
	} else {
		var err error
		e.Data, err = json.Marshal(map[string]string{"rollout": st.word("roll-out"), "note": st.opt("note", "")})
		st.must(err)
	}
	for range 2 { // told again after a lost PUBACK
		st.must(s.store.PutEvents(s.t.Context(), []presage.Event{e}))
	}
}

// expectRollout looks at a roll-out: "expect rollout SW1 state=running ring=1 count.sent=1".
func (s *scenario) expectRollout(st *step) {
	id := st.word("roll-out")
	all, err := s.store.Rollouts(s.t.Context(), "", 0)
	st.must(err)
	for _, p := range all {
		if p.ID == id {
			s.compare(st, "roll-out", struct {
				presage.RolloutProgress
				Reason string
			}{p, codes(p.Reason)})
			return
		}
	}
	st.fatalf("there is no roll-out %q", id)
}

// expectCommands lists the commands of a car, the oldest first: "expect commands car1 SW1".
func (s *scenario) expectCommands(st *step) {
	cs, err := s.store.Commands(s.t.Context(), presage.CommandFilter{VIN: s.car(st, st.word("car")).VIN, Now: s.now})
	st.must(err)
	var have []string
	for _, c := range cs {
		var said struct {
			Rollout     string `json:"rollout"`
			InstallWhen string `json:"install_when"`
		}
		st.must(json.Unmarshal(c.Payload, &said))
		have = append(have, said.Rollout+" "+said.InstallWhen)
	}
	s.expectList(st, have)
}
