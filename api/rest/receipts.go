package rest

import (
	"cmp"
	"context"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Receipts takes what became of messages.
type Receipts interface {
	// Receive acts on a receipt; one that comes twice changes nothing.
	Receive(ctx context.Context, r presage.Receipt) error
}

func (h *handlers) receiptRoutes(a huma.API) {
	op := post("report-message", "/v1/messages/{id}/receipts", "Messages",
		"Report that the maker's app received or opened a message")
	op.Description = "For the maker's backend. An app that has no key reports to `/hooks/push/receipt` instead, " +
		"with the token `receipt` of its message's data. A report that comes twice changes nothing."
	op.DefaultStatus = 204
	route(a, h.Logger, op, h.reportMessage)
}

type reportInput struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Event string `json:"event" enum:"delivered,opened"`
	}
}

func (h *handlers) reportMessage(ctx context.Context, in *reportInput) (*struct{}, error) {
	m, err := h.Messages.Message(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &struct{}{}, h.Receipts.Receive(ctx, presage.Receipt{
		// Before its sending is recorded a push message has its own ID there.
		ProviderID: cmp.Or(m.ProviderID, m.ID), Delivered: true, Seen: in.Body.Event == "opened",
	})
}
