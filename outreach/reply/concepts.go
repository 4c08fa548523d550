package reply

import (
	"maps"
	"slices"
	"strings"
	"sync"
)

// concepts are the classes of words.txt that say what a text is about, whichever
// of their words it uses, in a fixed order.
//
//nolint:gochecknoglobals // as fixed as the code
var concepts = sync.OnceValue(func() []string {
	names := slices.Sorted(maps.Keys(classes()))
	return slices.DeleteFunc(names, func(name string) bool {
		return slices.Contains([]string{"simplify", "real", "days-ago", "ago-zh"}, name)
	})
})

// shows tells whether a clause has a word or a phrase of a class.
func (c clause) shows(name string) bool {
	switch {
	case strings.HasSuffix(name, "-zh"):
		return holds(c.text, name)
	case slices.ContainsFunc(class(name), func(p string) bool { return strings.Contains(p, "_") }):
		return phrase(c.words, name)
	}
	return has(c.words, name)
}

// concepts are those that a text shows.
func (s said) concepts() []string {
	return slices.DeleteFunc(slices.Clone(concepts()), func(name string) bool {
		return !slices.ContainsFunc(s.clauses, func(c clause) bool { return c.shows(name) })
	})
}
