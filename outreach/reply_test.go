package outreach_test

import (
	"strings"
	"testing"
	"time"

	"presage"
	"presage/outreach/converse"
)

func TestReplies(t *testing.T) {
	t.Parallel()
	for text, tc := range map[string]struct {
		meaning string
		state   presage.CaseState
		owner   string
		answer  string // kind of the message that goes out, "" for none
		sms     bool   // consent afterwards
	}{
		"2":                        {"slot:2", presage.CaseBooked, presage.OwnerWorkshop, "confirmation", true},
		"9":                        {"slot:9", presage.CaseOffered, presage.OwnerOutreach, "choose", true},
		"好":                        {"yes", presage.CaseOffered, presage.OwnerOutreach, "choose", true},
		"no":                       {"no", presage.CaseDeclined, presage.OwnerOutreach, "", true},
		"改期":                       {"reschedule", presage.CaseOffered, presage.OwnerOutreach, "choose", true},
		"STOP":                     {"stop", presage.CaseSuppressed, presage.OwnerOutreach, "", false},
		"R":                        {"stop", presage.CaseSuppressed, presage.OwnerOutreach, "", false},
		"帮助":                       {"help", presage.CaseOffered, presage.OwnerOutreach, "help", true},
		"start":                    {"start", presage.CaseOffered, presage.OwnerOutreach, "", true},
		"is it urgent":             {"danger", presage.CaseOffered, presage.OwnerOutreach, "danger", true},
		"is Dave working that day": {"question", presage.CaseEscalated, presage.OwnerAdviser, "adviser", true},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			w, _, _ := offered(t, presage.Battery12V)
			w.send()
			w.now = w.now.Add(time.Hour)
			meaning, err := w.s.ReplyFrom(w.ctx(), "+86 138 0000 0007", converse.Inbound{Channel: presage.ChannelSMS, Text: text})
			w.do(err)
			if meaning != tc.meaning {
				t.Errorf("taken for %q, want %q", meaning, tc.meaning)
			}
			w.wantCase(tc.state, tc.owner)
			var kinds []string
			for _, m := range w.messages()[2:] {
				if m.Kind != "reminder" && m.Kind != "offer" { // these are planned ahead
					kinds = append(kinds, m.Kind)
				}
			}
			if got := strings.Join(kinds, " "); got != tc.answer {
				t.Errorf("answered with %q, want %q", got, tc.answer)
			}
			c, err := w.store.Customer(w.ctx(), customer)
			w.do(err)
			if c.Consent.SMS != tc.sms {
				t.Errorf("consent to SMS is %v", c.Consent.SMS)
			}
			rs, err := w.store.Replies(w.ctx(), 10)
			w.do(err)
			if len(rs) != 1 || rs[0].Text != text || rs[0].Meaning != tc.meaning || rs[0].CaseID != w.last().ID {
				t.Errorf("kept %+v", rs)
			}
		})
	}
}

func TestReplyFromAStranger(t *testing.T) {
	t.Parallel()
	w, _, _ := offered(t, presage.Battery12V)
	_, err := w.s.ReplyFrom(w.ctx(), "+8613900000000", converse.Inbound{Channel: presage.ChannelSMS, Text: "1"})
	w.wantErr(err, presage.ErrNotFound)
	if strings.Contains(err.Error(), "139") {
		t.Errorf("the number is in %q", err)
	}
	_, err = w.s.ReplyFrom(w.ctx(), "BANK", converse.Inbound{Channel: presage.ChannelSMS, Text: "1"})
	w.wantErr(err, presage.ErrInvalid)
}

func TestStopOfASafetyCaseIsCalled(t *testing.T) {
	t.Parallel()
	w, _, _ := offered(t, presage.BrakePadsFront)
	_, err := w.s.Reply(w.ctx(), customer, presage.ChannelSMS, "退订")
	w.do(err)
	w.wantCase(presage.CaseEscalated, presage.OwnerAdviser)
}

func TestDeadlines(t *testing.T) {
	t.Parallel()
	w, _, _ := offered(t, presage.Battery12V)
	w.send()
	token := w.token()
	w.now = w.now.Add(7*day + time.Second)
	w.sweep()
	w.wantCase(presage.CaseExpired, presage.OwnerOutreach)
	v, err := w.s.OfferByToken(w.ctx(), token)
	w.do(err)
	_, errBook := w.s.Book(w.ctx(), token, v.Offer.Slots[0].ID, "link")
	w.wantErr(errBook, presage.ErrExpired)
	if v.State != presage.OfferExpired || v.CanBook {
		t.Errorf("page is %s", v.State)
	}
	w.now = w.now.Add(100 * day)
	_, err = w.s.OfferByToken(w.ctx(), token)
	w.wantErr(err, presage.ErrExpired)
	_, err = w.s.OfferByToken(w.ctx(), token[:20]+"A"+token[21:])
	w.wantErr(err, presage.ErrForbidden)

	w, _, _ = offered(t, presage.BrakePadsFront)
	w.now = w.now.Add(7*day + time.Second)
	w.sweep()
	w.wantCase(presage.CaseEscalated, presage.OwnerAdviser)
}

func TestReminderAndNoShow(t *testing.T) {
	t.Parallel()
	w, push, _ := offered(t, presage.Battery12V)
	v, err := w.s.OfferByToken(w.ctx(), w.token())
	w.do(err)
	b, err := w.s.Book(w.ctx(), v.Token, v.Slots[2].ID, "link")
	w.do(err)
	w.send()
	before := len(push.has)
	w.now = b.Start.Add(-16 * time.Hour)
	w.send()
	if len(push.has) != before+1 {
		t.Error("no reminder on the day before")
	}
	w.now = b.Start.Add(4*time.Hour + time.Second)
	w.sweep()
	w.wantCase(presage.CaseEscalated, presage.OwnerAdviser)
	b, err = w.store.Booking(w.ctx(), b.ID)
	w.do(err)
	if b.State != presage.BookingNoShow {
		t.Errorf("booking is %s", b.State)
	}
	w.do(w.s.Arrive(w.ctx(), b.ID, "")) // late
	w.wantCase(presage.CaseArrived, presage.OwnerWorkshop)
}

func TestBreakdownClosesTheCase(t *testing.T) {
	t.Parallel()
	w, _, _ := offered(t, presage.Battery12V)
	v, err := w.s.OfferByToken(w.ctx(), w.token())
	w.do(err)
	b, err := w.s.Book(w.ctx(), v.Token, v.Slots[0].ID, "link")
	w.do(err)
	w.do(w.s.RecordResult(w.ctx(), presage.WorkshopResult{
		VIN: vin, At: w.now, Findings: []presage.Finding{{Component: presage.Battery12V, Outcome: presage.OutcomeFailed, Replaced: true}},
	}))
	w.wantCase(presage.CaseResolvedElsewhere, presage.OwnerWorkshop)
	b, err = w.store.Booking(w.ctx(), b.ID)
	w.do(err)
	if b.State != presage.BookingCancelled {
		t.Errorf("booking is %s", b.State)
	}
	w.wantErr(w.s.RecordResult(w.ctx(), presage.WorkshopResult{
		VIN: vin, Findings: []presage.Finding{{Component: "wings", Outcome: "?"}},
	}), presage.ErrInvalid)
}
