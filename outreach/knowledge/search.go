package knowledge

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"presage"
)

// enough is the least part of a text's words that an article has to answer.
const enough = 0.2

// What a piece of a text weighs where it is found.
const (
	inTitle = 1.0
	inBody  = 0.5
)

// Search finds the articles of a language that a text asks for, the best first, at most
// limit. Chinese is compared by pairs of characters, so that two are enough, other
// words by how they begin, so that brake finds brakes. It needs nothing of the
// database: the hits and their order are the same on each.
func Search(articles []presage.Article, text string, lang presage.Lang, limit int) []presage.ArticleHit {
	asked := slices.Sorted(maps.Keys(pieces(text)))
	type indexed struct {
		presage.Article
		title, body map[string]bool
	}
	var docs []indexed
	found := map[string]int{}
	for _, a := range articles {
		if a.Lang != lang {
			continue
		}
		d := indexed{a, pieces(a.Title + " " + a.Keywords), pieces(a.Text)}
		for _, p := range asked {
			if d.title[p] || d.body[p] {
				found[p]++
			}
		}
		docs = append(docs, d)
	}
	rare := func(p string) float64 { return math.Log(1 + float64(len(docs))/float64(1+found[p])) }
	var hits []presage.ArticleHit
	for _, d := range docs {
		sum, all := 0.0, 0.0
		for _, p := range asked {
			w := rare(p)
			all += w
			switch {
			case d.title[p]:
				sum += inTitle * w
			case d.body[p]:
				sum += inBody * w
			}
		}
		if all > 0 && sum/all >= enough {
			hits = append(hits, presage.ArticleHit{Article: d.Article, Score: math.Round(sum/all*1000) / 1000})
		}
	}
	slices.SortFunc(hits, func(a, b presage.ArticleHit) int {
		return cmp.Or(-cmp.Compare(a.Score, b.Score), strings.Compare(a.ID, b.ID))
	})
	return hits[:min(limit, len(hits))]
}

// pieces are what texts are compared by.
func pieces(text string) map[string]bool {
	out := map[string]bool{}
	var word []rune
	flush := func() {
		han := len(word) > 0 && unicode.Is(unicode.Han, word[0])
		switch {
		case han:
			for i := 0; i+2 <= len(word); i++ { // one character alone says little
				out[string(word[i:i+2])] = true
			}
		case len(word) > 0 && !common(string(word)):
			out[stem(word)] = true
		}
		word = word[:0]
	}
	for _, c := range strings.ToLower(norm.NFKC.String(text)) {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			flush()
			continue
		}
		if len(word) > 0 && unicode.Is(unicode.Han, c) != unicode.Is(unicode.Han, word[0]) {
			flush()
		}
		word = append(word, c)
	}
	flush()
	return out
}

// stem is the beginning of a word, which its forms share.
func stem(word []rune) string {
	if n := len(word); n > 3 && word[n-1] == 's' {
		word = word[:n-1]
	}
	return string(word[:min(5, len(word))])
}

// common tells whether a word is in every text and asks for nothing.
func common(word string) bool {
	switch word {
	case "the", "and", "for", "you", "your", "are", "can", "how", "what", "when", "where", "which", "with",
		"have", "has", "had", "does", "did", "that", "this", "from", "will", "would", "could", "should", "not", "but",
		"was", "were", "been", "they", "them", "our", "out", "any", "all",
		"please", "thanks", "thank", "hello", "there", "about", "just":
		return true
	}
	return len(word) < 3
}
