package presage

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"
)

// WeekHours are hours of work that come back each week, as the clocks on the wall
// show them: the opening hours of a workshop, or the shift of a technician. A break
// is the time between two of them.
type WeekHours struct {
	Days []time.Weekday `json:"days" minItems:"1" maxItems:"7" doc:"0 is Sunday"`
	From string         `json:"from" maxLength:"5" example:"08:00"`
	To   string         `json:"to" maxLength:"5" example:"12:30" doc:"24:00 for midnight"`
}

// Week are the hours of each weekday from Sunday on, in order and apart from each other.
type Week [7][]DayHours

// DayHours is a stretch of a day: how long after midnight, on the wall.
type DayHours struct{ From, To time.Duration }

// QuarterHour is the smallest time that is sold; hours begin and end with one.
const QuarterHour = 15 * time.Minute

// ReadWeek reads hours of work; hours that touch become one. ErrInvalid names every
// fault by its place in the field.
func ReadWeek(field string, list []WeekHours) (Week, error) {
	var week Week
	var faults []error
	bad := func(i int, of, format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s[%d].%s: %w: "+format, append([]any{field, i, of, ErrInvalid}, args...)...))
	}
	for i, h := range list {
		hours, err := h.read()
		if err != nil {
			faults = append(faults, under(fmt.Sprintf("%s[%d]", field, i), err)...)
		}
		if len(h.Days) == 0 {
			bad(i, "days", "it names no day")
		}
		for n, day := range h.Days {
			switch {
			case day < time.Sunday || day > time.Saturday:
				bad(i, "days", "day %d: want 0 (Sunday) to 6 (Saturday)", day)
			case slices.Contains(h.Days[:n], day):
				bad(i, "days", "day %d is named twice", day)
			default:
				week[day] = append(week[day], hours)
			}
		}
	}
	if len(faults) > 0 {
		return Week{}, errors.Join(faults...)
	}
	return week.joined(field)
}

// read reads from when to when; every fault begins with its field.
func (h WeekHours) read() (DayHours, error) {
	from, errFrom := clock(h.From)
	to, errTo := clock(h.To)
	var faults []error
	if errFrom != nil {
		faults = append(faults, fmt.Errorf("from: %w: %w", ErrInvalid, errFrom))
	}
	if errTo != nil {
		faults = append(faults, fmt.Errorf("to: %w: %w", ErrInvalid, errTo))
	}
	if len(faults) == 0 && from >= to {
		faults = append(faults, fmt.Errorf("to: %w: %s is not after %s: hours over midnight are two stretches", ErrInvalid,
			h.To, h.From))
	}
	return DayHours{from, to}, errors.Join(faults...)
}

// under puts joined faults below a field.
func under(field string, err error) []error {
	var list []error
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		for _, x := range joined.Unwrap() {
			list = append(list, fmt.Errorf("%s.%w", field, x))
		}
	}
	return list
}

// joined sorts the hours and makes one of those that touch. ErrInvalid when some overlap.
func (w Week) joined(field string) (Week, error) {
	var faults []error
	for day, hours := range w {
		slices.SortFunc(hours, func(a, b DayHours) int { return cmp.Compare(a.From, b.From) })
		var list []DayHours
		for _, h := range hours {
			switch n := len(list); {
			case n > 0 && h.From < list[n-1].To:
				faults = append(faults, fmt.Errorf("%s: %w: day %d: hours overlap at %s", field, ErrInvalid, day,
					wallClock(h.From)))
			case n > 0 && h.From == list[n-1].To:
				list[n-1].To = h.To
			default:
				list = append(list, h)
			}
		}
		w[day] = list
	}
	return w, errors.Join(faults...)
}

// Within are the hours that both weeks have.
func (w Week) Within(o Week) Week {
	var both Week
	for day := range w {
		for _, a := range w[day] {
			for _, b := range o[day] {
				if h := (DayHours{max(a.From, b.From), min(a.To, b.To)}); h.From < h.To {
					both[day] = append(both[day], h)
				}
			}
		}
	}
	return both
}

// Empty tells that nobody ever works.
func (w Week) Empty() bool {
	return !slices.ContainsFunc(w[:], func(day []DayHours) bool { return len(day) > 0 })
}

// clock reads "08:15" as the time since midnight.
func clock(text string) (time.Duration, error) {
	if text == "24:00" {
		return 24 * time.Hour, nil
	}
	t, err := time.Parse("15:04", text)
	d := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	if err != nil || len(text) != len("15:04") || d%QuarterHour != 0 {
		return 0, fmt.Errorf("%.20q: want a quarter of an hour from 00:00 to 24:00, such as 08:15", text)
	}
	return d, nil
}

func wallClock(d time.Duration) string {
	return fmt.Sprintf("%02d:%02d", int(d.Hours()), int(d.Minutes())%60)
}

// Location is the zone of the workshop's clocks; ErrInvalid for one that is unknown.
func (w Workshop) Location() (*time.Location, error) {
	zone, err := time.LoadLocation(w.Zone)
	if err != nil {
		return nil, fmt.Errorf("%w workshop %s: zone %q is unknown", ErrInvalid, w.ID, w.Zone)
	}
	return zone, nil
}

// Opening is when the workshop works: by Week where it has one, else from OpenHour
// to CloseHour on the days that are not in ClosedOn. Errors are those of ReadWeek.
func (w Workshop) Opening() (Week, error) {
	if len(w.Week) > 0 {
		return ReadWeek("week", w.Week)
	}
	var week Week
	h := DayHours{time.Duration(w.OpenHour) * time.Hour, time.Duration(w.CloseHour) * time.Hour}
	for day := range week {
		if h.From < h.To && !slices.Contains(w.ClosedOn, time.Weekday(day)) {
			week[day] = []DayHours{h}
		}
	}
	return week, nil
}
