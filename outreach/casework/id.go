package casework

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"presage"
)

// ID makes an identifier that follows from what it names, so that a repeated
// pass or a replay arrives at the same one. 80 bits: no collisions at any size
// this service will see.
func ID(prefix string, parts ...string) string {
	sum := sha256.Sum256([]byte(prefix + "|" + strings.Join(parts, "|")))
	return prefix + strings.ToLower(base32.StdEncoding.EncodeToString(sum[:10]))
}

// Instant is a time as a part of an ID.
func Instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// Overtaken is true for an error that only says that somebody was faster.
func Overtaken(err error) bool { return errors.Is(err, presage.ErrConflict) }

// Contend repeats what somebody else was faster with, a few times.
func Contend(do func() error) error {
	var err error
	for range 4 {
		if err = do(); !Overtaken(err) {
			return err
		}
	}
	return err
}

// Later is the later of two times.
func Later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// Clip keeps a customer's words short enough for a history.
func Clip(text string) string {
	if r := []rune(text); len(r) > 200 {
		return string(r[:200]) + "..."
	}
	return text
}
