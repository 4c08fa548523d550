package outreach_test

import (
	"testing"
	"time"

	"presage"
	"presage/outreach"
	"presage/outreach/converse"
)

// A car has a visit and, beside it, an offer for another need, and the visit was
// recalled last: a number takes the offer's time, NO ends the offer alone, and
// CANCEL gives the visit back.
func TestAnswerBesideAVisit(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		offer, visit presage.CaseState
	}{
		"2":      {presage.CaseBooked, presage.CaseBooked},
		"no":     {presage.CaseDeclined, presage.CaseBooked},
		"cancel": {presage.CaseOffered, presage.CaseOffered},
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			sms := &provider{name: presage.ChannelSMS}
			x := standard()
			x.channels = []outreach.Channel{sms}
			w := newWorld(t, x)
			w.prognosis(vin, presage.Battery12V, presage.StatusDue)
			w.decide()
			w.send()
			v, err := w.s.OfferByToken(w.ctx(), w.token())
			w.do(err)
			_, err = w.s.Book(w.ctx(), w.token(), v.Slots[2].ID, "link")
			w.do(err)
			w.send()
			booked := w.last()

			w.now = w.now.Add(time.Hour)
			beside := presage.Case{
				ID: "beside", VIN: vin, CustomerID: customer, WorkshopID: "w1", Components: []presage.ComponentID{"cabin_filter"},
				Severity: presage.Comfort, State: presage.CaseOpen, Route: presage.RouteWorkshop, Owner: presage.OwnerOutreach,
				OpenedAt: w.now, UpdatedAt: w.now, DueAt: w.now.Add(3 * day), VisitBy: w.now.Add(20 * day),
			}
			w.do(w.store.CreateCase(w.ctx(), beside, presage.CaseEvent{CaseID: beside.ID, At: w.now, To: presage.CaseOpen}))
			w.do(w.s.Decider.Offerer.Offer(w.ctx(), beside.ID))
			w.send()
			ms, err := w.store.MessagesOf(w.ctx(), booked.ID)
			w.do(err)
			for _, m := range ms {
				if m.Kind == "reminder" && m.NotBefore.After(w.now) {
					w.now = m.NotBefore
				}
			}
			if w.send() == 0 {
				t.Fatal("no reminder")
			}
			w.now = w.now.Add(time.Minute)
			_, err = w.s.ReplyFrom(w.ctx(), "+8613800000007", converse.Inbound{Channel: presage.ChannelSMS, Text: text})
			w.do(err)
			for id, state := range map[string]presage.CaseState{beside.ID: want.offer, booked.ID: want.visit} {
				c, err := w.store.Case(w.ctx(), id)
				w.do(err)
				if c.State != state {
					t.Errorf("case %v is %s, want %s", c.Components, c.State, state)
				}
			}
		})
	}
}
