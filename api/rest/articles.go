package rest

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"presage"
)

// Articles are what advisers answer common questions with.
type Articles interface {
	// Articles lists all by ID and language.
	Articles(ctx context.Context) ([]presage.Article, error)
	Article(ctx context.Context, id string, lang presage.Lang) (presage.Article, error)
	// SearchArticles finds what a text asks for, the best first.
	SearchArticles(ctx context.Context, text string, lang presage.Lang, limit int) ([]presage.ArticleHit, error)
	// WriteArticle keeps one in place of the one before.
	WriteArticle(ctx context.Context, a presage.Article) (presage.Article, error)
	RemoveArticle(ctx context.Context, id string, lang presage.Lang) error
	// ArticleCounts counts the uses by ID and language, joined by a slash.
	ArticleCounts(ctx context.Context) (map[string]presage.ArticleCount, error)
}

func (h *handlers) articleRoutes(a huma.API) {
	const tag, path = "Articles", "/v1/articles"
	list := get("list-articles", path, tag, "Articles from which advisers answer, all or those that a text asks for")
	list.Description = "With q, those of lang that the text asks for come first, at most limit and one page; score is " +
		"the part of its words that they answer. Else all by ID. suggested, used and edited count what became of " +
		"suggestions on the conversation's page."
	list.Responses = example[page[articleRow]](a, page[articleRow]{Items: []articleRow{exampleArticle()}})
	route(a, h.Logger, list, h.articles)
	one := get("get-article", path+"/{id}/{lang}", tag, "One article")
	one.Responses = example[articleRow](a, exampleArticle())
	route(a, h.Logger, one, h.article)
	put := huma.Operation{
		OperationID: "put-article", Method: http.MethodPut, Path: path + "/{id}/{lang}", Tags: []string{tag},
		Summary:     "Keep an article, in place of the one before or of a file's",
		Description: "The text is plain: it is what the customer reads.",

		SkipValidateBody: true, // one place checks all fields
	}
	put.Responses = example[articleRow](a, exampleArticle())
	route(a, h.Logger, put, h.putArticle)
	route(a, h.Logger, huma.Operation{
		OperationID: "remove-article", Method: http.MethodDelete, Path: path + "/{id}/{lang}", Tags: []string{tag},
		Summary: "Take an article away, one of a file too", DefaultStatus: http.StatusNoContent,
	}, h.removeArticle)
}

type articleRow struct {
	presage.Article
	presage.ArticleCount

	Score float64 `json:"score,omitempty" doc:"Of a search: the part of its words that the article answers"`
}

func exampleArticle() articleRow {
	return articleRow{presage.Article{
		ID: "loaner", Lang: presage.English, Title: "A car while yours is with us", Keywords: "loaner loan car",
		Text:      "We keep a small number of cars for our customers. Please tell us with the date of your visit.",
		UpdatedAt: time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC),
	}, presage.ArticleCount{Suggested: 40, Used: 18, Edited: 9}, 0.62}
}

type articlesInput struct {
	Window

	Query string       `query:"q" maxLength:"500" doc:"What the customer asks" example:"do you have a loan car?"`
	Lang  presage.Lang `query:"lang" enum:"zh,en" doc:"Of a search, en when absent; else only this language"`
}

func articleKey(a articleRow) string { return cursorOf(a.ID, string(a.Lang)) }

func (h *handlers) articles(ctx context.Context, in *articlesInput) (*body[page[articleRow]], error) {
	counts, err := h.Articles.ArticleCounts(ctx)
	if err != nil {
		return nil, err
	}
	row := func(a presage.Article, score float64) articleRow {
		return articleRow{a, counts[a.ID+"/"+string(a.Lang)], score}
	}
	rows := []articleRow{}
	if in.Query != "" {
		lang := in.Lang
		if lang == "" {
			lang = presage.English
		}
		hits, err := h.Articles.SearchArticles(ctx, in.Query, lang, in.Limit)
		if err != nil {
			return nil, err
		}
		for _, hit := range hits {
			rows = append(rows, row(hit.Article, hit.Score))
		}
		return paged(rows, in.Limit, articleKey), nil
	}
	all, err := h.Articles.Articles(ctx)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if in.Lang == "" || a.Lang == in.Lang {
			rows = append(rows, row(a, 0))
		}
	}
	if rows, err = behind(rows, in.After, articleKey); err != nil {
		return nil, err
	}
	return paged(rows, in.Limit, articleKey), nil
}

type articlePath struct {
	ID   string       `path:"id" maxLength:"64" example:"loaner"`
	Lang presage.Lang `path:"lang" enum:"zh,en" example:"en"`
}

func (h *handlers) article(ctx context.Context, in *articlePath) (*body[articleRow], error) {
	a, err := h.Articles.Article(ctx, in.ID, in.Lang)
	if err != nil {
		return nil, err
	}
	return h.counted(ctx, a)
}

func (h *handlers) counted(ctx context.Context, a presage.Article) (*body[articleRow], error) {
	counts, err := h.Articles.ArticleCounts(ctx)
	if err != nil {
		return nil, err
	}
	return &body[articleRow]{Body: articleRow{a, counts[a.ID+"/"+string(a.Lang)], 0}}, nil
}

type articleInput struct {
	ID   string       `path:"id" maxLength:"64" example:"loaner"`
	Lang presage.Lang `path:"lang" enum:"zh,en" example:"en"`
	Body struct {
		Title    string `json:"title" minLength:"1" maxLength:"120" example:"A car while yours is with us"`
		Text     string `json:"text" minLength:"1" maxLength:"900" example:"We keep some cars for our customers."`
		Keywords string `json:"keywords,omitempty" maxLength:"300" doc:"Other words to find it by" example:"loaner loan"`
	}
}

func (h *handlers) putArticle(ctx context.Context, in *articleInput) (*body[articleRow], error) {
	a, err := h.Articles.WriteArticle(ctx, presage.Article{
		ID: in.ID, Lang: in.Lang, Title: in.Body.Title, Text: in.Body.Text, Keywords: in.Body.Keywords,
	})
	if err != nil {
		return nil, err
	}
	return h.counted(ctx, a)
}

func (h *handlers) removeArticle(ctx context.Context, in *articlePath) (*struct{}, error) {
	return nil, h.Articles.RemoveArticle(ctx, in.ID, in.Lang)
}
