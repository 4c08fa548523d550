package fcm

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"presage"
	"presage/outreach/link"
)

// ReceiptPath is where an app reports by itself what became of a message, as
// {"receipt": TOKEN, "event": "delivered" | "opened"}. The token came with the
// message and stands for it alone. A maker's backend uses the API instead.
const ReceiptPath = "/hooks/push/receipt"

const (
	receiptOf   = "receipt/" // keeps these tokens apart from booking links
	receiptLife = 60 * 24 * time.Hour
	maxReport   = 8 << 10
)

func receiptToken(s *link.Signer, m presage.Message, now time.Time) string {
	return s.Sign(receiptOf+m.ID, now.Add(receiptLife))
}

// Receiver acts on what became of a message; *outreach.Service is one.
type Receiver interface {
	Receive(ctx context.Context, r presage.Receipt) error
}

// Hook is the handler of ReceiptPath. All fields are required.
type Hook struct {
	Links  *link.Signer
	To     Receiver
	Now    func() time.Time
	Logger *slog.Logger
}

// ServeHTTP answers 204 whatever is known of the message already: a report that
// comes twice changes nothing.
func (h *Hook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Receipt string `json:"receipt"`
		Event   string `json:"event"`
	}
	err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxReport)).Decode(&in)
	if err != nil || in.Event != "delivered" && in.Event != "opened" {
		http.Error(w, `want {"receipt": TOKEN, "event": "delivered" or "opened"}`, http.StatusBadRequest)
		return
	}
	subject, err := h.Links.Read(in.Receipt, h.Now())
	id, ours := strings.CutPrefix(subject, receiptOf)
	if err != nil || !ours {
		http.Error(w, "the receipt token is wrong or too old", http.StatusForbidden)
		return
	}
	ctx := context.WithoutCancel(r.Context())
	err = h.To.Receive(ctx, presage.Receipt{ProviderID: id, Delivered: true, Seen: in.Event == "opened"})
	if err != nil && !errors.Is(err, presage.ErrNotFound) {
		h.Logger.ErrorContext(ctx, "an app's report failed", "err", err)
		http.Error(w, "try again", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}
