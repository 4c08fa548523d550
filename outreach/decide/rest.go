package decide

import (
	"context"
	"fmt"
	"slices"

	"presage"
)

// rested drops the components that were dealt with too recently to be brought
// up again. again tells that a safety component is due whose last case ended
// without a repair within the ordinary cool-down.
func (d *Decider) rested(ctx context.Context, vin presage.VIN, ps []presage.Prognosis,
) (rest []presage.Prognosis, again bool, err error) {
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
		last, found := lastWith(past, comp)
		if found && now.Sub(last.UpdatedAt) < wait {
			continue
		}
		rest = append(rest, p)
		if found && comp.SafetyCritical() && p.Status == presage.StatusDue &&
			now.Sub(last.UpdatedAt) < d.Rules().CoolDown && unrepaired(last.State) {
			again = true
		}
	}
	return rest, again, nil
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
