package config

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Size is a number of bytes, written with KiB, MiB, GiB or TiB or without a unit.
type Size int64

const sizeUnits = "KMGT" // each 1024 of the one before

// ParseSize reads "512MiB" or "1048576"; anything else is an ErrInvalid.
func ParseSize(s string) (Size, error) {
	digits, factor := s, int64(1)
	if head, ok := strings.CutSuffix(s, "iB"); ok && head != "" {
		power := strings.IndexByte(sizeUnits, head[len(head)-1]) + 1
		if power == 0 {
			return 0, sizeError(s)
		}
		digits, factor = strings.TrimSpace(head[:len(head)-1]), 1<<(10*power)
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || n > (1<<62)/factor {
		return 0, sizeError(s)
	}
	return Size(n * factor), nil
}

func sizeError(s string) error {
	return fmt.Errorf("%w size %q: want bytes such as 1048576, 512MiB or 10GiB", presage.ErrInvalid, s)
}

// String gives the largest unit that is exact.
func (s Size) String() string {
	n, unit := int64(s), ""
	for i := 0; i < len(sizeUnits) && n != 0 && n%1024 == 0; i++ {
		n, unit = n/1024, string(sizeUnits[i])+"iB"
	}
	return strconv.FormatInt(n, 10) + unit
}

// MarshalText gives String.
func (s Size) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what ParseSize does.
func (s *Size) UnmarshalText(b []byte) error {
	parsed, err := ParseSize(string(b))
	if err == nil {
		*s = parsed
	}
	return err
}

// Age is a time span, written in whole days ("400d") or as a duration ("36h").
type Age time.Duration

const day = 24 * time.Hour

// ParseAge reads "400d", "36h" or "0"; anything else is an ErrInvalid.
func ParseAge(s string) (Age, error) {
	if digits, ok := strings.CutSuffix(s, "d"); ok {
		if n, err := strconv.ParseUint(digits, 10, 16); err == nil {
			return Age(time.Duration(n) * day), nil
		}
	} else if d, err := time.ParseDuration(s); err == nil && d >= 0 {
		return Age(d), nil
	}
	return 0, fmt.Errorf("%w time span %q: want days such as 400d, a duration such as 36h, or 0", presage.ErrInvalid, s)
}

// String gives whole days where they are.
func (a Age) String() string {
	if d := time.Duration(a); d%day != 0 {
		return d.String()
	}
	return strconv.FormatInt(int64(time.Duration(a)/day), 10) + "d"
}

// MarshalText gives String.
func (a Age) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// UnmarshalText reads what ParseAge does.
func (a *Age) UnmarshalText(b []byte) error {
	parsed, err := ParseAge(string(b))
	if err == nil {
		*a = parsed
	}
	return err
}
