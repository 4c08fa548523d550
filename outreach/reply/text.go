package reply

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// said is a reply made comparable: full-width forms, circled digits and keycaps
// as plain ones, lower case, no invisible characters, traditional characters as
// simplified ones, as far as the rules use them.
type said struct {
	whole   string
	clauses []clause
}

// clause is a part of a reply between punctuation marks.
type clause struct {
	text  string   // without spaces: Chinese is matched in it
	words []string // Latin words and numbers; each run of Chinese is one word
}

// chinese tells whether a clause has Chinese characters.
func (c clause) chinese() bool { return slices.ContainsFunc(c.words, han) }

func read(text string) said {
	s := said{whole: plain(text)}
	for _, part := range strings.FieldsFunc(separated(s.whole), func(r rune) bool { return r == '\n' }) {
		if words := words(part); len(words) > 0 {
			s.clauses = append(s.clauses, clause{text: strings.Join(words, ""), words: words})
		}
	}
	return s
}

// joined is every clause as one.
func (s said) joined() clause {
	var c clause
	for _, x := range s.clauses {
		c.text += x.text
		c.words = append(c.words, x.words...)
	}
	return c
}

// plain folds what looks the same into one form.
func plain(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r), unicode.Is(unicode.Mn, r), unicode.Is(unicode.Me, r):
			return -1 // zero width, variation selectors, keycaps
		case strings.ContainsRune("'’‘`´", r):
			return -1 // don't is dont
		}
		return unicode.ToLower(r)
	}, norm.NFKC.String(text))
	return strings.TrimSpace(simplified().Replace(text))
}

//nolint:gochecknoglobals // as fixed as the code
var simplified = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer(class("simplify")...) })

// separated puts a line break where a clause ends. A full stop or colon between
// digits belongs to a number, "no." before one is its name, and a space between
// Chinese characters, or between one and a word, divides as well.
func separated(text string) string {
	r := []rune(text)
	var out strings.Builder
	for i, x := range r {
		switch {
		case unicode.IsLetter(x) || unicode.IsDigit(x):
			out.WriteRune(x)
		case unicode.IsSpace(x):
			out.WriteString(space(r, i))
		case unicode.IsPunct(x):
			out.WriteString(mark(r, i))
		default:
			out.WriteRune(' ') // emoji and other symbols
		}
	}
	return out.String()
}

// space is what the space at i does.
func space(r []rune, i int) string {
	switch {
	case lone(r, i): // 退 订
		return ""
	case r[i] == '\n', unicode.Is(unicode.Han, at(r, i-1)), unicode.Is(unicode.Han, at(r, i+1)):
		return "\n"
	}
	return " "
}

// mark is what the punctuation mark at i does.
func mark(r []rune, i int) string {
	before, behind := at(r, i-1), at(r, i+1)
	switch {
	case unicode.IsDigit(before) && unicode.IsDigit(behind) && strings.ContainsRune(".:/-", r[i]):
		return string(r[i]) // 9-6 is not a 6
	case r[i] == '.' && strings.HasSuffix(string(r[:i]), "no") && (unicode.IsDigit(behind) || unicode.IsDigit(at(r, i+2))):
		return " number "
	case r[i] == '-' && unicode.IsLetter(before) && unicode.IsLetter(behind):
		return " " // opt-out
	}
	return "\n"
}

// lone tells whether the space at i stands between two Chinese characters that
// are each alone: a word written wide.
func lone(r []rune, i int) bool {
	wide := func(j, beyond int) bool {
		return unicode.Is(unicode.Han, at(r, j)) && !unicode.Is(unicode.Han, at(r, beyond))
	}
	return wide(i-1, i-2) && wide(i+1, i+2)
}

func at(r []rune, i int) rune {
	if i < 0 || i >= len(r) {
		return 0
	}
	return r[i]
}

// drawled is a word without its letters that were typed three times and more:
// noooo is no.
func drawled(w string) string {
	var out []rune
	run := 0
	for _, r := range w {
		if len(out) > 0 && r == out[len(out)-1] && unicode.IsLower(r) {
			run++
		} else {
			run = 1
		}
		switch {
		case run < 3:
			out = append(out, r)
		case run == 3:
			out = out[:len(out)-1]
		}
	}
	return string(out)
}

// words splits at spaces and between Chinese and everything else.
func words(part string) []string {
	var out []string
	for f := range strings.FieldsSeq(part) {
		begin, han := 0, false
		for i, r := range f {
			is := unicode.Is(unicode.Han, r)
			if i > begin && is != han {
				out = append(out, drawled(f[begin:i]))
				begin = i
			}
			han = is
		}
		out = append(out, drawled(f[begin:]))
	}
	return out
}
