// Package hook takes in what message providers call us for: receipts and what
// customers wrote back, each once, whichever provider it is.
package hook

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"presage"
	"presage/outreach/converse"
)

// Receiver acts on what a provider reports; *outreach.Service is one.
type Receiver interface {
	Receive(ctx context.Context, r presage.Receipt) error
	ReplyFrom(ctx context.Context, from presage.Phone, in converse.Inbound) (string, error)
}

// Once remembers what was taken in by the provider's own IDs, for all processes
// and over restarts; *sqlstore.Store is one. Whoever saw a signed request once
// could send it again without it.
type Once interface {
	// BeginWebhook returns false when the ID was taken in before, ErrUnavailable
	// while somebody is at it. EndWebhook must follow true.
	BeginWebhook(ctx context.Context, id string, now time.Time) (bool, error)
	// EndWebhook keeps the ID as done, or forgets it so that it can come again.
	EndWebhook(ctx context.Context, id string, done bool) error
}

// Intake is whom callbacks report to. All fields are required.
type Intake struct {
	To     Receiver
	Once   Once
	Now    func() time.Time
	Logger *slog.Logger
}

// Take does what a callback asks for, once for each ID. What failed for now may
// come again; what is Useless may not. The caller's end does not end it: half
// done is neither done nor undone.
func (x Intake) Take(ctx context.Context, id string, do func(context.Context) error) error {
	ctx = context.WithoutCancel(ctx)
	fresh, err := x.Once.BeginWebhook(ctx, id, x.Now())
	if err != nil {
		return err
	}
	if !fresh {
		x.Logger.InfoContext(ctx, "webhook came before")
		return nil
	}
	err = do(ctx)
	return errors.Join(err, x.Once.EndWebhook(ctx, id, err == nil || Useless(err)))
}

// Useless tells that repeating the request would not help: an unknown sender or
// message, or one that is wrong.
func Useless(err error) bool {
	return errors.Is(err, presage.ErrNotFound) || errors.Is(err, presage.ErrInvalid) || errors.Is(err, presage.ErrConflict)
}
