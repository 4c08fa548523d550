package port

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"presage"
)

const excerptBytes = 2000

// MaskTopic hides the VIN in presage/v1/{vin}/... and in anything of that shape.
func MaskTopic(topic string) string {
	parts := strings.Split(topic, "/")
	if len(parts) > 2 {
		parts[2] = presage.VIN(parts[2]).Masked()
	}
	return strings.Join(parts, "/")
}

// Excerpt shows the start of a payload as printable text.
func Excerpt(payload []byte) string {
	cut := len(payload) > excerptBytes
	if cut {
		payload = payload[:excerptBytes]
	}
	text := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || (unicode.IsControl(r) && r != '\n' && r != '\t') {
			return '\u00b7'
		}
		return r
	}, string(payload))
	if cut {
		text += " \u2026"
	}
	return text
}
