package outreach_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore/sqltest"
	"presage/outreach"
	"presage/outreach/decide"
	"presage/outreach/outbox"
)

// world is a small service network with one customer, on a clock that the test moves.
type world struct {
	t     *testing.T
	store sqlStore
	s     *outreach.Service
	now   time.Time
	deps  outreach.Deps
}

const (
	vin      presage.VIN = "LPSAAAAA1AA000001"
	customer string      = "k1"
)

// monday is 10:00 in Shanghai.
func monday() time.Time { return time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC) }

type setup struct {
	channels []outreach.Channel
	consent  presage.Consent
	config   func(*outreach.Config)
	noStock  bool
	wrap     func(sqlStore) outreach.Store // nil for the store itself
}

func standard() setup {
	return setup{
		channels: []outreach.Channel{outbox.Channel{}},
		consent:  presage.Consent{Push: true, SMS: true, Call: true},
	}
}

func newWorld(t *testing.T, x setup) *world {
	t.Helper()
	d, err := data()
	if err != nil {
		t.Fatal(err)
	}
	cat := d.catalogue
	w := &world{t: t, store: openStore(t), now: monday()}
	w.do(w.store.PutDepots(t.Context(), []presage.Depot{{ID: "d1"}}))
	w.do(w.store.PutWorkshops(t.Context(), []presage.Workshop{{
		ID: "w1", Name: presage.Text{ZH: "浦东店", EN: "Pudong"}, Zone: "Asia/Shanghai", DepotID: "d1",
		OpenHour: 9, CloseHour: 18, ClosedOn: []time.Weekday{time.Sunday}, Bays: presage.PlainBays("b1"),
		Technicians: []presage.Technician{{ID: "t1", Skills: []string{"hv"}}},
	}}))
	w.do(w.store.PutCustomers(t.Context(), []presage.Customer{{
		ID: customer, Name: "Li Wei", Lang: presage.English, Phone: "+8613800000007",
		Zone: "Asia/Shanghai", Tier: "standard", Consent: x.consent,
	}}))
	w.do(w.store.PutDevices(t.Context(), []presage.Device{{ID: "phone", CustomerID: customer, Token: "token"}}))
	w.vehicle(vin)
	w.do(w.store.PutParts(t.Context(), cat.Parts))
	for _, p := range cat.Parts {
		if !x.noStock {
			w.do(w.store.PutStock(t.Context(), []presage.Stock{{DepotID: "d1", Part: p.Number, OnHand: 5}}))
		}
	}
	cfg := outreach.DefaultConfig()
	cfg.BaseURL = "https://service.example"
	if x.config != nil {
		x.config(&cfg)
	}
	var store outreach.Store = w.store
	if x.wrap != nil {
		store = x.wrap(w.store)
	}
	w.deps = outreach.Deps{
		Store: store, Catalogue: cat, Channels: x.channels, Key: signingKey,
		Now: func() time.Time { return w.now }, Texts: d.texts,
	}
	w.s, err = outreach.New(cfg, w.deps)
	w.do(err)
	return w
}

func (w *world) do(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) ctx() context.Context { return w.t.Context() }

func (w *world) vehicle(vin presage.VIN) {
	w.t.Helper()
	w.do(w.store.PutVehicles(w.ctx(), []presage.Vehicle{{
		VIN: vin, Make: "BYD", Model: "Han", Powertrain: presage.BatteryElectric, CustomerID: customer, WorkshopID: "w1",
		InService: time.Date(2023, 1, 1, 0, 0, 0, 0, time.UTC),
	}}))
}

// prognosis stores what the models would say.
func (w *world) prognosis(vin presage.VIN, id presage.ComponentID, status presage.Status) {
	w.t.Helper()
	p := presage.Prognosis{
		VIN: vin, Component: id, AsOf: w.now, DataThrough: w.now, Status: status,
		FailWithin:    presage.FailWithin{D7: 0.1, D30: 0.5, D60: 0.8, D90: 0.9},
		RemainingLife: presage.RemainingLife{Days: presage.Quantiles{P10: 10, P50: 30, P90: 50}},
		Measured:      &presage.Measured{Value: 93, Limit: 100, Unit: "%"},
		Model:         presage.ModelRef{ID: "test", Version: "1"}, Basis: presage.BasisMeasured,
	}
	if status == presage.StatusOK {
		p.FailWithin = presage.FailWithin{}
	}
	w.do(sqltest.PutPrognosis(w.ctx(), w.store, p))
}

func (w *world) decide() decide.Report {
	w.t.Helper()
	rep, err := w.s.Decide(w.ctx())
	w.do(err)
	return rep
}

// send sends what is due and returns how many messages went out.
func (w *world) send() int {
	w.t.Helper()
	n, err := w.s.SendDue(w.ctx())
	w.do(err)
	return n
}

func (w *world) sweep() {
	w.t.Helper()
	_, err := w.s.Sweep(w.ctx())
	w.do(err)
}

// last is the newest case of the vehicle.
func (w *world) last() presage.Case {
	w.t.Helper()
	cs, err := w.store.LastCases(w.ctx(), vin, 1)
	w.do(err)
	if len(cs) == 0 {
		w.t.Fatal("no case")
	}
	return cs[0]
}

func (w *world) wantCase(state presage.CaseState, owner string) presage.Case {
	w.t.Helper()
	c := w.last()
	if c.State != state || c.Owner != owner {
		w.t.Fatalf("case is %s of %s, want %s of %s", c.State, c.Owner, state, owner)
	}
	return c
}

// messages of the newest case, the oldest first.
func (w *world) messages() []presage.Message {
	w.t.Helper()
	ms, err := w.store.MessagesOf(w.ctx(), w.last().ID)
	w.do(err)
	for i, j := 0, len(ms)-1; i < j; i, j = i+1, j-1 {
		ms[i], ms[j] = ms[j], ms[i]
	}
	return ms
}

// token of the newest offer.
func (w *world) token() string {
	w.t.Helper()
	v, err := w.s.OfferOfCase(w.ctx(), w.last().ID)
	w.do(err)
	return v.Token
}

func (w *world) wantErr(err, kind error) {
	w.t.Helper()
	if !errors.Is(err, kind) {
		w.t.Fatalf("error %v, want %v", err, kind)
	}
}

const signingKey presage.Secret = "0123456789abcdef0123456789abcdef"
