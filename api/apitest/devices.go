package apitest

import (
	"context"
	"slices"

	"presage"
)

// RegisterDevice implements rest.Devices.
func (w *World) RegisterDevice(ctx context.Context, d presage.Device) (presage.Device, error) {
	if _, err := w.Customer(ctx, d.CustomerID); err != nil {
		return d, err
	}
	w.devices = slices.DeleteFunc(w.devices, func(x presage.Device) bool {
		return x.Token == d.Token || x.CustomerID == d.CustomerID && x.ID == d.ID
	})
	w.devices = append(w.devices, d)
	return d, nil
}

// Devices implements rest.Devices.
func (w *World) Devices(_ context.Context, customerID string) ([]presage.Device, error) {
	return slices.DeleteFunc(slices.Clone(w.devices), func(x presage.Device) bool { return x.CustomerID != customerID }), nil
}

// RemoveDevice implements rest.Devices.
func (w *World) RemoveDevice(_ context.Context, customerID, id string) error {
	return remove(&w.devices, "device", func(x presage.Device) bool { return x.CustomerID == customerID && x.ID == id })
}

// Receive implements rest.Receipts.
func (w *World) Receive(_ context.Context, r presage.Receipt) error {
	for i := range w.messages {
		if m := &w.messages[i]; m.ProviderID == r.ProviderID || m.ID == r.ProviderID {
			m.State = presage.MessageDelivered
			if r.Seen {
				m.State = presage.MessageSeen
			}
		}
	}
	return nil
}
