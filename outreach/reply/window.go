package reply

import "time"

// window is the moment that a wish is about: the first day that it names, from
// the hour that it names; zero for none. It guides the look for free times only.
func (m mention) window(now time.Time) time.Time {
	if now.IsZero() || len(m.weekdays)+len(m.dates)+len(m.hours)+len(m.parts) == 0 {
		return time.Time{}
	}
	day := now
	for range 62 {
		if t := m.start(day); t.After(now) && m.onDay(t) {
			return t
		}
		day = day.AddDate(0, 0, 1)
	}
	return time.Time{}
}

// onDay tells whether a day is one that was named.
func (m mention) onDay(t time.Time) bool {
	days := mention{weekdays: m.weekdays, dates: m.dates}
	return days.fits(t)
}

// start is the hour of a day at which a wish begins.
func (m mention) start(day time.Time) time.Time {
	hour, minute := 0, 0
	switch {
	case len(m.hours) > 0:
		hour, minute = m.hours[0].hour, m.hours[0].minute
		if !m.hours[0].exact && hour < 7 {
			hour += 12
		}
	case len(m.parts) > 0:
		hour = m.parts[0].from
	}
	return time.Date(day.Year(), day.Month(), day.Day(), hour, minute, 0, 0, day.Location())
}
