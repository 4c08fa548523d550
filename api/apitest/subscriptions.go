package apitest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// addDeliveries makes a receiver with one change that was given up and one behind it.
func (w *World) addDeliveries() {
	w.subscriptions = []presage.Subscription{{
		ID: "dms-1", URL: "https://dms.example/presage?key=very-secret", System: "dms-1", Active: true,
		Secrets: []presage.Secret{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}, CreatedAt: w.now.AddDate(0, 0, -7),
		Fault: "HTTP 500", Failures: 1,
	}}
	for i, state := range []presage.DeliveryState{
		presage.DeliveryDelivered, presage.DeliveryDead, presage.DeliveryWaiting,
	} {
		event := fmt.Sprintf("c-1.%d", i+1)
		d := presage.Delivery{
			ID: "dms-1:" + event, SubscriptionID: "dms-1", EventID: event, Type: presage.BookingSold, Subject: "b-1",
			At: w.now.Add(time.Duration(i-9) * time.Minute), State: state, Attempts: 1, UpdatedAt: w.now,
		}
		if state == presage.DeliveryDead {
			d.Fault, d.Behind = "HTTP 422", 1
		}
		w.deliveries = append(w.deliveries, d)
	}
}

// PutSubscription implements rest.Subscriptions.
func (w *World) PutSubscription(_ context.Context, x presage.Subscription) (presage.Subscription, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !strings.HasPrefix(x.URL.Reveal(), "https://") {
		return x, fmt.Errorf("url: %w: want https://", presage.ErrInvalid)
	}
	i := slices.IndexFunc(w.subscriptions, func(y presage.Subscription) bool { return y.ID == x.ID })
	switch {
	case i < 0 && len(x.Secrets) == 0:
		return x, fmt.Errorf("secrets: %w: want one for a new subscription", presage.ErrInvalid)
	case i < 0:
		w.subscriptions = append(w.subscriptions, x)
	default:
		if len(x.Secrets) == 0 {
			x.Secrets = w.subscriptions[i].Secrets
		}
		w.subscriptions[i] = x
	}
	return x, w.Err
}

// Subscription implements rest.Subscriptions.
func (w *World) Subscription(_ context.Context, id string) (presage.Subscription, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	y, err := find(w.subscriptions, "subscription", func(y presage.Subscription) bool { return y.ID == id })
	return y, cmp.Or(err, w.Err)
}

// Subscriptions implements rest.Subscriptions.
func (w *World) Subscriptions(context.Context) ([]presage.Subscription, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.subscriptions), w.Err
}

// RemoveSubscription implements rest.Subscriptions.
func (w *World) RemoveSubscription(_ context.Context, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	err := remove(&w.subscriptions, "subscription", func(y presage.Subscription) bool { return y.ID == id })
	return cmp.Or(err, w.Err)
}

// Deliveries implements rest.Subscriptions.
func (w *World) Deliveries(_ context.Context, f presage.DeliveryFilter) ([]presage.Delivery, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := slices.Clone(w.deliveries)
	slices.Reverse(all)
	if i := slices.IndexFunc(all, func(d presage.Delivery) bool { return d.ID == f.AfterID }); i >= 0 {
		all = all[i+1:]
	}
	all = slices.DeleteFunc(all, func(d presage.Delivery) bool {
		return f.State != "" && d.State != f.State || f.SubscriptionID != "" && d.SubscriptionID != f.SubscriptionID
	})
	return all[:min(len(all), f.Limit)], w.Err
}

// Delivery implements rest.Subscriptions.
func (w *World) Delivery(_ context.Context, id string) (presage.Delivery, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	d, err := find(w.deliveries, "delivery", func(d presage.Delivery) bool { return d.ID == id })
	return d, cmp.Or(err, w.Err)
}

// ReplayDeliveries implements rest.Subscriptions.
func (w *World) ReplayDeliveries(_ context.Context, ids []string, _ time.Time) (int, error) {
	return w.endDead(ids, presage.DeliveryWaiting)
}

// SkipDeliveries implements rest.Subscriptions.
func (w *World) SkipDeliveries(_ context.Context, ids []string, _ time.Time) (int, error) {
	return w.endDead(ids, presage.DeliverySkipped)
}

func (w *World) endDead(ids []string, to presage.DeliveryState) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, id := range ids {
		i := slices.IndexFunc(w.deliveries, func(d presage.Delivery) bool { return d.ID == id })
		if i < 0 {
			return 0, fmt.Errorf("delivery: %w", presage.ErrNotFound)
		}
		if w.deliveries[i].State != presage.DeliveryDead {
			return 0, fmt.Errorf("delivery: %w", presage.ErrConflict)
		}
		w.deliveries[i].State = to
	}
	return len(ids), w.Err
}
