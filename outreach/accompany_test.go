package outreach_test

import (
	"slices"
	"testing"

	"presage"
	"presage/outreach"
)

// Pads on watch join the visit of a due battery, which is no matter of safety
// until they are due themselves: then nothing that befell the first case (an
// offer out, the hold-out, no answer) may keep the word back.
func TestAccompanyingSafetyComponentFallsDue(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		config func(*outreach.Config)
		wait   bool // for the first offer to run out
		first  presage.CaseState
	}{
		"offered":  {func(*outreach.Config) {}, false, presage.CaseSuperseded},
		"held out": {holdOut, false, presage.CaseWithheld},
		"expired":  {func(*outreach.Config) {}, true, presage.CaseExpired},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := standard()
			x.config = tc.config
			w := newWorld(t, x)
			w.prognosis(vin, presage.Battery12V, presage.StatusDue)
			w.prognosis(vin, presage.BrakePadsFront, presage.StatusWatch)
			w.decide()
			first := w.last()
			if first.Severity == presage.Safety || !slices.Contains(first.Components, presage.BrakePadsFront) {
				t.Fatalf("first case of severity %s holds %v", first.Severity, first.Components)
			}
			w.now = w.now.Add(day)
			if tc.wait {
				w.now = w.now.Add(7 * day)
				w.sweep()
			}
			w.prognosis(vin, presage.BrakePadsFront, presage.StatusDue)
			w.decide()
			w.wantCase(presage.CaseOffered, presage.OwnerOutreach)
			if c := w.last(); c.ID == first.ID || c.Severity != presage.Safety || c.Components[0] != presage.BrakePadsFront {
				t.Errorf("case %s of severity %s for %v; want a new one for the pads", c.State, c.Severity, c.Components)
			}
			old, err := w.store.Case(w.ctx(), first.ID)
			w.do(err)
			if old.State != tc.first {
				t.Errorf("the first case is %s, want %s", old.State, tc.first)
			}
		})
	}
}
