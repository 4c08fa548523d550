package mapped

import (
	"maps"
	"slices"
	"strings"

	"presage"
	"presage/ingest"
	"presage/ingest/internal/fieldtable"
)

const (
	maxOwn   = 256 // values of one sample under the prefix
	maxDepth = 8
	maxName  = 256 // bytes, as the pipeline has it
)

// keeper takes what the mapping does not name, under its prefix.
type keeper struct {
	m        *Mapping
	out      *ingest.Decoded
	readings []presage.Reading
	own      int
}

// keep walks down v, whose path is at, in the order of names.
func (k *keeper) keep(path string, v any, depth int) {
	if object, ok := v.(map[string]any); ok {
		if depth == maxDepth {
			return
		}
		for _, name := range slices.Sorted(maps.Keys(object)) {
			below := escape(name)
			if path != "" {
				below = path + "." + below
			}
			if !k.m.named[below] {
				k.keep(below, object[name], depth+1)
			}
		}
		return
	}
	got, present, fault := value(v)
	if !present || fault != "" || k.own == maxOwn || len(k.m.prefix)+len(path) > maxName {
		return // not asked for: no fault of anybody
	}
	if got.Kind == presage.KindString {
		got = fieldtable.Guess(got.Text, false) // "12.3" and 12.3 are one kind
	}
	k.own++
	k.out.Unknown++
	k.readings = append(k.readings,
		presage.Reading{Signal: k.m.prefix + strings.Map(printable, unescape(path)), Value: got})
}

// printable makes names of what loggers write: signals have no spaces.
func printable(r rune) rune {
	if r <= ' ' || r == 0x7f {
		return '_'
	}
	return r
}

// escape writes a name as a path has it.
func escape(name string) string {
	return strings.NewReplacer(`\`, `\\`, ".", `\.`, "[", `\[`, "]", `\]`).Replace(name)
}
