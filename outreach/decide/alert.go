package decide

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/replay"
	"presage/outreach/rules"
)

// WatchPolicy names what decided a case that a watch rule opened.
const WatchPolicy = "watch/1"

// Watcher acts on watch rules that fire and clear. Its fields are set once,
// before its first use.
type Watcher struct {
	Store     WatchStore
	Offerer   *Offerer
	Cap       *casework.Cap
	Ledger    *casework.Ledger
	Remote    Remote
	Roadside  Rescuer
	Catalogue *presage.Catalogue
	Rules     rules.Current
	Now       func() time.Time
	Log       *slog.Logger
}

// WatchStore is what an alert needs. ErrNotFound for an unknown ID.
type WatchStore interface {
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	Customer(ctx context.Context, id string) (presage.Customer, error)
	Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	Case(ctx context.Context, id string) (presage.Case, error)
	// LastCases returns the newest cases of a vehicle, newest first.
	LastCases(ctx context.Context, vin presage.VIN, limit int) ([]presage.Case, error)
	// BookingsOf returns all bookings of a case, newest first.
	BookingsOf(ctx context.Context, caseID string) ([]presage.Booking, error)
	// CreateCase: ErrConflict when the vehicle has another case that waits for a visit.
	CreateCase(ctx context.Context, c presage.Case, ev presage.CaseEvent) error
	// AmendCase changes a case without moving it and notes why; once for the
	// same who and why. ErrConflict when the case has ended.
	AmendCase(ctx context.Context, id string, change presage.CaseChange, ev presage.CaseEvent) error
	// MoveCase compares and sets the state; ErrConflict when it moved on.
	MoveCase(ctx context.Context, id string, change presage.CaseChange, ev presage.CaseEvent) error
	// OffersOf returns the offers of a case, newest first.
	OffersOf(ctx context.Context, caseID string) ([]presage.Offer, error)
	AnswerOffer(ctx context.Context, id string, at time.Time, answer string) error
	// CasesForRollouts lists cases that are open or with a person, for a workshop or a van,
	// of cars that a live roll-out is still to reach.
	CasesForRollouts(ctx context.Context) ([]presage.Case, error)
	RecordStore
}

// watchDecision is the stored record of such a case.
type watchDecision struct {
	Policy        string        `json:"policy"`
	Alert         presage.Alert `json:"alert"`
	PolicyVersion int64         `json:"policy_version,omitempty"`
}

// Raise acts on a watch rule that fired: it opens a case at once, with an offer
// and its messages, or takes the component into a case of the vehicle that
// waits, or whose visit comes in time for it. Consent, cool-down and frequency
// cap are those of every case; a safety-critical alert is never capped nor held
// for quiet hours. Calling it again with the same alert changes nothing. A
// vehicle without a customer or a workshop gets no case. ErrNotFound for an
// unknown vehicle or component.
func (w *Watcher) Raise(ctx context.Context, a presage.Alert) error {
	v, err := w.Store.Vehicle(ctx, a.VIN)
	if err != nil {
		return fmt.Errorf("alert %s: %w", a.Rule, err)
	}
	if v.CustomerID == "" || v.WorkshopID == "" {
		w.Log.InfoContext(ctx, "alert without a case: nobody answers for the vehicle", "rule", a.Rule, "vin", a.VIN)
		return nil
	}
	stands := w.Roadside.Stands(ctx, a)
	return casework.Contend(func() error {
		cases, err := w.liveCases(ctx, a)
		if err != nil {
			return err
		}
		if stands {
			return w.strand(ctx, v, a, cases)
		}
		for _, c := range cases {
			if joined, err := w.join(ctx, c, a); err != nil || joined {
				return err
			}
		}
		return w.openFor(ctx, v, a)
	})
}

// liveCases are the cases of an alert's vehicle that have not ended: its own
// case before those that wait, and these before those that are settled.
func (w *Watcher) liveCases(ctx context.Context, a presage.Alert) ([]presage.Case, error) {
	cases, err := w.Store.LastCases(ctx, a.VIN, 20)
	if err != nil {
		return nil, fmt.Errorf("running cases: %w", err)
	}
	cases = settledFirst(slices.DeleteFunc(cases, func(c presage.Case) bool { return c.State.Ended() }))
	slices.Reverse(cases)
	own := slices.IndexFunc(cases, func(c presage.Case) bool { return c.ID == caseOf(a) })
	if own > 0 {
		cases = slices.Concat(cases[own:own+1], cases[:own], cases[own+1:])
	}
	return cases, nil
}

func caseOf(a presage.Alert) string { return casework.ID("c", string(a.VIN), "alert", a.ID) }

// openFor opens a case about an alert.
func (w *Watcher) openFor(ctx context.Context, v presage.Vehicle, a presage.Alert) error {
	switch _, err := w.Store.Case(ctx, caseOf(a)); {
	case err == nil:
		return nil // it was opened, and has ended since
	case !errors.Is(err, presage.ErrNotFound):
		return err
	}
	comp, err := w.Catalogue.Component(a.Component)
	if err != nil {
		return err
	}
	customer, err := w.Store.Customer(ctx, v.CustomerID)
	if err != nil {
		return err
	}
	past, err := w.Store.LastCases(ctx, a.VIN, 20)
	if err != nil {
		return fmt.Errorf("earlier cases: %w", err)
	}
	on := rung{subject: subject{vehicle: v, customer: customer}, comp: comp, last: lastOf(past, comp)}
	held, how, err := w.opening(ctx, a, on, past)
	if err != nil {
		return err
	}
	if held != "" {
		return w.record(ctx, a, on, nil, held)
	}
	if on.prognoses, err = w.Store.Prognoses(ctx, v.VIN); err != nil {
		return err
	}
	return w.openCase(ctx, a, on, how)
}

// opening is how an alert's case begins: by which way it is mended, and whether an
// earlier case came to nothing.
type opening struct {
	way   way
	again bool
}

// opening settles how the case of an alert begins, or what holds it back; "" for nothing.
func (w *Watcher) opening(ctx context.Context, a presage.Alert, on rung, past []presage.Case,
) (held presage.DecisionOutcome, how opening, err error) {
	if how.way, err = w.wayOf(ctx, a, on.vehicle); err != nil {
		return "", how, err
	}
	if held, how.again, err = w.alertRests(ctx, a, on.last, on.customer); err != nil {
		return "", how, err
	}
	if last, found := lastWith(past, on.comp); found && last.Route == presage.RouteOTA {
		how.again = false // what new software did not mend, a workshop does
	}
	if held == presage.DecisionCapped && how.way.Route == presage.RouteOTA {
		held = "" // nobody is asked to come
	}
	return held, how, nil
}

// openCase records what was decided about an alert, and opens its case.
func (w *Watcher) openCase(ctx context.Context, a presage.Alert, on rung, how opening) error {
	c, ev, err := w.alertCase(a, on.subject, how)
	if err != nil {
		return err
	}
	if err := w.record(ctx, a, on, &c, outcomeOf(c.State)); err != nil {
		return err
	}
	if err := w.Store.CreateCase(ctx, c, ev); err != nil {
		return fmt.Errorf("open case: %w", err)
	}
	if c.Route == presage.RouteRescue {
		return w.Roadside.Fetch(ctx, c, whyRaised(a))
	}
	if c.State != presage.CaseOpen {
		return nil
	}
	return w.Offerer.offer(ctx, c, on.subject, &Report{})
}

// alertRests tells whether an alert waits for the night (the customer said no
// lately, or has heard enough; never for safety), "" for not, or goes to a person
// at once because it was dealt with before: refused, or repaired in vain.
func (w *Watcher) alertRests(ctx context.Context, a presage.Alert, last *replay.Last, customer presage.Customer,
) (held presage.DecisionOutcome, again bool, err error) {
	safety := a.Severity == presage.Safety
	if last != nil && w.Now().Sub(last.Ended) < w.Rules().CoolDown {
		if unrepaired(last.State) && !safety {
			held = presage.DecisionResting
		}
		again = unrepaired(last.State) || last.State == presage.CaseDone
	}
	if held == "" && !safety {
		capped, err := w.Cap.Reached(ctx, customer.ID)
		if err != nil {
			return "", again, err
		}
		if capped {
			held = presage.DecisionCapped
		}
	}
	if held != "" {
		w.Log.InfoContext(ctx, "alert without a case: cool-down or frequency cap", "rule", a.Rule, "vin", a.VIN)
	}
	return held, again, nil
}

// alertCase is the new case with its first event.
func (w *Watcher) alertCase(a presage.Alert, x subject, how opening) (presage.Case, presage.CaseEvent, error) {
	raw, err := json.Marshal(watchDecision{WatchPolicy, a, w.Rules().PolicyVersion})
	if err != nil {
		return presage.Case{}, presage.CaseEvent{}, fmt.Errorf("store alert: %w", err)
	}
	now := w.Now()
	c := presage.Case{
		ID: caseOf(a), VIN: a.VIN, CustomerID: x.customer.ID, WorkshopID: x.vehicle.WorkshopID,
		Components: []presage.ComponentID{a.Component}, Alerted: []presage.ComponentID{a.Component},
		Severity: a.Severity, State: presage.CaseOpen,
		Route: how.way.Route, RouteWhy: how.way.Why, Site: how.way.site,
		Owner: presage.OwnerOutreach, OpenedAt: now, UpdatedAt: now,
		DueAt: now.Add(w.Rules().CallWithin(a.Severity)), VisitBy: now.Add(casework.VisitWithin(a.Severity)), Decision: raw,
		OdometerKm: driven(x.prognoses),
	}
	for _, p := range x.prognoses {
		if p.Component == a.Component {
			c.FailWithin = p.FailWithin
		}
	}
	ev := presage.CaseEvent{CaseID: c.ID, At: now, Who: casework.ByWatch, To: c.State, Reason: whyRaised(a)}
	if c.Route == presage.RouteRescue { // at once, whoever is called and whatever the pilot
		c.State, c.Owner, c.DueAt = presage.CaseEscalated, presage.OwnerAdviser, w.Roadside.Turn().DueAt
		ev.To, ev.Reason = c.State, ev.Reason.With(how.way.Why)
		return c, ev, nil
	}
	if a.Severity != presage.Safety && !w.Rules().InPilot(c.WorkshopID) {
		c.State, c.DueAt, ev.To = presage.CaseWithheld, time.Time{}, presage.CaseWithheld
		ev.Reason = ev.Reason.With(presage.Because(presage.WhyNotInPilot))
		return c, ev, nil
	}
	if c.Route == presage.RouteOTA { // nobody has to hear of it for it to be mended
		c.DueAt = c.VisitBy
		ev.Reason = ev.Reason.With(how.way.Why)
		return c, ev, nil
	}
	ev = w.Offerer.start(&c, x.customer, how.again, ev)
	return c, ev, nil
}

// whyRaised and whyCleared are unique to an alert: the same one is noted once.
func whyRaised(a presage.Alert) presage.Reason {
	args := []string{"rule", a.Rule, "component", string(a.Component), "since", stamp(a.Since)}
	if a.Code != "" {
		args = append(args, "code", a.Code)
	} else {
		args = append(args, "value", strconv.FormatFloat(a.Value, 'g', 4, 64), "unit", a.Unit)
	}
	return presage.Because(presage.WhyAlert, args...)
}

func whyCleared(a presage.Alert) presage.Reason {
	return presage.Because(presage.WhyAlertOver,
		"rule", a.Rule, "component", string(a.Component), "since", stamp(a.ClearedAt))
}

// stamp is an instant as an argument of a reason.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }
