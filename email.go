package presage

import (
	"fmt"
	"log/slog"
	"net/mail"
	"strings"
)

// Email is an e-mail address: ASCII, its domain in small letters. It logs and
// prints masked.
type Email string

// longestEmail is that of RFC 5321 with the two brackets taken off.
const longestEmail = 254

// ParseEmail reads an address without a name, and trims it. "" stays "". A domain
// with letters beyond ASCII is written as xn--. ErrInvalid names no address.
func ParseEmail(text string) (Email, error) {
	text = strings.TrimSpace(text)
	if text == "" {
		return "", nil
	}
	a, err := mail.ParseAddress(text)
	beyond := strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r >= 0x7f })
	at := strings.LastIndexByte(text, '@')
	if err != nil || beyond || a.Address != text || len(text) > longestEmail || !domain(text[at+1:]) {
		return "", fmt.Errorf("%w e-mail address: want NAME@DOMAIN, without spaces, in ASCII", ErrInvalid)
	}
	return Email(text[:at] + strings.ToLower(text[at:])), nil
}

// domain tells whether mail can be sent there from anywhere: two labels or more.
func domain(name string) bool {
	labels := strings.Split(name, ".")
	for _, l := range labels {
		if l == "" || len(l) > 63 || l[0] == '-' || l[len(l)-1] == '-' || strings.Trim(strings.ToLower(l), ldh) != "" {
			return false
		}
	}
	return len(labels) > 1
}

// ldh are what the label of a domain consists of.
const ldh = "abcdefghijklmnopqrstuvwxyz0123456789-"

// Key is the address in small letters: no mailbox is known to tell them from
// capitals, so that an address is the same in both.
func (e Email) Key() string { return strings.ToLower(string(e)) }

// UnsubscribeSource is the source of a consent that the reader of an e-mail ended
// by its link. A START by text leaves it ended.
const UnsubscribeSource = "email unsubscribe"

// Masked shows the first letter and the last label: "a***@***.com".
func (e Email) Masked() string {
	at, dot := strings.LastIndexByte(string(e), '@'), strings.LastIndexByte(string(e), '.')
	if at < 1 || dot < at {
		return "***"
	}
	return string(e[:1]) + "***@***" + string(e[dot:])
}

// LogValue keeps an address out of every slog record.
func (e Email) LogValue() slog.Value { return slog.StringValue(e.Masked()) }
