package outreach_test

import (
	"strings"

	"presage"
)

func boardVerbs() map[string]verb {
	return map[string]verb{
		"move": (*scenario).move, "block": (*scenario).block, "unblock": (*scenario).unblock, "sick": (*scenario).sick,
		"walkin": (*scenario).walkIn, "earlier": (*scenario).earlier,
	}
}

// move is an adviser's move of a visit on the board: move car1 "Fri 6 Nov 11:00"
// bay=berlin-bay2 technician=berlin-tech2 who=mia; of the visit that a tab shows: tab=old.
func (s *scenario) move(st *step) {
	car := st.word("car")
	m := presage.VisitMove{BayID: st.opt("bay", ""), TechnicianID: st.opt("technician", ""), Who: st.opt("who", "mia")}
	if st.opts["tab"] != "" {
		m.BookingID = s.tab(st, car).Booking.ID
	} else {
		m.BookingID = s.booking(st, car).ID
	}
	if len(st.words) > 0 {
		m.Start = s.moment(st, st.word("moment"))
	}
	_, err := s.service(st).MoveVisit(s.t.Context(), m)
	st.fails(err)
}

// block takes a time out of a workshop, or one of its bays or technicians: block
// berlin berlin-tech1 from=2026-11-05T10:00 to=2026-11-05T12:00 seen=car1 fates=replanned.
func (s *scenario) block(st *step) {
	b := presage.Block{WorkshopID: st.word("workshop"), Who: st.opt("who", "mia")}
	if len(st.words) > 0 {
		b.Absence.Resource = st.word("bay or technician")
	}
	b.Absence.From, b.Absence.To, b.Absence.Note = st.opt("from", ""), st.opt("to", ""), st.opt("note", "")
	if cars := st.opt("seen", ""); cars != "" {
		for car := range strings.SplitSeq(cars, ",") {
			b.Seen = append(b.Seen, s.booking(st, car).ID)
		}
	}
	done, err := s.service(st).Block(s.t.Context(), b)
	s.fates(st, done)
	st.fails(err)
}

// unblock takes a block back, by its ID.
func (s *scenario) unblock(st *step) {
	workshop, who := st.word("workshop"), st.opt("who", "")
	st.fails(s.service(st).Unblock(s.t.Context(), workshop, st.word("block"), who))
	if who == "" {
		return
	}
	back, err := s.store.TakenBack(s.t.Context(), workshop, s.now, s.now.AddDate(0, 1, 0))
	st.must(err)
	if n := len(back); n == 0 || back[n-1].Who != who || back[n-1].By == "" || !back[n-1].At.Equal(s.now) {
		st.fatalf("taken back: %+v", back)
	}
}

// sick is a technician's call: sick berlin berlin-tech1 fates=replanned,in_work.
func (s *scenario) sick(st *step) {
	done, err := s.service(st).Sick(s.t.Context(), st.word("workshop"), st.word("technician"), "", st.opt("who", "mia"))
	s.fates(st, done)
	st.fails(err)
}

func (s *scenario) fates(st *step, b presage.Blocked) {
	var have []string
	for _, x := range b.Affected {
		have = append(have, string(x.Fate))
	}
	if want := st.opt("fates", ""); want != strings.Join(have, ",") {
		st.fatalf("want fates %s\nhave fates %s", want, strings.Join(have, ","))
	}
}

// walkIn is a car that stands in front: walkin car1 berlin battery_12v who=mia note="".
func (s *scenario) walkIn(st *step) {
	x := presage.WalkIn{
		VIN: s.car(st, st.word("car")).VIN, WorkshopID: st.word("workshop"), Who: st.opt("who", "mia"), Note: st.opt("note", ""),
	}
	for len(st.words) > 0 {
		x.Components = append(x.Components, presage.ComponentID(st.word("component")))
	}
	_, err := s.service(st).WalkIn(s.t.Context(), x)
	st.fails(err)
}

// earlier is the wish for an earlier time, on the page or noted by a person: earlier
// car1, earlier car1 by=mia, earlier car1 leave.
func (s *scenario) earlier(st *step) {
	car, by, ctx := st.word("car"), st.opt("by", ""), s.t.Context()
	switch {
	case st.is("leave"):
		st.fails(s.service(st).LeaveList(ctx, s.caseOf(st, car).ID, by))
	case by != "":
		st.fails(s.service(st).PutOnList(ctx, s.caseOf(st, car).ID, by))
	default:
		st.fails(s.service(st).AskEarlier(ctx, s.tab(st, car).Token))
	}
}
