//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"fmt"
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

// talk is the first version of a conversation with customer i, which waits from noon on.
func talk(i int, severity presage.Severity) presage.Conversation {
	return presage.Conversation{
		CustomerID: fmt.Sprintf("c%d", i), State: presage.ConversationOpen, Since: noon(),
		DueAt: noon().Add(time.Duration(i) * time.Hour), Severity: severity, Reason: because("asks"), CaseID: "case-1",
		WorkshopID: "w1", Lang: presage.Chinese, UpdatedAt: noon(),
	}
}

func customersUpTo(t *testing.T, s *sqlstore.Store, n int) {
	var cs []presage.Customer
	for i := range n + 1 {
		cs = append(cs, presage.Customer{ID: fmt.Sprintf("c%d", i)})
	}
	must(t, s.PutCustomers(t.Context(), cs))
}

func conversations(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	customersUpTo(t, s, 5)
	_, err := s.Conversation(ctx, "c1")
	wantKind(t, err, presage.ErrNotFound)
	wantKind(t, s.PutConversation(ctx, talk(9, presage.Safety)), presage.ErrNotFound)

	// Only the version that follows is taken.
	first := talk(1, presage.Comfort)
	must(t, s.PutConversation(ctx, first))
	wantKind(t, s.PutConversation(ctx, first), presage.ErrConflict)
	got, err := s.Conversation(ctx, "c1")
	must(t, err)
	first.Version = 1
	same(t, "conversation", got, first)
	got.Owner, got.State, got.Until = "mia", presage.ConversationSnoozed, noon().Add(30*time.Minute)
	must(t, s.PutConversation(ctx, got))
	wantKind(t, s.PutConversation(ctx, first), presage.ErrConflict)

	// The gravest first, then by deadline; what is put off behind, what is closed last.
	must(t, s.PutConversation(ctx, talk(2, presage.Mobility)))
	must(t, s.PutConversation(ctx, talk(4, presage.Safety)))
	must(t, s.PutConversation(ctx, talk(3, presage.Safety)))
	closed := talk(5, presage.Safety)
	closed.State = presage.ConversationClosed
	must(t, s.PutConversation(ctx, closed))
	all, err := s.Conversations(ctx, presage.ConversationFilter{})
	must(t, err)
	same(t, "queue", talkIDs(all), []string{"c3", "c4", "c2", "c1", "c5"})
	page, err := s.Conversations(ctx, presage.ConversationFilter{AfterID: "c4", Limit: 2})
	must(t, err)
	same(t, "page", talkIDs(page), []string{"c2", "c1"})
	for _, x := range []struct {
		f    presage.ConversationFilter
		want []string
	}{
		{presage.ConversationFilter{Owner: "mia"}, []string{"c1"}},
		{presage.ConversationFilter{State: presage.ConversationOpen, DueBy: noon().Add(3 * time.Hour)}, []string{"c3", "c2"}},
		{presage.ConversationFilter{State: presage.ConversationSnoozed, DueBy: noon()}, nil},
		{presage.ConversationFilter{State: presage.ConversationSnoozed, DueBy: noon().Add(time.Hour)}, []string{"c1"}},
	} {
		got, err := s.Conversations(ctx, x.f)
		must(t, err)
		same(t, fmt.Sprintf("%+v", x.f), talkIDs(got), x.want)
	}
	waiting, late, err := s.WaitingConversations(ctx, noon().Add(150*time.Minute))
	must(t, err)
	same(t, "waiting, late", [2]int{waiting, late}, [2]int{3, 1})
}

func talkIDs(cs []presage.Conversation) []string {
	var ids []string
	for _, c := range cs {
		ids = append(ids, c.CustomerID)
	}
	return ids
}

// An answer is lost when no channel has taken it.
func lostAnswers(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	customersUpTo(t, s, 1)
	closed := talk(1, presage.Safety)
	closed.State = presage.ConversationClosed
	must(t, s.PutConversation(ctx, closed))
	push, sms := message(1), message(2)
	push.Kind, push.About, push.State = presage.KindPersonal, "c1@noon", presage.MessageFailed
	sms.Kind, sms.About = presage.KindPersonal, "c1@noon"
	must(t, s.PutMessages(ctx, []presage.Message{push, sms}))
	lost := func(want []string) {
		t.Helper()
		got, err := s.LostAnswers(ctx)
		must(t, err)
		same(t, "lost", got, want)
	}
	lost(nil) // the SMS is on its way
	sms.State, sms.UpdatedAt = presage.MessageSuppressed, noon().Add(time.Minute)
	must(t, s.SaveMessage(ctx, sms))
	lost([]string{"c1"})
	closed.Version, closed.UpdatedAt = 1, noon().Add(time.Hour) // a person has seen it
	must(t, s.PutConversation(ctx, closed))
	lost(nil)
}

func repliesOfCustomer(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	for i, who := range []string{"c1", "c2", "c1"} {
		must(t, s.PutReply(ctx, presage.Reply{At: noon(), CustomerID: who, Text: fmt.Sprint(i)}))
	}
	rs, err := s.RepliesOf(ctx, "c1", 0)
	must(t, err)
	if len(rs) != 2 || rs[0].Text != "2" || rs[1].Text != "0" {
		t.Errorf("replies of c1: %+v", rs)
	}
	rs, err = s.RepliesOf(ctx, "", 0)
	must(t, err)
	same(t, "replies of nobody", len(rs), 0)
}
