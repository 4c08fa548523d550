package sqlstore

import (
	"context"
	"time"

	"presage"
)

// PutArticle keeps an article in place of the one before.
func (s *Store) PutArticle(ctx context.Context, a presage.Article) error {
	removed := 0
	if a.Removed {
		removed = 1
	}
	_, err := s.rows(ctx, `INSERT INTO articles (id, lang, title, body, keywords, updated_at, removed)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id, lang) DO UPDATE SET title = excluded.title, body = excluded.body, keywords = excluded.keywords,
			updated_at = excluded.updated_at, removed = excluded.removed`,
		a.ID, string(a.Lang), clean(a.Title), clean(a.Text), clean(a.Keywords), micros(a.UpdatedAt), removed)
	return wrap(err, "put article "+a.ID)
}

// StoredArticles lists what was put, removed ones too, by ID and language.
func (s *Store) StoredArticles(ctx context.Context) ([]presage.Article, error) {
	as, err := all(ctx, s.r, func(r row) (presage.Article, error) {
		var a presage.Article
		var removed int
		err := r.Scan(&a.ID, &a.Lang, &a.Title, &a.Text, &a.Keywords, instant{&a.UpdatedAt}, &removed)
		a.Removed = removed != 0
		return a, err
	}, `SELECT id, lang, title, body, keywords, updated_at, removed FROM articles ORDER BY id, lang`)
	return as, wrap(err, "list articles")
}

// NoteArticle counts a use; the same key is counted once.
func (s *Store) NoteArticle(
	ctx context.Context, key string, a presage.Article, use presage.ArticleUse, at time.Time,
) error {
	_, err := s.rows(ctx, `INSERT INTO article_uses (id, article_id, lang, kind, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO NOTHING`, key, a.ID, string(a.Lang), string(use), micros(at))
	return wrap(err, "note article "+a.ID)
}

// ArticleCounts counts the uses by the article's ID and language, joined by a slash.
func (s *Store) ArticleCounts(ctx context.Context) (map[string]presage.ArticleCount, error) {
	type use struct {
		key, kind string
		n         int
	}
	rows, err := all(ctx, s.r, func(r row) (use, error) {
		var u use
		err := r.Scan(&u.key, &u.kind, &u.n)
		return u, err
	}, `SELECT article_id || '/' || lang, kind, COUNT(*) FROM article_uses GROUP BY article_id, lang, kind`)
	counts := map[string]presage.ArticleCount{}
	for _, u := range rows {
		c := counts[u.key]
		switch presage.ArticleUse(u.kind) {
		case presage.ArticleSuggested:
			c.Suggested = u.n
		case presage.ArticleUsed:
			c.Used = u.n
		case presage.ArticleEdited:
			c.Edited = u.n
		}
		counts[u.key] = c
	}
	return counts, wrap(err, "count articles")
}
