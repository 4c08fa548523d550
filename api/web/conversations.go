package web

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/url"
	"slices"
	"time"

	"presage"
)

// Talks are the conversations with customers; see rest.Talks.
type Talks interface {
	Conversations(ctx context.Context, f presage.ConversationFilter) ([]presage.Conversation, error)
	Thread(ctx context.Context, customerID string) (presage.Thread, error)
	Say(ctx context.Context, m presage.PersonalMessage) (presage.Message, error)
	ActOnTalk(ctx context.Context, a presage.TalkAction) (presage.Conversation, error)
	// Waiting counts those that wait for a person, and those of them that are overdue.
	Waiting(ctx context.Context) (waiting, late int, err error)
}

const (
	talkRows  = 50
	talksPath = "/outreach/conversations"
)

type talkRow struct {
	presage.Conversation
	Customer *presage.Customer
	Late     bool
}

type talksBody struct {
	Rows          []talkRow
	State         presage.ConversationState
	States        []presage.ConversationState
	Owner, Next   string
	Waiting, Late int
}

func conversations(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := talksBody{States: presage.ConversationStates(), State: presage.ConversationOpen, Owner: r.Query("owner")}
	if state := presage.ConversationState(r.Query("state")); slices.Contains(b.States, state) {
		b.State = state
	}
	var err error
	if b.Waiting, b.Late, err = s.Talks.Waiting(ctx); err != nil {
		return err
	}
	rows, err := s.Talks.Conversations(ctx, presage.ConversationFilter{
		State: b.State, Owner: b.Owner, AfterID: r.Query("after"), Limit: talkRows,
	})
	if err != nil {
		return err
	}
	for _, c := range rows {
		row, err := s.talkRow(ctx, c)
		if err != nil {
			return err
		}
		b.Rows = append(b.Rows, row)
	}
	if len(rows) == talkRows {
		b.Next = rows[len(rows)-1].CustomerID
	}
	return r.render(http.StatusOK, "conversations", "conversations", r.text("nav.conversations"), b)
}

func (s *Site) talkRow(ctx context.Context, c presage.Conversation) (talkRow, error) {
	row := talkRow{Conversation: c, Late: c.State == presage.ConversationOpen && c.DueAt.Before(s.Now())}
	var err error
	row.Customer, err = s.customerOf(ctx, c.CustomerID)
	return row, err
}

type threadBody struct {
	talkRow
	Turns     []presage.Turn
	Channels  []presage.ChannelName
	Who       signer
	Key       string // of the form: posted twice it is sent once
	Snoozes   []snooze
	Givable   []taker              // to whom it can be given; none: a name is typed
	Suggested []presage.ArticleHit // that may answer the last text
	Inserted  *presage.Article     // what the answer begins with, nil for nothing
}

// snooze is one of the times until which a conversation can be put off.
type snooze struct {
	Key   string
	After time.Duration
}

func snoozes() []snooze {
	return []snooze{{"1h", time.Hour}, {"4h", 4 * time.Hour}, {"1d", 24 * time.Hour}, {"3d", 72 * time.Hour}}
}

func thread(r *request) error {
	ctx, s := r.Request.Context(), r.site
	t, err := s.Talks.Thread(ctx, r.Param("customer"))
	if err != nil {
		return err
	}
	b := threadBody{Turns: t.Turns, Channels: t.Channels, Key: rand.Text(), Snoozes: snoozes()}
	if b.talkRow, err = s.talkRow(ctx, t.Conversation); err != nil {
		return err
	}
	if b.Givable, err = s.takers(ctx, b.Owner); err != nil {
		return err
	}
	b.Who = r.signer()
	if err := r.suggest(t, &b); err != nil {
		return err
	}
	r.heed()
	title := r.text("talk.with", b.CustomerID)
	if b.Customer != nil {
		title = r.text("talk.with", b.Customer.Name)
	}
	return r.render(http.StatusOK, "conversation", "conversations", title, b)
}

func say(r *request) error {
	m := presage.PersonalMessage{
		CustomerID: r.Param("customer"), Channel: presage.ChannelName(r.PostForm("channel")), Text: r.PostForm("text"),
		Who: r.posted("who"), Key: r.PostForm("key"),
	}
	if _, err := r.site.Talks.Say(r.Request.Context(), m); err != nil {
		return err
	}
	r.sent(m)
	r.remember(m.Who)
	return r.redirect(threadURL(m.CustomerID) + "?notice=said")
}

func actOnTalk(r *request) error {
	a := presage.TalkAction{
		CustomerID: r.Param("customer"), Kind: presage.TalkActionKind(r.PostForm("action")),
		Who: r.posted("who"), Note: r.PostForm("note"),
	}
	switch a.Kind {
	case presage.TalkAssign:
		a.Owner = r.PostForm("owner")
	case presage.TalkSnooze:
		for _, x := range snoozes() {
			if x.Key == r.PostForm("for") {
				a.Until = r.site.Now().Add(x.After)
			}
		}
	default:
	}
	if _, err := r.site.Talks.ActOnTalk(r.Request.Context(), a); err != nil {
		return err
	}
	r.remember(a.Who)
	return r.redirect(threadURL(a.CustomerID) + "?notice=talk_" + string(a.Kind))
}

// readTalk is an adviser's word that they have read what waits: opening the page alone
// says nothing.
func readTalk(r *request) error {
	ctx, id := r.Request.Context(), r.Param("customer")
	if _, err := r.site.Talks.Thread(ctx, id); err != nil {
		return err
	}
	if err := r.site.Stages.SawTalk(ctx, id, r.who()); err != nil {
		return err
	}
	return r.redirect(threadURL(id) + "?notice=talk_read")
}

func threadURL(customer string) string { return talksPath + "/" + url.PathEscape(customer) }
