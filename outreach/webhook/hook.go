package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"presage"
	"presage/outreach/converse"
	"presage/outreach/hook"
)

const (
	maxBody = 64 << 10
	maxID   = 128
)

// StatusPath and ReplyPath are where the receiver calls back.
func (c *Channel) StatusPath() string { return "/hooks/webhook/" + string(c.cfg.Channel) + "/status" }

// ReplyPath takes what a customer wrote back.
func (c *Channel) ReplyPath() string { return "/hooks/webhook/" + string(c.cfg.Channel) + "/reply" }

// Status takes what became of a message.
func (c *Channel) Status(x hook.Intake) http.Handler {
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
func (c *Channel) Reply(x hook.Intake) http.Handler {
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

var errShape = fmt.Errorf("%w: not a status or a reply", presage.ErrInvalid)

// signed reads a signed request, and lets each ID act once.
func (c *Channel) signed(x hook.Intake, do func(ctx context.Context, id string, raw []byte) error) http.Handler {
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
		key := "webhook/" + string(c.cfg.Channel) + "/" + id
		err = x.Take(r.Context(), key, func(ctx context.Context) error { return do(ctx, key, raw) })
		answer(r.Context(), x.Logger, w, err)
	})
}

func answer(ctx context.Context, log *slog.Logger, w http.ResponseWriter, err error) {
	switch {
	case errors.Is(err, errShape):
		http.Error(w, "see the documentation for what a status and a reply hold", http.StatusBadRequest)
	case err == nil, hook.Useless(err):
		w.WriteHeader(http.StatusNoContent)
	default:
		log.ErrorContext(ctx, "webhook failed", "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
	}
}
