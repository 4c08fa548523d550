package outreach_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/outreach"
	"presage/outreach/outbox"
	"presage/outreach/replay"
	"presage/outreach/rules"
)

// lived is a fleet that went through some weeks: due components, alerts, two
// policies, customers who book, decline, answer nothing or have no channel.
func lived(t *testing.T, cars, days int) *world {
	t.Helper()
	x := standard()
	x.channels = []outreach.Channel{outbox.Channel{}}
	x.config = func(c *outreach.Config) {
		c.Policy.HoldOut, c.Cap = 0.4, 1
		c.Coupons = []rules.CouponRule{{
			Name: "spring", Percent: 10, Days: 30, LeaveOut: 0.3,
		}}
	}
	w := newWorld(t, x)
	draw := rand.New(rand.NewPCG(7, 11))
	vins := fleetOf(w, cars)
	ids := []presage.ComponentID{presage.BrakePadsFront, presage.Battery12V, "cabin_filter", presage.ShockAbsorbers}
	for day := range days {
		if day == days/2 {
			_, err := w.put(`{"format": 1, "cap": {"offers": 2, "within": "20d"}, "cool_down": {"ordinary": "10d"}}`)
			w.do(err)
		}
		for _, vin := range vins {
			if draw.Float64() < 0.08 {
				status := []presage.Status{presage.StatusDue, presage.StatusWatch, presage.StatusOK}[draw.IntN(3)]
				w.prognosis(vin, ids[draw.IntN(len(ids))], status)
			}
		}
		if day%5 == 0 {
			w.alert(vins[draw.IntN(len(vins))])
		}
		w.decide()
		w.now = w.now.Add(7 * time.Hour)
		w.send()
		w.sweep()
		w.answers(draw)
		w.now = w.now.Add(17 * time.Hour)
		w.send()
		w.sweep()
	}
	return w
}

func fleetOf(w *world, cars int) []presage.VIN {
	w.t.Helper()
	vins := make([]presage.VIN, cars)
	for i := range vins {
		owner := fmt.Sprint("owner", i/2) // two cars each: the cap matters
		vins[i] = presage.VIN(fmt.Sprintf("LPSAAAAA1AA%06d", i+100))
		w.do(w.store.PutCustomers(w.ctx(), []presage.Customer{{
			ID: owner, Name: owner, Lang: presage.English, Phone: presage.Phone(fmt.Sprintf("+86138000%05d", i/2)),
			Zone: []string{"Asia/Shanghai", "Europe/Berlin"}[i/2%2], Tier: "standard",
			Consent: presage.Consent{SMS: i/2%5 != 0, Call: i/2%3 == 0},
		}}))
		w.do(w.store.PutVehicles(w.ctx(), []presage.Vehicle{{
			VIN: vins[i], Make: "BYD", Model: "Han", Powertrain: presage.BatteryElectric, CustomerID: owner, WorkshopID: "w1",
			InService: w.now.AddDate(-3, 0, 0),
		}}))
	}
	return vins
}

// alert lets a watch rule fire on a car, and clear.
func (w *world) alert(vin presage.VIN) {
	w.t.Helper()
	s := presage.WatchState{
		VIN: vin, Rule: []string{"battery_12v_empty", "tyre_low", "insulation_lost"}[w.now.YearDay()%3], Phase: presage.WatchFiring, Since: w.now.Add(-time.Minute), FiredAt: w.now, At: w.now,
		Told: presage.ToldRaised, Value: 42,
	}
	w.do(w.store.PutWatchStates(w.ctx(), []presage.WatchState{s}))
	a, ok := w.deps.Catalogue.Alert(s)
	if !ok {
		w.t.Fatal("the catalogue has no such rule")
	}
	w.do(w.s.Raise(w.ctx(), a))
}

// answers lets some customers book, decline or say nothing.
func (w *world) answers(draw *rand.Rand) {
	w.t.Helper()
	cs, err := w.store.CasesIn(w.ctx(), presage.CaseOffered)
	w.do(err)
	for _, c := range cs {
		p := draw.Float64()
		if p < 0.7 {
			continue
		}
		v, err := w.s.OfferOfCase(w.ctx(), c.ID)
		w.do(err)
		if p < 0.85 {
			w.do(w.s.DeclineByToken(w.ctx(), v.Token, ""))
		} else if len(v.Slots) > 0 {
			_, err := w.s.Book(w.ctx(), v.Token, v.Slots[0].ID, "link")
			w.do(err)
		}
	}
}

func (w *world) compared(records []presage.DecisionRecord, a, b string) (replay.Comparison, []byte) {
	w.t.Helper()
	docs := make([]rules.Document, 2)
	for i, text := range []string{a, b} {
		var err error
		docs[i], err = rules.Read([]byte(text))
		w.do(err)
	}
	c, err := replay.Compare(time.Time{}, time.Time{}, records, replay.Policies{
		A: docs[0], B: docs[1], Version: func(v int64) (rules.Document, error) {
			p, err := w.store.Policy(w.ctx(), v)
			w.do(err)
			return rules.Read(p.Document)
		},
	})
	w.do(err)
	raw, err := json.Marshal(c)
	w.do(err)
	return c, raw
}

const (
	coupons   = "coupons: [{name: spring, percent: 10, days: 30, leave_out: 0.3}]\n"
	firstHalf = "format: 1\nhold_out: {share: 0.4}\ncap: {offers: 1}\n" + coupons
	asItWas   = "format: 1\nhold_out: {share: 0.4}\ncap: {offers: 1}\n"
	another   = "format: 1\nhold_out: {share: 0}\ncap: {offers: 3}\nquiet_hours: {from: 20, to: 10}\n"
	thirdOne  = "format: 1\ncool_down: {ordinary: 60d}\ncosts: {annoyance: {minor: 900000, currency: CNY}}\n"
)

// By the policies that were in force every decision comes out as it is stored,
// its texts at the times at which they were planned.
func TestReplayOfThePolicyInForce(t *testing.T) {
	t.Parallel()
	w := lived(t, 60, 40)
	records, err := w.store.Decisions(w.ctx(), presage.DecisionFilter{})
	w.do(err)
	c, _ := w.compared(records, asItWas, another)
	t.Logf("%d of %d decisions agree: %v", c.Check.Agree, c.Check.Decisions, c.A.Outcomes)
	if c.Check.Agree != c.Check.Decisions || len(c.Check.Differ) > 0 {
		t.Errorf("%d of %d agree: %v", c.Check.Agree, c.Check.Decisions, c.Check.Differ)
	}
	was := map[presage.DecisionOutcome]int{}
	for _, r := range records {
		was[r.Outcome]++
	}
	for _, o := range []presage.DecisionOutcome{
		presage.DecisionTold, presage.DecisionCalled, presage.DecisionJoined, presage.DecisionWithheld,
		presage.DecisionSuppressed, presage.DecisionCapped, presage.DecisionResting,
	} {
		if was[o] == 0 {
			t.Errorf("no decision was %s: the fleet lived too quietly to show anything (%v)", o, was)
		}
	}
	if c.Different == 0 || c.B.Outcomes[presage.DecisionWithheld] != 0 {
		t.Errorf("another policy differs in %d and withholds %d", c.Different, c.B.Outcomes[presage.DecisionWithheld])
	}
	w.wantTextsAsPlanned(c.Rows, records)
}

// Who gets a coupon by the policy in force is who really got one, with its discount.
func TestReplayOfCoupons(t *testing.T) {
	t.Parallel()
	w := lived(t, 60, 40)
	records, err := w.store.Decisions(w.ctx(), presage.DecisionFilter{})
	w.do(err)
	c, _ := w.compared(records, another, firstHalf)
	given, none, versions := 0, 0, map[string]int64{}
	for _, r := range records {
		versions[r.ID] = r.PolicyVersion
	}
	for _, r := range c.Rows {
		if versions[r.ID] != 0 || r.Was != presage.DecisionTold || r.B.Outcome != presage.DecisionTold {
			continue
		}
		offers, err := w.store.OffersOf(w.ctx(), r.CaseID)
		w.do(err)
		if len(offers) == 0 || offers[len(offers)-1].CreatedAt.After(r.At) {
			continue // no time was free then
		}
		was, err := w.store.Coupons(w.ctx(), presage.CouponFilter{CaseID: r.CaseID, To: r.At.Add(time.Second)})
		w.do(err)
		switch {
		case len(was) == 0 && r.B.Coupon == nil:
			none++
		case len(was) == 1 && r.B.Coupon != nil && r.B.Coupon.Discount == was[0].Discount:
			given++
		default:
			t.Errorf("case %s: replayed %+v, given %+v", r.CaseID, r.B.Coupon, was)
		}
	}
	if given < 5 || none < 5 {
		t.Errorf("%d coupons and %d offers without one: too few to show anything", given, none)
	}
}

// wantTextsAsPlanned compares the first half, which A ruled, with the messages.
func (w *world) wantTextsAsPlanned(rows []replay.Row, records []presage.DecisionRecord) {
	w.t.Helper()
	versions, compared := map[string]int64{}, 0
	for _, r := range records {
		versions[r.ID] = r.PolicyVersion
	}
	for _, r := range rows {
		if versions[r.ID] != 0 || r.Was != presage.DecisionTold || r.A.Outcome != presage.DecisionTold {
			continue
		}
		offers, err := w.store.OffersOf(w.ctx(), r.CaseID)
		w.do(err)
		ms, err := w.store.MessagesOf(w.ctx(), r.CaseID)
		w.do(err)
		planned := map[time.Time]bool{}
		for _, m := range ms {
			if m.Kind == "offer" && len(offers) > 0 && m.OfferID == offers[len(offers)-1].ID {
				planned[m.NotBefore] = true
			}
		}
		if len(planned) == 0 || !offers[len(offers)-1].CreatedAt.Equal(r.At) {
			continue // no time was free then
		}
		compared++
		for _, s := range r.A.Stops {
			if !planned[s.At] && !s.Again {
				w.t.Errorf("case %s: a text at %v, planned are %v", r.CaseID, s.At, planned)
			}
		}
	}
	if compared == 0 {
		w.t.Error("no case was compared with its messages")
	}
}

// The same records give the same bytes, in whatever order they come and however
// many processors there are.
//
//nolint:paralleltest // it sets the number of processors
func TestComparisonIsTheSameToTheByte(t *testing.T) {
	w := lived(t, 30, 20)
	records, err := w.store.Decisions(w.ctx(), presage.DecisionFilter{})
	w.do(err)
	_, first := w.compared(records, asItWas, thirdOne)
	before := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(before)
	draw := rand.New(rand.NewPCG(1, 2))
	for range 5 {
		draw.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		if _, again := w.compared(records, asItWas, thirdOne); string(again) != string(first) {
			t.Fatal("another order of the records gives another comparison")
		}
	}
}

// What comes later changes nothing: neither what the service did afterwards nor
// the decisions of another time.
func TestComparisonKnowsNoFuture(t *testing.T) {
	t.Parallel()
	w := lived(t, 30, 20)
	until := w.now.AddDate(0, 0, -5)
	early := func() []presage.DecisionRecord {
		rs, err := w.store.Decisions(w.ctx(), presage.DecisionFilter{To: until})
		w.do(err)
		return rs
	}
	short, _ := w.compared(early(), asItWas, thirdOne)
	all, err := w.store.Decisions(w.ctx(), presage.DecisionFilter{})
	w.do(err)
	whole, _ := w.compared(all, asItWas, thirdOne)
	rows := map[string]replay.Row{}
	for _, r := range whole.Rows {
		rows[r.ID] = r
	}
	for _, r := range short.Rows {
		if diff := cmp.Diff(rows[r.ID], r, cmp.AllowUnexported(replay.Fate{})); diff != "" {
			t.Fatalf("later decisions change an earlier one (-whole +short):\n%s", diff)
		}
	}
	for _, id := range []string{"owner1", "owner2", "owner3"} { // and now they stop
		w.do(w.store.SetConsent(w.ctx(), id, presage.Consent{ChangedAt: w.now, Source: "STOP"}))
	}
	again, _ := w.compared(early(), asItWas, thirdOne)
	if diff := cmp.Diff(short, again, cmp.AllowUnexported(replay.Fate{})); diff != "" {
		t.Errorf("a later STOP changes what would have been told (-before +after):\n%s", diff)
	}
}
