package decide

import (
	"context"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/policy"
)

// waiting makes the offer of an open case, unless its customer has put it off until
// later than now. Then news of what may leave the car standing, which they did not
// know, is told with it at once; other comfort waits with it.
func (d *Decider) waiting(ctx context.Context, c presage.Case, x known, standing []presage.Case, rep *Report) error {
	off, err := d.putOff(ctx, c, x.prognoses)
	if err != nil {
		return err
	}
	if !off {
		return d.Offerer.again(ctx, c, x.prognoses, rep)
	}
	left, err := d.uncovered(ctx, standing, x.prognoses)
	if err != nil || !slices.ContainsFunc(due(left), d.strands) {
		return err
	}
	return d.open(ctx, known{x.vin, standing, left, x.alerts}, rep)
}

// putOff tells whether a case is put off until later than now. It is not any more once
// the last moment has come, by what is known now, to ask about a component that may
// leave the car standing.
func (d *Decider) putOff(ctx context.Context, c presage.Case, ps []presage.Prognosis) (bool, error) {
	events, err := d.Offerer.Store.CaseEvents(ctx, c.ID)
	if err != nil {
		return false, fmt.Errorf("history of case %s: %w", c.ID, err)
	}
	now := d.Now()
	until, off := casework.PutOff(events)
	if !off || !until.After(now) || c.Severity == presage.Comfort {
		return off && until.After(now), nil
	}
	return !slices.ContainsFunc(due(ps), func(p presage.Prognosis) bool {
		last := policy.LastAsk(p.AsOf, p.FailWithin, c.Severity, d.Rules().Notice)
		return slices.Contains(c.Components, p.Component) && d.strands(p) && !last.After(now)
	}), nil
}

// strands tells that a component is more than a matter of comfort.
func (d *Decider) strands(p presage.Prognosis) bool {
	comp, err := d.Catalogue.Component(p.Component)
	return err == nil && comp.Severity.Graver(presage.Comfort)
}
