package outreach

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"presage"
)

// Decide looks at all prognoses once: it opens cases for what is due, makes
// offers, and closes cases whose components turned healthy without us. What is
// stale or unknown opens nothing. A fault with one vehicle is reported in the
// joined error and does not stop the others; a pass may be repeated at any time.
func (s *Service) Decide(ctx context.Context) (DecideReport, error) {
	var rep DecideReport
	active, err := s.activeCases(ctx)
	if err != nil {
		return rep, err
	}
	alerts, err := s.alertsOf(ctx, "")
	if err != nil {
		return rep, err
	}
	byVIN, err := s.gather(ctx, active)
	if err != nil {
		return rep, err
	}
	var faults []error
	for _, vin := range byNeed(byVIN) {
		if err := ctx.Err(); err != nil {
			return rep, err
		}
		c, known := active[vin]
		var err error
		if known {
			err = s.revisit(ctx, c, byVIN[vin], about(c, alerts), &rep)
		} else {
			err = s.open(ctx, vin, byVIN[vin], &rep)
		}
		switch {
		case errors.Is(err, presage.ErrConflict): // another process was faster
			s.log.InfoContext(ctx, "decision overtaken", "vin", vin)
		case err != nil:
			faults = append(faults, fmt.Errorf("decide %s: %w", vin.Masked(), err))
		}
	}
	return rep, errors.Join(faults...)
}

func (s *Service) activeCases(ctx context.Context) (map[presage.VIN]presage.Case, error) {
	cases, err := s.store.CasesIn(ctx, presage.CaseOpen, presage.CaseOffered, presage.CaseBooked,
		presage.CaseArrived, presage.CaseEscalated)
	if err != nil {
		return nil, fmt.Errorf("decide: active cases: %w", err)
	}
	active := make(map[presage.VIN]presage.Case, len(cases))
	for _, c := range cases {
		active[c.VIN] = c
	}
	return active, nil
}

// gather keeps the prognoses that matter: those of vehicles with a case, and
// what is due or watched elsewhere. Vehicles with neither a case nor anything
// due are left out.
func (s *Service) gather(ctx context.Context, active map[presage.VIN]presage.Case,
) (map[presage.VIN][]presage.Prognosis, error) {
	byVIN := map[presage.VIN][]presage.Prognosis{}
	for p, err := range s.store.AllPrognoses(ctx) {
		if err != nil {
			return nil, fmt.Errorf("decide: prognoses: %w", err)
		}
		_, known := active[p.VIN]
		if known || p.Status == presage.StatusDue || p.Status == presage.StatusWatch {
			byVIN[p.VIN] = append(byVIN[p.VIN], p)
		}
	}
	for vin := range active {
		if _, judged := byVIN[vin]; !judged {
			byVIN[vin] = nil // an alert opened it: no model has judged the vehicle yet
		}
	}
	for vin, ps := range byVIN {
		if _, known := active[vin]; !known && len(due(ps)) == 0 {
			delete(byVIN, vin)
		}
	}
	return byVIN, nil
}

func due(ps []presage.Prognosis) []presage.Prognosis {
	var list []presage.Prognosis
	for _, p := range ps {
		if p.Status == presage.StatusDue {
			list = append(list, p)
		}
	}
	return list
}

// byNeed orders vehicles by the worst 30-day probability, so that scarce slots
// go where they are needed most; equal ones by VIN, so that a pass is repeatable.
func byNeed(byVIN map[presage.VIN][]presage.Prognosis) []presage.VIN {
	worst := make(map[presage.VIN]float64, len(byVIN))
	for vin, ps := range byVIN {
		for _, p := range due(ps) {
			worst[vin] = max(worst[vin], p.FailWithin.D30)
		}
	}
	return slices.SortedFunc(maps.Keys(byVIN), func(a, b presage.VIN) int {
		return cmp.Or(cmp.Compare(worst[b], worst[a]), cmp.Compare(a, b))
	})
}

// revisit looks again at a case that has not ended. An alert on one of its
// components keeps it, whatever the models say.
func (s *Service) revisit(ctx context.Context, c presage.Case, ps []presage.Prognosis, alerts []presage.Alert,
	rep *DecideReport,
) error {
	if c.State == presage.CaseBooked || c.State == presage.CaseArrived {
		return nil
	}
	lost, err := s.lost(ctx, c.VIN, c.CustomerID)
	if err != nil {
		return err
	}
	if lost {
		return s.beginAnew(ctx, c, revisited{ps, alerts, "the car has another owner"}, rep)
	}
	if len(alerts) == 0 && s.healthyAgain(c, ps) {
		rep.Elsewhere++
		return s.move(ctx, c, presage.CaseResolvedElsewhere, CaseChange{},
			note{"policy", "all components measure as renewed"})
	}
	if c.State == presage.CaseEscalated {
		return nil
	}
	if worse := s.worseThan(c, ps); worse != "" {
		return s.beginAnew(ctx, c, revisited{ps, alerts, "now also due: " + string(worse)}, rep)
	}
	if c.State == presage.CaseOpen {
		return s.offerAgain(ctx, c, ps, rep)
	}
	return nil
}

// revisited is what is known of a case's vehicle, and why its case has to end.
type revisited struct {
	prognoses []presage.Prognosis
	alerts    []presage.Alert
	why       string
}

// beginAnew supersedes a case and decides on its vehicle again.
func (s *Service) beginAnew(ctx context.Context, c presage.Case, x revisited, rep *DecideReport) error {
	if err := s.move(ctx, c, presage.CaseSuperseded, CaseChange{}, note{"policy", x.why}); err != nil {
		return err
	}
	if err := s.open(ctx, c.VIN, x.prognoses, rep); err != nil {
		return err
	}
	for _, a := range x.alerts { // they stand, so they go into the new case
		if err := s.Raise(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// healthyAgain: every component of the case is judged ok on data newer than the
// case. Silence (stale, unknown, no prognosis) is not health.
func (s *Service) healthyAgain(c presage.Case, ps []presage.Prognosis) bool {
	for _, id := range c.Components {
		i := slices.IndexFunc(ps, func(p presage.Prognosis) bool { return p.Component == id })
		if i < 0 || ps[i].Status != presage.StatusOK || !ps[i].DataThrough.After(c.OpenedAt) {
			return false
		}
	}
	return true
}

// worseThan returns a safety-critical component that is due while the case is
// about less: it is not in the case, or had joined it before it was due; "" for none.
func (s *Service) worseThan(c presage.Case, ps []presage.Prognosis) presage.ComponentID {
	for _, p := range due(ps) {
		comp, err := s.cat.Component(p.Component)
		if err != nil {
			continue
		}
		if comp.SafetyCritical() && c.Severity != presage.Safety {
			return p.Component
		}
	}
	return ""
}

// offerAgain makes the offer of an open case that has none: no slot was free
// then, or the process died between the case and its offer.
func (s *Service) offerAgain(ctx context.Context, c presage.Case, ps []presage.Prognosis, rep *DecideReport) error {
	v, err := s.store.Vehicle(ctx, c.VIN)
	if err != nil {
		return err
	}
	customer, err := s.store.Customer(ctx, c.CustomerID)
	if err != nil {
		return err
	}
	return s.offer(ctx, c, subject{v, customer, ps}, rep)
}

// note is who changed a case and why.
type note struct{ who, why string }

// move is MoveCase with its event.
func (s *Service) move(ctx context.Context, c presage.Case, to presage.CaseState, change CaseChange, n note) error {
	ev := presage.CaseEvent{CaseID: c.ID, At: s.now(), Who: n.who, From: c.State, To: to, Why: n.why}
	if err := s.store.MoveCase(ctx, c.ID, change, ev); err != nil {
		return fmt.Errorf("case %s to %s: %w", c.ID, to, err)
	}
	return nil
}

// escalate hands a case to an adviser, to be called within a day, safety within four hours.
func (s *Service) escalate(ctx context.Context, c presage.Case, who, why string) error {
	change := CaseChange{DueAt: s.now().Add(callWithin(c.Severity)), Owner: OwnerAdviser}
	return s.move(ctx, c, presage.CaseEscalated, change, note{who, why})
}

func callWithin(sev presage.Severity) time.Duration {
	if sev == presage.Safety {
		return 4 * time.Hour
	}
	return 24 * time.Hour
}
