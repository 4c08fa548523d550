package deliver

import (
	"context"
	"fmt"

	"presage"
	"presage/outreach/contact"
)

// Receipt is what a provider reports about a message after it took it.
type Receipt struct {
	ProviderID string
	Delivered  bool   // else it failed
	OptedOut   bool   // failed because the customer told the provider to stop
	QuietHours bool   // failed because of the hour; tried again in the morning
	Reason     string // free of numbers
}

// Receive takes a receipt. A failed message moves to the next channel. A
// receipt that comes twice, or after delivery, changes nothing. ErrNotFound for
// a message that is not ours, or whose sending is not recorded yet.
func (d *Deliverer) Receive(ctx context.Context, r Receipt) error {
	m, err := d.Store.MessageByProviderID(ctx, r.ProviderID)
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	switch m.State {
	case presage.MessageDelivered, presage.MessageFailed, presage.MessagePlanned, presage.MessageSuppressed:
		return nil
	case presage.MessageSent, presage.MessageSending:
	}
	if r.Delivered {
		return d.finish(ctx, m, presage.MessageDelivered, presage.Reason{})
	}
	c, err := d.Store.Customer(ctx, m.CustomerID)
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	cause := fmt.Errorf("%w: not delivered: %s", presage.ErrInvalid, r.Reason)
	switch {
	case r.OptedOut:
		cause = fmt.Errorf("%w: %s", contact.ErrOptedOut, r.Reason)
	case r.QuietHours:
		cause = fmt.Errorf("%w: %s", contact.ErrQuietHours, r.Reason)
	}
	return d.refused(ctx, m, c, cause)
}
