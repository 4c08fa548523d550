package decide

import (
	"context"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/casework"
)

// narrow takes from a visit that is booked what was done before it, at another workshop or
// by a work order: the visit becomes shorter, its parts are free, and the customer is told
// once. A visit of which nothing is left is not narrowed; what an alert stands for stays.
func (d *Decider) narrow(ctx context.Context, c presage.Case, x known) error {
	if c.State != presage.CaseBooked || len(c.Components) < 2 {
		return nil
	}
	labels, err := d.Store.Labels(ctx, c.VIN)
	if err != nil {
		return fmt.Errorf("what was done to %s: %w", c.VIN.Masked(), err)
	}
	done, left := doneBefore(c, labels, casework.About(c, x.alerts))
	if len(done) == 0 || len(left) == 0 {
		return nil
	}
	b, found, err := d.visitOf(ctx, c)
	if err != nil || !found {
		return err
	}
	why := make([]presage.Reason, len(done))
	for i, id := range done {
		why[i] = presage.Because(presage.WhyDoneBefore, "component", string(id))
	}
	_, err = d.Offerer.widen(ctx, c, b, presage.CaseChange{Components: left},
		casework.Note{Who: casework.ByPolicy, Why: why[0].With(why[1:]...)})
	return err
}

// doneBefore divides the components of a case by what was done to them since it was opened.
func doneBefore(c presage.Case, labels []presage.Label, about []presage.Alert) (done, left []presage.ComponentID) {
	for _, id := range c.Components {
		alerted := slices.ContainsFunc(about, func(a presage.Alert) bool { return a.Component == id })
		replaced := slices.ContainsFunc(labels, func(l presage.Label) bool {
			return l.Component == id && l.At.After(c.OpenedAt) &&
				(l.Replaced || l.Outcome == presage.OutcomeReplacedElsewhere)
		})
		if replaced && !alerted {
			done = append(done, id)
		} else {
			left = append(left, id)
		}
	}
	return done, left
}
