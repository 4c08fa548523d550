package outreach_test

import (
	"testing"
	"time"

	"presage"
	"presage/outreach/converse"
)

// sold gives the test's car to another customer.
func (w *world) sold() {
	w.t.Helper()
	w.do(w.store.PutCustomers(w.ctx(), []presage.Customer{{
		ID: "k2", Name: "Wu", Lang: presage.English, Phone: "+8613800000008", Zone: "Asia/Shanghai",
		Consent: presage.Consent{SMS: true},
	}}))
	v, err := w.store.Vehicle(w.ctx(), vin)
	w.do(err)
	v.CustomerID = "k2"
	w.do(w.store.PutVehicles(w.ctx(), []presage.Vehicle{v}))
}

// Who has sold the car can do nothing more with its links, texts and cases, but
// may still say STOP.
func TestFormerOwner(t *testing.T) {
	t.Parallel()
	w, _, _ := offered(t, presage.Battery12V)
	v, err := w.s.OfferOfCase(w.ctx(), w.last().ID)
	w.do(err)
	token, slot := v.Token, v.Slots[0].ID
	w.sold()
	_, err = w.s.OfferByToken(w.ctx(), token)
	w.wantErr(err, presage.ErrNewOwner)
	w.wantErr(err, presage.ErrExpired)
	_, err = w.s.Book(w.ctx(), token, slot, "link")
	w.wantErr(err, presage.ErrNewOwner)
	_, err = w.s.ICS(w.ctx(), token)
	w.wantErr(err, presage.ErrNewOwner)
	w.wantErr(w.s.DeclineByToken(w.ctx(), token, ""), presage.ErrNewOwner)
	w.wantErr(w.s.CancelByToken(w.ctx(), token), presage.ErrNewOwner)
	_, err = w.s.BookCase(w.ctx(), w.last().ID, slot, "adviser", "adviser")
	w.wantErr(err, presage.ErrNewOwner)
	if _, err := w.s.ReplyFrom(w.ctx(), "+8613800000007", converse.Inbound{Channel: presage.ChannelSMS, Text: "1"}); err != nil {
		t.Fatal(err)
	}
	w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
	if n := w.send(); n != 0 {
		t.Errorf("%d messages went to the former owner", n)
	}
	former := w.last()
	w.now = w.now.Add(time.Hour)
	w.decide() // the new owner is told instead
	if c := w.wantCase(presage.CaseOffered, presage.OwnerOutreach); c.CustomerID != "k2" || c.ID == former.ID {
		t.Errorf("case %s is about %s", c.ID, c.CustomerID)
	}
	w.do(w.s.StopByToken(w.ctx(), token))
	c, err := w.store.Customer(w.ctx(), customer)
	w.do(err)
	if c.Consent.Push || c.Consent.SMS {
		t.Error("the former owner cannot stop the messages")
	}
	if c, err := w.store.Case(w.ctx(), former.ID); err != nil || c.State != presage.CaseSuperseded {
		t.Errorf("the former owner's case is %s, %v", c.State, err)
	}
}
