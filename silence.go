package presage

import (
	"fmt"
	"time"
)

// maxInterval bounds an Interval: ten years.
const maxInterval = 10 * 365 * 24 * time.Hour

// Interval is a length of time that reads and prints as "72h" or "1h30m".
type Interval time.Duration

// ParseInterval reads a duration of 1m to ten years, or "" for 0.
func ParseInterval(s string) (Interval, error) {
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil || d < time.Minute || d > maxInterval {
		return 0, fmt.Errorf("%w interval %.32q: want 1m to 87600h, such as 72h or 1h30m", ErrInvalid, s)
	}
	return Interval(d), nil
}

// String gives "72h0m0s", "" for 0.
func (i Interval) String() string {
	if i == 0 {
		return ""
	}
	return time.Duration(i).String()
}

// MarshalText gives String.
func (i Interval) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads what ParseInterval does.
func (i *Interval) UnmarshalText(text []byte) error {
	parsed, err := ParseInterval(string(text))
	if err == nil {
		*i = parsed
	}
	return err
}

// Silence is how "not heard from" is judged: by the vehicle's expected
// interval, or After where it has none. Silence is not health: it says that
// nothing is known, and nothing about the vehicle.
type Silence struct {
	Now   time.Time
	After time.Duration // 0: nobody is silent
}

// Since tells whether v should have been heard from by now, and since when it
// was not: the time of its last sample, the zero time if there never was one.
func (s Silence) Since(v Vehicle) (since time.Time, silent bool) {
	if s.After <= 0 {
		return time.Time{}, false
	}
	within := s.After
	if v.ExpectedInterval > 0 {
		within = time.Duration(v.ExpectedInterval)
	}
	return v.LastSeen, v.LastSeen.IsZero() || v.LastSeen.Add(within).Before(s.Now)
}
