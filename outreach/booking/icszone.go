package booking

import (
	"time"

	ics "github.com/arran4/golang-ical"
)

// localStamp is a date with local time, RFC 5545 section 3.3.5, form 1.
const localStamp = "20060102T150405"

// clockTime writes t as the clocks of zone show it, or in UTC where that hour
// comes twice and the reader would take it for the first.
func clockTime(t time.Time, zone *time.Location) string {
	if again(t, zone) {
		return t.UTC().Format(localStamp + "Z")
	}
	return t.In(zone).Format(localStamp)
}

func tzid(t time.Time, zone *time.Location) []ics.PropertyParameter {
	if again(t, zone) {
		return nil
	}
	return []ics.PropertyParameter{ics.WithTZID(zone.String())}
}

// again tells that the clocks of zone showed the same time once before.
func again(t time.Time, zone *time.Location) bool {
	wall := onWall(t, zone)
	return shown(zone, wall, wall.Add(time.Second))[0].From.Before(t)
}

// addZone describes the zone (RFC 5545 section 3.6.5) from a year before the
// visit to a year after it: each change of the clocks with its date, which is
// right for zones that follow no rule too.
func addZone(cal *ics.Calendar, zone *time.Location, start, end time.Time) {
	tz := cal.AddTimezone(zone.String())
	for t, last := start.AddDate(-1, 0, 0).In(zone), end.AddDate(1, 0, 0); t.Before(last); {
		name, offset := t.Zone()
		since, until := t.ZoneBounds()
		before := offset
		if since.IsZero() {
			since = time.Date(1970, time.January, 1, 0, 0, 0, 0, zone)
		} else {
			_, before = since.Add(-time.Second).Zone()
		}
		period := ics.ComponentBase{}
		local := since.UTC().Add(time.Duration(before) * time.Second)
		period.SetProperty(ics.ComponentPropertyDtStart, local.Format(localStamp))
		period.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetfrom), utcOffset(before))
		period.SetProperty(ics.ComponentProperty(ics.PropertyTzoffsetto), utcOffset(offset))
		period.SetProperty(ics.ComponentProperty(ics.PropertyTzname), name)
		if t.IsDST() {
			tz.Components = append(tz.Components, &ics.Daylight{ComponentBase: period})
		} else {
			tz.Components = append(tz.Components, &ics.Standard{ComponentBase: period})
		}
		if until.IsZero() {
			return
		}
		t = until
	}
}

// utcOffset writes seconds east of UTC as +hhmm.
func utcOffset(seconds int) string {
	return time.Time{}.In(time.FixedZone("", seconds)).Format("-0700")
}
