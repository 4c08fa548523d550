package presage

import (
	"fmt"
	"time"
)

// Technician works in one workshop.
type Technician struct {
	ID     string   `json:"id"` // unique over all workshops
	Name   string   `json:"name"`
	Skills []string `json:"skills"` // "hv", ...
	// Level is how hard a job they may be given, 1 to 3; 0 where nobody says.
	Level int `json:"level,omitempty" minimum:"0" maximum:"3"`
	// Certificates are the skills that run out.
	Certificates []Certificate `json:"certificates,omitempty" maxItems:"50"`
	// Shifts are when they work; none: whenever the workshop is open.
	Shifts []WeekHours `json:"shifts,omitempty" maxItems:"50"`
}

// Certificate says that somebody may do what a skill is asked for, until a day. A
// skill with a certificate counts no longer than that, one without for good.
type Certificate struct {
	Skill string `json:"skill" maxLength:"64" example:"hv"`
	Until string `json:"until" maxLength:"10" example:"2027-05-31" doc:"The last day, local"`
}

// Ends is the midnight on which the certificate counts no more, on the wall (written
// as if the clocks showed UTC). ErrInvalid when the day cannot be read.
func (c Certificate) Ends() (time.Time, error) {
	t, err := time.Parse(time.DateOnly, c.Until)
	if err != nil {
		return t, fmt.Errorf("%w day %.20q: want one like 2027-05-31", ErrInvalid, c.Until)
	}
	return t.Add(24 * time.Hour), nil
}
