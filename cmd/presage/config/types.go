package config

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"time"

	"presage"
)

// URL is an address that may hold a password: it prints, logs and marshals
// with the password as "***".
type URL string

// String is the address with every password, token and secret in it as "***".
func (u URL) String() string {
	s := string(u)
	if at := strings.LastIndexByte(s, '@'); at >= 0 && !strings.Contains(s, "://") {
		s = "***" + s[at:] // a scheme forgotten: the user and password stand first
	}
	return maskText(s)
}

// MarshalText gives the masked form.
func (u URL) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// LogValue keeps a password out of every slog record.
func (u URL) LogValue() slog.Value { return slog.StringValue(u.String()) }

// Reveal returns the address with its password, for the one call that needs it.
func (u URL) Reveal() string { return string(u) }

// credential finds what a query or a key=value connection string calls a secret.
var credential = regexp.MustCompile(`(?i)((?:^|[?&;\s])(?:\w*password|passwd|pwd|\w*secret|\w*token|key|auth)=)[^&\s]*`)

// maskText masks the password of an address in any text: somebody may have
// put one where none belongs. It is careful rather than exact: an address that
// no parser accepts (a password with "/" or "@" in it) must not show its
// password either, so everything up to the last "@" counts as user and password.
func maskText(s string) string {
	if scheme, rest, ok := strings.Cut(s, "://"); ok {
		if at := strings.LastIndexByte(rest, '@'); at >= 0 {
			user, _, found := strings.Cut(rest[:at], ":")
			if found {
				rest = user + ":***" + rest[at:]
			} else {
				rest = "***" + rest[at:] // a token used as the user name
			}
			s = scheme + "://" + rest
		}
	}
	return credential.ReplaceAllString(s, "${1}***")
}

// Clock is a time of day in minutes after midnight, 0-1439.
type Clock int

// ParseClock reads "HH:MM" in 24 hours; anything else is an ErrInvalid.
func ParseClock(s string) (Clock, error) {
	t, err := time.Parse("15:04", s)
	if err != nil || len(s) != len("15:04") {
		return 0, fmt.Errorf("%w time of day %q: want HH:MM between 00:00 and 23:59", presage.ErrInvalid, s)
	}
	return Clock(t.Hour()*60 + t.Minute()), nil
}

// String gives "HH:MM".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalText gives "HH:MM".
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads "HH:MM".
func (c *Clock) UnmarshalText(b []byte) error {
	parsed, err := ParseClock(string(b))
	if err == nil {
		*c = parsed
	}
	return err
}

// SinceMidnight is the time of day as a duration from 00:00.
func (c Clock) SinceMidnight() time.Duration { return time.Duration(c) * time.Minute }

// OldestTime is Oldest as a time.
func (i Ingest) OldestTime() (time.Time, error) {
	return time.Parse(time.DateOnly, i.Oldest)
}
