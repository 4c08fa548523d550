package outreach_test

import (
	"strings"
	"time"

	"presage"
)

// stamp is how scripts write a moment, in the zone of their clock.
const stamp = "Mon 2 Jan 15:04"

// nightly is the hour of the clock's zone at which the fleet is decided on.
const nightly = 3

func timeVerbs() map[string]verb {
	return map[string]verb{
		"clock": func(s *scenario, st *step) {
			zone, err := time.LoadLocation(st.words[len(st.words)-1])
			st.must(err)
			now, err := time.ParseInLocation("2006-01-02 15:04", st.word("date")+" "+st.word("time"), zone)
			st.must(err)
			st.word("zone")
			s.now, s.zone = now, zone
		},
		"advance": (*scenario).advance,
		"decide": func(s *scenario, st *step) {
			s.decide(st)
			s.run(st)
		},
		"down": func(s *scenario, _ *step) { s.down = true },
		"up": func(s *scenario, st *step) { // another process on the same store
			s.down, s.svc = false, nil
			s.run(st)
		},
	}
}

func (s *scenario) decide(st *step) {
	var err error
	s.report, err = s.service(st).Decide(s.t.Context())
	st.must(err)
}

func (s *scenario) clock(t time.Time) string {
	if t.IsZero() {
		return "never"
	}
	return t.In(s.zone).Format(stamp)
}

// moment reads a time of the script: "Tue 3 Nov 09:00" is the next one,
// "2026-11-03 09:00" any, "2026-11-03" a day's beginning.
func (s *scenario) moment(st *step, text string) time.Time {
	for _, layout := range []string{"2006-01-02 15:04", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, text, s.zone); err == nil {
			return t
		}
	}
	short, err := time.Parse(stamp, text)
	st.must(err)
	t := time.Time{}
	for year := s.now.Year(); t.Before(s.now); year++ {
		t = time.Date(year, short.Month(), short.Day(), short.Hour(), short.Minute(), 0, 0, s.zone)
	}
	if have := s.clock(t); have != text {
		st.fatalf("%q is in fact %s %d", text, have, t.Year())
	}
	return t
}

// advance moves the clock: "3d", "to MOMENT", "until CHANNEL CUSTOMER" (a text
// that nobody has expected yet) or "until case CAR STATE". On the way the
// processes do what they do: messages and deadlines in time, a decision a night.
func (s *scenario) advance(st *step) {
	switch {
	case st.is("to"):
		s.passUntil(st, s.moment(st, st.word("moment")), func() bool { return false })
	case st.is("until"):
		far, what := s.now.AddDate(0, 0, 120), strings.Join(st.words, " ")
		if !s.passUntil(st, far, s.awaited(st)) {
			st.fatalf("120 days without %s", what)
		}
	default:
		s.passUntil(st, s.now.Add(st.duration(st.word("duration"))), func() bool { return false })
	}
}

func (s *scenario) awaited(st *step) func() bool {
	if st.is("case") {
		car, state := st.word("car"), presage.CaseState(st.word("state"))
		return func() bool { return s.caseOf(st, car).State == state }
	}
	channel, customer := presage.ChannelName(st.word("channel")), s.customer(st).ID
	return func() bool { return len(s.inbox.rest(channel, customer)) > 0 }
}

// closely is how long an hour is the longest step of the clock; then half a day is.
const closely = 48 * time.Hour

func (s *scenario) passUntil(st *step, end time.Time, reached func() bool) bool {
	began := s.now
	for !reached() {
		if !s.now.Before(end) {
			return false
		}
		longest := time.Hour
		if s.now.Sub(began) >= closely {
			longest = 12 * time.Hour
		}
		night := s.tonight()
		s.now = s.next(st, s.now.Add(longest).Truncate(time.Hour), end, night)
		if s.now.Equal(night) && !s.down {
			s.decide(st)
		}
		s.run(st)
	}
	return true
}

func (s *scenario) tonight() time.Time {
	y, m, d := s.now.In(s.zone).Date()
	for ; ; d++ {
		if t := time.Date(y, m, d, nightly, 0, 0, 0, s.zone); t.After(s.now) {
			return t
		}
	}
}

// next is the first moment at which something can happen: a message or a
// deadline comes up, the night's pass, and the last, at the latest.
func (s *scenario) next(st *step, last, end, night time.Time) time.Time {
	ctx, t := s.t.Context(), last
	sooner := func(x time.Time) {
		if x.After(s.now) && x.Before(t) {
			t = x
		}
	}
	sooner(end)
	sooner(night)
	ms, err := s.store.Messages(ctx, presage.MessageFilter{State: presage.MessagePlanned})
	st.must(err)
	for _, m := range ms {
		sooner(m.NotBefore)
	}
	cs, err := s.store.CasesDue(ctx, t, 100)
	st.must(err)
	for _, c := range cs {
		sooner(c.DueAt)
	}
	talks, err := s.store.Conversations(ctx, presage.ConversationFilter{DueBy: t})
	st.must(err)
	for _, c := range talks {
		sooner(c.Until)
		sooner(c.DueAt)
	}
	return t
}
