package reply

import (
	"slices"
	"strings"
	"time"
)

// weekdayEN reads monday, mon, weds, mondays and what is near to one.
func weekdayEN(w string) (time.Weekday, bool) {
	w = strings.TrimSuffix(w, "s")
	for d := time.Sunday; d <= time.Saturday; d++ {
		full := strings.ToLower(d.String())
		if w == full || len(w) >= 6 && misspelt(w, full) {
			return d, true
		}
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if in(w, "weekday-"+strings.ToLower(d.String()[:3])) {
			return d, true
		}
	}
	return 0, false
}

// monthEN reads dec and december.
func monthEN(w string) int {
	for m := time.January; m <= time.December; m++ {
		full := strings.ToLower(m.String())
		if w == full || w == full[:3] || w == "sept" && m == time.September {
			return int(m)
		}
	}
	return 0
}

// dayNumber reads 1, 1st and first as a day of a month.
func dayNumber(w string) (n int, suffixed bool) {
	switch w {
	case "first":
		return 1, true
	case "second":
		return 2, true
	case "third":
		return 3, true
	}
	for _, end := range []string{"st", "nd", "rd", "th"} {
		if rest, found := strings.CutSuffix(w, end); found {
			n, suffixed = numberIn(rest), true
		}
	}
	if !suffixed {
		n = numberIn(w)
	}
	if n < 1 || n > 31 {
		return 0, false
	}
	return n, suffixed
}

// mentionEN gathers the times of a clause.
//
//nolint:cyclop // a list of forms, read from the top
func mentionEN(words []string) mention {
	var m mention
	for i, w := range words {
		behind, before := words[i+1:], words[:i]
		if d, ok := weekdayEN(w); ok {
			m.weekdays = append(m.weekdays, d)
			m.vague = m.vague || in(last(before), "week-after") || last(before) == "last"
		}
		if d, ok := dateEN(w, before, behind); ok {
			m.dates = append(m.dates, d)
		}
		if h, ok := hourEN(w, before, behind); ok {
			m.hours = append(m.hours, h)
		}
		if p, ok := partEN(w, before); ok {
			m.parts = append(m.parts, p)
		}
		m.vague = m.vague || (w == "after" || w == "before") && spelt(strings.TrimRight(first(behind), "amp")) > 0
		m.vague = m.vague || strings.Contains(w, ":") && !clocked(w) // 25:00
		m.vague = m.vague || in(w, "some-time") || in(w, "span") && has(before[max(0, len(before)-3):], "week-after")
	}
	return m
}

func last(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[len(words)-1]
}

func first(words []string) string {
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// dateEN reads 1 dec, dec 1st, the 1st of december, 30/11 and the 30th. The 2nd
// alone may be the second of the slots.
//
//nolint:cyclop // a list of forms, read from the top
func dateEN(w string, before, behind []string) (d date, ok bool) {
	if a, b, found := strings.Cut(w, "/"); found {
		return date{month: numberIn(b), day: numberIn(a)}, numberIn(a) > 0 && numberIn(b) > 0
	}
	n, suffixed := dayNumber(w)
	if n == 0 {
		return d, false
	}
	if first(behind) == "of" {
		behind = behind[1:]
	}
	if last(before) == "the" && len(before) > 1 && monthEN(before[len(before)-2]) > 0 {
		before = before[:len(before)-1]
	}
	switch {
	case monthEN(first(behind)) > 0:
		return date{monthEN(first(behind)), n}, true
	case monthEN(last(before)) > 0:
		return date{monthEN(last(before)), n}, true
	}
	on := len(before) > 1 && last(before) == "the" && one(before[len(before)-2:], "on", "until", "after", "from")
	return date{day: n}, suffixed && (n > 3 || on)
}

// hourEN reads 2pm, 9 am, 10:30, half ten, 9 oclock and at 2.
//
//nolint:cyclop // a list of forms, read from the top
func hourEN(w string, before, behind []string) (h hour, ok bool) {
	for _, half := range []string{"am", "pm"} {
		rest, joined := strings.CutSuffix(w, half)
		if !joined && first(behind) != half {
			continue
		}
		if h, ok = clockTime(rest); !ok {
			h = hour{hour: spelt(rest)}
		}
		return twelve(h, half == "pm"), h.hour >= 0 && h.hour <= 12
	}
	if h, ok = clockTime(w); ok {
		return h, !one(head(behind, 1), "miles", "km") && last(before) != "£"
	}
	n := spelt(w)
	if n < 1 || n > 23 {
		return h, false
	}
	h = hour{hour: n, exact: n > 12}
	if last(before) == "half" || last(before) == "past" && one(before, "half") {
		h.minute = 30
		return h, true
	}
	if m := numberIn(first(behind)); n > 3 && (m == 15 || m == 30 || m == 45) {
		h.minute = m
		return h, true
	}
	return h, one(head(behind, 1), "oclock", "ish") || in(last(before), "at-hour")
}

// spelt reads a number of a clock, in digits or as a word; -1 for none.
func spelt(w string) int {
	if n := slices.Index(class("spelt"), w); n >= 0 {
		return n
	}
	if n := numberIn(w); len(w) <= 2 {
		return n
	}
	return -1
}

func partEN(w string, before []string) (part, bool) {
	switch {
	case in(w, "morning") && last(before) != "good":
		return morning(), true
	case in(w, "afternoon") && last(before) != "good":
		return afternoon(), true
	case in(w, "evening") && last(before) != "good":
		return evening(), true
	case in(w, "noon"):
		return noon(), true
	}
	return part{}, false
}
