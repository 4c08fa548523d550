package apitest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"presage"
)

// PutCommand implements rest.Commands.
func (w *World) PutCommand(_ context.Context, c presage.Command) (presage.Command, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := c.Validate(); err != nil {
		return c, err
	}
	if !slices.ContainsFunc(w.vehicles, func(v presage.Vehicle) bool { return v.VIN == c.VIN }) {
		return c, fmt.Errorf("put a command: %w: the vehicle is not registered", presage.ErrNotFound)
	}
	c.ID = int64(len(w.commands) + 1)
	w.commands = append(w.commands, c)
	return c, w.Err
}

// Commands implements rest.Commands.
func (w *World) Commands(_ context.Context, f presage.CommandFilter) ([]presage.Command, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.Command
	for _, c := range slices.Backward(w.commands) {
		if c.VIN == f.VIN && (f.State == "" || c.State(f.Now) == f.State) && (f.Before == 0 || c.ID < f.Before) &&
			len(out) < f.Limit {
			out = append(out, c)
		}
	}
	return out, w.Err
}

// WithdrawCommand implements rest.Commands: what is withdrawn belongs to nobody.
func (w *World) WithdrawCommand(_ context.Context, vin presage.VIN, id int64, _ time.Time) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	i := int(id) - 1
	switch {
	case i >= len(w.commands) || w.commands[i].VIN != vin:
		return fmt.Errorf("withdraw a command: %w", presage.ErrNotFound)
	case !w.commands[i].DoneAt.IsZero():
		return fmt.Errorf("withdraw a command: %w: the vehicle has acknowledged it", presage.ErrConflict)
	}
	w.commands[i].VIN = ""
	return w.Err
}

// Acknowledge is the vehicle's PUBACK of a command.
func (w *World) Acknowledge(id int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.commands[id-1].DoneAt = w.now
}

// Payload is a command's, as it was kept.
func (w *World) Payload(id int64) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return string(w.commands[id-1].Payload)
}
