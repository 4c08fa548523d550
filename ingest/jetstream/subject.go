package jetstream

import (
	"fmt"
	"slices"
	"strings"

	"presage"
)

// Stream is where the MQTT gateway of NATS keeps messages of QoS 1 and 2.
const (
	Stream        = "$MQTT_msgs"
	subjectPrefix = "$MQTT.msgs."
)

// subjects are what MQTT filters mean in the stream, without those that another
// one covers: JetStream refuses filters of a consumer that overlap.
func subjects(filters []string) ([]string, error) {
	if len(filters) == 0 {
		return nil, fmt.Errorf("%w: none", presage.ErrInvalid)
	}
	var all []string
	for _, f := range filters {
		if f == "" || strings.ContainsAny(f, " \t\r\n\f\x00\x7f*>") {
			return nil, fmt.Errorf("%w filter %.80q: empty, or a character that NATS does not take", presage.ErrInvalid, f)
		}
		s := subjectPrefix + subject(f)
		all = append(all, s)
		if parent, ok := strings.CutSuffix(s, ".>"); ok { // in MQTT a/# is a as well
			all = append(all, parent)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(slices.Clone(all), func(s string) bool {
		return slices.ContainsFunc(all, func(other string) bool { return other != s && covers(other, s) })
	}), nil
}

// covers tells whether everything that s matches a matches too.
func covers(a, s string) bool {
	as, ss := strings.Split(a, "."), strings.Split(s, ".")
	for i, level := range as {
		switch {
		case level == ">":
			return len(ss) > i
		case i >= len(ss) || ss[i] == ">" || level != "*" && level != ss[i]:
			return false
		}
	}
	return len(as) == len(ss)
}

// subject is an MQTT topic or filter as the gateway writes it: levels are parted
// by dots, a dot is //, and an empty level gets a slash at its side.
func subject(topic string) string {
	var out []byte
	for i := range len(topic) {
		switch c := topic[i]; c {
		case '/':
			out = append(out, separator(topic, i, out)...)
		case '.':
			out = append(out, "//"...)
		case '+':
			out = append(out, '*')
		case '#':
			out = append(out, '>')
		default:
			out = append(out, c)
		}
	}
	if len(out) > 0 && out[len(out)-1] == '.' {
		out = append(out, '/')
	}
	return string(out)
}

// separator is the one at i of topic, after what has been written.
func separator(topic string, i int, written []byte) string {
	switch {
	case i == 0 || written[len(written)-1] == '.':
		return "/."
	case i == len(topic)-1 || topic[i+1] == '/':
		return "./"
	}
	return "."
}

// topic is the way back from a subject of the stream.
func topic(subject string) string {
	rest := strings.TrimPrefix(subject, subjectPrefix)
	out := make([]byte, 0, len(rest))
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '/' && i+1 < len(rest) && rest[i+1] == '.':
			out, i = append(out, '/'), i+1
		case c == '/' && i+1 < len(rest) && rest[i+1] == '/':
			out, i = append(out, '.'), i+1
		case c == '/' && i == len(rest)-1: // an empty level at the end
		case c == '.':
			out = append(out, '/')
		default:
			out = append(out, c)
		}
	}
	return string(out)
}
