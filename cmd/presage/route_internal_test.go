package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"presage"
	"presage/cmd/presage/app"
	"presage/cmd/presage/clock"
	"presage/cmd/presage/config"
	"presage/outreach/fcm"
	"presage/outreach/fcm/fcmtest"
	"presage/outreach/rules"
	"presage/outreach/twilio/twiliotest"
)

// Push, then SMS, then a call, on SQLite.
func TestRouteFromPushToCall(t *testing.T) {
	t.Parallel()
	followRoute(t, filepath.Join(t.TempDir(), "presage.db"))
}

// routeDay is ten o'clock in Berlin on a Monday of no holiday.
var routeDay = time.Date(2026, 6, 15, 8, 0, 0, 0, time.UTC)

// followRoute lets three customers not answer: about brakes (safety), a battery
// (mobility) and a filter (comfort). Each channel speaks at the minute that the
// policy says, and not before; about comfort nobody calls.
func followRoute(t *testing.T, database string) {
	t.Helper()
	r := openRoute(t, database, nil)
	brakes := r.customer(1, presage.BrakePadsFront)
	battery := r.customer(2, "battery_12v")
	filter := r.customer(3, "cabin_filter")
	wait := r.waits()
	if wait != (waits{15 * time.Minute, 24 * time.Hour, 48 * time.Hour}) {
		t.Fatalf("the policy in force waits %v", wait)
	}
	if _, err := r.app.Outreach.Decide(t.Context()); err != nil {
		t.Fatal(err)
	}
	r.at(routeDay, brakes.told("push"), battery.told("push"), filter.told("push"))
	for _, d := range []*carOwner{brakes, battery, filter} {
		r.pushed(d) // it arrives, and nobody opens it
	}
	r.rests(routeDay.Add(wait.Safety))
	r.at(routeDay.Add(wait.Safety), brakes.told("push", "sms"), battery.told("push"), filter.told("push"))
	r.texted(brakes)
	r.rests(routeDay.Add(2 * wait.Safety))
	r.at(routeDay.Add(2*wait.Safety), brakes.told("push", "sms", "call"), battery.told("push"), filter.told("push"))

	r.rests(routeDay.Add(wait.Mobility))
	r.at(routeDay.Add(wait.Mobility), battery.told("push", "sms"), filter.told("push"))
	r.texted(battery)
	r.rests(routeDay.Add(2 * wait.Mobility)) // the day on which the filter's turn comes too
	r.at(routeDay.Add(2*wait.Mobility), battery.told("push", "sms", "call"), filter.told("push", "sms"))
	r.texted(filter)
	r.at(routeDay.AddDate(0, 1, 0), brakes.told("push", "sms", "call"), battery.told("push", "sms", "call"))
	if got := r.course(filter); got["call"] != 0 || got["push"] != 1 {
		t.Errorf("about comfort: %v, want no call, and one push", got)
	}
}

// waits are the route's times by severity, as GET /v1/policy tells them.
type waits struct{ Safety, Mobility, Comfort time.Duration }

// route is the service with a stopped clock, real HTTP, and providers on loopback.
type route struct {
	t     *testing.T
	app   *app.App
	clock *clock.Clock
	url   string // at which everybody reaches the service
	push  *fcmtest.Server
	texts *twiliotest.Server
}

// carOwner is a customer with one car.
type carOwner struct {
	id, token string
	phone     presage.Phone
	vin       presage.VIN
}

// course is over which channels somebody was told, how often.
type course map[presage.ChannelName]int

// told says over which channels somebody was told until now, once each.
func (d *carOwner) told(channels ...presage.ChannelName) expected {
	want := course{}
	for _, c := range channels {
		want[c]++
	}
	return expected{d, want}
}

type expected struct {
	of   *carOwner
	want course
}

// openRoute starts the service; more settings have the last word.
func openRoute(t *testing.T, database string, more map[string]string) *route {
	t.Helper()
	r := &route{t: t, clock: clock.Stopped(routeDay), push: fcmtest.New(t)}
	r.texts = twiliotest.New(t, r.clock.Now)
	proxy := &httputil.ReverseProxy{Rewrite: func(p *httputil.ProxyRequest) {
		to, err := url.Parse(r.app.URL())
		if err == nil {
			p.SetURL(to)
			p.Out.Host = p.In.Host
		}
	}}
	front := httptest.NewServer(proxy)
	t.Cleanup(front.Close)
	r.url = front.URL
	set := map[string]string{
		"data_dir": t.TempDir(), "database.url": database, "http.addr": "127.0.0.1:0", "mqtt.addr": "127.0.0.1:0",
		"http.public_url": r.url, "http.admin_key": testKey,
		"outreach.channels": "push,sms,call", "outreach.hold_out": "0",
		"fcm.credentials": r.push.Credentials().Reveal(), "fcm.base_url": r.push.URL,
		"twilio.account_sid": twiliotest.AccountSID, "twilio.auth_token": twiliotest.AuthToken,
		"twilio.from": "+15005550006", "twilio.base_url": r.texts.URL,
	}
	maps.Copy(set, more)
	c, err := config.Load(t.Context(), nil, nil, set)
	if err != nil {
		t.Fatal(err)
	}
	if r.app, err = app.Open(t.Context(), app.Options{Config: c.Config, Clock: r.clock}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- r.app.Serve(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := errors.Join(<-served, r.app.Close()); err != nil {
			t.Error(err)
		}
	})
	r.world()
	return r
}

// world is a workshop with all parts, room for everybody and no quiet day but Sunday.
func (r *route) world() {
	r.t.Helper()
	fleet := presage.Fleet{
		Depots: []presage.Depot{{ID: "depot"}},
		Workshops: []presage.Workshop{{
			ID: "berlin", Name: presage.Text{ZH: "柏林店", EN: "Berlin"}, Zone: "Europe/Berlin", DepotID: "depot",
			OpenHour: 8, CloseHour: 18, ClosedOn: []time.Weekday{time.Sunday}, Bays: presage.PlainBays("b1", "b2", "b3"),
			Technicians: []presage.Technician{
				{ID: "t1", Skills: []string{"hv"}}, {ID: "t2", Skills: []string{"hv"}}, {ID: "t3", Skills: []string{"hv"}},
			},
		}},
	}
	for _, p := range r.app.Catalogue.Parts {
		fleet.Stock = append(fleet.Stock, presage.Stock{DepotID: "depot", Part: p.Number, OnHand: 9})
	}
	err := r.app.SQL.PutParts(r.t.Context(), r.app.Catalogue.Parts)
	if err = errors.Join(err, r.app.SQL.PutFleet(r.t.Context(), fleet)); err != nil {
		r.t.Fatal(err)
	}
}

// customer has agreed to everything, has the app, and a car with something due.
func (r *route) customer(n int, due presage.ComponentID) *carOwner {
	r.t.Helper()
	d := &carOwner{
		id: fmt.Sprint("k", n), token: fmt.Sprint("token-", n), phone: presage.Phone(fmt.Sprintf("+49151123400%02d", n)),
		vin: presage.VIN(fmt.Sprintf("LPSAAAAA1AA%06d", n)),
	}
	now := r.clock.Now()
	p := presage.Prognosis{
		VIN: d.vin, Component: due, AsOf: now, DataThrough: now, Status: presage.StatusDue, Basis: presage.BasisMeasured,
		FailWithin:    presage.FailWithin{D7: 0.15, D30: 0.5, D60: 0.75, D90: 0.875},
		RemainingLife: presage.RemainingLife{Days: presage.Quantiles{P10: 10, P50: 30, P90: 50}},
		Measured:      &presage.Measured{Value: 93, Limit: 100, Unit: "%"}, Model: presage.ModelRef{ID: "test", Version: "1"},
	}
	err := r.app.SQL.PutFleet(r.t.Context(), presage.Fleet{
		Customers: []presage.Customer{{
			ID: d.id, Name: "Anna", Lang: presage.English, Zone: "Europe/Berlin", Tier: "standard", Phone: d.phone,
			Consent: presage.Consent{Push: true, SMS: true, Call: true, Source: "contract", ChangedAt: now},
		}},
		Vehicles: []presage.Vehicle{{
			VIN: d.vin, Make: "Aurora", Model: "One", Powertrain: presage.BatteryElectric, InService: now.AddDate(-3, 0, 0),
			CustomerID: d.id, WorkshopID: "berlin",
		}},
	})
	if err = errors.Join(err, r.app.SQL.PutPrognoses(r.t.Context(), []presage.Prognosis{p})); err != nil {
		r.t.Fatal(err)
	}
	r.call(http.MethodPut, "/v1/customers/"+d.id+"/devices", map[string]string{
		"id": "phone", "platform": "android", "token": d.token,
	}, nil)
	return d
}

// call asks the API for out.
func (r *route) call(method, path string, in, out any) {
	r.t.Helper()
	body, err := json.Marshal(in)
	if err != nil {
		r.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.url+path, bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+testKey)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		r.t.Fatal(err)
	}
	defer res.Body.Close()
	var answer json.RawMessage
	if err := json.NewDecoder(res.Body).Decode(&answer); err != nil || res.StatusCode >= http.StatusBadRequest {
		r.t.Fatalf("%s %s: %s %s %v", method, path, res.Status, answer, err)
	}
	if out == nil {
		return
	}
	if err := json.Unmarshal(answer, out); err != nil {
		r.t.Fatalf("%s %s: %v in %s", method, path, err, answer)
	}
}

func (r *route) waits() waits {
	r.t.Helper()
	var policy struct {
		Document rules.Document `json:"document"`
	}
	r.call(http.MethodGet, "/v1/policy", nil, &policy)
	w := policy.Document.Route
	return waits{time.Duration(w.Safety), time.Duration(w.Mobility), time.Duration(w.Comfort)}
}

// at moves the clock, does what the processes do then, and compares.
func (r *route) at(now time.Time, all ...expected) {
	r.t.Helper()
	r.pass(now)
	for _, x := range all {
		have := r.course(x.of)
		for _, channel := range []presage.ChannelName{presage.ChannelPush, presage.ChannelSMS, presage.ChannelCall} {
			if have[channel] != x.want[channel] {
				r.t.Errorf("%s about %s: %v, want %v", now.Sub(routeDay), x.of.id, have, x.want)
			}
		}
	}
}

// rests goes on to a minute before an instant: until then nobody is told anything.
func (r *route) rests(until time.Time) {
	r.t.Helper()
	told := func() [3]int { return [3]int{len(r.push.Sent()), len(r.texts.Sent()), len(r.calls())} }
	before := told()
	r.pass(until.Add(-time.Minute))
	if now := told(); now != before {
		r.t.Errorf("a minute before %s: pushes, texts and calls were %d, are %d", until.Sub(routeDay), before, now)
	}
}

// calls are the tasks of advisers that wait.
func (r *route) calls() (calls []presage.Message) {
	r.t.Helper()
	planned, err := r.app.SQL.Messages(r.t.Context(), presage.MessageFilter{State: presage.MessagePlanned})
	if err != nil {
		r.t.Fatal(err)
	}
	for _, m := range planned {
		if m.Channel == presage.ChannelCall {
			calls = append(calls, m)
		}
	}
	return calls
}

func (r *route) pass(now time.Time) {
	r.t.Helper()
	r.clock.Set(now)
	_, sent := r.app.Outreach.SendDue(r.t.Context())
	_, swept := r.app.Outreach.Sweep(r.t.Context())
	_, again := r.app.Outreach.SendDue(r.t.Context())
	if err := errors.Join(sent, swept, again); err != nil {
		r.t.Fatal(err)
	}
}

// course is what the providers have for a driver, and the calls that wait.
func (r *route) course(d *carOwner) course {
	r.t.Helper()
	have := course{}
	for _, m := range r.push.Sent() {
		if m.Token == d.token {
			have[presage.ChannelPush]++
		}
	}
	for _, m := range r.texts.Sent() {
		if m.To == string(d.phone) {
			have[presage.ChannelSMS]++
		}
	}
	for _, m := range r.calls() {
		if m.VIN == d.vin {
			have[presage.ChannelCall]++
		}
	}
	return have
}

// pushed reports, as the app does, that the newest push to a driver arrived.
func (r *route) pushed(d *carOwner) {
	r.t.Helper()
	for _, m := range r.push.Sent() {
		if m.Token != d.token {
			continue
		}
		status, err := fcmtest.Report(r.t.Context(), r.url+fcm.ReceiptPath, m.Data["receipt"], "delivered")
		if err != nil || status != http.StatusNoContent {
			r.t.Fatalf("the app's receipt: HTTP %d, %v", status, err)
		}
	}
}

// texted reports, as Twilio does, that the text to a driver arrived.
func (r *route) texted(d *carOwner) {
	r.t.Helper()
	for _, m := range r.texts.Sent() {
		if m.To != string(d.phone) {
			continue
		}
		status, err := r.texts.Report(r.t.Context(), m.SID, "delivered", 0)
		if err != nil || status/100 != 2 {
			r.t.Fatalf("Twilio's receipt: HTTP %d, %v", status, err)
		}
	}
}
