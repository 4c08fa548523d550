package twilio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/twilio/twilio-go/client"

	"presage"
	"presage/outreach"
)

// The paths that Twilio calls, below Config.PublicURL.
const (
	StatusPath  = "/hooks/twilio/status"
	InboundPath = "/hooks/twilio/inbound"
)

// Receiver is who acts on what Twilio reports; *outreach.Service is one.
type Receiver interface {
	Receive(ctx context.Context, r outreach.Receipt) error
	ReplyFrom(ctx context.Context, from presage.Phone, channel presage.ChannelName, text string) (string, error)
}

const maxForm = 64 << 10 // far above what Twilio sends

// Webhooks returns the handler of StatusPath and InboundPath. A request that is
// not signed with the account's token for exactly this address gets 403 and is
// not read further. What we cannot use (an unknown sender or message) is
// answered with 200, so that Twilio does not repeat it; what failed for now with 503.
func (s *SMS) Webhooks(to Receiver, log *slog.Logger) http.Handler {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	h := &hooks{sms: s, to: to, log: log}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+StatusPath, h.status)
	mux.HandleFunc("POST "+InboundPath, h.inbound)
	return mux
}

type hooks struct {
	sms *SMS
	to  Receiver
	log *slog.Logger
}

// form reads and checks a signed form; it has answered when ok is false.
func (h *hooks) form(w http.ResponseWriter, r *http.Request) (form url.Values, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxForm))
	if err != nil {
		http.Error(w, "the form is too large", http.StatusRequestEntityTooLarge)
		return nil, false
	}
	form, err = url.ParseQuery(string(body))
	if err != nil {
		http.Error(w, "the form cannot be read", http.StatusBadRequest)
		return nil, false
	}
	validator := client.NewRequestValidator(h.sms.cfg.AuthToken.Reveal())
	address := strings.TrimRight(h.sms.cfg.PublicURL, "/") + r.URL.RequestURI()
	if !validator.ValidateBody(address, body, r.Header.Get("X-Twilio-Signature")) {
		h.log.WarnContext(r.Context(), "webhook with a wrong signature", "path", r.URL.Path)
		http.Error(w, "the signature is wrong", http.StatusForbidden)
		return nil, false
	}
	return form, true
}

// status takes the course of a message after Twilio accepted it.
func (h *hooks) status(w http.ResponseWriter, r *http.Request) {
	form, ok := h.form(w, r)
	if !ok {
		return
	}
	receipt := outreach.Receipt{ProviderID: form.Get("MessageSid")}
	switch form.Get("MessageStatus") {
	case "delivered", "read":
		receipt.Delivered = true
	case "failed", "undelivered":
		code := codeOf(form.Get("ErrorCode"))
		receipt.OptedOut, receipt.QuietHours = code == codeOptedOut, code == codeQuietHours
		receipt.Reason = fmt.Sprintf("twilio error %d", code)
	default: // queued, sending, sent: on its way
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.answer(w, r, h.to.Receive(r.Context(), receipt))
}

// inbound takes what a customer texted. The answer is empty: replies go out as
// messages of their own, under the same rules as all others.
func (h *hooks) inbound(w http.ResponseWriter, r *http.Request) {
	form, ok := h.form(w, r)
	if !ok {
		return
	}
	_, err := h.to.ReplyFrom(r.Context(), presage.Phone(form.Get("From")), presage.ChannelSMS, form.Get("Body"))
	h.answer(w, r, err)
}

func (h *hooks) answer(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case err == nil:
	case errors.Is(err, presage.ErrNotFound), errors.Is(err, presage.ErrInvalid), errors.Is(err, presage.ErrConflict):
		h.log.InfoContext(r.Context(), "webhook without effect", "path", r.URL.Path, "err", err)
	default:
		h.log.ErrorContext(r.Context(), "webhook failed", "path", r.URL.Path, "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = io.WriteString(w, "<Response></Response>")
}
