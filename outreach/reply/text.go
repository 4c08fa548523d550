package reply

import (
	_ "embed" // simplified.txt
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// said is a reply made comparable: full-width forms, circled digits and keycaps
// as plain ones, lower case, no invisible characters, traditional characters as
// simplified ones, key words that are misspelt as they are spelt.
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
	for _, part := range strings.FieldsFunc(separated(turnedZH(s.whole)), func(r rune) bool { return r == '\n' }) {
		for _, words := range turned(words(part)) {
			s.clauses = append(s.clauses, clause{text: strings.Join(words, ""), words: words})
		}
	}
	return s
}

// turned divides words at a turn, so that what is denied before "but" is not denied
// behind it; "anything but" is no turn.
func turned(words []string) [][]string {
	var parts [][]string
	begin := 0
	for i, w := range words {
		if w != "but" || i > 0 && in(words[i-1], "no-turn") {
			continue
		}
		if i > begin {
			parts = append(parts, words[begin:i])
		}
		begin = i + 1
	}
	if begin < len(words) {
		parts = append(parts, words[begin:])
	}
	return parts
}

// turnedZH does the same with 但是; 忙不过来 and 不但 are no turns.
func turnedZH(text string) string {
	for _, turn := range class("turn-zh") {
		var out strings.Builder
		for {
			before, behind, found := strings.Cut(text, turn)
			out.WriteString(before)
			if !found {
				break
			}
			if strings.HasPrefix(behind, "来") || strings.HasPrefix(behind, "去") || strings.HasPrefix(behind, "凡") ||
				strings.HasSuffix(before, "不") || strings.HasSuffix(before, "只") || strings.HasSuffix(before, "非") {
				out.WriteString(turn)
			} else {
				out.WriteString("\n")
			}
			text = behind
		}
		text = out.String()
	}
	return text
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

//go:embed simplified.txt
var characters string

// simplified writes traditional characters as simplified ones and Cantonese words
// as those of Mandarin; the words come first.
//
//nolint:gochecknoglobals // as fixed as the code
var simplified = sync.OnceValue(func() *strings.Replacer {
	pairs := slices.Clone(class("simplify"))
	for line := range strings.Lines(characters) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for both := range strings.FieldsSeq(line) {
			r := []rune(both)
			pairs = append(pairs, string(r[0]), string(r[1]))
		}
	}
	return strings.NewReplacer(pairs...)
})

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
				out = append(out, respelt(drawled(f[begin:i])))
				begin = i
			}
			han = is
		}
		out = append(out, respelt(drawled(f[begin:])))
	}
	return out
}
