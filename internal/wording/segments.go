package wording

import (
	"strings"
	"unicode/utf16"
)

// Encoding is how an SMS carries a text.
type Encoding string

// The encodings.
const (
	GSM7 Encoding = "GSM-7" // 160 characters, 153 a part when split
	UCS2 Encoding = "UCS-2" // 70 characters, 67 a part when split
)

// gsmBasic and gsmExtended are the default alphabet of 3GPP TS 23.038, section
// 6.2.1, and its extension, whose characters take two places.
const (
	gsmBasic = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	gsmExtended = "\f^{}\\[~]|€"
)

// Segments counts the SMS parts of a text (3GPP TS 23.040, section 9.2.3.24.1:
// a part of a split message loses 6 bytes to its header). An escaped pair or
// a surrogate pair is never split over two parts. An empty text is one part.
func Segments(text string) (Encoding, int) {
	enc, parts, _ := measure(text)
	return enc, parts
}

// measure also tells how many characters of one place each are left in the last part.
func measure(text string) (enc Encoding, parts, left int) {
	units, single, part := make([]int, 0, len(text)), 160, 153
	enc = GSM7
	for _, r := range text {
		switch {
		case strings.ContainsRune(gsmBasic, r):
			units = append(units, 1)
		case strings.ContainsRune(gsmExtended, r):
			units = append(units, 2)
		default:
			enc = UCS2
		}
	}
	if enc == UCS2 {
		units, single, part = units[:0], 70, 67
		for _, r := range text {
			units = append(units, max(1, utf16.RuneLen(r)))
		}
	}
	total := 0
	for _, u := range units {
		total += u
	}
	if total <= single {
		return enc, 1, single - total
	}
	used := 0
	parts = 1
	for _, u := range units {
		if used+u > part {
			parts++
			used = 0
		}
		used += u
	}
	return enc, parts, part - used
}
