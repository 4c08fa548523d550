package apitest

import (
	"context"
	"maps"
	"time"

	"presage"
)

// Shelf keeps articles in memory; it implements knowledge.Store.
type Shelf struct {
	world    *World
	articles map[string]presage.Article
	uses     map[string]string
}

// Shelf is the world's.
func (w *World) Shelf() *Shelf {
	return &Shelf{world: w, articles: map[string]presage.Article{}, uses: map[string]string{}}
}

// PutArticle implements knowledge.Store.
func (s *Shelf) PutArticle(_ context.Context, a presage.Article) error {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.articles[a.ID+"/"+string(a.Lang)] = a
	return s.world.Err
}

// StoredArticles implements knowledge.Store.
func (s *Shelf) StoredArticles(context.Context) ([]presage.Article, error) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	var out []presage.Article
	for a := range maps.Values(s.articles) {
		out = append(out, a)
	}
	return out, s.world.Err
}

// NoteArticle implements knowledge.Store.
func (s *Shelf) NoteArticle(
	_ context.Context, key string, a presage.Article, use presage.ArticleUse, _ time.Time,
) error {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	s.uses[key] = a.ID + "/" + string(a.Lang) + " " + string(use)
	return s.world.Err
}

// ArticleCounts implements knowledge.Store.
func (s *Shelf) ArticleCounts(context.Context) (map[string]presage.ArticleCount, error) {
	s.world.mu.Lock()
	defer s.world.mu.Unlock()
	counts := map[string]presage.ArticleCount{}
	for _, a := range s.uses {
		key, kind := a[:len(a)-len(lastWord(a))-1], lastWord(a)
		c := counts[key]
		switch presage.ArticleUse(kind) {
		case presage.ArticleSuggested:
			c.Suggested++
		case presage.ArticleUsed:
			c.Used++
		case presage.ArticleEdited:
			c.Edited++
		}
		counts[key] = c
	}
	return counts, s.world.Err
}

func lastWord(text string) string {
	for i := len(text) - 1; i >= 0; i-- {
		if text[i] == ' ' {
			return text[i+1:]
		}
	}
	return text
}
