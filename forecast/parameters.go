package forecast

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"presage"
	"presage/forecast/stock"
)

// ParameterStore keeps versions of the planning parameters; sqlstore provides it.
type ParameterStore interface {
	Depots
	Parameters
	// PutPlanningParameters keeps the next version if the newest is still p.Version; else ErrConflict.
	PutPlanningParameters(ctx context.Context, p presage.PlanningParameters) (presage.PlanningParameters, error)
}

// ParameterBook is where planners say how parts are planned.
type ParameterBook struct {
	store     ParameterStore
	catalogue *presage.Catalogue
	now       func() time.Time
	replan    func()
}

// NewParameterBook makes a ParameterBook; replan is called when parameters have changed.
func NewParameterBook(store ParameterStore, c *presage.Catalogue, now func() time.Time, replan func()) *ParameterBook {
	return &ParameterBook{store: store, catalogue: c, now: now, replan: replan}
}

// PlanningParameters is the version, the one in force for 0; ErrNotFound.
func (b *ParameterBook) PlanningParameters(ctx context.Context, version int64) (presage.PlanningParameters, error) {
	return b.store.PlanningParameters(ctx, version)
}

// PutPlanningParameters keeps the next version and asks for a new plan; p.Version is the one that
// its author looked at: ErrConflict when it is not the newest any more. What says the same as the
// newest changes nothing. ErrInvalid names every fault, and then nothing is stored.
func (b *ParameterBook) PutPlanningParameters(ctx context.Context, p presage.PlanningParameters,
) (presage.PlanningParameters, error) {
	depots, err := b.store.Depots(ctx)
	if err != nil {
		return p, err
	}
	p.By, p.Note, p.PutAt = strings.TrimSpace(p.By), strings.TrimSpace(p.Note), b.now().UTC()
	if err := errors.Join(presage.CheckAuthor(p.By, p.Note), p.Validate(b.catalogue, depots)); err != nil {
		return presage.PlanningParameters{}, err
	}
	if p.Rules == nil {
		p.Rules = []presage.PlanningRule{}
	}
	last, err := b.store.PlanningParameters(ctx, 0)
	if err != nil {
		return p, err
	}
	if last.Version == p.Version && last.SaysSame(p) {
		return last, nil
	}
	kept, err := b.store.PutPlanningParameters(ctx, p)
	if err != nil {
		return kept, fmt.Errorf("put planning parameters: %w", err)
	}
	b.replan()
	return kept, nil
}

// under is what the shelf of a part at a depot is planned by: the policy, the lot and the bounds.
type under struct {
	policy stock.Policy
	lot    stock.Lot
	bounds stock.Bounds
	given  []presage.PlannedParameter
}

// under applies the planners' parameters to the configured policy and the part's row.
func (p *planner) under(row presage.Part, loc location) under {
	severity := p.severities[loc.part]
	u := under{
		policy: p.in.Config.policy(), lot: stock.Lot{Pack: row.PackSize, Minimum: row.MinOrder},
		given: p.in.Parameters.For(loc.part, p.class(loc.part), loc.depot),
	}
	u.policy.Floor = p.in.Parameters.Floors[severity]
	for _, x := range u.given {
		switch n := int(x.Value); x.Name {
		case presage.ParameterServiceLevel:
			u.policy.Target = x.Value
			if u.policy.Kind == stock.Newsvendor {
				u.policy.Kind = stock.ServiceLevel
			}
		case presage.ParameterMin:
			u.bounds.Min = n
		case presage.ParameterMax:
			u.bounds.Max = n
		case presage.ParameterLot:
			u.lot = stock.Lot{Pack: n}
		case presage.ParameterShelfLife:
			u.bounds.ShelfLifeDays = n
		}
	}
	if floor := u.policy.Floor; floor > 0 && (u.policy.Kind != stock.ServiceLevel || u.policy.Target < floor) {
		u.given = slices.DeleteFunc(u.given, func(x presage.PlannedParameter) bool {
			return x.Name == presage.ParameterServiceLevel && u.policy.Kind == stock.ServiceLevel
		})
		u.given = append(u.given, presage.PlannedParameter{
			Name: presage.ParameterServiceLevel, Value: floor, From: presage.FromSeverity,
		})
	}
	return u
}

// severities are those of the worst failures that parts mend, with those of the parts replaced.
func (in *Input) severities() map[string]presage.Severity {
	out := in.Catalogue.Severities()
	for part, severity := range maps.Clone(out) {
		if newest := in.chains.Newest(part); severity.Graver(out[newest]) {
			out[newest] = severity
		}
	}
	return out
}

// class is that of a part by value and variation; "" without a record of use.
func (p *planner) class(part string) string {
	if p.in.History == nil || len(p.in.History.classes) == 0 {
		return ""
	}
	if class, ok := p.in.History.classes[part]; ok {
		return class
	}
	return leastClass
}
