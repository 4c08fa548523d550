package decide

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"maps"
	"slices"
	"time"

	"presage"
	"presage/outreach/casework"
	"presage/outreach/rules"
	"presage/outreach/visit"
)

// Decider opens cases for what the models say is due. Its fields are set once,
// before its first use.
type Decider struct {
	Store     Store
	Offerer   *Offerer
	Cap       *casework.Cap
	Watcher   *Watcher
	Agenda    *visit.Agenda
	Ledger    *casework.Ledger
	Catalogue *presage.Catalogue
	Rules     rules.Config
	Now       func() time.Time
	Log       *slog.Logger
}

// Store is what a decision rests on. ErrNotFound for an unknown ID.
type Store interface {
	Vehicle(ctx context.Context, vin presage.VIN) (presage.Vehicle, error)
	Customer(ctx context.Context, id string) (presage.Customer, error)
	Workshop(ctx context.Context, id string) (presage.Workshop, error)
	// AllPrognoses reads the present prognoses of all vehicles, in any order.
	AllPrognoses(ctx context.Context) iter.Seq2[presage.Prognosis, error]
	// CasesIn returns all cases in one of the states.
	CasesIn(ctx context.Context, states ...presage.CaseState) ([]presage.Case, error)
	// LastCases returns the newest cases of a vehicle, newest first.
	LastCases(ctx context.Context, vin presage.VIN, limit int) ([]presage.Case, error)
	// CreateCase: ErrConflict when the vehicle has a case that has not ended.
	CreateCase(ctx context.Context, c presage.Case, ev presage.CaseEvent) error
}

// Decide looks at all prognoses once: it opens cases for what is due, makes
// offers, and closes cases whose components turned healthy without us. What is
// stale or unknown opens nothing. A fault with one vehicle is reported in the
// joined error and does not stop the others; a pass may be repeated at any time.
func (d *Decider) Decide(ctx context.Context) (Report, error) {
	var rep Report
	active, err := d.activeCases(ctx)
	if err != nil {
		return rep, err
	}
	alerts, err := d.Ledger.Alerts(ctx, "")
	if err != nil {
		return rep, err
	}
	byVIN, err := d.gather(ctx, active)
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
			err = d.revisit(ctx, c, byVIN[vin], casework.About(c, alerts), &rep)
		} else {
			err = d.open(ctx, vin, byVIN[vin], &rep)
		}
		switch {
		case errors.Is(err, presage.ErrConflict): // another process was faster
			d.Log.InfoContext(ctx, "decision overtaken", "vin", vin)
		case err != nil:
			faults = append(faults, fmt.Errorf("decide %s: %w", vin.Masked(), err))
		}
	}
	return rep, errors.Join(faults...)
}

func (d *Decider) activeCases(ctx context.Context) (map[presage.VIN]presage.Case, error) {
	cases, err := d.Store.CasesIn(ctx, presage.CaseOpen, presage.CaseOffered, presage.CaseBooked,
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
func (d *Decider) gather(ctx context.Context, active map[presage.VIN]presage.Case,
) (map[presage.VIN][]presage.Prognosis, error) {
	byVIN := map[presage.VIN][]presage.Prognosis{}
	for p, err := range d.Store.AllPrognoses(ctx) {
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
func (d *Decider) revisit(ctx context.Context, c presage.Case, ps []presage.Prognosis, alerts []presage.Alert,
	rep *Report,
) error {
	if c.State == presage.CaseBooked || c.State == presage.CaseArrived {
		return nil
	}
	lost, err := d.Ledger.Lost(ctx, c.VIN, c.CustomerID)
	if err != nil {
		return err
	}
	if lost {
		return d.beginAnew(ctx, c, revisited{ps, alerts, presage.Because(presage.WhyNewOwner)}, rep)
	}
	if len(alerts) == 0 && d.healthyAgain(c, ps) {
		rep.Elsewhere++
		return d.Ledger.Move(ctx, c, presage.CaseResolvedElsewhere, presage.CaseChange{},
			casework.Note{Who: casework.ByPolicy, Why: presage.Because(presage.WhyRenewed)})
	}
	if c.State == presage.CaseEscalated {
		return nil
	}
	if worse := d.worseThan(c, ps); worse != "" {
		return d.beginAnew(ctx, c, revisited{ps, alerts, presage.Because(presage.WhyNowDue, "component", string(worse))}, rep)
	}
	if c.State == presage.CaseOpen {
		return d.Offerer.again(ctx, c, ps, rep)
	}
	return nil
}

// revisited is what is known of a case's vehicle, and why its case has to end.
type revisited struct {
	prognoses []presage.Prognosis
	alerts    []presage.Alert
	why       presage.Reason
}

// beginAnew supersedes a case and decides on its vehicle again.
func (d *Decider) beginAnew(ctx context.Context, c presage.Case, x revisited, rep *Report) error {
	if err := d.Ledger.Move(ctx, c, presage.CaseSuperseded, presage.CaseChange{}, casework.Note{Who: casework.ByPolicy, Why: x.why}); err != nil {
		return err
	}
	if err := d.open(ctx, c.VIN, x.prognoses, rep); err != nil {
		return err
	}
	for _, a := range x.alerts { // they stand, so they go into the new case
		if err := d.Watcher.Raise(ctx, a); err != nil {
			return err
		}
	}
	return nil
}

// healthyAgain: every component of the case is judged ok on data newer than the
// case. Silence (stale, unknown, no prognosis) is not health.
func (d *Decider) healthyAgain(c presage.Case, ps []presage.Prognosis) bool {
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
func (d *Decider) worseThan(c presage.Case, ps []presage.Prognosis) presage.ComponentID {
	for _, p := range due(ps) {
		comp, err := d.Catalogue.Component(p.Component)
		if err != nil {
			continue
		}
		if comp.SafetyCritical() && c.Severity != presage.Safety {
			return p.Component
		}
	}
	return ""
}
