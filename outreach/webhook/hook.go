package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"presage"
	"presage/outreach/converse"
)

const (
	maxBody = 64 << 10
	maxID   = 128
)

// StatusPath and ReplyPath are where the receiver calls back.
func (c *Channel) StatusPath() string { return "/hooks/webhook/" + string(c.cfg.Channel) + "/status" }

// ReplyPath takes what a customer wrote back.
func (c *Channel) ReplyPath() string { return "/hooks/webhook/" + string(c.cfg.Channel) + "/reply" }

// Receiver is who acts on what comes back; *outreach.Service is one.
type Receiver interface {
	Receive(ctx context.Context, r presage.Receipt) error
	ReplyFrom(ctx context.Context, from presage.Phone, in converse.Inbound) (string, error)
}

// Once remembers the IDs that were taken in; *sqlstore.Store is one.
type Once interface {
	BeginWebhook(ctx context.Context, id string, now time.Time) (bool, error)
	EndWebhook(ctx context.Context, id string, done bool) error
}

// Hooks is whom callbacks report to. All fields are required.
type Hooks struct {
	To     Receiver
	Once   Once
	Now    func() time.Time
	Logger *slog.Logger
}

// Status takes what became of a message.
func (c *Channel) Status(x Hooks) http.Handler {
	return c.signed(x, func(ctx context.Context, _ string, raw []byte) error {
		var in struct{ ID, Event, Reason string }
		if json.Unmarshal(raw, &in) != nil || in.ID == "" || len(in.ID) > maxID {
			return errShape
		}
		r := presage.Receipt{ProviderID: in.ID}
		switch in.Event {
		case "delivered":
			r.Delivered = true
		case "opened":
			r.Delivered, r.Seen = true, true
		case "failed":
			r.Reason = "the receiver says that it failed"
		case "opted_out":
			r.OptedOut, r.Reason = true, "the receiver says that the customer opted out"
		default:
			return errShape
		}
		return x.To.Receive(ctx, r)
	})
}

// Reply takes what a customer wrote back.
func (c *Channel) Reply(x Hooks) http.Handler {
	return c.signed(x, func(ctx context.Context, id string, raw []byte) error {
		var in struct{ From, Text string }
		if json.Unmarshal(raw, &in) != nil || in.From == "" {
			return errShape
		}
		_, err := x.To.ReplyFrom(ctx, presage.Phone(in.From), converse.Inbound{
			Channel: c.cfg.Channel, Text: in.Text, ID: id,
		})
		return err
	})
}

var errShape = errors.New("not a status or a reply")

// signed reads a signed request, and lets each ID act once.
func (c *Channel) signed(x Hooks, do func(ctx context.Context, id string, raw []byte) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
		if err != nil {
			http.Error(w, "the request is too large", http.StatusRequestEntityTooLarge)
			return
		}
		id := r.Header.Get(headerID)
		if len(id) > maxID || !Verify(r.Header, c.cfg.Secrets, x.Now(), raw) {
			x.Logger.WarnContext(r.Context(), "webhook with a wrong signature", "path", r.URL.Path)
			http.Error(w, "the signature is wrong or too old", http.StatusForbidden)
			return
		}
		ctx := context.WithoutCancel(r.Context()) // half done is neither done nor undone
		key := "webhook/" + string(c.cfg.Channel) + "/" + id
		fresh, err := x.Once.BeginWebhook(ctx, key, x.Now())
		if err == nil && fresh {
			err = do(ctx, key, raw)
			err = errors.Join(err, x.Once.EndWebhook(ctx, key, err == nil || useless(err)))
		}
		x.answer(ctx, w, err)
	})
}

// useless tells that repeating the request would not help.
func useless(err error) bool {
	return errors.Is(err, presage.ErrNotFound) || errors.Is(err, presage.ErrInvalid) ||
		errors.Is(err, presage.ErrConflict) || errors.Is(err, errShape)
}

func (x Hooks) answer(ctx context.Context, w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, errShape):
		http.Error(w, "see the documentation for what a status and a reply hold", http.StatusBadRequest)
	case err == nil, useless(err):
		w.WriteHeader(http.StatusNoContent)
	default:
		x.Logger.ErrorContext(ctx, "webhook failed", "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
	}
}
