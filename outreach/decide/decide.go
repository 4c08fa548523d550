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
	Rules     rules.Current
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
	// Labels are the findings about a vehicle.
	Labels(ctx context.Context, vin presage.VIN) ([]presage.Label, error)
	// BookingsOf returns all bookings of a case, newest first.
	BookingsOf(ctx context.Context, caseID string) ([]presage.Booking, error)
	// CreateCase: ErrConflict when the vehicle has another case that waits for a visit.
	CreateCase(ctx context.Context, c presage.Case, ev presage.CaseEvent) error
	// AmendCase changes a case without moving it and notes why; once for the
	// same who and why. ErrConflict when the case has ended.
	AmendCase(ctx context.Context, id string, change presage.CaseChange, ev presage.CaseEvent) error
	// Cancel frees bay, technician and parts and moves the case, all or nothing.
	Cancel(ctx context.Context, c presage.Cancellation) error
	Prognoses(ctx context.Context, vin presage.VIN) ([]presage.Prognosis, error)
	RecordStore
	RecallStore
}

// Decide looks at all prognoses once: it opens cases for what is due, makes
// offers, and closes cases whose components turned healthy without us. What is
// stale or unknown opens nothing. A fault with one vehicle is reported in the
// joined error and does not stop the others; a pass may be repeated at any time.
func (d *Decider) Decide(ctx context.Context) (Report, error) {
	active, err := d.activeCases(ctx)
	if err != nil {
		return Report{}, err
	}
	byVIN, err := d.gather(ctx, active)
	if err != nil {
		return Report{}, err
	}
	alerts, err := d.Ledger.Alerts(ctx, "")
	if err != nil {
		return Report{}, err
	}
	return d.lookAt(ctx, active, byVIN, alerts)
}

// DecideFor is Decide for the vehicles whose prognoses are new. One of which something
// cannot be read does not stop the others either, but for a store that is away.
func (d *Decider) DecideFor(ctx context.Context, vins []presage.VIN) (Report, error) {
	active, byVIN := map[presage.VIN][]presage.Case{}, map[presage.VIN][]presage.Prognosis{}
	var alerts []presage.Alert
	var faults []error
	for _, vin := range vins {
		live, ps, firing, err := d.read(ctx, vin)
		switch {
		case errors.Is(err, presage.ErrUnavailable) || ctx.Err() != nil:
			return Report{}, err
		case err != nil:
			faults = append(faults, fmt.Errorf("decide %s: %w", vin.Masked(), err))
		case len(live) > 0:
			active[vin] = live
			fallthrough
		case len(due(ps)) > 0:
			byVIN[vin], alerts = ps, append(alerts, firing...)
		}
	}
	rep, err := d.lookAt(ctx, active, byVIN, alerts)
	return rep, errors.Join(append(faults, err)...)
}

// read is what a decision on a vehicle rests on: its cases that have not ended, its
// prognoses, and its alerts where either says something.
func (d *Decider) read(ctx context.Context, vin presage.VIN) (
	live []presage.Case, ps []presage.Prognosis, firing []presage.Alert, err error,
) {
	if live, err = d.Store.LastCases(ctx, vin, 0); err != nil {
		return nil, nil, nil, fmt.Errorf("cases: %w", err)
	}
	live = slices.DeleteFunc(live, func(c presage.Case) bool { return c.State.Ended() })
	if ps, err = d.Store.Prognoses(ctx, vin); err != nil {
		return nil, nil, nil, fmt.Errorf("prognoses: %w", err)
	}
	if len(live) > 0 || len(due(ps)) > 0 {
		firing, err = d.Ledger.Alerts(ctx, vin)
	}
	return live, ps, firing, err
}

// lookAt decides on vehicles in the order of their need, then on recalls.
func (d *Decider) lookAt(ctx context.Context, active map[presage.VIN][]presage.Case,
	byVIN map[presage.VIN][]presage.Prognosis, alerts []presage.Alert,
) (rep Report, _ error) {
	stand := map[presage.VIN][]presage.Alert{}
	for _, a := range alerts {
		stand[a.VIN] = append(stand[a.VIN], a)
	}
	var faults []error
	for _, vin := range d.byNeed(byVIN) {
		if err := ctx.Err(); err != nil {
			return rep, err
		}
		err := d.look(ctx, known{vin, active[vin], byVIN[vin], stand[vin]}, &rep)
		switch {
		case errors.Is(err, presage.ErrConflict): // another process was faster
			d.Log.InfoContext(ctx, "decision overtaken", "vin", vin)
		case err != nil:
			faults = append(faults, fmt.Errorf("decide %s: %w", vin.Masked(), err))
		}
	}
	faults = append(faults, d.recalls(ctx, &rep))
	return rep, errors.Join(faults...)
}

// activeCases are the cases that have not ended, by vehicle.
func (d *Decider) activeCases(ctx context.Context) (map[presage.VIN][]presage.Case, error) {
	cases, err := d.Store.CasesIn(ctx, presage.CaseOpen, presage.CaseOffered, presage.CaseBooked,
		presage.CaseArrived, presage.CaseEscalated)
	if err != nil {
		return nil, fmt.Errorf("decide: active cases: %w", err)
	}
	active := make(map[presage.VIN][]presage.Case, len(cases))
	for _, c := range cases {
		active[c.VIN] = append(active[c.VIN], c)
	}
	return active, nil
}

// gather keeps the prognoses that matter: those of vehicles with a case, and
// what is due or watched elsewhere. Vehicles with neither a case nor anything
// due are left out.
func (d *Decider) gather(ctx context.Context, active map[presage.VIN][]presage.Case,
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

// byNeed orders vehicles by the gravest of what is due, then by its 30-day
// probability, so that scarce slots go where they are needed most; equal ones by
// VIN, so that a pass is repeatable.
func (d *Decider) byNeed(byVIN map[presage.VIN][]presage.Prognosis) []presage.VIN {
	type need struct {
		severity presage.Severity
		fails    float64
	}
	compare := func(a, b need) int {
		return cmp.Or(a.severity.Compare(b.severity), cmp.Compare(a.fails, b.fails))
	}
	worst := make(map[presage.VIN]need, len(byVIN))
	for vin, ps := range byVIN {
		for _, p := range due(ps) {
			comp, _ := d.Catalogue.Component(p.Component) // unknown: nothing that anybody repairs
			n := need{comp.Severity, p.FailWithin.D30}
			if p.ByInterval() {
				n.fails = 0 // a service can wait for what is about to fail
			}
			if compare(n, worst[vin]) > 0 {
				worst[vin] = n
			}
		}
	}
	return slices.SortedFunc(maps.Keys(byVIN), func(a, b presage.VIN) int {
		return cmp.Or(compare(worst[b], worst[a]), cmp.Compare(a, b))
	})
}
