package reply

import (
	"strings"
	"time"
)

// doneOn is the day on which something is said to have been done, at noon: the
// last one that fits what is named. around tells that only a week or a month was
// named; zero for no day.
func doneOn(s said, now time.Time) (day time.Time, around bool) {
	if now.IsZero() {
		return day, false
	}
	noon, whole := noonOf(now), s.joined()
	if days, found := daysAgo(whole); found {
		return noon.AddDate(0, 0, -days), days > 2
	}
	m, _ := named(s)
	lastWeek := phrase(whole.words, "last-week") || holds(whole.text, "last-week-zh")
	switch {
	case len(m.weekdays)+len(m.dates) > 0:
	case lastWeek:
		return noon.AddDate(0, 0, -7), true
	default:
		return inMonth(whole, noon)
	}
	for back := range 366 {
		d := noon.AddDate(0, 0, -back)
		if back > 0 && m.onDay(d) && (!lastWeek || !sameWeek(d, noon)) {
			return d, false
		}
	}
	return day, false
}

func noonOf(day time.Time) time.Time {
	return time.Date(day.Year(), day.Month(), day.Day(), 12, 0, 0, 0, day.Location())
}

// sameWeek tells whether two days are of one week that begins on Monday.
func sameWeek(a, b time.Time) bool {
	ay, aw := a.ISOWeek()
	by, bw := b.ISOWeek()
	return ay == by && aw == bw
}

// daysAgo reads "yesterday", "2 weeks ago", 三天前, 上个月.
func daysAgo(c clause) (days int, found bool) {
	for _, p := range class("days-ago") { // "yesterday=1"
		name, n, _ := strings.Cut(p, "=")
		if strings.Contains("_"+strings.Join(c.words, "_")+"_", "_"+name+"_") || han(name) && strings.Contains(c.text, name) {
			return numberIn(n), true
		}
	}
	for i, w := range c.words {
		if n := spelt(w); n > 0 && len(c.words) > i+2 && c.words[i+2] == "ago" {
			return n * span(c.words[i+1]), span(c.words[i+1]) > 0
		}
	}
	return daysAgoZH(c.text)
}

// daysAgoZH reads 三天前 and 两个星期前.
func daysAgoZH(text string) (days int, found bool) {
	for _, unit := range class("ago-zh") { // "天前=1"
		name, each, _ := strings.Cut(unit, "=")
		before, _, ok := strings.Cut(text, name)
		r := []rune(before)
		for k := min(3, len(r)); ok && k > 0; k-- {
			if n := numeralZH(string(r[len(r)-k:])); n > 0 {
				return n * numberIn(each), true
			}
		}
	}
	return 0, false
}

// span is the days of a unit.
func span(unit string) int {
	switch strings.TrimSuffix(unit, "s") {
	case "day":
		return 1
	case "week", "wk":
		return 7
	case "month":
		return 30
	}
	return 0
}

// inMonth is the middle of a month that was named: "in august", 8月份.
func inMonth(c clause, noon time.Time) (time.Time, bool) {
	month := monthOf(c)
	if month == 0 {
		return time.Time{}, false
	}
	day := time.Date(noon.Year(), time.Month(month), 15, 12, 0, 0, 0, noon.Location())
	if day.After(noon) {
		day = day.AddDate(-1, 0, 0)
	}
	return day, true
}

// monthOf is the month that a text names, 0 for none; "may" is mostly another word.
func monthOf(c clause) int {
	month := 0
	for _, w := range c.words {
		if m := monthEN(w); m > 0 && w != "may" {
			month = m
		}
	}
	for i := range c.text {
		if n, rest := leading(c.text[i:]); n > 0 && n <= 12 && strings.HasPrefix(rest, "月") && month == 0 {
			month = n
		}
	}
	return month
}
