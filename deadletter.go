package presage

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// DeadLetter is a message that could not be taken in (whole or in part), kept
// as it came with the reason, so that it can be listed, mended and driven again.
// Topic, payload and reason are the identity of one that was not driven again:
// an equal one that comes later is counted in Times. What a broker delivers
// again, because its acknowledgement was lost in a crash, counts too.
type DeadLetter struct {
	ID           int64     `json:"id"`
	Received     time.Time `json:"received"`      // the first time
	LastReceived time.Time `json:"last_received"` // set by the store
	Times        int64     `json:"times"`         // at least 1; set by the store
	VIN          VIN       `json:"vin"`           // of the sender, "" when it could not be told
	Topic        string    `json:"topic"`         // holds the VIN: show it masked
	Payload      []byte    `json:"payload"`
	Size         int       `json:"-"`      // bytes of the payload, where a list holds only its head; else 0
	Reason       string    `json:"reason"` // a stable word for counting: "malformed_json", "future_time", ...
	Detail       string    `json:"detail"` // what, where and how to mend it
	Redriven     time.Time `json:"redriven"`
}

// excerptBytes is how much of a payload a person is shown.
const excerptBytes = 2000

// MaskTopic hides the VIN in presage/v1/{vin}/... and in anything of that
// shape, and whatever has the length of a VIN elsewhere, as in gbt32960/{vin}/frame.
func MaskTopic(topic string) string {
	parts := strings.Split(topic, "/")
	for i, part := range parts {
		if len(part) == 17 || i == 2 && parts[0] != "gbt32960" {
			parts[i] = VIN(part).Masked()
		}
	}
	return strings.Join(parts, "/")
}

// Excerpt is the start of the payload as printable text.
func (d DeadLetter) Excerpt() string {
	payload := d.Payload
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

// DeadLetterFilter selects dead letters; fields that are empty select everything.
type DeadLetterFilter struct {
	Reason   string
	VIN      VIN   // of the sender
	AfterID  int64 // the last letter of the page before
	Limit    int   // 0 for all
	OnlyOpen bool  // not driven again yet
}

// HeldLetters counts what is kept of one vehicle's messages under a bounded
// reason, and what was beyond the bound.
type HeldLetters struct {
	VIN        VIN       `json:"vin"`
	Reason     string    `json:"reason"`
	Kept       int64     `json:"kept"`        // open dead letters
	Bytes      int64     `json:"bytes"`       // of their payloads
	TurnedAway int64     `json:"turned_away"` // not kept: the bound was reached
	Last       time.Time `json:"last"`        // arrival of the newest one
}
