package apitest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// PutShipments implements orders.ShipmentStore.
func (s *OrderStore) PutShipments(_ context.Context, act presage.OrderAct, digest string, xs []presage.Shipment,
) ([]presage.Shipment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	done, err := s.known(act.Key, digest)
	if err != nil || done {
		return s.shipped[act.Key], err
	}
	s.shipments, s.shipped[act.Key] = append(s.shipments, xs...), xs
	return xs, nil
}

// ShippedBefore implements orders.ShipmentStore.
func (s *OrderStore) ShippedBefore(_ context.Context, key, digest string) ([]presage.Shipment, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.marks[key] == "" {
		return nil, false, nil
	}
	done, err := s.known(key, digest)
	return s.shipped[key], done, err
}

// ActShipment implements orders.ShipmentStore.
func (s *OrderStore) ActShipment(_ context.Context, act presage.ShipmentAct, digest string, _ time.Time,
) (presage.Shipment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := slices.IndexFunc(s.shipments, func(x presage.Shipment) bool { return x.ID == act.ShipmentID })
	if i < 0 {
		return presage.Shipment{}, fmt.Errorf("transfer %s: %w", act.ShipmentID, presage.ErrNotFound)
	}
	done, err := s.known(act.Key, digest)
	if err != nil || done {
		return s.shipments[i], err
	}
	x, moves, err := s.shipments[i].After(act)
	if err != nil {
		return x, err
	}
	s.shipments[i] = x
	for _, m := range moves {
		s.shelve(m)
	}
	return x, nil
}

// Shipment implements orders.ShipmentStore.
func (s *OrderStore) Shipment(_ context.Context, id string) (presage.Shipment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.shipments {
		if x.ID == id {
			return x, nil
		}
	}
	return presage.Shipment{}, fmt.Errorf("transfer %s: %w", id, presage.ErrNotFound)
}

// Shipments implements orders.ShipmentStore.
func (s *OrderStore) Shipments(_ context.Context, f presage.ShipmentFilter) (out []presage.Shipment, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range slices.Backward(s.shipments) {
		open := x.State != presage.ShipmentReceived && x.State != presage.ShipmentCancelled
		if (f.State == "" || f.State == x.State) && (!f.Open || open) &&
			(f.DepotID == "" || f.DepotID == x.From || f.DepotID == x.To) {
			out = append(out, x)
		}
	}
	return out, s.world.Err
}
