package outreach_test

import (
	"strings"
	"testing"
	"time"

	"presage"
	"presage/models"
)

// fires lets a rule of the embedded catalogue fire now, as ingest would store it.
func (w *world) fires(rule string) presage.Alert {
	w.t.Helper()
	return w.watch(presage.WatchState{
		VIN: vin, Rule: rule, Phase: presage.WatchFiring, Since: w.now.Add(-time.Minute), FiredAt: w.now, At: w.now,
		Value: 42, Told: presage.ToldRaised,
	})
}

// over stores that an alert has cleared now.
func (w *world) over(a presage.Alert) presage.Alert {
	w.t.Helper()
	return w.watch(presage.WatchState{
		VIN: a.VIN, Rule: a.Rule, Phase: presage.WatchIdle, Since: a.Since, FiredAt: a.FiredAt, ClearedAt: w.now,
		At: w.now, Told: presage.ToldRaised,
	})
}

func (w *world) watch(s presage.WatchState) presage.Alert {
	w.t.Helper()
	w.do(w.store.PutWatchStates(w.ctx(), []presage.WatchState{s}))
	cat, err := models.LoadCatalogue(nil)
	w.do(err)
	a, ok := cat.Alert(s)
	if !ok {
		w.t.Fatalf("no alert of %s", s.Rule)
	}
	return a
}

func (w *world) raise(rule string) presage.Alert {
	w.t.Helper()
	a := w.fires(rule)
	w.do(w.s.Raise(w.ctx(), a))
	return a
}

func (w *world) cases() []presage.Case {
	w.t.Helper()
	cs, err := w.store.LastCases(w.ctx(), vin, 0)
	w.do(err)
	return cs
}

func (w *world) events() []presage.CaseEvent {
	w.t.Helper()
	es, err := w.store.CaseEvents(w.ctx(), w.last().ID)
	w.do(err)
	return es
}

// At three in the morning in Shanghai a safety-critical alert goes out, once;
// any other waits for eight o'clock.
func TestAlertAtNight(t *testing.T) {
	t.Parallel()
	for rule, atOnce := range map[string]int{"insulation_lost": 1, "insulation_low": 0} {
		w := newWorld(t, standard())
		w.now = time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC)
		a := w.raise(rule)
		w.do(w.s.Raise(w.ctx(), a))
		c := w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
		if len(w.cases()) != 1 || len(c.Components) != 1 || c.Components[0] != presage.HVBattery {
			t.Errorf("%s: %d cases, %v", rule, len(w.cases()), c.Components)
		}
		if got := w.send(); got != atOnce {
			t.Errorf("%s: %d messages at night, want %d", rule, got, atOnce)
		}
		w.now = time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
		if got := w.send(); got != 1-atOnce {
			t.Errorf("%s: %d messages in the morning, want %d", rule, got, 1-atOnce)
		}
		if body := w.messages()[0].Body; !strings.Contains(body, a.Tell.EN) {
			t.Errorf("%q does not say %q", body, a.Tell.EN)
		}
	}
}

// The nightly pass neither ends the case of an alert that stands, though the
// model calls the battery healthy, nor opens a second one.
func TestNightLeavesAlertsAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	a := w.raise("insulation_low")
	w.now = w.now.Add(day)
	w.prognosis(vin, presage.HVBattery, presage.StatusOK)
	if rep := w.decide(); rep.Elsewhere != 0 || rep.Cases != 0 {
		t.Errorf("ok: %+v", rep)
	}
	w.prognosis(vin, presage.HVBattery, presage.StatusDue)
	// The model's finding is safety, the alert was not: one new case that holds both.
	w.decide()
	c := w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
	if c.Severity != presage.Safety || len(w.cases()) != 2 || w.cases()[1].State != presage.CaseSuperseded {
		t.Errorf("%s with %d cases", c.Severity, len(w.cases()))
	}
	es := w.events()
	if last := es[len(es)-1]; last.Reason.Args["rule"] != a.Rule {
		t.Errorf("the alert did not join the new case: %q", last.Reason)
	}
}

func TestAlertJoinsTheRunningCase(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	before := w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
	w.send()
	w.now = w.now.Add(time.Hour)
	a := w.raise("tyre_low")
	w.do(w.s.Raise(w.ctx(), a))
	c := w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
	if c.ID != before.ID || c.Severity != presage.Safety || len(c.Components) != 2 || c.Components[0] != presage.TyreLeak {
		t.Errorf("case %s: %s about %v", c.ID, c.Severity, c.Components)
	}
	offers, err := w.store.OffersOf(w.ctx(), c.ID)
	w.do(err)
	if len(offers) != 2 || offers[1].Answer != "replaced" {
		t.Errorf("%d offers, the first answered %q", len(offers), offers[len(offers)-1].Answer)
	}
	if got := w.send(); got != 1 {
		t.Errorf("%d messages about the alert, want 1", got)
	}
	// Its end is noted; the 12 V battery keeps the case.
	w.do(w.s.Clear(w.ctx(), w.over(a)))
	w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
	es := w.events()
	if es[len(es)-1].Reason.Code != presage.WhyAlertOver {
		t.Errorf("last event %q", es[len(es)-1].Reason)
	}
}

func TestAlertClears(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.now = time.Date(2026, 11, 23, 19, 0, 0, 0, time.UTC) // night: nothing has gone out
	a := w.raise("insulation_low")
	w.now = w.now.Add(time.Hour)
	cleared := w.over(a)
	w.do(w.s.Clear(w.ctx(), cleared))
	w.do(w.s.Clear(w.ctx(), cleared))
	w.wantCase(presage.CaseResolvedElsewhere, presage.OwnerOutreach)
	w.now = w.now.Add(day)
	if got := w.send(); got != 0 {
		t.Errorf("%d messages about what is over", got)
	}
	if n := len(w.events()); n != 3 { // opened, offered, over
		t.Errorf("%d events, want 3", n)
	}
	w.do(w.s.Raise(w.ctx(), a)) // told late once more: it was dealt with
	if len(w.cases()) != 1 {
		t.Errorf("%d cases", len(w.cases()))
	}
}

func TestAlertHonoursConsentAndRefusal(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rule    string
		consent presage.Consent
		refuse  bool
		state   presage.CaseState
		cases   int
	}{
		"no consent":                {"insulation_low", presage.Consent{}, false, presage.CaseSuppressed, 1},
		"no consent, safety":        {"insulation_lost", presage.Consent{}, false, presage.CaseEscalated, 1},
		"refused lately":            {"battery_12v_empty", presage.Consent{Push: true}, true, presage.CaseDeclined, 1},
		"refused lately, now grave": {"insulation_lost", presage.Consent{Push: true}, false, presage.CaseOffered, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := standard()
			x.consent = tc.consent
			w := newWorld(t, x)
			if tc.refuse {
				w.prognosis(vin, presage.Battery12V, presage.StatusDue)
				w.decide()
				w.do(w.s.DeclineByToken(w.ctx(), w.token(), ""))
				w.now = w.now.Add(day)
			}
			w.raise(tc.rule)
			if got := w.last().State; got != tc.state || len(w.cases()) != tc.cases {
				t.Errorf("%s, %d cases; want %s, %d", got, len(w.cases()), tc.state, tc.cases)
			}
		})
	}
}

// Without an answer within four hours a person calls.
func TestUrgentAlertIsCalledWithinHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.raise("insulation_lost")
	w.send()
	w.now = w.now.Add(4*time.Hour + time.Minute)
	w.sweep()
	w.wantCase(presage.CaseEscalated, presage.OwnerAdviser)
}
