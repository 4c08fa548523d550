package outreach_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"presage"
	"presage/outreach"
	"presage/outreach/policy"
)

// put puts a policy on top of the version that is in force.
func (w *world) put(document string) (presage.Policy, error) {
	w.t.Helper()
	last, err := w.s.Rulebook.InForce(w.ctx())
	w.do(err)
	return w.s.Rulebook.Put(w.ctx(), presage.Policy{
		Version: last.Version, Document: json.RawMessage(document), PutAt: w.now, By: "mia", Note: "test",
	})
}

// A policy that is put counts from the next decision on, in this process at once
// and in another from its next pass; the version is stored with the decision.
func TestPolicyCountsFromTheNextDecision(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	other, err := outreach.New(outreach.DefaultConfig(), w.deps)
	w.do(err)
	if p, err := w.s.Rulebook.InForce(w.ctx()); err != nil || p.Version != 0 {
		t.Fatalf("in force: version %d, %v; want the configuration's", p.Version, err)
	}
	first, err := w.put(`{"format": 1, "pilot": {"workshops": ["w1"]}, "hold_out": {"share": 0.5, "experiment": "winter"}}`)
	w.do(err)
	if r := w.s.Rulebook.Current(); first.Version != 1 || r.PolicyVersion != 1 || r.Policy.HoldOut != 0.5 {
		t.Errorf("stored as %d, in force %d with hold-out %v; want 1, 1, 0.5", first.Version, r.PolicyVersion, r.Policy.HoldOut)
	}
	if v := other.Rulebook.Current().PolicyVersion; v != 0 {
		t.Errorf("the other process follows version %d before its next pass, want 0", v)
	}
	_, err = other.Sweep(w.ctx())
	w.do(err)
	if v := other.Rulebook.Current().PolicyVersion; v != 1 {
		t.Errorf("after its next pass the other process follows version %d, want 1", v)
	}
	w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
	w.decide()
	d, err := policy.Replay(w.last().Decision)
	w.do(err)
	if want := policy.Draw("winter", vin); d.Input.PolicyVersion != 1 || d.Input.Draw != want {
		t.Errorf("decided by version %d with draw %v, want 1 and %v", d.Input.PolicyVersion, d.Input.Draw, want)
	}
}

// Who looked at an older version overwrites nothing; the same again changes nothing.
func TestPolicyPut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, standard())
	first, err := w.put("format: 1\ncap: {offers: 3}\n")
	w.do(err)
	again, err := w.s.Rulebook.Put(w.ctx(), presage.Policy{
		Version: 0, Document: json.RawMessage(`{"cap": {"offers": 3}, "format": 1}`), PutAt: w.now, By: "ben",
	})
	if err != nil || again.Version != 1 || again.By != first.By {
		t.Errorf("the same again: version %d of %s, %v; want version 1 of %s", again.Version, again.By, err, first.By)
	}
	_, err = w.s.Rulebook.Put(w.ctx(), presage.Policy{
		Version: 0, Document: json.RawMessage("format: 1\ncap: {offers: 4}\n"), PutAt: w.now, By: "ben",
	})
	w.wantErr(err, presage.ErrConflict)
	_, err = w.put("format: 1\npilot: {workshops: [w1, nowhere]}\ncosts: {visit: {minor: 1, currency: EUR}, " +
		"annoyance: {minor: 1, currency: EUR}}\n")
	if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), "pilot.workshops[1]: ") ||
		!strings.Contains(err.Error(), "costs.visit.currency: ") {
		t.Errorf("an unknown workshop and another currency: %v", err)
	}
	if r := w.s.Rulebook.Current(); r.PolicyVersion != 1 || r.Cap != 3 {
		t.Errorf("in force: version %d with cap %d, want 1 with 3", r.PolicyVersion, r.Cap)
	}
}
