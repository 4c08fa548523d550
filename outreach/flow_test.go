package outreach_test

import (
	"strings"
	"testing"
	"time"

	"presage"
	"presage/outreach/policy"
	"presage/outreach/visit"
)

// The whole loop: due pads, offer, page, booking, arrival, finding, label.
func TestFromPrognosisToLabel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	w.prognosis(vin, presage.ShockAbsorbers, presage.StatusStale)
	if rep := w.decide(); rep.Cases != 1 || rep.Offers != 1 {
		t.Fatalf("report %+v, want one case and one offer", rep)
	}
	c := w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
	if len(c.Components) != 1 || c.Severity != presage.Safety {
		t.Fatalf("case holds %v of severity %s; stale parts are not asked in", c.Components, c.Severity)
	}
	if _, err := policy.Replay(c.Decision); err != nil {
		t.Fatalf("the stored decision cannot be replayed: %v", err)
	}
	if rep := w.decide(); rep.Cases != 0 || rep.Offers != 0 {
		t.Fatalf("a second pass did %+v", rep)
	}
	if w.send() != 1 || w.send() != 0 {
		t.Fatal("the offer was not sent exactly once")
	}
	m := w.messages()[0]
	if m.State != presage.MessageSent || !strings.Contains(m.Body, m.Link) || !strings.Contains(m.Body, "93% worn") {
		t.Fatalf("message %s: %q", m.State, m.Body)
	}
	token := visit.TokenOf(m.Link)
	v, err := w.s.OfferByToken(w.ctx(), token)
	w.do(err)
	if v.State != presage.OfferOpen || !v.CanBook || len(v.Slots) < 3 || v.Price.Minor != 69_800 || v.CustomerName != "Li" {
		t.Fatalf("page %+v", v)
	}
	b, err := w.s.Book(w.ctx(), token, v.Slots[1].ID, "link")
	w.do(err)
	again, err := w.s.Book(w.ctx(), token, v.Slots[1].ID, "link")
	w.do(err)
	if b.ID != again.ID || b.BayID != "b1" || b.TechnicianID != "t1" {
		t.Fatalf("booked %+v, then %+v", b, again)
	}
	stock, err := w.store.StockOf(w.ctx(), "d1")
	w.do(err)
	for _, st := range stock {
		if want := map[string]int{"BP-F-2041": 1}[st.Part]; st.Reserved != want {
			t.Errorf("%d of %s reserved, want %d", st.Reserved, st.Part, want)
		}
	}
	if w.send() != 1 {
		t.Fatal("no confirmation")
	}
	ics, err := w.s.ICS(w.ctx(), token)
	w.do(err)
	if !strings.Contains(string(ics), "DTSTART;TZID=Asia/Shanghai:"+b.Start.Add(8*time.Hour).UTC().Format("20060102T150405")) {
		t.Errorf("calendar:\n%s", ics)
	}
	w.now = b.Start.Add(-20 * time.Hour) // 10:00 of the day before or later
	w.send()
	w.now = b.Start
	w.do(w.s.Arrive(w.ctx(), b.ID, ""))
	w.do(w.s.Arrive(w.ctx(), b.ID, ""))
	w.wantCase(presage.CaseArrived, presage.OwnerWorkshop)
	w.now = b.End
	result := presage.WorkshopResult{
		BookingID: b.ID, VIN: vin, At: w.now, OdometerKm: 61_000,
		Findings:  []presage.Finding{{Component: presage.BrakePadsFront, Outcome: presage.OutcomeConfirmed, Replaced: true}},
		PartsUsed: []presage.PartQuantity{{Part: "BP-F-2041", Quantity: 1}},
	}
	w.do(w.s.RecordResult(w.ctx(), result))
	w.wantErr(w.s.RecordResult(w.ctx(), result), presage.ErrConflict)
	w.wantCase(presage.CaseDone, presage.OwnerWorkshop)
	labels, err := w.store.Labels(w.ctx(), vin)
	w.do(err)
	if len(labels) != 1 || labels[0].Outcome != presage.OutcomeConfirmed || labels[0].BookingID != b.ID {
		t.Errorf("labels %+v", labels)
	}
	if rep := w.decide(); rep.Cases != 0 || rep.CoolingOff != 1 {
		t.Errorf("after the repair, before new data: %+v, want to leave it alone", rep)
	}
}

func TestTwoCustomersOneSlot(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	const second presage.VIN = "LPSAAAAA1AA000002"
	w.vehicle(second)
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	w.prognosis(second, presage.BrakePadsFront, presage.StatusDue)
	w.decide()
	first := w.token()
	v, err := w.s.OfferByToken(w.ctx(), first)
	w.do(err)
	other, err := w.store.LastCases(w.ctx(), second, 1)
	w.do(err)
	_, err = w.s.BookCase(w.ctx(), other[0].ID, v.Slots[0].ID, "adviser", "anna")
	w.do(err)
	_, err = w.s.Book(w.ctx(), first, v.Slots[0].ID, "link")
	w.wantErr(err, presage.ErrConflict)
	v, err = w.s.OfferByToken(w.ctx(), first)
	w.do(err)
	if v.Slots[0].Number != 2 {
		t.Errorf("the sold slot is still shown: %+v", v.Slots[0])
	}
}

func TestMoveCancelDecline(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	token := w.token()
	v, err := w.s.OfferByToken(w.ctx(), token)
	w.do(err)
	first, err := w.s.Book(w.ctx(), token, v.Slots[0].ID, "link")
	w.do(err)
	moved, err := w.s.Book(w.ctx(), token, v.Slots[2].ID, "link")
	w.do(err)
	w.now = w.now.Add(time.Minute)
	// Nobody may move to a time that is closed, and the visit stands.
	_, err = w.s.Book(w.ctx(), token, "w1@"+"1795903200", "link")
	w.wantErr(err, presage.ErrConflict)
	old, err := w.store.Booking(w.ctx(), first.ID)
	w.do(err)
	if old.State != presage.BookingCancelled || !moved.Start.Equal(v.Slots[2].Start) {
		t.Fatalf("moved: old is %s, new at %s", old.State, moved.Start)
	}
	w.do(w.s.CancelByToken(w.ctx(), token))
	w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
	w.wantErr(w.s.CancelByToken(w.ctx(), token), presage.ErrNotFound)
	busy, err := w.store.Busy(w.ctx(), "w1", w.now, w.now.AddDate(0, 2, 0))
	w.do(err)
	if len(busy) != 0 {
		t.Errorf("still taken: %v", busy)
	}
	w.do(w.s.DeclineByToken(w.ctx(), token, "too expensive"))
	w.do(w.s.DeclineByToken(w.ctx(), token, ""))
	w.wantCase(presage.CaseDeclined, presage.OwnerOutreach)
	// A change of mind within the offer's time.
	_, err = w.s.Book(w.ctx(), token, v.Slots[1].ID, "link")
	w.do(err)
	w.wantCase(presage.CaseBooked, presage.OwnerWorkshop)
}

func TestPartsThatHaveToCome(t *testing.T) {
	t.Parallel()
	x := standard()
	x.noStock = true
	w := newWorld(t, x)
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	w.decide()
	token := w.token()
	v, err := w.s.OfferByToken(w.ctx(), token)
	w.do(err)
	// The catalogue's lead time of the pads is 5 days, a pack holds 4.
	if first := v.Slots[0].Start; first.Before(w.now.AddDate(0, 0, 5)) {
		t.Fatalf("first slot %s is before the parts", first)
	}
	_, err = w.s.Book(w.ctx(), token, v.Slots[0].ID, "link")
	w.do(err)
	orders, err := w.store.OpenOrders(w.ctx(), "d1", "BP-F-2041")
	w.do(err)
	if len(orders) != 1 || orders[0].Quantity != 4 {
		t.Errorf("orders %+v, want one pack of 4", orders)
	}
}
