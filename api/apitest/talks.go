package apitest

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// StoppedCustomer has said STOP: nobody may write to them.
const StoppedCustomer = "c-2"

// addTalks lets every third customer with a case wait for a person, from the newest case on.
func (w *World) addTalks() {
	for i, c := range w.cases {
		if i%3 != 0 || c.CustomerID == "" || w.talks[c.CustomerID].CustomerID != "" {
			continue
		}
		since := w.now.Add(-time.Duration(5+13*i) * time.Minute)
		within := map[presage.Severity]time.Duration{
			presage.Safety: 15 * time.Minute, presage.Mobility: 4 * time.Hour, presage.Comfort: 24 * time.Hour,
		}[c.Severity]
		w.talks[c.CustomerID] = presage.Conversation{
			CustomerID: c.CustomerID, State: presage.ConversationOpen, Since: since, DueAt: since.Add(within),
			Severity: c.Severity, Reason: presage.Because(presage.WhyNotUnderstood), CaseID: c.ID, WorkshopID: c.WorkshopID,
			Lang: w.customers[c.CustomerID].Lang, UpdatedAt: since, Version: 1,
		}
	}
}

// Conversations implements rest.Talks.
func (w *World) Conversations(_ context.Context, f presage.ConversationFilter) ([]presage.Conversation, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []presage.Conversation
	for _, c := range w.talks {
		if (f.State == "" || c.State == f.State) && (f.Owner == "" || c.Owner == f.Owner) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b presage.Conversation) int {
		return cmp.Or(strings.Compare(string(b.State), string(a.State)), strings.Compare(string(b.Severity), string(a.Severity)),
			a.DueAt.Compare(b.DueAt), strings.Compare(a.CustomerID, b.CustomerID))
	})
	if i := slices.IndexFunc(out, func(c presage.Conversation) bool { return c.CustomerID == f.AfterID }); i >= 0 {
		out = out[i+1:]
	}
	if f.Limit > 0 {
		out = out[:min(f.Limit, len(out))]
	}
	return out, w.Err
}

// Conversation implements rest.Talks.
func (w *World) Conversation(_ context.Context, id string) (presage.Conversation, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if c, ok := w.talks[id]; ok {
		return c, w.Err
	}
	return presage.Conversation{}, fmt.Errorf("conversation: %w", presage.ErrNotFound)
}

// Thread implements rest.Talks.
func (w *World) Thread(ctx context.Context, id string) (presage.Thread, error) {
	c, err := w.Customer(ctx, id)
	if err != nil {
		return presage.Thread{}, err
	}
	t := presage.Thread{Channels: []presage.ChannelName{presage.ChannelSMS}}
	if id == StoppedCustomer {
		t.Channels = nil
	}
	if t.Conversation, err = w.Conversation(ctx, id); err != nil {
		t.Conversation = presage.Conversation{CustomerID: id, State: presage.ConversationClosed, Lang: c.Lang}
	}
	for _, m := range w.messages {
		if m.CustomerID == id {
			t.Turns = append(t.Turns, presage.Turn{
				At: m.NotBefore, From: "service", Channel: m.Channel, Kind: m.Kind, Title: m.Title, Text: m.Body, Link: m.Link,
				Lang: m.Lang, CaseID: m.CaseID, MessageID: m.ID, State: m.State, Reason: m.Reason,
			})
		}
	}
	if t.Conversation.State == presage.ConversationOpen {
		text := "do you have a loan car for the day?"
		if c.Lang == presage.Chinese {
			text = "有代步车吗？"
		}
		t.Turns = append(t.Turns, presage.Turn{
			At: t.Conversation.Since, From: "customer", Channel: presage.ChannelSMS, Text: text, CaseID: t.Conversation.CaseID,
		})
	}
	slices.SortStableFunc(t.Turns, func(a, b presage.Turn) int { return a.At.Compare(b.At) })
	return t, w.Err
}

// Say implements rest.Talks.
func (w *World) Say(ctx context.Context, p presage.PersonalMessage) (presage.Message, error) {
	if err := p.Validate(); err != nil {
		return presage.Message{}, err
	}
	if _, err := w.Customer(ctx, p.CustomerID); err != nil {
		return presage.Message{}, err
	}
	if p.CustomerID == StoppedCustomer {
		return presage.Message{}, fmt.Errorf("%w: the customer has said STOP", presage.ErrConflict)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	m := presage.Message{
		ID: fmt.Sprintf("mp-%d", len(w.messages)), Key: "personal/" + p.Key, CustomerID: p.CustomerID, Kind: presage.KindPersonal,
		Channel: presage.ChannelSMS, Lang: presage.English, Body: p.Text, State: presage.MessagePlanned,
		NotBefore: w.now, CreatedAt: w.now, UpdatedAt: w.now,
	}
	w.messages = append([]presage.Message{m}, w.messages...)
	if c, ok := w.talks[p.CustomerID]; ok {
		c.State, c.Reason, c.Owner, c.DueAt = presage.ConversationClosed, presage.Because(presage.WhyAnswered), p.Who, time.Time{}
		w.talks[p.CustomerID] = c
	}
	return m, w.Err
}

// ActOnTalk implements rest.Talks.
func (w *World) ActOnTalk(ctx context.Context, a presage.TalkAction) (presage.Conversation, error) {
	if err := a.Validate(w.now); err != nil {
		return presage.Conversation{}, err
	}
	c, err := w.Conversation(ctx, a.CustomerID)
	if err != nil {
		return c, err
	}
	if c.State == presage.ConversationClosed && a.Kind == presage.TalkClose {
		return c, fmt.Errorf("%w: it is closed", presage.ErrConflict)
	}
	switch a.Kind {
	case presage.TalkAssign:
		c.Owner = a.Owner
	case presage.TalkSnooze:
		c.State, c.Until = presage.ConversationSnoozed, a.Until
	case presage.TalkClose:
		c.State = presage.ConversationClosed
	case presage.TalkReopen:
		c.State = presage.ConversationOpen
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.talks[a.CustomerID] = c
	return c, w.Err
}

// Waiting implements web.Talks.
func (w *World) Waiting(ctx context.Context) (waiting, late int, err error) {
	open, err := w.Conversations(ctx, presage.ConversationFilter{State: presage.ConversationOpen})
	for _, c := range open {
		if c.DueAt.Before(w.now) {
			late++
		}
	}
	return len(open), late, err
}
