package decide

import (
	"context"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/replay"
)

// weighed is a prognosis with the last case that dealt with its component.
type weighed struct {
	presage.Prognosis
	last  *replay.Last // nil for none
	rests bool         // too recently to be brought up again
}

// weigh looks at what was dealt with before; components that the catalogue does
// not know are left out. again tells that a safety component is due whose last
// case ended without a repair within the ordinary cool-down.
func (d *Decider) weigh(ctx context.Context, vin presage.VIN, ps []presage.Prognosis,
) (all []weighed, again bool, err error) {
	past, err := d.Store.LastCases(ctx, vin, 20)
	if err != nil {
		return nil, false, fmt.Errorf("earlier cases: %w", err)
	}
	now := d.Now()
	for _, p := range ps {
		comp, err := d.Catalogue.Component(p.Component)
		if err != nil {
			continue
		}
		wait := d.Rules().CoolDown
		if comp.SafetyCritical() {
			wait = d.Rules().SafetyCoolDown
		}
		w := weighed{Prognosis: p, last: lastOf(past, comp)}
		w.rests = w.last != nil && now.Sub(w.last.Ended) < wait
		if !w.rests && w.last != nil && comp.SafetyCritical() && p.Status == presage.StatusDue &&
			now.Sub(w.last.Ended) < d.Rules().CoolDown && unrepaired(w.last.State) {
			again = true
		}
		all = append(all, w)
	}
	return all, again, nil
}

// rested are those that may be brought up.
func rested(all []weighed) []presage.Prognosis {
	var ps []presage.Prognosis
	for _, w := range all {
		if !w.rests {
			ps = append(ps, w.Prognosis)
		}
	}
	return ps
}

func lastOf(past []presage.Case, comp presage.Component) *replay.Last {
	last, found := lastWith(past, comp)
	if !found {
		return nil
	}
	return &replay.Last{CaseID: last.ID, State: last.State, Ended: last.UpdatedAt}
}

// lastWith finds the newest ended case that dealt with the component.
func lastWith(past []presage.Case, comp presage.Component) (presage.Case, bool) {
	for _, c := range past {
		if c.State.Ended() && slices.Contains(c.Components, comp.ID) && dealtWith(c, comp) {
			return c, true
		}
	}
	return presage.Case{}, false
}

// dealtWith tells whether a case that held the component was about it: not one
// that was superseded, nor one that a safety-critical component was to come
// along with and that ended without a repair.
func dealtWith(c presage.Case, comp presage.Component) bool {
	switch c.State {
	case presage.CaseSuperseded:
		return false
	case presage.CaseDone, presage.CaseResolvedElsewhere:
		return true
	default:
		return !comp.SafetyCritical() || c.Severity == presage.Safety
	}
}

func unrepaired(s presage.CaseState) bool {
	return s == presage.CaseDeclined || s == presage.CaseExpired || s == presage.CaseSuppressed
}
