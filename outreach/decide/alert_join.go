package decide

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"presage"
	"presage/outreach/casework"
)

// join takes an alert into a case that its vehicle has; false where it needs one
// of its own: the visit comes too late, or lacks the time.
func (w *Watcher) join(ctx context.Context, c presage.Case, a presage.Alert) (bool, error) {
	if c.ID == caseOf(a) { // its own: a crash may have come between the case and its offer
		if c.State == presage.CaseOpen {
			return true, w.Offerer.Offer(ctx, c.ID)
		}
		return true, nil
	}
	ev := presage.CaseEvent{CaseID: c.ID, At: w.Now(), Who: casework.ByWatch, Reason: whyRaised(a)}
	change, news := w.alerted(c, a)
	switch c.State {
	case presage.CaseBooked:
		return w.joinVisit(ctx, c, a, change)
	case presage.CaseOffered:
		if news {
			return true, w.offerAnew(ctx, c, change, ev)
		}
	default:
	}
	if err := w.Store.AmendCase(ctx, c.ID, change, ev); err != nil {
		return false, fmt.Errorf("alert %s: %w", a.Rule, err)
	}
	if c.State == presage.CaseOpen {
		return true, w.Offerer.Offer(ctx, c.ID)
	}
	return true, nil
}

// joinVisit takes an alert into a visit that comes in time for it.
func (w *Watcher) joinVisit(ctx context.Context, c presage.Case, a presage.Alert, change presage.CaseChange,
) (bool, error) {
	bs, err := w.Store.BookingsOf(ctx, c.ID)
	if err != nil {
		return false, fmt.Errorf("visit of case %s: %w", c.ID, err)
	}
	i := slices.IndexFunc(bs, func(b presage.Booking) bool { return b.State == presage.BookingConfirmed })
	if i < 0 || bs[i].Start.After(w.Now().Add(casework.VisitWithin(a.Severity))) {
		return false, nil
	}
	if slices.Contains(c.Components, a.Component) {
		ev := presage.CaseEvent{CaseID: c.ID, At: w.Now(), Who: casework.ByWatch, Reason: whyRaised(a)}
		return true, w.Store.AmendCase(ctx, c.ID, presage.CaseChange{}, ev)
	}
	return w.Offerer.widen(ctx, c, bs[i], change, casework.Note{Who: casework.ByWatch, Why: whyRaised(a)})
}

// alerted is what an alert changes of a case; news tells whether it says more
// than the customer has heard.
func (w *Watcher) alerted(c presage.Case, a presage.Alert) (change presage.CaseChange, news bool) {
	if !slices.Contains(c.Components, a.Component) {
		change.Components = append([]presage.ComponentID{a.Component}, c.Components...)
		change.Alerted = append([]presage.ComponentID{a.Component}, c.Alerted...)
		news = true
		toWorkshop(c, &change)
	}
	if a.Severity.Graver(c.Severity) {
		change.Severity, news = a.Severity, true
	}
	if by := w.Now().Add(casework.VisitWithin(a.Severity)); news || by.Before(c.VisitBy) {
		change.VisitBy = by
	}
	if due := w.Now().Add(w.Rules().CallWithin(a.Severity)); c.State == presage.CaseEscalated && due.Before(c.DueAt) {
		change.DueAt = due
	}
	w.Offerer.homeward(c, &change)
	return change, news
}

// offerAnew withdraws the offer that is out and makes another about all components.
func (w *Watcher) offerAnew(ctx context.Context, c presage.Case, change presage.CaseChange, ev presage.CaseEvent,
) error {
	offers, err := w.Store.OffersOf(ctx, c.ID)
	if err != nil {
		return fmt.Errorf("offers of case %s: %w", c.ID, err)
	}
	for _, o := range offers {
		if o.Answer != "" {
			continue
		}
		if err := w.Store.AnswerOffer(ctx, o.ID, w.Now(), presage.AnswerReplaced); err != nil {
			return fmt.Errorf("replace offer: %w", err)
		}
	}
	ev.From, ev.To = presage.CaseOffered, presage.CaseOpen
	if err := w.Store.MoveCase(ctx, c.ID, change, ev); err != nil {
		return fmt.Errorf("case %s: %w", c.ID, err)
	}
	return w.Offerer.Offer(ctx, c.ID)
}

// Clear acts on an alert whose condition is over. A case that an alert opened
// and that nothing else keeps ends, unless the customer has booked: its
// messages are not sent any more. Any other case only notes it. Calling it
// again changes nothing.
func (w *Watcher) Clear(ctx context.Context, a presage.Alert) error {
	return casework.Contend(func() error {
		cases, err := w.liveCases(ctx, a)
		if err != nil {
			return err
		}
		for _, c := range cases {
			if !slices.Contains(c.Components, a.Component) {
				continue
			}
			if err := w.clear(ctx, c, a); err != nil {
				return err
			}
		}
		return nil
	})
}

func (w *Watcher) clear(ctx context.Context, c presage.Case, a presage.Alert) error {
	kept, err := w.kept(ctx, c, a)
	if err != nil {
		return err
	}
	if c.Route == presage.RouteRescue && c.State == presage.CaseEscalated {
		return w.clearRescue(ctx, c, a, kept)
	}
	if kept {
		ev := presage.CaseEvent{CaseID: c.ID, At: w.Now(), Who: casework.ByWatch, Reason: whyCleared(a)}
		return w.Store.AmendCase(ctx, c.ID, presage.CaseChange{}, ev)
	}
	if c.Route == presage.RouteOTA { // the update is still to come, or has mended it
		return w.Remote.Cleared(ctx, c, whyCleared(a))
	}
	return w.Ledger.Move(ctx, c, presage.CaseResolvedElsewhere, presage.CaseChange{},
		casework.Note{Who: casework.ByWatch, Why: whyCleared(a)})
}

// kept tells whether a case goes on although an alert is over.
func (w *Watcher) kept(ctx context.Context, c presage.Case, a presage.Alert) (bool, error) {
	var d watchDecision
	if err := json.Unmarshal(c.Decision, &d); err != nil || d.Policy != WatchPolicy {
		return true, nil //nolint:nilerr // a record of the policy's, or none: not opened by an alert
	}
	if c.State == presage.CaseBooked || c.State == presage.CaseArrived {
		return true, nil
	}
	alerts, err := w.Ledger.Alerts(ctx, c.VIN)
	if err != nil {
		return true, err
	}
	for _, other := range casework.About(c, alerts) {
		if other.ID != a.ID {
			return true, nil
		}
	}
	ps, err := w.Store.Prognoses(ctx, c.VIN)
	if err != nil {
		return true, err
	}
	return slices.ContainsFunc(due(ps), func(p presage.Prognosis) bool {
		return slices.Contains(c.Components, p.Component)
	}), nil
}
