package reply

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// conceptIndex finds the classes of words.txt that say what a text is about,
// whichever of their words it uses. Every text is looked through once, not once a
// class.
type conceptIndex struct {
	names   []string
	words   map[string][]int // whole words
	begins  []sign           // beginnings of words
	phrases map[string][]sign
	parts   map[rune][]sign // of Chinese text
}

// sign is a word, a phrase or a part of a word that shows the class of that number;
// phrases are kept by their first word, parts by their first character.
type sign struct {
	text  string
	class int
}

//nolint:gochecknoglobals // as fixed as the code
var concepts = sync.OnceValue(func() *conceptIndex {
	no := []string{
		"simplify", "real", "days-ago", "ago-zh", "key-words", "spelt-right", "wishing", "wishing-zh", "message-zh",
		"ended-zh", "ended-not-zh", "received-zh", "silence-zh", "signed-zh", "our-messages", "our-message",
		"our-messages-zh", "asks-effect", "at-place", "at-place-zh", "in-vain", "in-vain-phrase", "in-vain-zh",
		"planned", "kept-on-zh", "not-so-zh", "fault", "fault-part", "fault-sign", "fault-not", "fault-feared",
		"fault-not-cars", "fault-zh", "fault-not-zh", "fault-feared-zh", "misbooked-told", "misbooked-given",
		"misbooked-zh", "never-sent", "call-me-zh", "takes-zh", "condition-zh",
		"others-car", "others-car-zh", "not-sold-yet", "not-sold-yet-zh", "others-visit", "others-visit-zh", "own-text",
		"occupied", "occupied-zh", "which-time-zh", "in-time-zh", "wants-done",
		"put-off", "put-off-zh", "visit-removed", "visit-returned-zh", "proof-zh",
		"more-work", "more-work-zh", "above", "ask-me", "asks-leave", "ask-me-zh", "ask-not-zh", "halt-zh", "many-texts-zh",
		"taking", "work-trip", "work-trip-zh", "not-time-zh", "others-refused-zh", "asks-free", "asks-free-zh",
		"takes-only-zh",
		"asks-zh", "place", "place-not", "place-zh", "place-not-zh", "stay", "stay-not", "stay-zh", "stay-not-zh",
		"source", "source-not", "source-zh", "source-not-zh",
		"own-visit", "own-visit-not", "own-visit-zh", "own-visit-not-zh",
	}
	x := &conceptIndex{words: map[string][]int{}, phrases: map[string][]sign{}, parts: map[rune][]sign{}}
	x.names = slices.DeleteFunc(slices.Sorted(maps.Keys(classes())), func(name string) bool {
		return slices.Contains(no, name)
	})
	for i, name := range x.names {
		x.add(i, name)
	}
	return x
})

func (x *conceptIndex) add(i int, name string) {
	phrases := slices.ContainsFunc(class(name), func(p string) bool { return strings.Contains(p, "_") })
	for _, p := range class(name) {
		switch {
		case strings.HasSuffix(name, "-zh"):
			r := []rune(p)[0]
			x.parts[r] = append(x.parts[r], sign{p, i})
		case phrases:
			first, _, _ := strings.Cut(p, "_")
			x.phrases[first] = append(x.phrases[first], sign{p + "_", i})
		case strings.HasSuffix(name, "-begins"):
			x.begins = append(x.begins, sign{p, i})
		default:
			x.words[p] = append(x.words[p], i)
		}
	}
}

// mark notes the classes that a clause shows.
func (x *conceptIndex) mark(c clause, shown []bool) {
	for _, w := range c.words {
		for _, i := range x.words[w] {
			shown[i] = true
		}
		markStarts(w, x.begins, shown)
	}
	line := "^_" + strings.Join(c.words, "_") + "_$_"
	for rest := line; rest != ""; {
		word, behind, _ := strings.Cut(rest, "_")
		markStarts(rest, x.phrases[word], shown)
		rest = behind
	}
	for i, r := range c.text {
		markStarts(c.text[i:], x.parts[r], shown)
	}
}

// markStarts notes the classes of the signs that text begins with.
func markStarts(text string, signs []sign, shown []bool) {
	for _, s := range signs {
		if strings.HasPrefix(text, s.text) {
			shown[s.class] = true
		}
	}
}

// concepts are the classes that a text shows, in a fixed order.
func (s said) concepts() []string {
	x := concepts()
	shown := make([]bool, len(x.names))
	for _, c := range s.clauses {
		x.mark(c, shown)
	}
	var names []string
	for i, is := range shown {
		if is {
			names = append(names, x.names[i])
		}
	}
	return names
}
