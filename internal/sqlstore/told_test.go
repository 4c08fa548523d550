//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"errors"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func claimsInOrder(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	push, later := message(3), message(4)
	push.Channel = presage.ChannelPush
	later.NotBefore = noon().Add(time.Hour)
	must(t, s.PutMessages(ctx, []presage.Message{message(2), message(1), push, later}))
	claim := func(at time.Time, want ...string) (claimed []presage.Message) {
		t.Helper()
		claimed, err := s.ClaimMessages(ctx, "", at, 0)
		must(t, err)
		same(t, "claimed", messageIDs(claimed), want)
		return claimed
	}
	save := func(m presage.Message, state presage.MessageState) {
		m.State = state
		must(t, s.SaveMessage(ctx, m))
	}
	first := claim(noon(), "msg-001", "msg-003")[0]
	claim(noon().Add(2 * time.Hour)) // the crash of a claimer lets nothing pass it
	save(first, presage.MessageSent)
	second := claim(noon(), "msg-002")[0]
	second.NotBefore = noon().Add(time.Minute)
	save(second, presage.MessagePlanned) // to be tried again
	claim(noon())
	second = claim(noon().Add(2*time.Hour), "msg-002")[0] // still before the one of 13:00
	save(second, presage.MessageFailed)
	claim(noon().Add(2*time.Hour), "msg-004")
}

func lastTold(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	sent := func(i int, customer, offer string, change func(*presage.Message)) presage.Message {
		m := message(i)
		m.CustomerID, m.OfferID, m.State, m.SentAt = customer, offer, presage.MessageSent, m.CreatedAt
		if change != nil {
			change(&m)
		}
		return m
	}
	otherCar := sent(3, "c1", "o3", func(m *presage.Message) {
		m.VIN, m.CaseID, m.State = vin(2), "of the other car", presage.MessageDelivered
	})
	last, shared := sent(2, "c1", "o2", nil), sent(4, "c2", "o4", nil)
	must(t, s.PutMessages(ctx, []presage.Message{
		sent(1, "c1", "o1", nil), last, otherCar, shared,
		sent(5, "c3", "o5", nil),
		sent(6, "c1", "o6", func(m *presage.Message) { m.State = presage.MessageFailed }),
		sent(7, "c1", "o7", func(m *presage.Message) { m.State, m.SentAt = presage.MessagePlanned, time.Time{} }),
		sent(8, "c1", "o8", func(m *presage.Message) { m.Channel = presage.ChannelOutbox }),
	}))
	got, err := s.LastSent(ctx, []string{"c1", "c2"}, presage.ChannelSMS)
	must(t, err)
	same(t, "last sent of each case", got, []presage.Message{shared, otherCar, last})
	got, err = s.LastSent(ctx, nil, presage.ChannelSMS)
	must(t, err)
	same(t, "of nobody", len(got), 0)

	for since, want := range map[time.Time]int{noon(): 6, noon().Add(5 * time.Second): 2, noon().Add(time.Hour): 0} {
		n, err := s.Told(ctx, []string{"c1", "c2"}, []string{"help", "offer"}, since)
		must(t, err)
		same(t, "told since "+since.String(), n, want)
	}
	n, err := s.Told(ctx, []string{"c1"}, []string{"help"}, noon())
	must(t, err)
	same(t, "of another kind", n, 0)
}

func earlyReceipts(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	must(t, s.PutMessages(ctx, []presage.Message{message(1)}))
	due := func(want ...presage.Receipt) {
		t.Helper()
		got, err := s.ReceiptsDue(ctx)
		must(t, err)
		same(t, "due", got, want)
	}
	failed, delivered := presage.Receipt{ProviderID: "SM1", Reason: "30003"}, presage.Receipt{ProviderID: "SM1", Delivered: true}
	must(t, errors.Join(
		s.KeepReceipt(ctx, failed, noon()), s.KeepReceipt(ctx, delivered, noon()),
		s.KeepReceipt(ctx, presage.Receipt{ProviderID: "somebody's"}, noon()),
	))
	due()
	m := message(1)
	m.State, m.ProviderID, m.SentAt = presage.MessageSent, "SM1", noon()
	must(t, s.SaveMessage(ctx, m))
	due(delivered)
	must(t, s.ForgetReceipt(ctx, "SM1"))
	due()
	must(t, s.KeepReceipt(ctx, failed, noon()))
	must(t, s.KeepReceipt(ctx, presage.Receipt{ProviderID: "SM2"}, noon().AddDate(0, 0, 8))) // the others are over
	due()
}

func suppressions(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	const phone presage.Phone = "+8613800000001"
	stop := presage.Suppression{Address: string(phone), Channel: presage.ChannelSMS, Since: noon(), Source: "sms STOP"}
	again := stop
	again.Since = noon().Add(time.Hour)
	must(t, s.Suppress(ctx, stop)) // nobody has the number yet
	must(t, s.Suppress(ctx, again))
	got, err := s.Suppressed(ctx, phone)
	must(t, err)
	same(t, "suppressed", got, []presage.Suppression{stop})

	given := presage.Consent{Push: true, SMS: true, ChangedAt: noon().AddDate(1, 0, 0), Source: "contract"}
	must(t, s.PutCustomers(ctx, []presage.Customer{
		{ID: "c1", Phone: phone, Consent: given}, {ID: "c2", Phone: phone, Consent: given}, {ID: "c3", Consent: given},
	}))
	stopped := given
	stopped.SMS, stopped.Stopped.SMS = false, true
	cs, err := s.CustomersByPhone(ctx, phone)
	must(t, err)
	same(t, "both who have it", []presage.Consent{cs[0].Consent, cs[1].Consent}, []presage.Consent{stopped, stopped})
	c, err := s.Customer(ctx, "c3")
	must(t, err)
	same(t, "who has none", c.Consent, given)

	must(t, s.Lift(ctx, phone, presage.ChannelSMS, presage.ChannelPush))
	c, err = s.Customer(ctx, "c2")
	must(t, err)
	same(t, "after START", c.Consent, given)
}

// stopsFollowConsent: what a customer stops holds for the next one with that
// number; what they allow again is lifted.
func stopsFollowConsent(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	const phone presage.Phone = "+8613800000001"
	given := presage.Consent{Push: true, SMS: true, Call: true, ChangedAt: noon(), Source: "contract"}
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c1", Phone: phone, Consent: given}}))
	must(t, s.SetConsent(ctx, "c1", presage.Consent{
		Call: true, ChangedAt: noon().Add(time.Hour), Source: "link STOP", Stopped: presage.Channels{Push: true, SMS: true},
	}))
	got, err := s.Suppressed(ctx, phone)
	must(t, err)
	at := noon().Add(time.Hour)
	same(t, "suppressed", got, []presage.Suppression{
		{Address: string(phone), Channel: presage.ChannelPush, Since: at, Source: "link STOP"},
		{Address: string(phone), Channel: presage.ChannelSMS, Since: at, Source: "link STOP"},
	})
	newer := given
	newer.ChangedAt = noon().AddDate(0, 1, 0)
	must(t, s.PutCustomers(ctx, []presage.Customer{{ID: "c2", Phone: phone, Consent: newer}})) // the same person again
	c, err := s.Customer(ctx, "c2")
	must(t, err)
	same(t, "channels left", []bool{c.Consent.Push, c.Consent.SMS, c.Consent.Call}, []bool{false, false, true})

	must(t, s.SetConsent(ctx, "c1", given)) // START
	c, err = s.Customer(ctx, "c2")
	must(t, err)
	same(t, "as if never stopped", c.Consent, newer)
	wantKind(t, s.SetConsent(ctx, "c9", given), presage.ErrNotFound)
}

func heldSlots(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	at := func(hour int) time.Time { return noon().Add(time.Duration(hour-12) * time.Hour) }
	slot := func(from, to int) presage.Slot { return presage.Slot{WorkshopID: "w1", Start: at(from), End: at(to)} }
	offer := func(id string, i int, slots ...presage.Slot) presage.Offer {
		return presage.Offer{
			ID: id, CaseID: openCase(i).ID, CreatedAt: noon(), ExpiresAt: at(90), HeldUntil: at(14), Slots: slots,
		}
	}
	for i := range 4 {
		mustOpen(t, s, i)
	}
	for _, o := range []presage.Offer{
		offer("o0", 0, slot(30, 32), slot(31, 33)), // overlaps itself: one offer
		offer("o1", 1, slot(31, 32)),
		offer("o2", 2, slot(31, 32)),
	} {
		must(t, s.CreateOffer(ctx, o, nil, noon(), presage.CaseEvent{}))
	}
	o, err := s.Offer(ctx, "o1")
	must(t, err)
	same(t, "held until", o.HeldUntil, at(14))
	heldParts(t, s)
	held := func(what string, f presage.HeldTimeFilter, want ...presage.HeldTime) {
		t.Helper()
		f.WorkshopID = "w1"
		got, err := s.Held(ctx, f)
		must(t, err)
		same(t, what, got, want)
	}
	all := presage.HeldTimeFilter{From: at(20), To: at(40), Now: at(13)}
	held("all", all, presage.HeldTime{Start: at(30), End: at(31), Offers: 1}, presage.HeldTime{Start: at(31), End: at(32), Offers: 3},
		presage.HeldTime{Start: at(32), End: at(33), Offers: 1})
	mine := all
	mine.ExceptOffer = "o0"
	held("for o0", mine, presage.HeldTime{Start: at(31), End: at(32), Offers: 2})
	must(t, s.AnswerOffer(ctx, "o1", noon(), "declined"))
	held("one has an answer", mine, presage.HeldTime{Start: at(31), End: at(32), Offers: 1})
	move := func(to presage.CaseState) {
		must(t, s.MoveCase(ctx, "case-2", presage.CaseChange{}, fromTo("", to, presage.CaseEvent{})))
	}
	move(presage.CaseOpen)
	held("one is withdrawn", mine)
	next := offer("o2b", 2, slot(35, 36))
	next.CreatedAt = noon().Add(time.Minute)
	must(t, s.CreateOffer(ctx, next, nil, noon(), presage.CaseEvent{}))
	held("one has followed", mine, presage.HeldTime{Start: at(35), End: at(36), Offers: 1})
	mustOpen(t, s, 4)
	van := offer("o4", 4, presage.Slot{ID: presage.VansOf("w1") + "@1", WorkshopID: "w1", Start: at(36), End: at(37)})
	van.Drive = 30 * time.Minute
	must(t, s.CreateOffer(ctx, van, nil, noon(), presage.CaseEvent{}))
	half := at(36).Add(-30 * time.Minute)
	held("a van, with its way", mine, presage.HeldTime{Start: at(35), End: half, Offers: 1},
		presage.HeldTime{Start: half, End: at(36), Offers: 2, Vans: 1},
		presage.HeldTime{Start: at(36), End: at(37).Add(30 * time.Minute), Offers: 1, Vans: 1})
	late := all
	late.Now = at(14)
	held("the time is over", late)
	early := all
	early.To = at(31)
	held("only what is asked for", early, presage.HeldTime{Start: at(30), End: at(32), Offers: 1})
}

// heldParts counts what the offers o0 to o2 of heldSlots keep, with one more.
func heldParts(t *testing.T, s *sqlstore.Store) {
	t.Helper()
	ctx := t.Context()
	pads := presage.PartQuantity{Part: "PAD", Quantity: 2}
	must(t, s.CreateOffer(ctx, presage.Offer{
		ID: "p3", CaseID: openCase(3).ID, CreatedAt: noon(), ExpiresAt: noon().AddDate(0, 0, 4),
		HeldUntil: noon().Add(2 * time.Hour), Parts: []presage.PartQuantity{pads, {Part: "SEAL", Quantity: 1}},
	}, nil, noon(), presage.CaseEvent{}))
	w := presage.Workshop{ID: "w1", Zone: "Asia/Shanghai", DepotID: "d1"}
	must(t, s.PutWorkshops(ctx, []presage.Workshop{w}))
	for _, x := range []struct {
		what, depot, except string
		at                  time.Time
		want                map[string]int
	}{
		{"all", w.DepotID, "", noon(), map[string]int{"PAD": 2, "SEAL": 1}},
		{"but its own", w.DepotID, "p3", noon(), map[string]int{}},
		{"of another depot", "nowhere", "", noon(), map[string]int{}},
		{"later", w.DepotID, "", noon().Add(3 * time.Hour), map[string]int{}},
	} {
		got, err := s.HeldParts(ctx, x.depot, x.at, x.except)
		must(t, err)
		same(t, "held parts, "+x.what, got, x.want)
	}
}
