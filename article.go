package presage

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Article is what advisers answer a common question with, in one language.
type Article struct {
	ID        string    `json:"id"`
	Lang      Lang      `json:"lang"`
	Title     string    `json:"title"`
	Text      string    `json:"text"`     // the answer, in plain text
	Keywords  string    `json:"keywords"` // other words by which it is found
	UpdatedAt time.Time `json:"updated_at,omitzero"`
	Removed   bool      `json:"-"` // hides one of the folder or our own
}

// ArticleHit is an article that a text asks for; 1 is all that the text says.
type ArticleHit struct {
	Article

	Score float64 `json:"score"`
}

// ArticleUse is what became of an article that was suggested.
type ArticleUse string

// The uses.
const (
	ArticleSuggested ArticleUse = "suggested" // for a customer's text
	ArticleUsed      ArticleUse = "used"      // sent as it stands
	ArticleEdited    ArticleUse = "edited"    // sent with other words
)

// ArticleCount counts the uses of an article.
type ArticleCount struct {
	Suggested int `json:"suggested"`
	Used      int `json:"used"`
	Edited    int `json:"edited"`
}

// The longest parts of an article, in characters.
const (
	longestTitle   = 120
	longestArticle = 900 // it has to fit into an answer
)

// Validate says all that is wrong with an article, by field name; ErrInvalid.
func (a Article) Validate() error {
	var faults []error
	check := func(field string, ok bool, want string, err error) {
		if err == nil && !ok {
			err = fmt.Errorf("%w: want %s", ErrInvalid, want)
		}
		if err != nil {
			faults = append(faults, AtField(field, err))
		}
	}
	check("id", true, "", CheckID(a.ID))
	check("lang", a.Lang == Chinese || a.Lang == English, "zh or en", nil)
	check("title", strings.TrimSpace(a.Title) != "", "a title", CheckPlain(a.Title, longestTitle))
	check("text", strings.TrimSpace(a.Text) != "", "the answer", CheckNote(a.Text, longestArticle))
	check("keywords", true, "", CheckPlain(a.Keywords, 300))
	return errors.Join(faults...)
}
