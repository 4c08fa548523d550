package deliver

import (
	"context"
	"errors"
	"fmt"

	"presage"
	"presage/outreach/contact"
)

// Receive takes a receipt. A failed message moves to the next channel. A
// receipt that comes twice, or says less than is known, changes nothing; one that comes
// before the sending of its message is recorded waits for that.
func (d *Deliverer) Receive(ctx context.Context, r presage.Receipt) error {
	m, err := d.Store.MessageByProviderID(ctx, r.ProviderID)
	if errors.Is(err, presage.ErrNotFound) {
		err = d.Store.KeepReceipt(ctx, r, d.Now())
	} else if err == nil {
		err = d.receipt(ctx, m, r)
	}
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	return nil
}

// keptReceipts acts on those that came before their message was recorded.
func (d *Deliverer) keptReceipts(ctx context.Context) error {
	due, err := d.Store.ReceiptsDue(ctx)
	if err != nil {
		return fmt.Errorf("kept receipts: %w", err)
	}
	for _, r := range due {
		if err := d.Receive(ctx, r); err != nil {
			return err
		}
		if err := d.Store.ForgetReceipt(ctx, r.ProviderID); err != nil {
			return fmt.Errorf("kept receipts: %w", err)
		}
	}
	return nil
}

func (d *Deliverer) receipt(ctx context.Context, m presage.Message, r presage.Receipt) error {
	if r.Delivered || r.Seen {
		return d.arrived(ctx, m, r.Seen)
	}
	if m.State != presage.MessageSent && m.State != presage.MessageSending {
		return nil
	}
	c, err := d.reader(ctx, m)
	if errors.Is(err, presage.ErrNotFound) {
		return d.finish(ctx, m, presage.MessageFailed, presage.Because(presage.WhyNoCustomer))
	}
	if err != nil {
		return err
	}
	kind := presage.ErrInvalid
	switch {
	case r.Account:
		return d.atFault(ctx, m, c, fmt.Errorf("%w: not delivered: %s", contact.ErrAccount, r.Reason), true)
	case r.OptedOut:
		kind = contact.ErrOptedOut
	case r.QuietHours:
		kind = contact.ErrQuietHours
	}
	return d.refused(ctx, m, c, fmt.Errorf("%w: not delivered: %s", kind, r.Reason))
}

// arrived notes that a message reached the customer's device, and that it was opened there.
func (d *Deliverer) arrived(ctx context.Context, m presage.Message, seen bool) error {
	out := m.State == presage.MessageSending || m.State == presage.MessageSent
	fresh := out || seen && m.State == presage.MessageDelivered
	if !fresh {
		return nil
	}
	d.passed(ctx, m, true)
	now, state := d.Now(), presage.MessageDelivered
	if m.DeliveredAt.IsZero() {
		m.DeliveredAt = now
	}
	if seen {
		m.SeenAt, state = now, presage.MessageSeen
	}
	return d.finish(ctx, m, state, presage.Reason{})
}
