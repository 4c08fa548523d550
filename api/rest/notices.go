package rest

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Notices reads the e-mails to our own people.
type Notices interface {
	// Notices lists them, the newest first.
	Notices(ctx context.Context, f presage.NoticeFilter) ([]presage.Notice, error)
	NoticeKnown(ctx context.Context, id string) (bool, error)
}

func (h *handlers) noticeRoutes(a huma.API) {
	op := get("list-notices", "/v1/notices", "Messages", "E-mails to our own people, the newest first")
	op.Description = "To `mail.staff` and to the workshops that have an e-mail address: of safety cases that wait for a " +
		"person, of customers whom nobody answered in time, of accounts that a provider refuses, and the daily figures. " +
		"They name no customer. planned waits for the mail server, failed means that nobody has the address."
	next := exampleNotice()
	op.Responses = example[page[presage.Notice]](a, page[presage.Notice]{Items: []presage.Notice{next}, Next: next.ID})
	route(a, h.Logger, op, h.notices)
}

type noticesInput struct {
	Kind   string `query:"kind" enum:"escalated,late,account,digest"`
	State  string `query:"state" enum:"planned,sending,sent,failed"`
	Before string `query:"before" maxLength:"64" doc:"Cursor: next of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}

func (h *handlers) notices(ctx context.Context, in *noticesInput) (*body[page[presage.Notice]], error) {
	if in.Before != "" {
		known, err := h.Notices.NoticeKnown(ctx, in.Before)
		if err == nil && !known {
			err = presage.ErrNotFound
		}
		if err != nil {
			return nil, gone("before", err)
		}
	}
	rows, err := h.Notices.Notices(ctx, presage.NoticeFilter{
		Kind: in.Kind, State: presage.NoticeState(in.State), BeforeID: in.Before, Limit: more(in.Limit),
	})
	if err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, func(n presage.Notice) string { return n.ID }), nil
}

func exampleNotice() presage.Notice {
	at := exampleConversation().Since
	return presage.Notice{
		ID: "n5k3h2jq7lmno5pq", Kind: "late", To: "pudong@norvik.example", Lang: presage.English,
		Subject: "A customer has waited too long for an answer",
		Text: "A customer has waited for a person since 2026-11-20 09:12 UTC. Nobody answered in time: " +
			"the conversation is the manager's now.",
		Link: "https://service.example/outreach/conversations", State: presage.NoticeSent,
		NotBefore: at, CreatedAt: at, UpdatedAt: at, SentAt: at, Attempts: 1,
	}
}
