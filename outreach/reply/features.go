package reply

import (
	"hash/fnv"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// clues is what the classifier goes by: words, pairs of words and pieces of them,
// the classes of words.txt that it shows, what the rules found, and how the times that were named fit the offer.
type clues struct {
	list []uint32
	seen map[uint32]bool
}

func (c *clues) add(parts ...string) {
	h := fnv.New32a()
	for _, p := range parts {
		_, _ = h.Write([]byte(p))
		_, _ = h.Write([]byte{0})
	}
	// The high bits are mixed in: a bucket is taken by the low ones.
	f := h.Sum32()
	f ^= f >> 15
	if !c.seen[f] {
		c.seen[f] = true
		c.list = append(c.list, f)
	}
}

// cluesOf lists what a text with its context shows.
func cluesOf(s said, x Context, rule Meaning, fit fitting) []uint32 {
	c := &clues{seen: map[uint32]bool{}}
	c.add("always")
	c.add("booked", strconv.FormatBool(x.Booked))
	c.add("rule", string(rule.Kind))
	c.add("rule", string(rule.Kind), strconv.FormatBool(x.Booked))
	c.add("fit", fit.String())
	c.add("fit", fit.String(), string(rule.Kind))
	c.add("excluded", strconv.FormatBool(fit.excluded))
	if strings.ContainsAny(s.whole, "?吗呢么") {
		c.add("asks")
	}
	for _, k := range s.concepts() {
		c.add("concept", k)
	}
	whole := s.joined()
	c.add("whole", whole.text)
	c.add("length", strconv.Itoa(min(6, bits(utf8.RuneCountInString(whole.text)))))
	if len(whole.words) == 0 {
		for _, r := range s.whole {
			c.add("symbol", string(r))
		}
	}
	for i, k := range s.clauses {
		c.clause(k)
		if i == 0 {
			c.add("first", first(k.words))
		}
	}
	return c.list
}

// bits is how many bits a number has.
func bits(n int) int {
	b := 0
	for ; n > 0; n /= 2 {
		b++
	}
	return b
}

func (c *clues) clause(k clause) {
	before := "^"
	for _, w := range k.words {
		w = numberless(w)
		if han(w) {
			c.chinese(w)
		} else {
			c.add("word", w)
			c.pieces(w)
		}
		if !han(w) || !han(before) {
			c.add("pair", tail(before), front(w))
		}
		before = w
	}
	c.add("pair", tail(before), "$")
	if len(k.words) > 2 {
		for i := range k.words[2:] {
			c.add("skip", numberless(k.words[i]), numberless(k.words[i+2]))
		}
	}
}

// numberless keeps 1, 2 and 3 apart and takes other numbers as one.
func numberless(w string) string {
	if n := numberIn(w); n > 3 || n == 0 {
		return "#"
	}
	return w
}

func han(w string) bool {
	r, _ := utf8.DecodeRuneInString(w)
	return unicode.Is(unicode.Han, r)
}

// front and tail are the edge of a Chinese run, or a whole word.
func front(w string) string {
	if _, n := utf8.DecodeRuneInString(w); han(w) {
		return w[:n]
	}
	return w
}

func tail(w string) string {
	if _, n := utf8.DecodeLastRuneInString(w); han(w) {
		return w[len(w)-n:]
	}
	return w
}

// chinese adds each run of one to four characters, its ends marked.
func (c *clues) chinese(text string) {
	r := []rune("^" + text + "$")
	for i := range r {
		for n := 1; n <= 4 && i+n <= len(r); n++ {
			c.add("han", string(r[i:i+n]))
		}
	}
}

// pieces adds runs of three and four letters, for words that are misspelt.
func (c *clues) pieces(w string) {
	r := []rune("<" + w + ">")
	for i := range r {
		for n := 3; n <= 4 && i+n <= len(r); n++ {
			c.add("piece", string(r[i:i+n]))
		}
	}
}
