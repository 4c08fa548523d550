package apitest

import (
	"context"
	"slices"
	"time"

	"presage"
)

// notices are the newest first.
func notices() []presage.Notice {
	at := time.Date(2026, 11, 20, 7, 0, 0, 0, time.UTC)
	return []presage.Notice{
		{
			ID: "n3", Kind: "late", To: "ops@norvik.example", Lang: presage.English, Subject: "A customer has waited too long",
			Text: "since 09:12", State: presage.NoticePlanned, NotBefore: at.Add(time.Hour), CreatedAt: at.Add(time.Hour),
			UpdatedAt: at.Add(time.Hour), Attempts: 2, Error: "mail: unavailable: no connection",
		},
		{
			ID: "n2", Kind: "digest", To: "ops@norvik.example", Lang: presage.English, Subject: "all workshops: figures",
			Text: "Offers made: 3", State: presage.NoticeSent, NotBefore: at, CreatedAt: at, UpdatedAt: at, SentAt: at, Attempts: 1,
		},
		{
			ID: "n1", Kind: "digest", To: "pudong@norvik.example", Lang: presage.English, Subject: "Pudong: figures",
			Text: "Offers made: 1", State: presage.NoticeFailed, NotBefore: at, CreatedAt: at, UpdatedAt: at, Attempts: 1,
			Error: "mail: the address reaches nobody",
		},
	}
}

// Notices implements rest.Notices.
func (w *World) Notices(_ context.Context, f presage.NoticeFilter) ([]presage.Notice, error) {
	all := slices.DeleteFunc(notices(), func(n presage.Notice) bool {
		return f.Kind != "" && f.Kind != n.Kind || f.State != "" && f.State != n.State || f.BeforeID != "" && n.ID >= f.BeforeID
	})
	return all[:min(len(all), f.Limit)], w.Err
}

// NoticeKnown implements rest.Notices.
func (w *World) NoticeKnown(_ context.Context, id string) (bool, error) {
	return slices.ContainsFunc(notices(), func(n presage.Notice) bool { return n.ID == id }), w.Err
}
