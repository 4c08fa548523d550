package reply

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// mention is what a clause says of a time: each list holds what was named, an
// empty one leaves the matter open.
type mention struct {
	weekdays []time.Weekday
	dates    []date
	hours    []hour
	parts    []part
	vague    bool // another week, another day: nothing that is on offer
}

// date is a day of a month; month 0 means the one that comes.
type date struct{ month, day int }

// hour is a time of day as it was said: half past ten, 2 without a.m. or p.m.
type hour struct {
	hour, minute int
	exact        bool // a.m., p.m. or of 24
}

// part is hours of a day, [from, to).
type part struct{ from, to int }

// The parts of a day.
func morning() part   { return part{0, 12} }
func afternoon() part { return part{12, 18} }
func evening() part   { return part{18, 24} }
func noon() part      { return part{12, 13} }

func (m mention) empty() bool {
	return len(m.weekdays)+len(m.dates)+len(m.hours)+len(m.parts) == 0 && !m.vague
}

// fits tells whether a time is one that was named.
func (m mention) fits(t time.Time) bool {
	switch {
	case m.vague,
		len(m.weekdays) > 0 && !slices.Contains(m.weekdays, t.Weekday()),
		len(m.dates) > 0 && !slices.ContainsFunc(m.dates, func(d date) bool { return d.is(t) }),
		len(m.hours) > 0 && !slices.ContainsFunc(m.hours, func(h hour) bool { return h.is(t) }),
		len(m.parts) > 0 && !slices.ContainsFunc(m.parts, func(p part) bool { return p.holds(t) }):
		return false
	}
	return true
}

func (d date) is(t time.Time) bool {
	return t.Day() == d.day && (d.month == 0 || int(t.Month()) == d.month)
}

func (h hour) is(t time.Time) bool {
	return t.Minute() == h.minute && (t.Hour() == h.hour || !h.exact && h.hour < 12 && t.Hour() == h.hour+12)
}

func (p part) holds(t time.Time) bool { return t.Hour() >= p.from && t.Hour() < p.to }

// and adds what another part of the text names.
func (m mention) and(o mention) mention {
	return mention{
		weekdays: append(slices.Clone(m.weekdays), o.weekdays...), dates: append(slices.Clone(m.dates), o.dates...),
		hours: append(slices.Clone(m.hours), o.hours...), parts: append(slices.Clone(m.parts), o.parts...),
		vague: m.vague || o.vague,
	}
}

// named gathers the times of all clauses but those that say when it cannot be.
func named(s said) (m mention, excluded bool) {
	for _, c := range s.clauses {
		m.vague = m.vague || phrase(c.words, "far-time") || holds(c.text, "far-time-zh")
		if x := mentionEN(c.words).and(mentionZH(c.text)); x.empty() {
			continue
		} else if c.excludes() && !c.onlyThen() {
			excluded = true
		} else {
			m = m.and(x)
		}
	}
	return m, excluded
}

// excludes tells that a clause says when it cannot be.
func (c clause) excludes() bool {
	words := c.words
	for _, p := range class("work-trip") {
		words = withoutPhrase(words, strings.Split(p, "_"))
	}
	for _, p := range class("no-hindrance") {
		words = withoutPhrase(words, strings.Split(p, "_"))
	}
	return c.illTimed() || has(words, "impossible") || holds(less(c.text, "work-trip-zh"), "impossible-zh") ||
		holds(c.text, "not-time-zh")
}

// onlyThen is for 除了周二都没时间: what is named is the only time that suits.
func (c clause) onlyThen() bool {
	rest, found := strings.CutPrefix(c.text, "除了")
	return found && holds(rest, "impossible-zh") && strings.Contains(rest, "都")
}

// numberIn reads digits, up to four of them; -1 for anything else.
func numberIn(w string) int {
	if n, err := strconv.Atoi(w); err == nil && len(w) <= 4 && n >= 0 {
		return n
	}
	return -1
}

// clockTime reads 14:00, 10.30 and 1030.
func clockTime(w string) (h hour, ok bool) {
	a, b, found := strings.Cut(w, ":")
	if !found {
		a, b, found = strings.Cut(w, ".")
	}
	if !found && len(w) == 4 {
		a, b, found = w[:2], w[2:], true
	}
	x, y := numberIn(a), numberIn(b)
	if !found || x < 0 || x > 23 || y < 0 || y > 59 || len(b) != 2 || y%5 != 0 {
		return h, false
	}
	return hour{hour: x, minute: y, exact: x > 12 || strings.HasPrefix(a, "0")}, true
}

// twelve moves an hour of twelve into its half of the day.
func twelve(h hour, afternoon bool) hour {
	h.exact = true
	if afternoon && h.hour < 12 {
		h.hour += 12
	} else if !afternoon && h.hour == 12 {
		h.hour = 0
	}
	return h
}
