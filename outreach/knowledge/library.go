package knowledge

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"presage"
)

// Store keeps what was put by API, and counts what became of suggestions.
type Store interface {
	PutArticle(ctx context.Context, a presage.Article) error
	// StoredArticles lists what was put, removed ones too.
	StoredArticles(ctx context.Context) ([]presage.Article, error)
	// NoteArticle counts a use; the same key is counted once.
	NoteArticle(ctx context.Context, key string, a presage.Article, use presage.ArticleUse, at time.Time) error
	ArticleCounts(ctx context.Context) (map[string]presage.ArticleCount, error)
}

// suggestions is how many articles are suggested for a text.
const suggestions = 3

// Library is all articles: those that were put come before those of files. Its fields
// are set once, before its first use.
type Library struct {
	Store Store
	Files []presage.Article // see Read
	Now   func() time.Time
}

// Articles lists all by ID and language.
func (l *Library) Articles(ctx context.Context) ([]presage.Article, error) {
	stored, err := l.Store.StoredArticles(ctx)
	if err != nil {
		return nil, err
	}
	out := slices.Concat(stored, slices.DeleteFunc(slices.Clone(l.Files), func(a presage.Article) bool {
		return slices.ContainsFunc(stored, func(s presage.Article) bool { return same(a, s) })
	}))
	out = slices.DeleteFunc(out, func(a presage.Article) bool { return a.Removed })
	slices.SortFunc(out, func(a, b presage.Article) int {
		return cmp.Or(strings.Compare(a.ID, b.ID), strings.Compare(string(a.Lang), string(b.Lang)))
	})
	return out, nil
}

func same(a, b presage.Article) bool { return a.ID == b.ID && a.Lang == b.Lang }

// Article is one of them; ErrNotFound.
func (l *Library) Article(ctx context.Context, id string, lang presage.Lang) (presage.Article, error) {
	all, err := l.Articles(ctx)
	if err != nil {
		return presage.Article{}, err
	}
	i := slices.IndexFunc(all, func(a presage.Article) bool { return a.ID == id && a.Lang == lang })
	if i < 0 {
		return presage.Article{}, fmt.Errorf("article %q in %q: %w", id, lang, presage.ErrNotFound)
	}
	return all[i], nil
}

// WriteArticle keeps an article; ErrInvalid names every fault.
func (l *Library) WriteArticle(ctx context.Context, a presage.Article) (presage.Article, error) {
	a.Title, a.Text, a.UpdatedAt = strings.TrimSpace(a.Title), strings.TrimSpace(a.Text), l.Now().UTC()
	if err := a.Validate(); err != nil {
		return a, err
	}
	return a, l.Store.PutArticle(ctx, a)
}

// RemoveArticle takes one away, one of a file too; ErrNotFound.
func (l *Library) RemoveArticle(ctx context.Context, id string, lang presage.Lang) error {
	a, err := l.Article(ctx, id, lang)
	if err != nil {
		return err
	}
	a.Removed, a.UpdatedAt = true, l.Now().UTC()
	return l.Store.PutArticle(ctx, a)
}

// SearchArticles finds what a text asks for in a language; see Search.
func (l *Library) SearchArticles(ctx context.Context, text string, lang presage.Lang, limit int) (
	[]presage.ArticleHit, error,
) {
	all, err := l.Articles(ctx)
	if err != nil {
		return nil, err
	}
	return Search(all, text, lang, limit), nil
}

// Suggest finds what may answer the last text of a conversation, and counts that it was
// suggested, once for each text. Nothing for a conversation in which the customer did not
// speak last.
func (l *Library) Suggest(ctx context.Context, t presage.Thread) ([]presage.ArticleHit, error) {
	var last presage.Turn
	for _, x := range t.Turns {
		switch x.From {
		case "customer":
			last = x
		case "person":
			last = presage.Turn{}
		}
	}
	if last.Text == "" {
		return nil, nil
	}
	hits, err := l.SearchArticles(ctx, last.Text, langOf(last.Text, t.Conversation.Lang), suggestions)
	if err != nil {
		return nil, err
	}
	for _, h := range hits {
		key := keyOf("suggested", t.Conversation.CustomerID, last.At.UTC().Format(time.RFC3339Nano), h.ID)
		if err := l.Store.NoteArticle(ctx, key, h.Article, presage.ArticleSuggested, l.Now()); err != nil {
			return nil, err
		}
	}
	return hits, nil
}

// langOf is the language that a text is written in, or, without letters, the customer's.
func langOf(text string, otherwise presage.Lang) presage.Lang {
	switch {
	case strings.ContainsFunc(text, func(c rune) bool { return unicode.Is(unicode.Han, c) }):
		return presage.Chinese
	case strings.ContainsFunc(text, unicode.IsLetter), otherwise != presage.Chinese:
		return presage.English
	}
	return presage.Chinese
}

// Used counts that an article was sent, as it stands or with other words; key is of the
// answer. An article that is gone counts nothing.
func (l *Library) Used(ctx context.Context, id string, lang presage.Lang, text, key string) error {
	all, err := l.Articles(ctx)
	if err != nil {
		return err
	}
	for _, a := range all {
		if a.ID != id || a.Lang != lang {
			continue
		}
		use := presage.ArticleEdited
		if strings.Join(strings.Fields(text), " ") == strings.Join(strings.Fields(a.Text), " ") {
			use = presage.ArticleUsed
		}
		return l.Store.NoteArticle(ctx, keyOf("sent", key), a, use, l.Now())
	}
	return nil
}

// ArticleCounts counts the uses by ID and language, joined by a slash.
func (l *Library) ArticleCounts(ctx context.Context) (map[string]presage.ArticleCount, error) {
	return l.Store.ArticleCounts(ctx)
}

// keyOf names an event so that nobody can tell whose it was.
func keyOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
