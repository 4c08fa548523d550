package reply

import (
	_ "embed" // words.txt
	"slices"
	"strings"
	"sync"
)

//go:embed words.txt
var lexicon string

// wordClass is one line of words.txt, in its order and as a set.
type wordClass struct {
	list []string
	set  map[string]bool
}

// classes are the lines of words.txt by name.
//
//nolint:gochecknoglobals // as fixed as the code
var classes = sync.OnceValue(func() map[string]wordClass {
	all := map[string]wordClass{}
	for line := range strings.Lines(lexicon) {
		name, words, found := strings.Cut(line, ": ")
		if !found || strings.HasPrefix(line, "#") {
			continue
		}
		c := wordClass{list: strings.Fields(words), set: map[string]bool{}}
		for _, w := range c.list {
			c.set[w] = true
		}
		all[name] = c
	}
	return all
})

// classOf finds a class. A name that is not there is a programmer's mistake.
func classOf(name string) wordClass {
	c, found := classes()[name]
	if !found {
		panic("words.txt has no class " + name)
	}
	return c
}

// class lists the words of a class in words.txt; it is not to be changed.
func class(name string) []string { return classOf(name).list }

// in tells whether a word belongs to one of the classes.
func in(word string, classes ...string) bool {
	return slices.ContainsFunc(classes, func(name string) bool {
		if strings.HasSuffix(name, "-begins") {
			return slices.ContainsFunc(class(name), func(p string) bool { return strings.HasPrefix(word, p) })
		}
		return classOf(name).set[word]
	})
}

// has tells whether one of the words belongs to one of the classes.
func has(words []string, classes ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return in(w, classes...) })
}

// all tells whether there are words and each belongs to one of the classes.
func all(words []string, classes ...string) bool {
	return len(words) > 0 && len(without(words, classes...)) == 0
}

// without leaves out the words of the classes.
func without(words []string, classes ...string) []string {
	return slices.DeleteFunc(slices.Clone(words), func(w string) bool { return in(w, classes...) })
}

// one tells whether one of the words is among those named.
func one(words []string, named ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(named, w) })
}

// phrase tells whether words that follow each other are one of the classes, where _
// stands between words, ^ before the first and $ behind the last.
func phrase(words []string, classes ...string) bool {
	text := "_^_" + strings.Join(words, "_") + "_$_"
	return slices.ContainsFunc(classes, func(name string) bool {
		return slices.ContainsFunc(class(name), func(p string) bool {
			at := strings.Index(text, p)
			return at > 0 && strings.Contains(text[at-1:], "_"+p+"_")
		})
	})
}

// skip leaves out the words of a class that stand in front.
func skip(words []string, name string) []string {
	for len(words) > 0 && in(words[0], name) {
		words = words[1:]
	}
	return words
}

// head is the first n words, or as many as there are.
func head(words []string, n int) []string { return words[:min(n, len(words))] }

// next tells whether the words begin with one of those named.
func next(words []string, named ...string) bool {
	return len(words) > 0 && slices.Contains(named, words[0])
}

// holds tells whether text contains one of a class.
func holds(text string, classes ...string) bool {
	return slices.ContainsFunc(classes, func(name string) bool {
		return slices.ContainsFunc(class(name), func(p string) bool { return strings.Contains(text, p) })
	})
}

// after is what follows the first of a class in text; found is false without one.
func after(text, name string) (rest string, found bool) {
	first := len(text)
	for _, p := range class(name) {
		if i := strings.Index(text, p); i >= 0 && i < first {
			first, rest, found = i, text[i+len(p):], true
		}
	}
	return rest, found
}

// less leaves out every part of text that belongs to a class.
func less(text, name string) string {
	for _, p := range class(name) {
		text = strings.ReplaceAll(text, p, "")
	}
	return text
}

// starts tells whether text begins with one of a class.
func starts(text, name string) bool {
	return slices.ContainsFunc(class(name), func(p string) bool { return strings.HasPrefix(text, p) })
}

// madeOf tells whether text is nothing but parts of the classes, with at least
// one of the first. Each class goes from long to short.
func madeOf(text, main string, also ...string) bool {
	found := false
	for text != "" {
		rest, ok := cut(text, main)
		found = found || ok
		for _, name := range also {
			if !ok {
				rest, ok = cut(text, name)
			}
		}
		if !ok {
			return false
		}
		text = rest
	}
	return found
}

// cut takes a part of a class off the front.
func cut(text, name string) (rest string, ok bool) {
	for _, p := range class(name) {
		if rest, ok = strings.CutPrefix(text, p); ok {
			return rest, true
		}
	}
	return text, false
}
