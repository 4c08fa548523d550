package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"presage"
)

// Articles are what advisers answer common questions with; see rest.Articles.
type Articles interface {
	Articles(ctx context.Context) ([]presage.Article, error)
	Article(ctx context.Context, id string, lang presage.Lang) (presage.Article, error)
	SearchArticles(ctx context.Context, text string, lang presage.Lang, limit int) ([]presage.ArticleHit, error)
	ArticleCounts(ctx context.Context) (map[string]presage.ArticleCount, error)
	// Suggest finds what may answer the customer's last text, and counts it.
	Suggest(ctx context.Context, t presage.Thread) ([]presage.ArticleHit, error)
	// Used counts that an article was sent; key is of the answer.
	Used(ctx context.Context, id string, lang presage.Lang, text, key string) error
}

const articlesPath = "/outreach/articles"

type articleCard struct {
	presage.Article
	presage.ArticleCount
}

// Rate is the part of the suggestions that were sent, as they stand or edited.
func (a articleCard) Rate() float64 {
	if a.Suggested == 0 {
		return 0
	}
	return min(1, float64(a.Used+a.Edited)/float64(a.Suggested))
}

type articlesBody struct {
	Rows  []articleCard
	Query string
	Sum   articleCard
}

func articlesPage(r *request) error {
	ctx, s := r.Request.Context(), r.site
	b := articlesBody{Query: strings.TrimSpace(r.Query("q"))}
	counts, err := s.Articles.ArticleCounts(ctx)
	if err != nil {
		return err
	}
	add := func(a presage.Article) {
		card := articleCard{a, counts[a.ID+"/"+string(a.Lang)]}
		b.Rows = append(b.Rows, card)
		b.Sum.Suggested += card.Suggested
		b.Sum.Used += card.Used
		b.Sum.Edited += card.Edited
	}
	if b.Query != "" && len(b.Query) <= 500 {
		for _, lang := range []presage.Lang{presage.Chinese, presage.English} {
			hits, err := s.Articles.SearchArticles(ctx, b.Query, lang, 20)
			if err != nil {
				return err
			}
			for _, h := range hits {
				add(h.Article)
			}
		}
		return r.render(http.StatusOK, "articles", "conversations", r.text("articles.title"), b)
	}
	all, err := s.Articles.Articles(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		add(a)
	}
	return r.render(http.StatusOK, "articles", "conversations", r.text("articles.title"), b)
}

// suggest fills in the articles that may answer, and the one that was chosen.
func (r *request) suggest(t presage.Thread, b *threadBody) error {
	ctx, s := r.Request.Context(), r.site
	if len(t.Channels) == 0 { // nobody may answer
		return nil
	}
	var err error
	if b.Suggested, err = s.Articles.Suggest(ctx, t); err != nil {
		return err
	}
	id, lang, ok := strings.Cut(r.Query("insert"), "/")
	if !ok {
		return nil
	}
	a, err := s.Articles.Article(ctx, id, presage.Lang(lang))
	switch {
	case errors.Is(err, presage.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	b.Inserted = &a
	return nil
}

// sent counts the article that an answer came from; the answer is on its way whatever
// becomes of the count.
func (r *request) sent(m presage.PersonalMessage) {
	id, lang, ok := strings.Cut(r.PostForm("article"), "/")
	if !ok {
		return
	}
	if err := r.site.Articles.Used(r.Request.Context(), id, presage.Lang(lang), m.Text, m.Key); err != nil {
		r.site.Logger.WarnContext(r.Request.Context(), "use of an article not counted", "error", err)
	}
}
