package presage

import (
	"fmt"
	"time"
)

// Kilometre is a distance in km.
type Kilometre float64

// Money is an amount in the minor unit of its currency (fen, cent).
type Money struct {
	Minor    int64  `json:"minor" yaml:"minor"`
	Currency string `json:"currency" yaml:"currency"` // ISO 4217
}

// String gives "CNY 128.00". Currencies without a minor unit are not used here.
func (m Money) String() string {
	sign, a := "", m.Minor
	if a < 0 {
		sign, a = "-", -a
	}
	return fmt.Sprintf("%s %s%d.%02d", m.Currency, sign, a/100, a%100)
}

// Lang is a language that a customer or adviser reads.
type Lang string

// The languages every customer-facing text exists in.
const (
	Chinese Lang = "zh"
	English Lang = "en"
)

// Text is one wording in each language.
type Text struct {
	ZH string `json:"zh" yaml:"zh"`
	EN string `json:"en" yaml:"en"`
}

// In returns the wording for l, English for any language but Chinese.
func (t Text) In(l Lang) string {
	if l == Chinese {
		return t.ZH
	}
	return t.EN
}

// Day is a calendar day in UTC, counted from 1970-01-01.
type Day int32

// DayOf returns the UTC day that holds t.
func DayOf(t time.Time) Day {
	s := t.Unix()
	d := s / 86400
	if s%86400 < 0 {
		d--
	}
	return Day(d)
}

// Start is the first instant of the day, UTC.
func (d Day) Start() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String gives "2026-11-21".
func (d Day) String() string { return d.Start().Format(time.DateOnly) }

// MarshalText writes the day as "2026-11-21".
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2026-11-21".
func (d *Day) UnmarshalText(b []byte) error {
	t, err := time.Parse(time.DateOnly, string(b))
	if err != nil {
		return fmt.Errorf("%w day %q: want YYYY-MM-DD", ErrInvalid, b)
	}
	*d = DayOf(t)
	return nil
}

// VehicleDay names one day of one vehicle, the unit that roll-ups are recomputed in.
type VehicleDay struct {
	VIN VIN
	Day Day
}

// DirtyDay is a vehicle-day whose roll-up is older than its stored samples.
type DirtyDay struct {
	VehicleDay
	Seq int64 // grows with every mark, over all vehicle-days
}

// Outdated is a vehicle whose prognoses are older than what is known of it.
type Outdated struct {
	VIN  VIN
	Mark string // another one each time that something comes
}
