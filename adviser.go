package presage

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Adviser is a person who answers customers and calls them. Conversations and cases
// name their owner by the adviser's name.
type Adviser struct {
	ID          string         `json:"id"`
	Name        string         `json:"name"`         // unlike any other's
	Workshops   []string       `json:"workshops"`    // IDs; none: all
	Languages   []Lang         `json:"languages"`    // at least one
	Skills      []string       `json:"skills"`       // such as hv, safety, body
	Zone        string         `json:"zone"`         // IANA, of the hours
	FromHour    int            `json:"from_hour"`    // works [FromHour, ToHour) by the clock of Zone
	ToHour      int            `json:"to_hour"`      // 1-24
	OffOn       []time.Weekday `json:"off_on"`       // 0 is Sunday
	AbsentUntil time.Time      `json:"absent_until"` // zero: not absent
	Disabled    bool           `json:"disabled"`     // so is the account of this name: absent until it is not
}

// SkillSafety is of advisers who handle what is a matter of safety.
const SkillSafety = "safety"

// AdviserLoad is what an adviser has.
type AdviserLoad struct {
	Open   int `json:"open"`   // conversations and cases that wait
	Lately int `json:"lately"` // were given in the last 24 hours
}

// Absent tells whether the adviser is away at t.
func (a Adviser) Absent(t time.Time) bool { return a.Disabled || a.AbsentUntil.After(t) }

// OnDuty tells whether the adviser works at t.
func (a Adviser) OnDuty(t time.Time) bool {
	zone, err := time.LoadLocation(a.Zone)
	if err != nil {
		zone = time.UTC
	}
	local := t.In(zone)
	return !a.Absent(t) && !slices.Contains(a.OffOn, local.Weekday()) &&
		local.Hour() >= a.FromHour && local.Hour() < a.ToHour
}

var skillForm = regexp.MustCompile(`^[a-z][a-z0-9_]{0,31}$`)

// Validate says all that is wrong with an adviser, by field name; ErrInvalid.
func (a Adviser) Validate() error {
	var faults []error
	check := func(ok bool, field, want string) {
		if !ok {
			faults = append(faults, AtField(field, fmt.Errorf("%w: want %s", ErrInvalid, want)))
		}
	}
	told := func(err error, field string) {
		if err != nil {
			faults = append(faults, AtField(field, err))
		}
	}
	told(CheckID(a.ID), "id")
	told(CheckPlain(a.Name, longestName), "name")
	check(strings.TrimSpace(a.Name) != "" && a.Name == strings.TrimSpace(a.Name),
		"name", "a name without spaces around it")
	roles := []string{OwnerOutreach, OwnerAdviser, OwnerWorkshop, OwnerManager}
	check(!slices.Contains(roles, a.Name), "name", "a person's, not a role's")
	check(len(a.Workshops) <= 200, "workshops", "at most 200")
	for i, id := range a.Workshops {
		check(CheckID(id) == nil, fmt.Sprintf("workshops[%d]", i), "the ID of a workshop")
	}
	check(len(a.Languages) > 0 && len(a.Languages) <= 2, "languages", "zh, en, or both")
	for i, l := range a.Languages {
		check(l == Chinese || l == English, fmt.Sprintf("languages[%d]", i), "zh or en")
	}
	check(len(a.Skills) <= 20, "skills", "at most 20")
	for i, s := range a.Skills {
		check(skillForm.MatchString(s), fmt.Sprintf("skills[%d]", i), "small letters and digits, such as hv")
	}
	a.checkHours(check)
	return errors.Join(faults...)
}

func (a Adviser) checkHours(check func(ok bool, field, want string)) {
	zone, err := time.LoadLocation(a.Zone)
	check(err == nil && zone != time.Local && len(a.Zone) <= 64, "zone", "a zone such as Asia/Shanghai")
	check(a.FromHour >= 0 && a.FromHour < a.ToHour, "from_hour", "0-23, before to_hour")
	check(a.ToHour <= 24, "to_hour", "1-24")
	for i, d := range a.OffOn {
		check(d >= time.Sunday && d <= time.Saturday, fmt.Sprintf("off_on[%d]", i), "0-6, 0 is Sunday")
	}
}
