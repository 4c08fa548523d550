package outreach_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"time"

	"presage"
	"presage/outreach/converse"
	"presage/outreach/link"
)

func actVerbs() map[string]verb {
	acts := map[string]verb{
		"raise": (*scenario).raise, "clear": (*scenario).clear,
		"reply": (*scenario).reply, "receipt": (*scenario).receipt,
		"open": (*scenario).openPage, "book": (*scenario).book, "cancel": (*scenario).cancel,
		"act": (*scenario).act, "decline": (*scenario).decline, "stop": (*scenario).stop, "unsubscribe": (*scenario).unsubscribe,
		"arrive": (*scenario).arrive, "result": (*scenario).result, "stage": (*scenario).stage,
		"survey": (*scenario).survey, "undo": (*scenario).undo, "correct": (*scenario).correct,
		"rescue": (*scenario).rescue, "broken": (*scenario).breaksDown,
		"steer": (*scenario).steer, "tells": (*scenario).tells,
		"say": (*scenario).say, "talk": (*scenario).talk, "saw": (*scenario).saw,
	}
	maps.Copy(acts, boardVerbs())
	for name, do := range acts {
		acts[name] = func(s *scenario, st *step) {
			do(s, st)
			s.run(st) // the processes do not sleep
		}
	}
	return acts
}

// raise lets a watch rule fire: "raise car1 insulation_lost value=42 code=P0AA6".
func (s *scenario) raise(st *step) {
	car, rule := st.word("car"), st.word("rule")
	w := presage.WatchState{
		VIN: s.car(st, car).VIN, Rule: rule, Phase: presage.WatchFiring, Since: s.now.Add(-time.Minute), FiredAt: s.now,
		At: s.now, Told: presage.ToldRaised, Value: st.float(st.opt("value", "42")), Code: st.opt("code", ""),
	}
	if a, fired := s.alerts[car+"/"+rule]; fired { // the same one again
		w.Since, w.FiredAt = a.Since, a.FiredAt
	}
	a := s.watch(st, car, w)
	st.fails(s.service(st).Raise(s.t.Context(), a))
}

func (s *scenario) watch(st *step, car string, w presage.WatchState) presage.Alert {
	st.must(s.store.PutWatchStates(s.t.Context(), []presage.WatchState{w}))
	a, ok := s.cat.Alert(w)
	if !ok {
		st.fatalf("unknown rule %q", w.Rule)
	}
	s.alerts[car+"/"+w.Rule] = a
	return a
}

// clear ends an alert.
func (s *scenario) clear(st *step) {
	car, rule := st.word("car"), st.word("rule")
	a, fired := s.alerts[car+"/"+rule]
	if !fired {
		st.fatalf("%s has not fired", rule)
	}
	a = s.watch(st, car, presage.WatchState{
		VIN: a.VIN, Rule: rule, Phase: presage.WatchIdle, Since: a.Since, FiredAt: a.FiredAt, ClearedAt: s.now,
		At: s.now, Told: presage.ToldRaised,
	})
	delete(s.alerts, car+"/"+rule)
	st.fails(s.service(st).Clear(s.t.Context(), a))
}

// reply is a text from a customer's phone, or from a number: reply anna sms
// "2" means=slot:2, reply +4915199999999 sms "STOP" error=not_found, reply
// anna sms quoting "2", above our last text.
func (s *scenario) reply(st *step) {
	from, customer := presage.Phone(st.word("customer or number")), ""
	if from[0] != '+' {
		st.words = append([]string{string(from)}, st.words...)
		c := s.customer(st)
		from, customer = c.Phone, c.ID
	}
	in := converse.Inbound{Channel: presage.ChannelName(st.word("channel")), ID: st.opt("id", "")}
	quoting := st.is("quoting")
	in.Text = st.word("text")
	if quoting {
		last, _ := s.inbox.last(in.Channel, customer)
		in.Text += "\n> " + last.Body
	}
	if l, ok := s.lines[in.Channel].(*twilioLine); ok {
		s.service(st)
		status, err := l.text(s.t.Context(), from, in)
		st.must(err)
		if want := st.number(st.opt("status", "200")); status != want {
			st.fatalf("the webhook answers %d, want %d", status, want)
		}
		return
	}
	means, check := st.opts["means"]
	st.opt("means", "")
	got, err := s.service(st).ReplyFrom(s.t.Context(), from, in)
	st.fails(err)
	if check && got != means {
		st.fatalf("want meaning: %q\nhave meaning: %q", means, got)
	}
}

// receipt is what the provider reports about the newest text: "receipt anna sms
// delivered", "seen", "failed", "opted_out", "quiet_hours" or "account"; of Twilio
// "undelivered code=30003". "receipt early sms failed" is about the next text,
// and comes before its sending is recorded.
func (s *scenario) receipt(st *step) {
	if st.is("early") {
		s.service(st)
		p, ok := s.lines[presage.ChannelName(st.word("channel"))].(*phones)
		r := st.receipt()
		if !ok {
			st.fatalf("want: receipt early CHANNEL OUTCOME, of a channel that is open")
		}
		p.early = &r
		return
	}
	customer, channel := s.customer(st).ID, presage.ChannelName(st.word("channel"))
	text, ok := s.inbox.last(channel, customer)
	if !ok {
		st.fatalf("%s has no text by %s", customer, channel)
	}
	if l, ok := s.lines[channel].(*twilioLine); ok {
		status, err := l.server.Report(s.t.Context(), text.ProviderID, st.word("outcome"), st.number(st.opt("code", "0")))
		st.must(err)
		if status >= http.StatusBadRequest {
			st.fatalf("the webhook answers %d", status)
		}
		return
	}
	r := st.receipt()
	r.ProviderID = text.ProviderID
	st.fails(s.service(st).Receive(s.t.Context(), r))
}

// receipt reads what a provider reports.
func (st *step) receipt() presage.Receipt {
	r := presage.Receipt{Reason: "reported"}
	switch what := st.word("outcome"); what {
	case "delivered":
		r.Delivered = true
	case "seen":
		r.Seen = true
	case "failed":
	case "opted_out":
		r.OptedOut = true
	case "quiet_hours":
		r.QuietHours = true
	case "account":
		r.Account = true
	default:
		st.fatalf("unknown outcome %q", what)
	}
	return r
}

// tab is what a browser shows: the page that was opened under a name, else the
// page of the car's newest offer as it is now.
func (s *scenario) tab(st *step, car string) presage.OfferView {
	if name := st.opt("tab", ""); name != "" {
		v, ok := s.tabs[name]
		if !ok {
			st.fatalf("no tab %q was opened", name)
		}
		return v
	}
	v, err := s.service(st).OfferOfCase(s.t.Context(), s.caseOf(st, car).ID)
	st.must(err)
	return v
}

// openPage is a GET of the link: "open car1"; "open car1 tab=old" keeps what it
// showed, and the same again opens that link again.
func (s *scenario) openPage(st *step) {
	car, name := st.word("car"), st.opts["tab"]
	if _, again := s.tabs[name]; !again {
		st.opt("tab", "")
	}
	v, err := s.service(st).OfferByToken(s.t.Context(), s.tab(st, car).Token)
	st.fails(err)
	if err == nil && name != "" {
		s.tabs[name] = v
	}
}

// book chooses a time of the page, by its number or its moment: "book car1 2",
// "book car1 "Wed 4 Nov 10:00" tab=old", "book car1 2 by=adviser".
func (s *scenario) book(st *step) {
	car := st.word("car")
	slot, by, ctx := s.slot(st, car, st.word("number or moment")), st.opt("by", ""), s.t.Context()
	if by != "" {
		_, err := s.service(st).BookCase(ctx, s.caseOf(st, car).ID, slot, by, by)
		st.fails(err)
		return
	}
	v, address := s.tab(st, car), presage.Address(st.opt("address", ""))
	_, err := s.service(st).BookWish(ctx, presage.Wish{Token: v.Token, SlotID: slot, Via: "link", Seen: shown(v), Address: address})
	st.fails(err)
}

// shown is the visit on a page, as its forms carry it.
func shown(v presage.OfferView) *string {
	id := ""
	if v.Booking != nil {
		id = v.Booking.ID
	}
	return &id
}

func (s *scenario) slot(st *step, car, text string) string {
	if len(text) > 2 {
		where := s.car(st, car).WorkshopID
		if st.opt("by_van", "") == "yes" {
			where = presage.VansOf(where)
		}
		return fmt.Sprintf("%s@%d", where, s.moment(st, text).Unix())
	}
	offers, err := s.store.OffersOf(s.t.Context(), s.caseOf(st, car).ID)
	st.must(err)
	n := st.number(text)
	if len(offers) == 0 || n > len(offers[0].Slots) {
		st.fatalf("no slot %d is offered", n)
	}
	return offers[0].Slots[n-1].ID
}

// cancel gives the visit back: "cancel car1", "cancel car1 by=workshop why="the technician is ill"".
func (s *scenario) cancel(st *step) {
	car, by, why := st.word("car"), st.opt("by", ""), st.opt("why", "")
	if by == "" {
		v := s.tab(st, car)
		st.fails(s.service(st).CancelSeen(s.t.Context(), v.Token, shown(v)))
		return
	}
	st.fails(s.service(st).CancelBooking(s.t.Context(), s.booking(st, car).ID, by, why))
}

func (s *scenario) decline(st *step) {
	v := s.tab(st, st.word("car"))
	st.fails(s.service(st).DeclineSeen(s.t.Context(), v.Token, st.opt("why", ""), shown(v)))
}

// act is what a person does with the newest case of a car: "act car1 called
// who=mia outcome=no_answer", "act car1 snoozed who=mia until="Wed 4 Nov 10:00"".
func (s *scenario) act(st *step) {
	x := presage.CaseAction{
		CaseID: s.caseOf(st, st.word("car")).ID, Kind: presage.ActionKind(st.word("action")), Who: st.opt("who", ""),
		Call: presage.CallOutcome(st.opt("outcome", "")), Note: st.opt("note", ""), Owner: st.opt("owner", ""),
	}
	x.Percent = st.number(st.opt("percent", "0"))
	if until := st.opt("until", ""); until != "" {
		x.Until = s.moment(st, until)
	}
	if on := st.opt("on", ""); on != "" {
		x.On = s.moment(st, on)
	}
	_, err := s.service(st).Act(s.t.Context(), x)
	st.fails(err)
}

// stop is the page's "no more messages".
func (s *scenario) stop(st *step) {
	st.fails(s.service(st).StopByToken(s.t.Context(), s.tab(st, st.word("car")).Token))
}

// unsubscribe follows the link that each e-mail has: unsubscribe anna.
func (s *scenario) unsubscribe(st *step) {
	links, err := link.NewSigner(signingKey, "")
	st.must(err)
	_, token, _ := strings.Cut(links.Unsubscribe(s.customer(st).ID, s.now), "/u/")
	st.fails(s.service(st).Unsubscribe(s.t.Context(), token))
}

func (s *scenario) arrive(st *step) {
	st.fails(s.service(st).Arrive(s.t.Context(), s.booking(st, st.word("car")).ID, st.opt("who", "")))
}

// booking is the newest visit of a car.
func (s *scenario) booking(st *step, car string) presage.Booking {
	bs, err := s.store.Bookings(s.t.Context(), presage.BookingFilter{VIN: s.car(st, car).VIN})
	st.must(err)
	if len(bs) == 0 {
		st.fatalf("%s has no booking", car)
	}
	newest := bs[0]
	for _, b := range bs {
		if b.CreatedAt.After(newest.CreatedAt) {
			newest = b
		}
	}
	return newest
}

// result is what the workshop found at the newest visit, or, with
// booking=none, elsewhere: "result car1 brake_pads_front confirmed replaced
// parts=BP-F-2041*1".
func (s *scenario) result(st *step) {
	car := st.word("car")
	r := presage.WorkshopResult{VIN: s.car(st, car).VIN, At: s.now, OdometerKm: presage.Kilometre(st.number(st.opt("odometer", "61000")))}
	if st.opt("booking", "") != "none" {
		r.BookingID = s.booking(st, car).ID
	}
	if parts := st.opt("parts", ""); parts != "" {
		for p := range strings.SplitSeq(parts, ",") {
			number, n, _ := strings.Cut(p, "*")
			r.PartsUsed = append(r.PartsUsed, presage.PartQuantity{Part: number, Quantity: st.number(n)})
		}
	}
	for len(st.words) > 0 {
		r.Findings = append(r.Findings, presage.Finding{
			Component: presage.ComponentID(st.word("component")), Outcome: presage.Outcome(st.word("outcome")),
			Replaced: st.is("replaced"),
		})
	}
	r.ConfirmedBy = st.opt("sure", "")
	st.fails(s.service(st).RecordResult(s.t.Context(), r))
}
