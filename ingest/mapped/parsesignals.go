package mapped

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"presage"
	"presage/ingest/internal/fieldtable"
)

// time reads {path, unit} or {age, unit}.
func (p *parser) time(n *yaml.Node, key string) {
	millis := map[string]float64{"s": 1000, "ms": 1, "us": 1e-3, "ns": 1e-6, "rfc3339": 0}
	var w when
	unit := ""
	p.section(n, key+".", map[string]func(*yaml.Node, string){
		"path": func(n *yaml.Node, key string) { w.at = p.path(n, key); p.taken(n.Value) },
		"age":  func(n *yaml.Node, key string) { w.at, w.age = p.path(n, key), true; p.taken(n.Value) },
		"unit": func(n *yaml.Node, key string) {
			var known bool
			if w.unit, known = millis[n.Value]; !known {
				p.fault(n, key, "%.20q: want s, ms, us, ns or rfc3339", n.Value)
			}
			unit = n.Value
		},
	})
	both := member(n, "path") != nil && member(n, "age") != nil
	switch {
	case n.Kind != yaml.MappingNode: // told already
	case w.at == nil || unit == "" || both:
		p.fault(n, key, `want {path: ..., unit: ...} or {age: ..., unit: ...}`)
	case w.age && w.unit == 0:
		p.fault(n, key+".unit", "an age is a number: want s, ms, us or ns")
	}
	p.m.when = w
}

func (p *parser) signals(n *yaml.Node) {
	if n.Kind != yaml.MappingNode {
		p.fault(n, "signals", "want PATH: SIGNAL, or PATH: {signal: SIGNAL, unit: UNIT}, one a line")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		at, to := n.Content[i], n.Content[i+1]
		key := "signals." + at.Value
		if !p.taken(at.Value) {
			p.fault(at, key, "duplicate path, or one that is skipped or holds the time")
			continue
		}
		t := target{text: at.Value, from: p.path(at, key), row: fieldtable.Row{Factor: 1}}
		p.target(to, key, &t)
		p.m.targets = append(p.m.targets, t)
	}
}

// target reads SIGNAL or {signal, unit, factor, offset, words, invalid}.
func (p *parser) target(n *yaml.Node, key string, t *target) {
	if n.Kind == yaml.ScalarNode {
		p.signal(n, key, t)
		return
	}
	if member(n, "signal") == nil && n.Kind == yaml.MappingNode {
		p.fault(n, key, "signal is missing")
		return
	}
	var unit *yaml.Node
	p.section(n, key+".", map[string]func(*yaml.Node, string){
		"signal":  func(n *yaml.Node, key string) { p.signal(n, key, t) },
		"unit":    func(n *yaml.Node, _ string) { unit = n },
		"factor":  func(n *yaml.Node, key string) { p.float(n, key, &t.row.Factor) },
		"offset":  func(n *yaml.Node, key string) { p.float(n, key, &t.row.Offset) },
		"words":   nil,
		"invalid": func(n *yaml.Node, key string) { p.invalid(n, key, t) },
	})
	if words := member(n, "words"); words != nil {
		p.words(words, key+".words", t)
	}
	numeric := t.row.Kind == presage.KindNumber || t.row.Kind == presage.KindArray
	if !numeric && (unit != nil || t.row.Factor != 1 || t.row.Offset != 0) {
		p.fault(n, key, "unit, factor and offset are for numbers, and %s is none", t.row.Signal)
		return
	}
	if unit != nil {
		p.convert(unit, key+".unit", t)
	}
}

// signal finds the signal in the table, or takes one under the own prefix.
func (p *parser) signal(n *yaml.Node, key string, t *target) {
	text, ok := p.text(n, key)
	if !ok {
		return
	}
	t.row.Signal = text
	spec, known := presage.LookupSignal(text)
	switch {
	case known:
		t.row.Kind = spec.Kind
	case p.m.prefix == "" || !strings.HasPrefix(text, p.m.prefix):
		p.fault(n, key, "%.80q is not in the signal table: want a VSS path of it%s, or a name under the mapping's prefix",
			text, nearest(text))
	}
}

// nearest offers the signals whose last parts are the same.
func nearest(text string) string {
	last := text[strings.LastIndexByte(text, '.')+1:]
	var found []string
	for _, s := range presage.Signals() {
		if strings.EqualFold(s.Name[strings.LastIndexByte(s.Name, '.')+1:], last) {
			found = append(found, s.Name)
		}
	}
	if len(found) == 0 || len(found) > 4 {
		return ""
	}
	return " such as " + strings.Join(found, " or ")
}

// convert multiplies the conversion from the unit into t's line.
func (p *parser) convert(n *yaml.Node, key string, t *target) {
	spec, known := presage.LookupSignal(t.row.Signal)
	if !known {
		if t.row.Signal != "" {
			p.fault(n, key, "a signal under the prefix has no unit to convert to: leave it out")
		}
		return
	}
	factor, offset, err := conversion(n.Value, spec.Unit)
	if err != nil {
		p.fault(n, key, "%v", err)
		return
	}
	t.row.Factor, t.row.Offset = t.row.Factor*factor, t.row.Offset*factor+offset
}

// words reads WORD: VALUE.
func (p *parser) words(n *yaml.Node, key string, t *target) {
	if n.Kind != yaml.MappingNode || len(n.Content) == 0 {
		p.fault(n, key, "want WORD: VALUE, one a line")
		return
	}
	t.row.Words = map[string]presage.Value{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		v := fieldtable.Guess(n.Content[i+1].Value, false)
		if t.row.Kind == presage.KindString {
			v = presage.String(n.Content[i+1].Value)
		}
		if spec, known := presage.LookupSignal(t.row.Signal); known && v.Kind != spec.Kind {
			p.fault(n.Content[i+1], key+"."+n.Content[i].Value, "%.40q is not of the signal's kind", n.Content[i+1].Value)
		}
		t.row.Words[n.Content[i].Value] = v
	}
}

func (p *parser) invalid(n *yaml.Node, key string, t *target) {
	t.invalid = map[string]bool{}
	for _, at := range p.list(n, key) {
		if text, ok := p.text(at, key); ok {
			t.invalid[text] = true
			t.invalid[fieldtable.Text(fieldtable.Guess(text, false))] = true // 255.0 and 255
		}
	}
}

// Names are those of mappings, for messages about a name that is none.
func names(files []string) []string {
	var out []string
	for _, f := range files {
		out = append(out, strings.TrimSuffix(f, ".yaml"))
	}
	slices.Sort(out)
	return out
}
