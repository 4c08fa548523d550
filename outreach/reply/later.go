package reply

import (
	"strings"
	"time"
)

// laterAt is the day from which somebody wants to be asked again, at noon: "next
// month", "in two weeks", 过两周, 下个月; zero when none was named.
func laterAt(s said, now time.Time) time.Time {
	if now.IsZero() {
		return now
	}
	noon, whole := noonOf(now), s.joined()
	if days := daysAhead(whole); days > 0 {
		return noon.AddDate(0, 0, days)
	}
	switch {
	case nextSpan(whole.words, "month") || strings.Contains(whole.text, "下个月") || strings.Contains(whole.text, "下月"):
		return noon.AddDate(0, 1, 1-noon.Day())
	case nextSpan(whole.words, "week"), strings.Contains(whole.text, "下周"), strings.Contains(whole.text, "下个星期"):
		return noon.AddDate(0, 0, daysToMonday(noon))
	}
	m, _ := named(s)
	day := mention{weekdays: m.weekdays, dates: m.dates}.window(now)
	if day.IsZero() {
		return monthAhead(whole, noon)
	}
	return noonOf(day)
}

// monthAhead is the first day of a month to come that is named: "in march", 四月再说;
// zero for none. "Next year" is none, it is often a no.
func monthAhead(c clause, noon time.Time) time.Time {
	month := monthOf(c)
	if month == 0 {
		return time.Time{}
	}
	ahead := (month - int(noon.Month()) + 12) % 12
	if ahead == 0 {
		ahead = 12
	}
	return noon.AddDate(0, 0, 1-noon.Day()).AddDate(0, ahead, 0)
}

// daysToMonday counts the days until the next week begins.
func daysToMonday(t time.Time) int { return 7 - (int(t.Weekday())+6)%7 }

// nextSpan is for "next month" and "the following week".
func nextSpan(words []string, unit string) bool {
	for i, w := range words {
		if i > 0 && w == unit && (words[i-1] == "next" || words[i-1] == "following") {
			return true
		}
	}
	return false
}

// daysAhead reads "in two weeks", "in a fortnight", 过两周, 三天后; 0 for none.
func daysAhead(c clause) int {
	for i, w := range c.words {
		if w != "in" && w != "after" && w != "another" {
			continue
		}
		if days := spanOf(c.words[i+1:]); days > 0 {
			return days
		}
	}
	return daysAheadZH(c.text)
}

// spanOf reads "two weeks" and "a fortnight" in days, at the beginning of words.
func spanOf(words []string) int {
	n := 1
	switch {
	case len(words) < 2:
	case words[0] == "a":
		words = words[1:]
	case spelt(words[0]) > 0:
		n, words = spelt(words[0]), words[1:]
	}
	if first(words) == "fortnight" {
		return n * 14
	}
	return n * span(first(words))
}

// daysAheadZH reads 过两周, 两个星期后, 一个月以后.
func daysAheadZH(text string) int {
	units := []struct {
		name string
		days int
	}{{"天", 1}, {"个星期", 7}, {"星期", 7}, {"个礼拜", 7}, {"礼拜", 7}, {"周", 7}, {"个月", 30}}
	r := []rune(text)
	for i := range r {
		n, rest := leading(string(r[i:]))
		for _, u := range units {
			tail, found := strings.CutPrefix(rest, u.name)
			after := strings.HasPrefix(tail, "后") || strings.HasPrefix(tail, "以后") || strings.HasPrefix(tail, "之后")
			ahead := i > 0 && (r[i-1] == '过' || r[i-1] == '等') || after
			if n > 0 && found && ahead {
				return n * u.days
			}
		}
	}
	return 0
}
