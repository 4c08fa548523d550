package mapped

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"presage"
)

// Parse reads a mapping. file names it in faults. The error has every fault,
// one a line, each an ErrInvalid with file, line and key.
func Parse(file string, content []byte) (*Mapping, error) {
	p := parser{file: file, m: &Mapping{devices: map[string]presage.VIN{}, named: map[string]bool{}}}
	var root yaml.Node
	if err := yaml.Unmarshal(content, &root); err != nil {
		return nil, fmt.Errorf("%w %s: not YAML: %s", presage.ErrInvalid, file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if len(root.Content) == 0 {
		return nil, fmt.Errorf("%w %s: empty: want name, topics and signals", presage.ErrInvalid, file)
	}
	top := root.Content[0]
	p.section(top, "", map[string]func(*yaml.Node, string){
		"name": p.name, "topics": p.topics, "devices": p.devices, "time": p.time, "samples": p.samples,
		"skip": p.skip, "prefix": p.prefix, "signals": nil,
	})
	// The prefix is known by now, by which signals are judged.
	if signals := member(top, "signals"); signals != nil {
		p.signals(signals)
	}
	p.missing(top)
	if len(p.faults) > 0 {
		return nil, errors.Join(p.faults...)
	}
	return p.m, nil
}

// missing names what every mapping has, unless something there was wrong.
func (p *parser) missing(top *yaml.Node) {
	for _, key := range []string{"name", "topics", "signals"} {
		if member(top, key) == nil && (key != "signals" || p.m.prefix == "") {
			p.fault(top, key, "is missing")
		}
	}
}

// parser gathers the faults of one file.
type parser struct {
	file   string
	m      *Mapping
	faults []error
}

// taken says that a path is named, and the array that it reaches into with it;
// false if it was before.
func (p *parser) taken(text string) bool {
	fresh := !p.m.named[text]
	array, _, _ := cut(text, '[')
	p.m.named[array], p.m.named[text] = true, true
	return fresh
}

func (p *parser) fault(at *yaml.Node, key, format string, args ...any) {
	if key == "" {
		key = "the file"
	}
	p.faults = append(p.faults, fmt.Errorf("%w %s:%d: %s: %s", presage.ErrInvalid, p.file, at.Line, key,
		fmt.Sprintf(format, args...)))
}

// member is the value of a key, nil if it is not there.
func member(n *yaml.Node, key string) *yaml.Node {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if n.Content[i].Value == key {
				return n.Content[i+1]
			}
		}
	}
	return nil
}

// section reads a mapping's keys by their readers; nil ones are read elsewhere.
func (p *parser) section(n *yaml.Node, prefix string, readers map[string]func(*yaml.Node, string)) {
	if n.Kind != yaml.MappingNode {
		p.fault(n, strings.TrimSuffix(prefix, "."), "want keys and values")
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		read, known := readers[key.Value]
		switch {
		case !known:
			var names []string
			for name := range readers {
				names = append(names, name)
			}
			slices.Sort(names)
			p.fault(key, prefix+key.Value, "unknown key: want one of %s", strings.Join(names, ", "))
		case seen[key.Value]:
			p.fault(key, prefix+key.Value, "duplicate key")
		case read != nil:
			read(value, prefix+key.Value)
		}
		seen[key.Value] = true
	}
}

// text is a scalar's.
func (p *parser) text(n *yaml.Node, key string) (string, bool) {
	if n.Kind != yaml.ScalarNode || n.Tag == "!!null" || n.Value == "" {
		p.fault(n, key, "want a text")
		return "", false
	}
	return n.Value, true
}

func (p *parser) list(n *yaml.Node, key string) []*yaml.Node {
	if n.Kind == yaml.ScalarNode {
		return []*yaml.Node{n} // one needs no brackets
	}
	if n.Kind != yaml.SequenceNode {
		p.fault(n, key, "want a list")
		return nil
	}
	return n.Content
}

func (p *parser) float(n *yaml.Node, key string, to *float64) {
	x, err := strconv.ParseFloat(n.Value, 64)
	if n.Kind != yaml.ScalarNode || err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
		p.fault(n, key, "want a finite number")
		return
	}
	*to = x
}

func (p *parser) path(n *yaml.Node, key string) path {
	text, ok := p.text(n, key)
	if !ok {
		return nil
	}
	out, err := parsePath(text)
	if err != nil {
		p.fault(n, key, "path %.80q: %v", text, err)
	}
	return out
}

// maxLabel bounds what stands in metrics.
const maxLabel = 32

func (p *parser) name(n *yaml.Node, key string) {
	text, ok := p.text(n, key)
	if !ok {
		return
	}
	const allowed = "abcdefghijklmnopqrstuvwxyz0123456789-_"
	if len(text) > maxLabel || strings.Trim(text, allowed) != "" {
		p.fault(n, key, "%.40q: want at most %d small letters, digits, - and _", text, maxLabel)
		return
	}
	if slices.Contains([]string{"native", "telemetry", "event", "other", "tesla", "ovms", "gbt32960"}, text) {
		p.fault(n, key, "%q is another format's", text)
		return
	}
	p.m.name = text
}

func (p *parser) topics(n *yaml.Node, key string) {
	for _, at := range p.list(n, key) {
		text, ok := p.text(at, key)
		if !ok {
			continue
		}
		one, err := parsePattern(text)
		if err != nil {
			p.fault(at, key, "%.80q: %v", text, err)
			continue
		}
		p.m.topics = append(p.m.topics, one)
	}
}

func (p *parser) devices(n *yaml.Node, key string) {
	if n.Kind != yaml.MappingNode {
		p.fault(n, key, "want DEVICE: VIN, one a line")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		id := strings.ToUpper(n.Content[i].Value)
		vin, err := presage.ParseVIN(n.Content[i+1].Value)
		if err != nil {
			p.fault(n.Content[i+1], key+"."+n.Content[i].Value, "%v", err)
			continue
		}
		if _, twice := p.m.devices[id]; twice {
			p.fault(n.Content[i], key+"."+n.Content[i].Value, "duplicate word (upper and lower case are the same)")
		}
		p.m.devices[id] = vin
	}
}

func (p *parser) samples(n *yaml.Node, key string) { p.m.samples = p.path(n, key) }

func (p *parser) skip(n *yaml.Node, key string) {
	for _, at := range p.list(n, key) {
		if one := p.path(at, key); one != nil {
			p.m.skip = append(p.m.skip, one)
			p.taken(at.Value)
		}
	}
}

func (p *parser) prefix(n *yaml.Node, key string) {
	text, ok := p.text(n, key)
	if !ok {
		return
	}
	if !strings.HasSuffix(text, ".") || len(text) > maxLabel || strings.ContainsAny(text, " \t") ||
		strings.HasPrefix(text, presage.OwnPrefix) || strings.HasPrefix(text, "Vehicle.") {
		p.fault(n, key, `%.40q: want a name and a dot such as "MyLogger.", neither Vehicle. nor %s`, text, presage.OwnPrefix)
		return
	}
	p.m.prefix = text
}
