//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"presage"
	"presage/internal/sqlstore"
)

// message i was created i seconds after noon and may go out at noon.
func message(i int) presage.Message {
	at := noon().Add(time.Duration(i) * time.Second)
	return presage.Message{
		ID: fmt.Sprintf("msg-%03d", i), Key: fmt.Sprintf("key-%d", i), CaseID: "case-1", OfferID: "offer-1", VIN: vin(1),
		CustomerID: "c1", Kind: "offer", Channel: presage.ChannelSMS, Lang: presage.Chinese, Title: "标题", Body: "正文",
		Link: "https://example.com/b/x", State: presage.MessagePlanned, NotBefore: noon(), CreatedAt: at, UpdatedAt: at,
	}
}

func messageIDs(ms []presage.Message) []string {
	var ids []string
	for _, m := range ms {
		ids = append(ids, m.ID)
	}
	return ids
}

func messageKeys(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	again := message(2)
	again.Key = message(1).Key
	must(t, s.PutMessages(ctx, []presage.Message{message(1), again, message(3)}))
	must(t, s.PutMessages(ctx, []presage.Message{message(1)}))
	got, err := s.Messages(ctx, presage.MessageFilter{})
	must(t, err)
	same(t, "messages", got, []presage.Message{message(3), message(1)})

	otherKey := message(1)
	otherKey.Key = "another"
	wantKind(t, s.PutMessages(ctx, []presage.Message{otherKey}), presage.ErrConflict)
	wantKind(t, s.PutMessages(ctx, []presage.Message{{ID: "no-key"}}), presage.ErrInvalid)
}

func claims(t *testing.T, s *sqlstore.Store) {
	const messages, claimers = 120, 8
	var ms []presage.Message
	of := func(i int) presage.Message { // each to somebody else
		m := message(i)
		m.CustomerID = fmt.Sprintf("c%d", i)
		return m
	}
	for i := range messages {
		ms = append(ms, of(i))
	}
	late := of(messages)
	late.NotBefore = noon().Add(time.Hour)
	safety := of(messages + 1)
	safety.Safety, safety.NotBefore = true, noon().Add(time.Second)
	must(t, s.PutMessages(t.Context(), append(ms, late, safety)))
	now := noon().Add(time.Minute)
	first, err := s.ClaimMessages(t.Context(), "", now, 2)
	must(t, err)
	same(t, "safety first", messageIDs(first), []string{safety.ID, "msg-000"})
	same(t, "state", first[0].State, presage.MessageSending)
	same(t, "attempts", first[0].Attempts, 1)
	same(t, "updated", first[0].UpdatedAt, now)

	got := make(chan string, messages+2)
	g, ctx := errgroup.WithContext(t.Context())
	for range claimers {
		g.Go(func() error { return claimAll(ctx, s, now, got) })
	}
	must(t, g.Wait())
	close(got)
	times := map[string]int{}
	for id := range got {
		times[id]++
	}
	same(t, "claimed", len(times), messages-1)
	for id, n := range times {
		if n != 1 {
			t.Errorf("%s was claimed %d times", id, n)
		}
	}
	left, err := s.Messages(t.Context(), presage.MessageFilter{State: presage.MessagePlanned})
	must(t, err)
	same(t, "still planned", messageIDs(left), []string{late.ID})
}

// claimAll claims by sevens until nothing is planned for now.
func claimAll(ctx context.Context, s *sqlstore.Store, now time.Time, to chan<- string) error {
	for {
		ms, err := s.ClaimMessages(ctx, "", now, 7)
		if err != nil {
			return err
		}
		for _, m := range ms {
			to <- m.ID
		}
		// Fewer than asked may mean that another claimer was faster.
		planned, err := s.Messages(ctx, presage.MessageFilter{State: presage.MessagePlanned})
		if err != nil {
			return err
		}
		if len(planned) <= 1 { // the late one
			return nil
		}
	}
}

func crashedClaim(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	second := message(2)
	second.CustomerID = "c2"
	must(t, s.PutMessages(ctx, []presage.Message{message(1), second}))
	claimed, err := s.ClaimMessages(ctx, presage.ChannelCall, noon(), 0)
	must(t, err)
	same(t, "claimed over another channel", len(claimed), 0)
	claimed, err = s.ClaimMessages(ctx, message(1).Channel, noon(), 0)
	must(t, err)
	same(t, "claimed", len(claimed), 2)
	// The process dies here: nobody gets them again, but Sending knows them.
	again, err := s.ClaimMessages(ctx, "", noon().Add(time.Hour), 0)
	must(t, err)
	same(t, "claimed again", len(again), 0)
	fresh, err := s.Sending(ctx, noon())
	must(t, err)
	same(t, "in time", len(fresh), 0)
	stale, err := s.Sending(ctx, noon().Add(time.Minute))
	must(t, err)
	same(t, "to be asked for", messageIDs(stale), []string{"msg-001", "msg-002"})

	later := noon().Add(3 * time.Minute)
	must(t, s.RenewClaim(ctx, "msg-001", noon(), later))                                           // one takes it over ...
	wantKind(t, s.RenewClaim(ctx, "msg-001", noon(), later.Add(time.Second)), presage.ErrConflict) // ... the other not

	// The provider has the first and does not know the second.
	sent, unknown := stale[0], stale[1]
	sent.State, sent.ProviderID, sent.SentAt = presage.MessageSent, "SM1", noon()
	unknown.State, unknown.NotBefore = presage.MessagePlanned, noon().Add(5*time.Minute)
	must(t, errors.Join(s.SaveMessage(ctx, sent), s.SaveMessage(ctx, unknown)))
	again, err = s.ClaimMessages(ctx, "", noon().Add(5*time.Minute), 0)
	must(t, err)
	same(t, "claimed at last", messageIDs(again), []string{"msg-002"})
	same(t, "attempts", again[0].Attempts, 2)
}

func messageStates(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	safety, second, answer := message(2), message(3), message(4)
	safety.Safety, second.CustomerID = true, "c2"
	answer.Kind, answer.State, answer.SentAt = "confirmation", presage.MessageSent, noon() // no cap counts it
	must(t, s.PutMessages(ctx, []presage.Message{message(1), safety, second, answer}))
	delivered := message(1)
	delivered.State, delivered.ProviderID, delivered.SentAt = presage.MessageDelivered, "SM1", noon().Add(time.Second)
	must(t, s.SaveMessage(ctx, delivered))
	late := delivered
	late.State = presage.MessageSent // the record of the sending comes after the receipt
	must(t, s.SaveMessage(ctx, late))
	got, err := s.MessageByProviderID(ctx, "SM1")
	must(t, err)
	same(t, "message", got, delivered)
	seen := delivered
	seen.State, seen.DeliveredAt, seen.SeenAt = presage.MessageSeen, noon().Add(time.Minute), noon().Add(time.Hour)
	must(t, s.SaveMessage(ctx, seen))
	late = delivered
	late.DeliveredAt = noon().Add(2 * time.Hour) // receipts in the wrong order
	must(t, s.SaveMessage(ctx, late))
	got, err = s.Message(ctx, "msg-001")
	must(t, err)
	same(t, "seen message", got, seen)
	_, err = s.MessageByProviderID(ctx, "")
	wantKind(t, err, presage.ErrNotFound)
	wantKind(t, s.SaveMessage(ctx, message(99)), presage.ErrNotFound)

	safety.State, safety.SentAt = presage.MessageSent, noon()
	must(t, s.SaveMessage(ctx, safety))
	for since, want := range map[time.Time]int{noon(): 1, noon().Add(time.Second): 1, noon().Add(2 * time.Second): 0} {
		n, err := s.MessagesSince(ctx, "c1", since)
		must(t, err)
		same(t, "sent since "+since.String(), n, want)
	}
	for _, c := range []struct {
		name string
		f    presage.MessageFilter
		want []string
	}{
		{"newest first", presage.MessageFilter{}, []string{"msg-004", "msg-003", "msg-002", "msg-001"}},
		{"page", presage.MessageFilter{BeforeID: "msg-003", Limit: 1}, []string{"msg-002"}},
		{"customer", presage.MessageFilter{CustomerID: "c2"}, []string{"msg-003"}},
		{"state", presage.MessageFilter{State: presage.MessageSeen}, []string{"msg-001"}},
	} {
		ms, err := s.Messages(ctx, c.f)
		must(t, err)
		same(t, c.name, messageIDs(ms), c.want)
	}
}

// reactions: the message that is named, else the newest of the offer that left.
func reactions(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	first, second, planned := message(1), message(2), message(3)
	for i, m := range []*presage.Message{&first, &second} {
		m.OfferID, m.State, m.SentAt = "o1", presage.MessageSent, noon().Add(time.Duration(i)*time.Hour)
	}
	planned.OfferID = "o1"
	must(t, s.PutMessages(ctx, []presage.Message{first, second, planned}))
	later := noon().Add(3 * time.Hour)
	must(t, s.React(ctx, presage.Reaction{MessageID: "msg-001", At: later}))
	must(t, s.React(ctx, presage.Reaction{OfferID: "o1", At: later.Add(time.Hour), Answered: true}))
	must(t, s.React(ctx, presage.Reaction{OfferID: "o1", At: later.Add(2 * time.Hour), Answered: true}))
	must(t, s.React(ctx, presage.Reaction{MessageID: "msg-003", At: later, Answered: true}))
	must(t, s.React(ctx, presage.Reaction{At: later, Answered: true}))
	first.State, first.DeliveredAt, first.SeenAt = presage.MessageSeen, later, later
	at := later.Add(time.Hour)
	second.State, second.DeliveredAt, second.SeenAt, second.AnsweredAt = presage.MessageSeen, at, at, at
	got, err := s.Messages(ctx, presage.MessageFilter{})
	must(t, err)
	same(t, "messages", got, []presage.Message{planned, second, first})
}

func replies(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	r := presage.Reply{At: noon(), CustomerID: "c1", Channel: presage.ChannelSMS, Text: "好的\x00", Meaning: "yes", CaseID: "case-1"}
	must(t, s.PutReply(ctx, r))
	must(t, s.PutReply(ctx, presage.Reply{At: noon(), Text: "?"}))
	got, err := s.Replies(ctx, 0)
	must(t, err)
	r.ID, r.Text = 1, "好的"
	same(t, "replies", got, []presage.Reply{{ID: 2, At: noon(), Text: "?"}, r})
}
