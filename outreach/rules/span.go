package rules

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"presage"
)

const day = 24 * time.Hour

// Span is a time span, written in whole days ("30d") or as a duration ("36h", "15m").
type Span time.Duration

// ParseSpan reads "30d", "36h" or "0"; anything else is an ErrInvalid.
func ParseSpan(s string) (Span, error) {
	if digits, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseUint(digits, 10, 16); err == nil {
			return Span(time.Duration(n) * day), nil
		}
	} else if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return Span(d), nil
	}
	return 0, fmt.Errorf("%w time span %.40q: want days such as 30d, or a duration such as 36h or 15m",
		presage.ErrInvalid, s)
}

// String gives whole days, hours or minutes where they are.
func (s Span) String() string {
	switch d := time.Duration(s); {
	case d == 0:
		return "0"
	case d%day == 0:
		return strconv.FormatInt(int64(d/day), 10) + "d"
	case d%time.Hour == 0:
		return strconv.FormatInt(int64(d/time.Hour), 10) + "h"
	case d%time.Minute == 0:
		return strconv.FormatInt(int64(d/time.Minute), 10) + "m"
	default:
		return d.String()
	}
}

// MarshalText gives String.
func (s Span) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what ParseSpan does.
func (s *Span) UnmarshalText(b []byte) error {
	parsed, err := ParseSpan(string(b))
	if err == nil {
		*s = parsed
	}
	return err
}
