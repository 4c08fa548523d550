package outreach_test

import (
	"testing"
	"time"

	"presage"
	"presage/outreach"
	"presage/outreach/decide"
)

const day = 24 * time.Hour

func TestSilenceOpensNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	for _, s := range []presage.Status{presage.StatusStale, presage.StatusUnknown, presage.StatusWatch, presage.StatusOK} {
		w.prognosis(vin, presage.BrakePadsFront, s)
		if rep := w.decide(); rep != (decide.Report{}) {
			t.Errorf("status %s: %+v", s, rep)
		}
	}
}

func TestFirstState(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		part  presage.ComponentID
		set   func(*setup)
		state presage.CaseState
		owner string
	}{
		"no consent, comfort":             {presage.Battery12V, func(x *setup) { x.consent = presage.Consent{} }, presage.CaseSuppressed, presage.OwnerOutreach},
		"no consent, safety":              {presage.BrakePadsFront, func(x *setup) { x.consent = presage.Consent{} }, presage.CaseEscalated, presage.OwnerAdviser},
		"calls only":                      {presage.Battery12V, func(x *setup) { x.consent = presage.Consent{Call: true} }, presage.CaseEscalated, presage.OwnerAdviser},
		"held out":                        {presage.Battery12V, func(x *setup) { x.config = holdOut }, presage.CaseWithheld, presage.OwnerOutreach},
		"safety is never held out":        {presage.BrakePadsFront, func(x *setup) { x.config = holdOut }, presage.CaseOffered, presage.OwnerOutreach},
		"one channel agreed is a channel": {presage.Battery12V, func(x *setup) { x.consent = presage.Consent{SMS: true} }, presage.CaseOffered, presage.OwnerOutreach},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := standard()
			tc.set(&x)
			w := newWorld(t, x)
			w.prognosis(vin, tc.part, presage.StatusDue)
			w.decide()
			w.wantCase(tc.state, tc.owner)
			if rep := w.decide(); rep.Cases != 0 {
				t.Errorf("a second pass opened %d cases", rep.Cases)
			}
		})
	}
}

func holdOut(c *outreach.Config) { c.Policy.HoldOut = 0.999999 }

func TestRepairedElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	w.decide()
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusStale)
	w.decide()
	w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
	w.now = w.now.Add(day)
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusOK)
	if rep := w.decide(); rep.Elsewhere != 1 {
		t.Fatalf("report %+v", rep)
	}
	w.wantCase(presage.CaseResolvedElsewhere, presage.OwnerOutreach)
	if w.send() != 0 {
		t.Error("the offer of a closed case went out")
	}
}

func TestSafetySupersedes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	old := w.last()
	w.now = w.now.Add(day)
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	w.decide()
	c := w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
	if c.Severity != presage.Safety || len(c.Components) != 2 {
		t.Errorf("new case %v of %s, want both components", c.Components, c.Severity)
	}
	old, err := w.store.Case(w.ctx(), old.ID)
	w.do(err)
	if old.State != presage.CaseSuperseded {
		t.Errorf("old case is %s", old.State)
	}
}

func TestCoolDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	w.do(w.s.DeclineByToken(w.ctx(), w.token(), ""))
	for _, d := range []int{1, 29} {
		w.now = monday().AddDate(0, 0, d)
		if rep := w.decide(); rep.CoolingOff != 1 || rep.Cases != 0 {
			t.Errorf("after %d days: %+v", d, rep)
		}
	}
	w.now = monday().AddDate(0, 0, 31)
	if rep := w.decide(); rep.Offers != 1 {
		t.Errorf("after 31 days: %+v", rep)
	}
}

func TestSafetyDeclinedIsCalled(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	w.decide()
	w.do(w.s.DeclineByToken(w.ctx(), w.token(), "no time"))
	c := w.wantCase(presage.CaseEscalated, presage.OwnerAdviser)
	// The adviser hears no as well; after a week the matter is a person's again, not a message's.
	w.do(w.store.MoveCase(w.ctx(), c.ID, presage.CaseChange{}, presage.CaseEvent{
		CaseID: c.ID, At: w.now, Who: "anna", From: presage.CaseEscalated, To: presage.CaseDeclined,
	}))
	w.now = w.now.Add(6 * day)
	if rep := w.decide(); rep.CoolingOff != 1 {
		t.Errorf("after 6 days: %+v", rep)
	}
	w.now = w.now.Add(2 * day)
	if rep := w.decide(); rep.Escalated != 1 || rep.Offers != 0 {
		t.Errorf("after 8 days: %+v", rep)
	}
}

func TestFrequencyCap(t *testing.T) {
	t.Parallel()
	x := standard()
	x.config = func(c *outreach.Config) { c.Cap, c.CoolDown = 1, day }
	w := newWorld(t, x)
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	w.decide()
	w.send()
	w.do(w.s.DeclineByToken(w.ctx(), w.token(), ""))
	w.now = w.now.Add(10 * day)
	if rep := w.decide(); rep.Capped != 1 || rep.Cases != 0 {
		t.Errorf("within 30 days: %+v", rep)
	}
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	if rep := w.decide(); rep.Offers != 1 {
		t.Errorf("safety is not capped: %+v", rep)
	}
	if w.send() != 1 {
		t.Error("the safety message was capped at sending")
	}
}

func TestNoSlotThenAdviser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	w.do(w.store.PutWorkshops(w.ctx(), []presage.Workshop{{
		ID: "w1", Zone: "Asia/Shanghai", DepotID: "d1", OpenHour: 9, CloseHour: 18,
		Bays: presage.PlainBays("b1"), Technicians: []presage.Technician{{ID: "t1"}},
		Closures: []presage.Closure{{From: "2026-11-01", To: "2027-06-30"}},
	}}))
	w.prognosis(vin, presage.Battery12V, presage.StatusDue)
	if rep := w.decide(); rep.Cases != 1 || rep.NoSlot != 1 {
		t.Fatalf("report %+v", rep)
	}
	w.wantCase(presage.CaseOpen, presage.OwnerOutreach)
	w.now = w.now.Add(3 * day)
	w.sweep()
	w.wantCase(presage.CaseEscalated, presage.OwnerAdviser)
	w.now = w.now.Add(day)
	w.sweep()
	w.wantCase(presage.CaseEscalated, presage.OwnerManager)
}
