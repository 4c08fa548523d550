package apitest

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"presage"
)

// SupplyStore adds to an OrderStore what planners' systems send.
type SupplyStore struct {
	*OrderStore
	Parameters *ParameterStore

	external []presage.External
	parts    []presage.Part
	version  int64
}

// PlanningParameters implements orders.SupplyStore.
func (s *SupplyStore) PlanningParameters(ctx context.Context, version int64) (presage.PlanningParameters, error) {
	return s.Parameters.PlanningParameters(ctx, version)
}

// Externals implements orders.SupplyStore.
func (s *SupplyStore) Externals(_ context.Context, source string, kinds ...string) ([]presage.External, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.external), func(e presage.External) bool {
		return e.Source != source || !slices.Contains(kinds, e.Kind)
	}), nil
}

// ImportedParts implements orders.PartStore.
func (s *SupplyStore) ImportedParts(_ context.Context, known int64) ([]presage.Part, int64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known == s.version {
		return nil, known, presage.ErrNotFound
	}
	return slices.Clone(s.parts), s.version, nil
}

// ImportSupply implements orders.SupplyStore.
func (s *SupplyStore) ImportSupply(ctx context.Context, b presage.SupplyBatch) (done presage.SupplyDone, err error) {
	s.mu.Lock()
	orders, acts, moves := slices.Clone(s.orders), slices.Clone(s.acts), slices.Clone(s.moves)
	marks, moved, made := maps.Clone(s.marks), maps.Clone(s.moved), maps.Clone(s.madeBy)
	s.mu.Unlock()
	done, faults := s.flow(ctx, b)
	if len(faults) > 0 || b.DryRun {
		s.mu.Lock()
		s.orders, s.acts, s.moves, s.marks, s.moved, s.madeBy = orders, acts, moves, marks, moved, made
		s.mu.Unlock()
		return done, errors.Join(faults...)
	}
	return done, s.master(ctx, b)
}

// flow does what moves pieces.
func (s *SupplyStore) flow(ctx context.Context, b presage.SupplyBatch) (done presage.SupplyDone, faults []error) {
	for _, o := range b.Orders {
		act := presage.OrderAct{Key: o.Key, By: b.By, At: b.Now}
		if _, err := s.PutOrders(ctx, act, "import", presage.OrderWish{Orders: []presage.Order{o.Order}}); err != nil {
			faults = append(faults, err)
		}
	}
	for _, r := range b.Receipts {
		before, err := s.Order(ctx, r.OrderID)
		after := before
		if err == nil {
			after, err = s.ActOrder(ctx, r.OrderAct, "import", b.Now)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("%s: %w: %s", r.Row, presage.ErrInvalid, err.Error()))
		}
		done.Before, done.Received = append(done.Before, before), append(done.Received, after)
	}
	for _, m := range b.Moves {
		var before []int
		if s.marks[m.Key] == "" {
			for _, l := range m.Lines {
				n, _ := s.onHand(l.DepotID, l.Part)
				before = append(before, n)
			}
		}
		if _, err := s.MoveStock(ctx, m.StockAct, m.Mark, b.Now); err != nil {
			faults = append(faults, err)
		}
		done.OnHand = append(done.OnHand, before)
	}
	return done, faults
}

// master keeps what is said of depots, parts and suppliers.
func (s *SupplyStore) master(ctx context.Context, b presage.SupplyBatch) error {
	if b.Parameters != nil {
		if _, err := s.Parameters.PutPlanningParameters(ctx, *b.Parameters); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.external = append(s.external, b.External...)
	for _, d := range b.Depots {
		put(&s.world.depots, d, func(x presage.Depot) string { return x.ID })
	}
	for _, p := range b.Parts {
		put(&s.parts, p, func(x presage.Part) string { return x.Number })
		s.version = b.PartsSeen + 1
	}
	return nil
}
