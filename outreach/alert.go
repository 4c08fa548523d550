package outreach

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"presage"
)

// WatchPolicy names what decided a case that a watch rule opened.
const WatchPolicy = "watch/1"

// byWatch is who changes a case when a watch rule fires or clears.
const byWatch = "watch"

// watchDecision is the stored record of such a case.
type watchDecision struct {
	Policy string        `json:"policy"`
	Alert  presage.Alert `json:"alert"`
}

// Raise acts on a watch rule that fired: it opens a case at once, with an offer
// and its messages, or takes the component into the vehicle's running case.
// Consent, cool-down and frequency cap are those of every case; a
// safety-critical alert is never capped nor held for quiet hours. Calling it
// again with the same alert changes nothing. A vehicle without a customer or a
// workshop gets no case. ErrNotFound for an unknown vehicle or component.
func (s *Service) Raise(ctx context.Context, a presage.Alert) error {
	v, err := s.store.Vehicle(ctx, a.VIN)
	if err != nil {
		return fmt.Errorf("alert %s: %w", a.Rule, err)
	}
	if v.CustomerID == "" || v.WorkshopID == "" {
		s.log.InfoContext(ctx, "alert without a case: nobody answers for the vehicle", "rule", a.Rule, "vin", a.VIN)
		return nil
	}
	return s.contend(func() error {
		c, live, err := s.liveCase(ctx, a.VIN)
		switch {
		case err != nil:
			return err
		case live:
			return s.join(ctx, c, a)
		}
		return s.openFor(ctx, v, a)
	})
}

// contend repeats what somebody else was faster with, a few times.
func (s *Service) contend(do func() error) error {
	var err error
	for range 4 {
		if err = do(); !overtaken(err) {
			return err
		}
	}
	return err
}

func (s *Service) liveCase(ctx context.Context, vin presage.VIN) (presage.Case, bool, error) {
	cases, err := s.store.LastCases(ctx, vin, 20)
	if err != nil {
		return presage.Case{}, false, fmt.Errorf("running case: %w", err)
	}
	i := slices.IndexFunc(cases, func(c presage.Case) bool { return !c.State.Ended() })
	if i < 0 {
		return presage.Case{}, false, nil
	}
	return cases[i], true, nil
}

func caseOf(a presage.Alert) string { return id("c", string(a.VIN), "alert", a.ID) }

// openFor opens a case about an alert.
func (s *Service) openFor(ctx context.Context, v presage.Vehicle, a presage.Alert) error {
	switch _, err := s.store.Case(ctx, caseOf(a)); {
	case err == nil:
		return nil // it was opened, and has ended since
	case !errors.Is(err, presage.ErrNotFound):
		return err
	}
	comp, err := s.cat.Component(a.Component)
	if err != nil {
		return err
	}
	customer, err := s.store.Customer(ctx, v.CustomerID)
	if err != nil {
		return err
	}
	quiet, again, err := s.alertRests(ctx, a, comp, customer)
	if err != nil || quiet {
		return err
	}
	ps, err := s.store.Prognoses(ctx, v.VIN)
	if err != nil {
		return err
	}
	c, ev, err := s.alertCase(a, subject{v, customer, ps}, again)
	if err != nil {
		return err
	}
	if err := s.store.CreateCase(ctx, c, ev); err != nil {
		return fmt.Errorf("open case: %w", err)
	}
	if c.State != presage.CaseOpen {
		return nil
	}
	return s.offer(ctx, c, subject{v, customer, ps}, &DecideReport{})
}

// alertRests tells whether an alert waits for the night (the customer said no
// lately, or has heard enough; never for safety), or goes to a person at once
// because it was dealt with before: refused, or repaired in vain.
func (s *Service) alertRests(ctx context.Context, a presage.Alert, comp presage.Component, customer presage.Customer,
) (quiet, again bool, err error) {
	past, err := s.store.LastCases(ctx, a.VIN, 20)
	if err != nil {
		return false, false, fmt.Errorf("earlier cases: %w", err)
	}
	safety := a.Severity == presage.Safety
	if last, found := lastWith(past, comp); found && s.now().Sub(last.UpdatedAt) < s.cfg.CoolDown {
		quiet = unrepaired(last.State) && !safety
		again = unrepaired(last.State) || last.State == presage.CaseDone
	}
	if !quiet && !safety {
		quiet, err = s.capped(ctx, customer.ID)
	}
	if quiet {
		s.log.InfoContext(ctx, "alert without a case: cool-down or frequency cap", "rule", a.Rule, "vin", a.VIN)
	}
	return quiet, again, err
}

// alertCase is the new case with its first event.
func (s *Service) alertCase(a presage.Alert, x subject, again bool) (presage.Case, presage.CaseEvent, error) {
	raw, err := json.Marshal(watchDecision{WatchPolicy, a})
	if err != nil {
		return presage.Case{}, presage.CaseEvent{}, fmt.Errorf("store alert: %w", err)
	}
	now, days := s.now(), 3
	if a.Severity == presage.Safety {
		days = 1
	}
	c := presage.Case{
		ID: caseOf(a), VIN: a.VIN, CustomerID: x.customer.ID, WorkshopID: x.vehicle.WorkshopID,
		Components: []presage.ComponentID{a.Component}, Severity: a.Severity, State: presage.CaseOpen,
		Route: presage.RouteWorkshop, Owner: OwnerOutreach, OpenedAt: now, UpdatedAt: now,
		DueAt: now.Add(callWithin(a.Severity)), VisitBy: now.AddDate(0, 0, days), Decision: raw,
	}
	for _, p := range x.prognoses {
		if p.Component == a.Component {
			c.FailWithin = p.FailWithin
		}
	}
	why := whyRaised(a)
	if note := s.reach(&c, x.customer, again); note != "" {
		why += "; " + note
	}
	return c, presage.CaseEvent{CaseID: c.ID, At: now, Who: byWatch, To: c.State, Why: why}, nil
}

// reach settles who can be told of c: the customer, a person who calls, nobody.
func (s *Service) reach(c *presage.Case, customer presage.Customer, again bool) string {
	person := func() {
		c.State, c.Owner, c.DueAt = presage.CaseEscalated, OwnerAdviser, c.OpenedAt.Add(callWithin(c.Severity))
	}
	switch {
	case again:
		person()
		return "again after an earlier case: call the customer"
	case len(s.route(customer)) > 0:
		return ""
	case c.Severity == presage.Safety || customer.Consent.Call:
		person()
		return "no message channel with consent: call the customer"
	}
	c.State, c.DueAt = presage.CaseSuppressed, time.Time{}
	return "no channel with consent"
}

// whyRaised and whyCleared are unique to an alert: the same one is noted once.
func whyRaised(a presage.Alert) string {
	what := a.Name.EN
	if a.Code != "" {
		what += " " + a.Code
	} else {
		what += fmt.Sprintf(" (%.4g %s)", a.Value, a.Unit)
	}
	return fmt.Sprintf("%s: %s since %s", a.Rule, what, a.Since.UTC().Format(time.RFC3339))
}

func whyCleared(a presage.Alert) string {
	return fmt.Sprintf("%s: %s is over since %s", a.Rule, a.Name.EN, a.ClearedAt.UTC().Format(time.RFC3339))
}

// alertsOf lists the alerts that stand, those on old data left out; vin "" means all vehicles.
func (s *Service) alertsOf(ctx context.Context, vin presage.VIN) ([]presage.Alert, error) {
	states, err := s.store.FiringWatches(ctx, vin)
	if err != nil {
		return nil, fmt.Errorf("alerts: %w", err)
	}
	var alerts []presage.Alert
	for _, x := range states {
		if a, ok := s.cat.Alert(x); ok && x.Firing() && !x.Stale {
			alerts = append(alerts, a)
		}
	}
	return alerts, nil
}

// about keeps the alerts on components of a case.
func about(c presage.Case, alerts []presage.Alert) []presage.Alert {
	var list []presage.Alert
	for _, a := range alerts {
		if a.VIN == c.VIN && slices.Contains(c.Components, a.Component) {
			list = append(list, a)
		}
	}
	return list
}

// urgent tells whether a case may not wait for daytime: a safety-critical
// alert on one of its components stands.
func urgent(c presage.Case, alerts []presage.Alert) bool {
	return slices.ContainsFunc(about(c, alerts), func(a presage.Alert) bool { return a.Severity == presage.Safety })
}
