package outreach_test

import (
	"time"

	"presage"
)

// say is what a person writes to a customer: say anna "yes, a small one" who=mia.
func (s *scenario) say(st *step) {
	_, err := s.service(st).Say(s.t.Context(), presage.PersonalMessage{
		CustomerID: s.customer(st).ID, Text: st.word("text"), Who: st.opt("who", ""),
		Channel: presage.ChannelName(st.opt("by", "")),
	})
	st.fails(err)
}

// talk is what a person does with a conversation: talk anna snooze who=mia until="Tue 3 Nov 09:00".
func (s *scenario) talk(st *step) {
	a := presage.TalkAction{
		CustomerID: s.customer(st).ID, Kind: presage.TalkActionKind(st.word("action")), Who: st.opt("who", ""),
		Owner: st.opt("owner", ""), Note: st.opt("note", ""),
	}
	if until := st.opt("until", ""); until != "" {
		a.Until = s.moment(st, until)
	}
	_, err := s.service(st).ActOnTalk(s.t.Context(), a)
	st.fails(err)
}

// expectTalk looks at the conversation with a customer: expect talk anna state=open reason=not_understood.
func (s *scenario) expectTalk(st *step) {
	c, err := s.store.Conversation(s.t.Context(), s.customer(st).ID)
	st.must(err)
	s.compare(st, "conversation", struct {
		presage.Conversation
		Reason   string
		Assigned string
	}{c, codes(c.Reason), codes(c.Assigned)})
}

// expectQueue lists the customers who wait for a person, the most urgent first.
func (s *scenario) expectQueue(st *step) {
	cs, err := s.service(st).Conversations(s.t.Context(), presage.ConversationFilter{State: presage.ConversationOpen})
	st.must(err)
	var rows []string
	for _, c := range cs {
		rows = append(rows, c.CustomerID)
	}
	s.expectList(st, rows)
}

// expectThread lists what was said as "who channel: text", the oldest first; of texts of
// ours that no person wrote the kind.
func (s *scenario) expectThread(st *step) {
	t, err := s.service(st).Thread(s.t.Context(), s.customer(st).ID)
	st.must(err)
	var rows []string
	for _, x := range t.Turns {
		text := x.Text
		if x.From == "service" {
			text = x.Kind
		}
		rows = append(rows, x.From+" "+string(x.Channel)+": "+text)
	}
	s.expectList(st, rows)
}

// expectCall looks at the call task of a car that waits: expect call car1 at "Tue 3 Nov
// 17:00", expect call car1 none.
func (s *scenario) expectCall(st *step) {
	ms, err := s.store.Messages(s.t.Context(), presage.MessageFilter{CaseID: s.caseOf(st, st.word("car")).ID})
	st.must(err)
	have := "none"
	for _, m := range ms {
		if m.Channel == presage.ChannelCall && m.State == presage.MessagePlanned {
			have = s.clock(m.NotBefore)
		}
	}
	want := "none"
	if !st.is("none") {
		if !st.is("at") {
			st.fatalf("want: expect call CAR at MOMENT, or none")
		}
		want = s.clock(s.moment(st, st.word("moment")))
	}
	if have != want {
		st.fatalf("want call: %s\nhave call: %s", want, have)
	}
}

// saw is a person who opens the conversation with a customer.
func (s *scenario) saw(st *step) {
	st.fails(s.service(st).SawTalk(s.t.Context(), s.customer(st).ID, st.opt("who", "")))
}

// expectWait looks at the newest wait of a customer: expect wait anna case read_at=never.
func (s *scenario) expectWait(st *step) {
	id, kind := s.customer(st).ID, presage.WaitKind(st.word("kind"))
	ws, err := s.store.Waits(s.t.Context(), presage.WaitFilter{})
	st.must(err)
	var newest presage.Wait
	for _, w := range ws {
		if w.CustomerID == id && w.Kind == kind {
			newest = w
		}
	}
	for name, at := range map[string]time.Time{
		"read_at": newest.ReadAt, "assigned_at": newest.AssignedAt, "answered_at": newest.AnsweredAt, "closed_at": newest.ClosedAt,
	} {
		if st.opts[name] != "never" {
			continue
		}
		st.opt(name, "")
		if !at.IsZero() {
			st.fatalf("%s: want never, have %s", name, s.clock(at))
		}
	}
	s.compare(st, "wait", newest)
}
