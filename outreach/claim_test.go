package outreach_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"presage"
	"presage/outreach"
	"presage/outreach/converse"
	"presage/outreach/outbox"
)

// slow is a channel whose first answer takes so long that another process has
// its look at old claims meanwhile.
type slow struct {
	*provider
	meanwhile func()
}

func (p *slow) Send(ctx context.Context, m presage.Message, c presage.Customer) (string, error) {
	id, err := p.provider.Send(ctx, m, c)
	if look := p.meanwhile; look != nil {
		p.meanwhile = nil
		look()
	}
	return id, err
}

// One process claims two offers and is slow with the first; after the claim
// timeout another takes both over. Each goes out once.
func TestOldClaimIsSentByOneProcess(t *testing.T) {
	t.Parallel()
	push := &slow{provider: &provider{name: presage.ChannelPush}}
	x := standard()
	x.channels = []outreach.Channel{push}
	w := newWorld(t, x)
	const second presage.VIN = "LPSAAAAA1AA000002"
	w.vehicle(second)
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	w.prognosis(second, presage.BrakePadsFront, presage.StatusDue)
	w.decide()
	push.meanwhile = func() {
		w.now = w.now.Add(3 * time.Minute)
		w.send()
	}
	w.send()
	if len(push.has) != 2 || push.has[0] == push.has[1] {
		t.Fatalf("the provider has %v, want each of two messages once", push.has)
	}
	sent, err := w.store.Messages(w.ctx(), presage.MessageFilter{State: presage.MessageSent})
	w.do(err)
	if len(sent) != 2 {
		t.Errorf("%d messages are recorded as sent", len(sent))
	}
}

// hurried notes until when a provider may take.
type hurried struct {
	*provider
	find, send []time.Time
}

func (p *hurried) Find(ctx context.Context, m presage.Message, c presage.Customer) (string, bool, error) {
	until, _ := ctx.Deadline()
	p.find = append(p.find, until)
	return p.provider.Find(ctx, m, c)
}

func (p *hurried) Send(ctx context.Context, m presage.Message, c presage.Customer) (string, error) {
	until, _ := ctx.Deadline()
	p.send = append(p.send, until)
	return p.provider.Send(ctx, m, c)
}

// A provider is asked and sent to within one time, which ends before another process
// may take the message: a claim is renewed at half of its age, and the other half is more.
func TestSendIsOverBeforeItsClaim(t *testing.T) {
	t.Parallel()
	push := &hurried{provider: &provider{name: presage.ChannelPush, faults: []error{presage.ErrUnavailable}}}
	x := standard()
	x.channels = []outreach.Channel{push}
	w := newWorld(t, x)
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	w.decide()
	began := time.Now()
	w.send()
	w.now = w.now.Add(time.Hour)
	w.send()
	if len(push.send) != 2 || len(push.find) != 1 || len(push.has) != 1 {
		t.Fatalf("asked %d times, sent %d times: %v", len(push.find), len(push.send), push.has)
	}
	ended := time.Now()
	half := outreach.DefaultConfig().ClaimTimeout / 2
	for _, until := range append(push.send, push.find...) {
		if until.Before(began) || !until.Before(ended.Add(half)) {
			t.Errorf("a provider may take %v, want less than %v", until.Sub(began), half)
		}
	}
	if !push.find[0].Equal(push.send[1]) {
		t.Errorf("asked until %v and sent until %v, want one time for both", push.find[0], push.send[1])
	}
}

// An offer that reached the customer by push stands when the SMS behind it
// meets the cap or fails.
func TestOfferStandsWhenItsSecondChannelFalls(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*world, *provider){
		"cap": func(w *world, _ *provider) {
			w.do(w.store.PutMessages(w.ctx(), []presage.Message{{
				ID: "m1", Key: "offer/x/push", Kind: "offer", CustomerID: customer, State: presage.MessageSent, SentAt: w.now,
			}}))
		},
		"refused": func(_ *world, sms *provider) { sms.faults = []error{presage.ErrInvalid} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, push, sms := offered(t, presage.Battery12V)
			w.send()
			spoil(w, sms)
			w.now = w.now.Add(2 * day)
			w.send()
			if len(push.has) != 1 || len(sms.has) != 0 {
				t.Fatalf("push %d, sms %d", len(push.has), len(sms.has))
			}
			w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
			v, err := w.s.OfferByToken(w.ctx(), w.token())
			w.do(err)
			if !v.CanBook {
				t.Errorf("the offer that the customer holds is %s", v.State)
			}
		})
	}
}

// What an adviser or a partner does at night is told in the morning; the
// customer's own doing is answered at once.
func TestOthersDoingsAreToldByDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	w.send()
	v, err := w.s.OfferByToken(w.ctx(), w.token())
	w.do(err)
	night := time.Date(2026, 11, 23, 23, 30, 0, 0, time.FixedZone("CST", 8*3600))
	w.now = night
	b, err := w.s.BookCase(w.ctx(), w.last().ID, v.Slots[2].ID, "api", "dealer")
	w.do(err)
	if w.send() != 0 {
		t.Fatal("an adviser's booking was told at 23:30")
	}
	w.do(w.s.CancelBooking(w.ctx(), b.ID, "dealer", "the technician is ill"))
	if w.send() != 0 {
		t.Fatal("an adviser's cancellation was told at 23:30")
	}
	_, err = w.s.Book(w.ctx(), w.token(), v.Slots[2].ID, "link")
	w.do(err)
	if w.send() != 1 {
		t.Fatal("the customer's own booking was not confirmed at once")
	}
	w.now = night.Add(9 * time.Hour)
	if w.send() != 1 { // the cancellation; the confirmation of what was cancelled is untrue by now
		t.Error("nothing was told in the morning")
	}
}

// STOP from a number that two customers share silences both.
func TestStopFromASharedNumber(t *testing.T) {
	t.Parallel()
	x := standard()
	x.channels = []outreach.Channel{&provider{name: presage.ChannelSMS}, outbox.Channel{}}
	w := newWorld(t, x)
	w.do(w.store.PutCustomers(w.ctx(), []presage.Customer{{
		ID: "k2", Phone: "+8613800000007", Zone: "Asia/Shanghai", Consent: presage.Consent{SMS: true},
	}}))
	meaning, err := w.s.ReplyFrom(w.ctx(), "+8613800000007", converse.Inbound{Channel: presage.ChannelSMS, Text: "退订"})
	w.do(err)
	if meaning != "stop" {
		t.Fatalf("taken as %q", meaning)
	}
	for _, id := range []string{customer, "k2"} {
		c, err := w.store.Customer(w.ctx(), id)
		w.do(err)
		if c.Consent.SMS {
			t.Errorf("customer %s may still be written to", id)
		}
	}
}

// hangingUp ends the customer's request as soon as the former visit is given up.
type hangingUp struct {
	sqlStore
	hangUp context.CancelFunc
}

func (s hangingUp) CancelBooking( //nolint:revive // the interface's
	ctx context.Context, id string, at time.Time, ev presage.CaseEvent, next presage.CaseState, ms []presage.Message,
) error {
	defer s.hangUp()
	return s.sqlStore.CancelBooking(ctx, id, at, ev, next, ms)
}

// Who moves a visit and hangs up in the middle has the new visit or the old
// one, never none.
func TestHangingUpWhileMovingAVisit(t *testing.T) {
	t.Parallel()
	ctx, hangUp := context.WithCancel(t.Context())
	x := standard()
	x.wrap = func(s sqlStore) outreach.Store { return hangingUp{s, hangUp} }
	w := newWorld(t, x)
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	v, err := w.s.OfferByToken(w.ctx(), w.token())
	w.do(err)
	_, err = w.s.Book(w.ctx(), w.token(), v.Slots[0].ID, "link")
	w.do(err)
	_, _ = w.s.Book(ctx, w.token(), v.Slots[2].ID, "link") // nobody is there to read the answer
	w.wantCase(presage.CaseBooked, presage.OwnerWorkshop)
}

// forestalled ends the case by another report just before each first one is written.
type forestalled struct {
	sqlStore
	once *sync.Once
}

func (s forestalled) FinishBooking(
	ctx context.Context, r presage.WorkshopResult, labels []presage.Label, evs []presage.CaseEvent,
) error {
	var err error
	s.once.Do(func() {
		earlier := r
		earlier.At = r.At.Add(-time.Hour)
		err = s.sqlStore.FinishBooking(ctx, earlier, nil, evs)
	})
	if err != nil {
		return err
	}
	return s.sqlStore.FinishBooking(ctx, r, labels, evs)
}

// Two workshops report on one vehicle: the later report finds the case closed,
// and its finding is a label all the same.
func TestAResultIsNotLostToAnother(t *testing.T) {
	t.Parallel()
	x := standard()
	x.wrap = func(s sqlStore) outreach.Store { return forestalled{s, new(sync.Once)} }
	w := newWorld(t, x)
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	w.do(w.s.RecordResult(w.ctx(), presage.WorkshopResult{
		VIN: vin, At: w.now, Findings: []presage.Finding{{Component: presage.Battery12V, Outcome: presage.OutcomeFailed, Replaced: true}},
	}))
	w.wantCase(presage.CaseResolvedElsewhere, presage.OwnerOutreach)
	labels, err := w.store.Labels(w.ctx(), vin)
	w.do(err)
	if len(labels) != 1 || labels[0].Outcome != presage.OutcomeFailed {
		t.Errorf("labels %+v", labels)
	}
}
