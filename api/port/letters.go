package port

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"presage"
)

const excerptBytes = 2000

// MaskTopic hides the VIN in presage/v1/{vin}/... and in anything of that
// shape, and whatever has the length of a VIN elsewhere, as in gbt32960/{vin}/frame.
func MaskTopic(topic string) string {
	parts := strings.Split(topic, "/")
	for i, part := range parts {
		if len(part) == 17 || i == 2 && parts[0] != "gbt32960" {
			parts[i] = presage.VIN(part).Masked()
		}
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
