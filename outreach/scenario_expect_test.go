package outreach_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// expect checks what there is. The options are fields of the thing by name.
func (s *scenario) expect(st *step) {
	things := map[string]verb{
		"sms":     func(s *scenario, st *step) { s.expectText(st, presage.ChannelSMS) },
		"email":   func(s *scenario, st *step) { s.expectText(st, presage.ChannelEmail) },
		"push":    func(s *scenario, st *step) { s.expectText(st, presage.ChannelPush) },
		"nothing": (*scenario).expectNothing, "case": (*scenario).expectCase, "cases": (*scenario).expectCases,
		"no": (*scenario).expectNone, "booking": (*scenario).expectBooking, "page": (*scenario).expectPage,
		"messages": (*scenario).expectMessages, "calendar": (*scenario).expectCalendar,
		"history": (*scenario).expectHistory, "labels": (*scenario).expectLabels,
		"repair": (*scenario).expectRepair, "versions": (*scenario).expectVersions,
		"renewed": (*scenario).expectRenewed, "coupon": (*scenario).expectCoupon, "coupons": (*scenario).expectCoupons,
		"consent": func(s *scenario, st *step) {
			c, err := s.store.Customer(s.t.Context(), s.customer(st).ID)
			st.must(err)
			s.compare(st, "consent", c.Consent)
		},
		"stock": (*scenario).expectStock, "orders": (*scenario).expectOrders,
		"findings": (*scenario).expectFindings, "recall": (*scenario).expectRecall,
		"rollout": (*scenario).expectRollout, "rescue": (*scenario).expectRescue, "commands": (*scenario).expectCommands,
		"heard": (*scenario).expectHeard, "offer": (*scenario).expectOffer,
		"held": (*scenario).expectHeld, "talk": (*scenario).expectTalk, "queue": (*scenario).expectQueue,
		"thread": (*scenario).expectThread, "call": (*scenario).expectCall, "wait": (*scenario).expectWait,
		"report": func(s *scenario, st *step) { s.compare(st, "report", s.report) },
	}
	name := st.word("thing")
	check := things[name]
	if check == nil {
		st.fatalf("cannot expect %q", name)
	}
	check(s, st)
}

// readerOf is a customer, or with @ a partner's workshop: expect sms @berlin.
func (s *scenario) readerOf(st *step) string {
	if strings.HasPrefix(st.words[0], "@") {
		return st.word("workshop")
	}
	return s.customer(st).ID
}

// expectText takes the next text of a customer that no line has expected:
// expect sms anna at "Mon 2 Nov 09:00" contains "pads" lacks "Reply 3" kind=offer.
func (s *scenario) expectText(st *step, channel presage.ChannelName) {
	customer := s.readerOf(st)
	rest := s.inbox.rest(channel, customer)
	if len(rest) == 0 {
		st.fatalf("no text came. Others:\n%s", s.list(s.inbox.rest("", "")))
	}
	next := rest[0]
	next.expected = true
	if st.is("at") {
		if want := st.word("moment"); want != s.clock(next.At) {
			st.fatalf("want at %s\nhave %s", want, s.list(rest[:1]))
		}
	}
	s.holds(st, next.Body)
	s.compare(st, "text", next.Message)
}

// holds checks the words after contains and lacks.
func (s *scenario) holds(st *step, text string) {
	for len(st.words) > 0 {
		want := st.is("contains")
		if !want && !st.is("lacks") {
			return
		}
		for {
			w := st.word("what it contains")
			if strings.Contains(text, w) != want {
				st.fatalf("%s %q\nhave %s", map[bool]string{true: "want", false: "do not want"}[want], w, text)
			}
			if len(st.words) == 0 || st.words[0] == "contains" || st.words[0] == "lacks" {
				break
			}
		}
	}
}

// expectNothing: no text that no line has expected; of one channel and customer, or at all.
func (s *scenario) expectNothing(st *step) {
	channel, customer := presage.ChannelName(""), ""
	if len(st.words) > 0 {
		channel, customer = presage.ChannelName(st.word("channel")), s.customer(st).ID
	}
	if rest := s.inbox.rest(channel, customer); len(rest) > 0 {
		st.fatalf("have:\n%s", s.list(rest))
	}
}

// expectCase looks at the newest case of a car; the reason is its last event's.
func (s *scenario) expectCase(st *step) {
	c := s.caseOf(st, st.word("car"))
	events, err := s.store.CaseEvents(s.t.Context(), c.ID)
	st.must(err)
	s.compare(st, "case", struct {
		presage.Case
		Reason, Who string
	}{c, codes(events[len(events)-1].Reason), events[len(events)-1].Who})
}

// codes are what a reason says: "alert+call".
func codes(r presage.Reason) string {
	text := r.Code
	for _, more := range r.And {
		text += "+" + codes(more)
	}
	return text
}

// expectCases lists the states of all cases of a car, the oldest first.
func (s *scenario) expectCases(st *step) {
	var states []string
	for _, c := range s.casesOf(st, st.word("car")) {
		states = append(states, string(c.State))
	}
	s.expectList(st, states)
}

// expectList compares the words that are left.
func (s *scenario) expectList(st *step, have []string) {
	if !slices.Equal(st.words, have) {
		st.fatalf("want %q\nhave %q", st.words, have)
	}
	st.words = nil
}

// expectNone: "expect no case car1", "expect no booking car1" (that
// stands), "expect no coupon car1".
func (s *scenario) expectNone(st *step) {
	switch what := st.word("thing"); what {
	case "case":
		if cs := s.casesOf(st, st.word("car")); len(cs) > 0 {
			st.fatalf("have a case: %s", cs[len(cs)-1].State)
		}
	case "coupon":
		if cs := s.coupons(st, st.word("car")); len(cs) > 0 {
			st.fatalf("have a coupon of rule %s", cs[len(cs)-1].Rule)
		}
	case "booking":
		if bs := s.live(st, st.word("car")); len(bs) > 0 {
			st.fatalf("have a booking: %s", s.clock(bs[0].Start))
		}
	default:
		st.fatalf("cannot expect no %s", what)
	}
}

// live are the visits of a car that stand.
func (s *scenario) live(st *step, car string) []presage.Booking {
	bs, err := s.store.Bookings(s.t.Context(), presage.BookingFilter{VIN: s.car(st, car).VIN})
	st.must(err)
	return slices.DeleteFunc(bs, func(b presage.Booking) bool {
		return b.State != presage.BookingConfirmed && b.State != presage.BookingArrived
	})
}

// expectBooking looks at the visit that stands, else at the newest one.
func (s *scenario) expectBooking(st *step) {
	car := st.word("car")
	b := s.booking(st, car)
	if live := s.live(st, car); len(live) == 1 {
		b = live[0]
	} else if len(live) > 1 {
		st.fatalf("%d visits stand", len(live))
	}
	s.compare(st, "booking", struct {
		presage.Booking
		Lasts fmt.Stringer
	}{b, b.End.Sub(b.Start)})
}

// expectPage looks at the page as the customer would see it, without opening
// it; contains and lacks are about the times that it shows.
func (s *scenario) expectPage(st *step) {
	v := s.tab(st, st.word("car"))
	times := make([]string, len(v.Slots))
	for i, x := range v.Slots {
		times[i] = x.Text
	}
	s.holds(st, strings.Join(times, "; "))
	s.compare(st, "page", v)
}

// expectMessages lists the rows of the newest case as "kind channel state", and
// the reason's code where there is one, the oldest first.
func (s *scenario) expectMessages(st *step) {
	ms, err := s.store.Messages(s.t.Context(), presage.MessageFilter{CaseID: s.caseOf(st, st.word("car")).ID})
	st.must(err)
	var rows []string
	for _, m := range slices.Backward(ms) {
		rows = append(rows, strings.TrimSpace(fmt.Sprintf("%s %s %s %s", m.Kind, m.Channel, m.State, codes(m.Reason))))
	}
	s.expectList(st, rows)
}

// expectHistory lists the moves of the newest case as "who state reason".
func (s *scenario) expectHistory(st *step) {
	events, err := s.store.CaseEvents(s.t.Context(), s.caseOf(st, st.word("car")).ID)
	st.must(err)
	var moves []string
	for _, e := range events {
		moves = append(moves, fmt.Sprintf("%s %s %s", e.Who, e.To, codes(e.Reason)))
	}
	s.expectList(st, moves)
}

// expectOffer looks at the newest offer of the newest case.
func (s *scenario) expectOffer(st *step) {
	offers, err := s.store.OffersOf(s.t.Context(), s.caseOf(st, st.word("car")).ID)
	st.must(err)
	if len(offers) == 0 {
		st.fatalf("no offer was made")
	}
	s.compare(st, "offer", offers[0])
}

// expectCalendar looks at the calendar file; same and rises name properties that
// are compared with the file that was looked at before.
func (s *scenario) expectCalendar(st *step) {
	car := st.word("car")
	ics, err := s.service(st).ICS(s.t.Context(), s.tab(st, car).Token)
	st.fails(err)
	text := strings.ReplaceAll(string(ics), "\r\n ", "")
	before := s.calendars[car]
	if name := st.opt("same", ""); name != "" && (before == "" || property(text, name) != property(before, name)) {
		st.fatalf("%s was %q, is %q", name, property(before, name), property(text, name))
	}
	if name := st.opt("rises", ""); name != "" && st.number(property(text, name)) <= st.number(property(before, name)) {
		st.fatalf("%s was %s, is %s", name, property(before, name), property(text, name))
	}
	s.calendars[car] = text
	s.holds(st, text)
}

// property is the value of a calendar's first property of that name.
func property(ics, name string) string {
	_, value, _ := strings.Cut(ics, "\r\n"+name+":")
	value, _, _ = strings.Cut(value, "\r\n")
	return value
}

// expectLabels lists what the models learn of a car: "component outcome".
func (s *scenario) expectLabels(st *step) {
	labels, err := s.store.Labels(s.t.Context(), s.car(st, st.word("car")).VIN)
	st.must(err)
	var rows []string
	for _, l := range labels {
		rows = append(rows, string(l.Component)+" "+string(l.Outcome))
	}
	s.expectList(st, rows)
}

// expectRenewed lists the parts of a car that count as new: "component since".
func (s *scenario) expectRenewed(st *step) {
	labels, err := s.store.Labels(s.t.Context(), s.car(st, st.word("car")).VIN)
	st.must(err)
	var rows []string
	for _, l := range labels {
		if l.Replaced {
			rows = append(rows, string(l.Component)+" "+l.At.Format(time.DateOnly))
		}
	}
	s.expectList(st, rows)
}

func (s *scenario) expectStock(st *step) {
	part := st.word("part")
	shelf, err := s.store.StockOf(s.t.Context(), depot)
	st.must(err)
	for _, x := range shelf {
		if x.Part == part {
			s.compare(st, "stock", x)
			return
		}
	}
	st.fatalf("no stock of %q", part)
}

// expectOrders lists the open orders of a part as "pieces by moment".
func (s *scenario) expectOrders(st *step) {
	orders, err := s.store.OpenOrders(s.t.Context(), depot, st.word("part"))
	st.must(err)
	var rows []string
	for _, o := range orders {
		rows = append(rows, fmt.Sprintf("%d by %s", o.Quantity, s.clock(o.ExpectedAt)))
	}
	s.expectList(st, rows)
}

// expectHeard lists the replies that were kept as "text: meaning", the oldest first.
func (s *scenario) expectHeard(st *step) {
	replies, err := s.store.Replies(s.t.Context(), 100)
	st.must(err)
	var rows []string
	for _, r := range slices.Backward(replies) {
		rows = append(rows, r.Text+": "+r.Meaning)
	}
	s.expectList(st, rows)
}

// expectHeld lists the channels whose provider refuses our account: "expect
// held sms", "expect held" for none.
func (s *scenario) expectHeld(st *step) {
	var names []string
	for _, f := range s.service(st).Faults() {
		names = append(names, string(f.Channel))
	}
	s.expectList(st, names)
}
