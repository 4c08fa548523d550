package mapped

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// maxLevels bounds a pattern.
const maxLevels = 16

const (
	vinLevel    = "{vin}"
	deviceLevel = "{device}"
	fieldLevel  = "{field}"
)

// pattern is a topic with places for who and what.
type pattern []string

// parsePattern takes a pattern apart; the error says what is wrong with it.
func parsePattern(text string) (pattern, error) {
	p := pattern(strings.Split(text, "/"))
	if len(p) > maxLevels {
		return nil, fmt.Errorf("%d levels, at most %d", len(p), maxLevels)
	}
	who, what := 0, 0
	for i, level := range p {
		switch level {
		case vinLevel, deviceLevel:
			who++
		case fieldLevel:
			what++
		default:
			if last := i == len(p)-1; !literal(level) && level != "+" && (level != "#" || !last) {
				return nil, fmt.Errorf("level %.40q: want letters, digits, - and _, {vin}, {device}, {field}, + or a last #", level)
			}
		}
	}
	if who != 1 {
		return nil, errors.New("want {vin} or {device} as one of its levels, once")
	}
	if what > 1 {
		return nil, errors.New("want {field} once at the most")
	}
	return p, p.ours()
}

// literal tells whether a level stands for itself.
func literal(level string) bool {
	return level != "" && !strings.ContainsAny(level, "{}+#*>. \t\r\n\x00\x7f")
}

// ours tells why the first level cannot be a mapping's.
func (p pattern) ours() error {
	first := p[0]
	if strings.ContainsAny(first, "{+#") || strings.HasPrefix(first, "$") {
		return errors.New("want a name as its first level")
	}
	if slices.Contains([]string{"presage", "ovms", "gbt32960"}, first) {
		return fmt.Errorf("%s/ is another format's", first)
	}
	return nil
}

// match tells whether topic is p's, and what stands in its places.
func (p pattern) match(topic string) (who, field string, ok bool) {
	rest, more := topic, true
	for _, level := range p {
		if level == "#" {
			return who, field, true
		}
		if !more {
			return "", "", false
		}
		var part string
		part, rest, more = strings.Cut(rest, "/")
		switch level {
		case vinLevel, deviceLevel:
			who = part
		case fieldLevel:
			field = part
		case "+":
		default:
			if part != level {
				return "", "", false
			}
		}
	}
	return who, field, !more
}

// template is the filter of one vehicle, with {vin} for it.
func (p pattern) template() string {
	levels := slices.Clone(p)
	for i, level := range levels {
		switch level {
		case deviceLevel:
			levels[i] = vinLevel
		case fieldLevel:
			levels[i] = "+"
		}
	}
	return strings.Join(levels, "/")
}
