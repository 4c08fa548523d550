//nolint:thelper // scenarios are tests, not helpers
package sqlstore_test

import (
	"testing"
	"time"

	"presage"
	"presage/internal/sqlstore"
)

func advisers(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	mia := presage.Adviser{
		ID: "a1", Name: "Mia", Workshops: []string{"w1"}, Languages: []presage.Lang{presage.English}, Skills: []string{"hv"},
		Zone: "Europe/Berlin", FromHour: 9, ToHour: 18, OffOn: []time.Weekday{time.Sunday}, AbsentUntil: noon(),
	}
	must(t, s.PutAdviser(ctx, mia))
	mia.ToHour = 17
	must(t, s.PutAdviser(ctx, mia))
	other := mia
	other.ID = "a2"
	wantKind(t, s.PutAdviser(ctx, other), presage.ErrConflict)
	got, err := s.Advisers(ctx)
	must(t, err)
	same(t, "advisers", got, []presage.Adviser{mia})

	// What waits counts, and what was given lately, whether it waits or not.
	customersUpTo(t, s, 2)
	c := talk(1, presage.Safety)
	c.Owner = "Mia"
	must(t, s.PutConversation(ctx, c))
	d := talk(2, presage.Safety)
	d.Owner = "Mia"
	must(t, s.PutConversation(ctx, d))
	d.State, d.Version, d.Reason = presage.ConversationClosed, 1, because(presage.WhyAnswered)
	must(t, s.PutConversation(ctx, d))
	loads, err := s.AdviserLoads(ctx, noon().Add(-time.Hour))
	must(t, err)
	same(t, "loads", loads, map[string]presage.AdviserLoad{"Mia": {Open: 1, Lately: 2}})
	must(t, s.RemoveAdviser(ctx, "a1"))
	wantKind(t, s.RemoveAdviser(ctx, "a1"), presage.ErrNotFound)
}

func articles(t *testing.T, s *sqlstore.Store) {
	ctx := t.Context()
	a := presage.Article{ID: "tyres", Lang: presage.Chinese, Title: "轮胎", Text: "我们保管", Keywords: "冬季", UpdatedAt: noon()}
	must(t, s.PutArticle(ctx, a))
	a.Text, a.Removed = "我们为您保管", true
	must(t, s.PutArticle(ctx, a))
	got, err := s.StoredArticles(ctx)
	must(t, err)
	same(t, "articles", got, []presage.Article{a})
	for _, key := range []string{"k1", "k1", "k2"} {
		must(t, s.NoteArticle(ctx, key, a, presage.ArticleSuggested, noon()))
	}
	must(t, s.NoteArticle(ctx, "k3", a, presage.ArticleEdited, noon()))
	counts, err := s.ArticleCounts(ctx)
	must(t, err)
	same(t, "counts", counts, map[string]presage.ArticleCount{"tyres/zh": {Suggested: 2, Edited: 1}})
}
