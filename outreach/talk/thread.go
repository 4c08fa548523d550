package talk

import (
	"context"
	"errors"
	"slices"

	"presage"
)

// threadTurns is how many texts of each side a thread shows.
const threadTurns = 200

// Thread is the conversation with a customer and what was said, the oldest first.
// Where no person was ever needed it is closed. ErrNotFound: nobody is known under the ID.
func (s *Switchboard) Thread(ctx context.Context, customerID string) (presage.Thread, error) {
	customer, err := s.Store.Customer(ctx, customerID)
	if err != nil {
		return presage.Thread{}, err
	}
	t := presage.Thread{Channels: s.Planner.Route(customer)}
	t.Conversation, err = s.Store.Conversation(ctx, customerID)
	if errors.Is(err, presage.ErrNotFound) {
		t.Conversation = presage.Conversation{CustomerID: customerID, State: presage.ConversationClosed, Lang: customer.Lang}
		err = nil
	}
	if err != nil {
		return t, err
	}
	if last, err := s.lastText(ctx, customerID); err != nil {
		return t, err
	} else if i := slices.Index(t.Channels, last.Channel); i > 0 {
		t.Channels = slices.Insert(slices.Delete(t.Channels, i, i+1), 0, last.Channel)
	}
	t.Turns, err = s.turns(ctx, customerID)
	return t, err
}

// turns are the texts of both sides, and what came of calls.
func (s *Switchboard) turns(ctx context.Context, customerID string) ([]presage.Turn, error) {
	replies, err := s.Store.RepliesOf(ctx, customerID, threadTurns)
	if err != nil {
		return nil, err
	}
	messages, err := s.Store.Messages(ctx, presage.MessageFilter{CustomerID: customerID, Limit: threadTurns})
	if err != nil {
		return nil, err
	}
	turns, err := s.calls(ctx, customerID)
	if err != nil {
		return nil, err
	}
	for _, r := range replies {
		turns = append(turns, presage.Turn{
			At: r.At, From: "customer", Channel: r.Channel, Meaning: r.Meaning, Text: r.Text, CaseID: r.CaseID,
		})
	}
	for _, m := range slices.Backward(messages) {
		turns = append(turns, ours(m))
	}
	slices.SortStableFunc(turns, func(a, b presage.Turn) int { return a.At.Compare(b.At) })
	return turns, nil
}

func ours(m presage.Message) presage.Turn {
	t := presage.Turn{
		At: m.SentAt, From: "service", Channel: m.Channel, Kind: m.Kind, Title: m.Title, Text: m.Body, Link: m.Link,
		Lang: m.Lang, CaseID: m.CaseID, MessageID: m.ID, State: m.State, DeliveredAt: m.DeliveredAt, SeenAt: m.SeenAt,
		Reason: m.Reason,
	}
	if t.At.IsZero() {
		t.At = m.NotBefore
	}
	if m.Kind == presage.KindPersonal {
		t.From, t.At = "person", m.CreatedAt
	}
	return t
}

// calls are what came of calls about the customer's cases.
func (s *Switchboard) calls(ctx context.Context, customerID string) ([]presage.Turn, error) {
	cases, err := s.Store.CasesOf(ctx, customerID, 20)
	if err != nil {
		return nil, err
	}
	var turns []presage.Turn
	for _, x := range cases {
		events, err := s.Store.CaseEvents(ctx, x.ID)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			if e.Reason.Code == presage.WhyCalled {
				turns = append(turns, presage.Turn{
					At: e.At, From: "person", Who: e.Who, Channel: presage.ChannelCall, Kind: "call",
					Text: e.Reason.Args["text"], CaseID: x.ID, Reason: e.Reason,
				})
			}
		}
	}
	return turns, nil
}

// Conversations lists conversations, those that wait first, by severity and deadline.
func (s *Switchboard) Conversations(ctx context.Context, f presage.ConversationFilter) ([]presage.Conversation, error) {
	return s.Store.Conversations(ctx, f)
}

// Conversation is where the talk with a customer stands, or ErrNotFound.
func (s *Switchboard) Conversation(ctx context.Context, customerID string) (presage.Conversation, error) {
	return s.Store.Conversation(ctx, customerID)
}

// Waiting counts the conversations that wait, and those whose time is over.
func (s *Switchboard) Waiting(ctx context.Context) (waiting, late int, err error) {
	return s.Store.WaitingConversations(ctx, s.Now())
}
