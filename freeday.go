package presage

import (
	"fmt"
	"time"
)

// DayState says whether a visit can begin on a day.
type DayState string

// The states of a day in a calendar.
const (
	DayFree   DayState = "free"
	DayFull   DayState = "full"   // the workshop is open, and nothing is left
	DayClosed DayState = "closed" // nobody works there
	DayEarly  DayState = "early"  // over, or before the parts and the notice
	DayLate   DayState = "late"   // the repair cannot wait so long, or nobody plans so far
)

// FreeDay is one local day of a workshop.
type FreeDay struct {
	Day   string    `json:"day" example:"2026-12-07"` // local
	State DayState  `json:"state" enum:"free,full,closed,early,late"`
	First time.Time `json:"first,omitzero"` // the first free start, where there is one
}

// FreeMonth is a month of a workshop's calendar for one visit.
type FreeMonth struct {
	WorkshopID string    `json:"workshop_id"`
	Zone       string    `json:"zone"`                    // of the days
	Month      string    `json:"month" example:"2026-12"` // local
	From       time.Time `json:"from"`                    // no visit begins earlier,
	Until      time.Time `json:"until"`                   // and none later
	Days       []FreeDay `json:"days"`
}

// Errand is a visit that somebody looks for a time for.
type Errand struct {
	WorkshopID string
	Jobs       []string // codes
	At         *Place   // where a van does them; nil: at the workshop
}

// Month reads "2026-12" as the first of the month, midnight in a zone. ErrInvalid
// when it cannot be read.
func Month(text string, zone *time.Location) (time.Time, error) {
	return dated("month", "2006-01", text, zone)
}

// Date reads "2026-12-07" as midnight in a zone. ErrInvalid when it cannot be read.
func Date(text string, zone *time.Location) (time.Time, error) {
	return dated("day", time.DateOnly, text, zone)
}

func dated(field, layout, text string, zone *time.Location) (time.Time, error) {
	t, err := time.ParseInLocation(layout, text, zone)
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return time.Time{}, fmt.Errorf("%s: %w: %.20q: want %s", field, ErrInvalid, text,
			time.Date(2026, time.December, 7, 0, 0, 0, 0, time.UTC).Format(layout))
	}
	return t, nil
}
