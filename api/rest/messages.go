package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"presage"
	"presage/internal/wording"
)

func (h *handlers) messageRoutes(a huma.API) {
	route(a, h.Logger, get("list-messages", "/v1/messages", "Messages",
		"What was said to customers, the newest first"), h.messages)
	route(a, h.Logger, get("list-texts", "/v1/outreach/templates", "Messages",
		"Each kind of message in both languages as an SMS and a push carry it, about the longest samples of the catalogue"),
		h.templates)
}

type messagesInput struct {
	Reader
	Customer string               `query:"customer" maxLength:"64"`
	Case     string               `query:"case" maxLength:"64"`
	State    presage.MessageState `query:"state" enum:"planned,sending,sent,delivered,seen,failed,suppressed"`
	Before   string               `query:"before" maxLength:"64" doc:"Cursor: the last ID of the previous page"`
	Limit    int                  `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (h *handlers) messages(ctx context.Context, in *messagesInput) (*body[page[message]], error) {
	if in.Before != "" {
		if _, err := h.Messages.Message(ctx, in.Before); err != nil {
			return nil, gone("before", err)
		}
	}
	rows, err := h.Messages.Messages(ctx, presage.MessageFilter{
		CustomerID: in.Customer, CaseID: in.Case, State: in.State, BeforeID: in.Before, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	return paged(h.teller(in.Reader, nil).messages(rows), in.Limit, func(m message) string { return m.ID }), nil
}

// templates has all kinds on one page.
func (h *handlers) templates(ctx context.Context, _ *struct{}) (*body[page[wording.Preview]], error) {
	rows, _, err := h.Texts.TextPreviews(ctx, false)
	if err != nil {
		return nil, err
	}
	return paged(rows, len(rows), func(p wording.Preview) string { return string(p.Kind) }), nil
}
