package apitest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"presage"
)

// OrderStore keeps orders and a ledger in memory; it does what orders.Store says.
type OrderStore struct {
	mu     sync.Mutex
	world  *World
	orders []presage.Order // oldest first
	madeBy map[string][]string
	acts   []presage.OrderAct
	marks  map[string]string // digests by key
	moves  []presage.StockMovement
	moved  map[string][]presage.StockMovement

	decisions []presage.AdviceDecision
	shipments []presage.Shipment // oldest first
	shipped   map[string][]presage.Shipment
}

// NewOrderStore has two orders, one of them overdue, and the stock of the world's plan.
func NewOrderStore(w *World) *OrderStore {
	s := &OrderStore{
		world: w, madeBy: map[string][]string{}, marks: map[string]string{}, moved: map[string][]presage.StockMovement{},
		shipped: map[string][]presage.Shipment{},
	}
	part := w.catalogue.Parts[0].Number
	for i, days := range []int{-20, -2} {
		at := w.now.AddDate(0, 0, days)
		o := presage.Order{
			ID: fmt.Sprintf("po-%d", i+1), DepotID: w.depots[0].ID, Supplier: "Nordbrake", By: "Zhao Min", CreatedAt: at, UpdatedAt: at,
			Lines: []presage.OrderLine{{
				Line: 1, Part: part, Quantity: 10, PlacedAt: at, PromisedAt: at.AddDate(0, 0, 12), ExpectedAt: at.AddDate(0, 0, 12),
			}},
		}
		o.Settle()
		s.orders = append(s.orders, o)
	}
	s.shelve(presage.StockMovement{DepotID: w.depots[0].ID, Part: part, Kind: presage.MoveOpening, Pieces: 8})
	return s
}

// Sourcing knows no supplier.
func (s *OrderStore) Sourcing(context.Context) (presage.Sourcing, error) {
	return presage.Sourcing{}, nil
}

// known tells whether an act was done before.
func (s *OrderStore) known(key, digest string) (bool, error) {
	mark, done := s.marks[key]
	if done && mark != digest {
		return true, fmt.Errorf("key: %w: %q was used for something else", presage.ErrConflict, key)
	}
	s.marks[key] = digest
	return done, nil
}

// PutOrders implements orders.Store.
func (s *OrderStore) PutOrders(_ context.Context, act presage.OrderAct, digest string, w presage.OrderWish) ([]presage.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	os := w.Orders
	for _, o := range os {
		if o.ExternalID != "" && slices.ContainsFunc(s.orders, func(x presage.Order) bool { return x.ExternalID == o.ExternalID }) &&
			s.marks[act.Key] == "" {
			return nil, fmt.Errorf("external_id: %w: %q is another order's", presage.ErrConflict, o.ExternalID)
		}
	}
	done, err := s.known(act.Key, digest)
	if err != nil || done {
		return s.made(act.Key), err
	}
	for _, d := range w.Decisions {
		d.ID = int64(len(s.decisions) + 1)
		s.decisions = append(s.decisions, d)
	}
	for _, o := range os {
		s.orders, s.madeBy[act.Key] = append(s.orders, o), append(s.madeBy[act.Key], o.ID)
	}
	return os, nil
}

func (s *OrderStore) made(key string) (os []presage.Order) {
	for _, id := range s.madeBy[key] {
		os = append(os, s.orders[s.index(id)])
	}
	return os
}

func (s *OrderStore) index(id string) int {
	return slices.IndexFunc(s.orders, func(o presage.Order) bool { return o.ID == id || id != "" && o.ExternalID == id })
}

// ActedBefore implements orders.Store.
func (s *OrderStore) ActedBefore(_ context.Context, key, digest string) ([]presage.Order, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marks[key] == "" {
		return nil, false, nil
	}
	_, err := s.known(key, digest)
	return s.made(key), err == nil, err
}

// ActOrder implements orders.Store.
func (s *OrderStore) ActOrder(_ context.Context, act presage.OrderAct, digest string, now time.Time) (presage.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.index(act.OrderID)
	if i < 0 {
		return presage.Order{}, fmt.Errorf("order %s: %w", act.OrderID, presage.ErrNotFound)
	}
	if mark := s.marks[act.Key]; mark != "" {
		_, err := s.known(act.Key, digest)
		return s.orders[i], err
	}
	o, moves, err := s.orders[i].After(act)
	if err != nil {
		return o, err
	}
	act.OrderID = o.ID
	s.marks[act.Key], s.acts, o.UpdatedAt = digest, append(s.acts, act), now
	s.orders[i] = o
	for _, m := range moves {
		m.RecordedAt = now
		s.shelve(m)
	}
	return o, nil
}

// onHand is the balance of a shelf, and how many movements it had.
func (s *OrderStore) onHand(depot, part string) (pieces int, n int64) {
	for _, m := range s.moves {
		if m.DepotID == depot && m.Part == part {
			pieces, n = m.OnHand, m.N
		}
	}
	return pieces, n
}

func (s *OrderStore) shelve(m presage.StockMovement) presage.StockMovement {
	before, n := s.onHand(m.DepotID, m.Part)
	m.OnHand, m.N = before+m.Pieces, n+1
	s.moves = append(s.moves, m)
	return m
}

// MoveStock implements orders.Store.
func (s *OrderStore) MoveStock(_ context.Context, act presage.StockAct, digest string, now time.Time) ([]presage.StockMovement, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marks[act.Key] != "" {
		_, err := s.known(act.Key, digest)
		return s.moved[act.Key], err
	}
	kept := slices.Clone(s.moves)
	var done []presage.StockMovement
	for i, l := range act.Lines {
		before, _ := s.onHand(l.DepotID, l.Part)
		change := l.Change(before)
		if before+change < 0 {
			s.moves = kept
			return nil, fmt.Errorf("%s: %w: only %d are on hand", act.Field(i, "pieces"), presage.ErrInvalid, before)
		}
		if change != 0 {
			done = append(done, s.shelve(presage.StockMovement{
				DepotID: l.DepotID, Part: l.Part, Kind: l.Kind, Pieces: change, At: act.At, RecordedAt: now, By: act.By, Why: act.Why,
			}))
		}
	}
	s.marks[act.Key], s.moved[act.Key] = digest, done
	return done, nil
}

// Order implements orders.Reads.
func (s *OrderStore) Order(_ context.Context, id string) (presage.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.index(id); i >= 0 {
		return s.orders[i], nil
	}
	return presage.Order{}, fmt.Errorf("order %s: %w", id, presage.ErrNotFound)
}

// Orders implements orders.Reads.
func (s *OrderStore) Orders(_ context.Context, f presage.OrderFilter) ([]presage.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	last := len(s.orders)
	if f.After != "" {
		if last = s.index(f.After); last < 0 {
			return nil, fmt.Errorf("order %s: %w", f.After, presage.ErrNotFound)
		}
	}
	var out []presage.Order
	for _, o := range slices.Backward(s.orders[:last]) {
		of := func(l presage.OrderLine) bool { return l.Part == f.Part }
		if (f.DepotID == "" || o.DepotID == f.DepotID) && (f.State == "" || o.State == f.State) && (!f.Open || o.Open() > 0) &&
			(f.Overdue.IsZero() || o.Overdue(f.Overdue)) && (f.Part == "" || slices.ContainsFunc(o.Lines, of)) {
			out = append(out, o)
		}
	}
	if f.Limit > 0 {
		out = out[:min(len(out), f.Limit)]
	}
	return out, nil
}

// OrderActs implements orders.Reads.
func (s *OrderStore) OrderActs(_ context.Context, id string) ([]presage.OrderAct, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(s.acts), func(a presage.OrderAct) bool { return a.OrderID != id }), nil
}

// StockMovements implements orders.Reads.
func (s *OrderStore) StockMovements(_ context.Context, f presage.MovementFilter) ([]presage.StockMovement, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []presage.StockMovement
	behind := f.After == nil
	for _, m := range slices.Backward(s.moves) {
		if behind && (f.DepotID == "" || m.DepotID == f.DepotID) && (f.Part == "" || m.Part == f.Part) &&
			(f.Kind == "" || m.Kind == f.Kind) && (f.Ref == "" || m.Ref == f.Ref) {
			out = append(out, m)
		}
		if f.After != nil && m.DepotID == f.After.DepotID && m.Part == f.After.Part && m.N == f.After.N {
			behind = true
		}
	}
	if f.Limit > 0 {
		out = out[:min(len(out), f.Limit)]
	}
	return out, nil
}

// Stock implements orders.Reads.
func (s *OrderStore) Stock(_ context.Context, f presage.StockFilter) ([]presage.Stock, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []presage.Stock
	for _, m := range s.moves {
		at := slices.IndexFunc(out, func(x presage.Stock) bool { return x.DepotID == m.DepotID && x.Part == m.Part })
		switch {
		case f.DepotID != "" && f.DepotID != m.DepotID || f.Part != "" && f.Part != m.Part:
		case at < 0:
			out = append(out, presage.Stock{DepotID: m.DepotID, Part: m.Part, OnHand: m.OnHand})
		default:
			out[at].OnHand = m.OnHand
		}
	}
	return out, nil
}

// Depots implements orders.Reads.
func (s *OrderStore) Depots(ctx context.Context) ([]presage.Depot, error) { return s.world.Depots(ctx) }
