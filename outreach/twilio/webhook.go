package twilio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/twilio/twilio-go/client"

	"presage"
	"presage/outreach/contact"
	"presage/outreach/converse"
	"presage/outreach/hook"
)

// The paths that Twilio calls, below Config.PublicURL.
const (
	StatusPath  = "/hooks/twilio/status"
	InboundPath = "/hooks/twilio/inbound"
)

const (
	maxForm = 64 << 10 // far above what Twilio sends
	maxSID  = 64       // Twilio's have 34 characters
)

// Webhooks returns the handler of StatusPath and InboundPath. A request that is
// not signed with the account's token for exactly this address gets 403 and is
// not read further. What came before (by MessageSid) does nothing. What we
// cannot use (an unknown sender or message) is answered with 200, so that Twilio
// does not repeat it; what failed for now with 503.
func (s *SMS) Webhooks(x hook.Intake) http.Handler {
	h := &hooks{sms: s, Intake: x}
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+StatusPath, h.status)
	mux.HandleFunc("POST "+InboundPath, h.inbound)
	return mux
}

type hooks struct {
	hook.Intake
	sms *SMS
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
		h.Logger.WarnContext(r.Context(), "webhook with a wrong signature", "path", r.URL.Path)
		http.Error(w, "the signature is wrong", http.StatusForbidden)
		return nil, false
	}
	if sid := form.Get("MessageSid"); sid == "" || len(sid) > maxSID {
		http.Error(w, "the form has no MessageSid", http.StatusBadRequest)
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
	receipt := presage.Receipt{ProviderID: form.Get("MessageSid")}
	switch form.Get("MessageStatus") {
	case "delivered":
		receipt.Delivered = true
	case "read":
		receipt.Delivered, receipt.Seen = true, true
	case "failed", "undelivered":
		code := codeOf(form.Get("ErrorCode"))
		kind := report(code)
		receipt.OptedOut, receipt.QuietHours = errors.Is(kind, contact.ErrOptedOut), errors.Is(kind, contact.ErrQuietHours)
		receipt.Account = errors.Is(kind, contact.ErrAccount)
		receipt.Reason = fmt.Sprintf("twilio error %d", code)
	default: // queued, sending, sent: on its way
		w.WriteHeader(http.StatusNoContent)
		return
	}
	id := strings.Join([]string{receipt.ProviderID, form.Get("MessageStatus"), form.Get("ErrorCode")}, "/")
	h.take(w, r, id, func(ctx context.Context) error {
		return h.To.Receive(ctx, receipt)
	})
}

// inbound takes what a customer texted. The answer is empty: replies go out as
// messages of their own, under the same rules as all others.
func (h *hooks) inbound(w http.ResponseWriter, r *http.Request) {
	form, ok := h.form(w, r)
	if !ok {
		return
	}
	sid := form.Get("MessageSid")
	h.take(w, r, sid, func(ctx context.Context) error {
		_, err := h.To.ReplyFrom(ctx, presage.Phone(form.Get("From")), converse.Inbound{
			Channel: presage.ChannelSMS, Text: form.Get("Body"), ID: sid,
		})
		return err
	})
}

// take does what a message asks for, once, and answers.
func (h *hooks) take(w http.ResponseWriter, r *http.Request, id string, do func(context.Context) error) {
	h.answer(w, r, h.Take(r.Context(), id, do))
}

func (h *hooks) answer(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case err == nil:
	case hook.Useless(err):
		h.Logger.InfoContext(r.Context(), "webhook without effect", "path", r.URL.Path, "err", err)
	default:
		h.Logger.ErrorContext(r.Context(), "webhook failed", "path", r.URL.Path, "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	_, _ = io.WriteString(w, "<Response></Response>")
}
