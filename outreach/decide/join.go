package decide

import (
	"context"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/policy"
)

// join takes a decision into a case that stands: a visit that comes in time
// and has the minutes and the parts, a car that is in the workshop, or a person
// who has the case; "" for none. Nothing joins that the trial withholds.
func (d *Decider) join(ctx context.Context, x known, p policy.Decision) (caseID string, err error) {
	if p.Withheld {
		return "", nil
	}
	for _, c := range x.cases {
		switch joined, err := d.joinCase(ctx, c, x.prognoses, p); {
		case casework.Overtaken(err): // no room, or it moved on
		case err != nil:
			return "", err
		case joined:
			return c.ID, nil
		}
	}
	return "", nil
}

func (d *Decider) joinCase(ctx context.Context, c presage.Case, ps []presage.Prognosis, p policy.Decision,
) (bool, error) {
	change := widened(c, p.Components, p.Severity)
	why := whyBegun(p)
	if c.State == presage.CaseBooked {
		b, in, err := d.visitInTime(ctx, c, ps, p)
		if err != nil || !in {
			return false, err
		}
		return d.Offerer.widen(ctx, c, b, change, casework.Note{Who: casework.ByPolicy, Why: why})
	}
	switch c.State {
	case presage.CaseOpen: // put off by its customer, see waiting
		toWorkshop(c, &change)
		change.DueAt = d.Now().Add(d.Rules().NoSlot)
	case presage.CaseEscalated:
		if due := d.Now().Add(d.Rules().CallWithin(p.Severity)); due.Before(c.DueAt) {
			change.DueAt = due
		}
	default:
	}
	d.Offerer.homeward(c, &change)
	ev := presage.CaseEvent{CaseID: c.ID, At: d.Now(), Who: casework.ByPolicy, Reason: why}
	if err := d.Store.AmendCase(ctx, c.ID, change, ev); err != nil {
		return false, fmt.Errorf("join case %s: %w", c.ID, err)
	}
	if c.State == presage.CaseOpen {
		return true, d.Offerer.Offer(ctx, c.ID)
	}
	return true, nil
}

// visitInTime is the visit of a case, if it comes in time for all that a decision
// found due.
func (d *Decider) visitInTime(ctx context.Context, c presage.Case, ps []presage.Prognosis, p policy.Decision,
) (presage.Booking, bool, error) {
	b, found, err := d.visitOf(ctx, c)
	if err != nil || !found {
		return b, false, err
	}
	for _, x := range due(ps) {
		if !slices.Contains(p.Components, x.Component) {
			continue
		}
		comp, err := d.Catalogue.Component(x.Component)
		if err != nil || !d.inTime(b.Start, x, comp) {
			return b, false, err
		}
	}
	return b, true, nil
}

// widened is a case that is about more: the gravest first.
func widened(c presage.Case, more []presage.ComponentID, severity presage.Severity) presage.CaseChange {
	all, graver := slices.Clone(c.Components), severity.Graver(c.Severity)
	var added []presage.ComponentID
	for _, id := range more {
		if !slices.Contains(all, id) {
			added = append(added, id)
		}
	}
	var change presage.CaseChange
	if graver {
		change.Severity, change.Components = severity, slices.Concat(added, all)
	} else {
		change.Components = slices.Concat(all, added)
	}
	return change
}
