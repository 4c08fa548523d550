package reply

import (
	"strings"
	"time"
	"unicode"
)

// mentionZH gathers the times of a clause: 周三上午, 12月1号, 下午两点, 周末.
func mentionZH(text string) mention {
	var m mention
	r := []rune(text)
	for i := range r {
		rest := string(r[i:])
		if d, ok := weekdayZH(rest); ok {
			m.weekdays = append(m.weekdays, d)
			m.vague = m.vague || strings.HasSuffix(string(r[:i]), "下下")
		}
		if insideNumber(r, i) {
			continue
		}
		if d, ok := dateZH(rest, string(r[:i])); ok {
			m.dates = append(m.dates, d)
		}
		if h, ok := hourZH(rest, string(r[:i])); ok {
			m.hours = append(m.hours, h)
		}
	}
	for i, p := range []part{morning(), afternoon(), evening(), noon()} {
		if holds(text, []string{"morning-zh", "afternoon-zh", "evening-zh", "noon-zh"}[i]) {
			m.parts = append(m.parts, p)
		}
	}
	m.vague = m.vague || holds(strings.TrimPrefix(strings.TrimPrefix(text, "刚才"), "另外"), "some-time-zh")
	return m
}

// insideNumber tells whether the character before i belongs to the same number;
// the day of 周二五点 does not.
func insideNumber(r []rune, i int) bool {
	if i == 0 || i > 1 && strings.ContainsRune("周期拜", r[i-2]) {
		return false
	}
	return unicode.IsDigit(r[i-1]) || numeralZH(string(r[i-1])) > 0 || i > 1 && r[i-1] == '.' && unicode.IsDigit(r[i-2])
}

// weekdayZH reads 周三, 星期三, 礼拜三, 周3.
func weekdayZH(text string) (time.Weekday, bool) {
	for _, p := range []string{"周", "星期", "礼拜"} {
		rest, ok := strings.CutPrefix(text, p)
		if !ok {
			continue
		}
		for i, names := range []string{"日天", "一1", "二2", "三3", "四4", "五5", "六6"} {
			if x := []rune(rest); len(x) > 0 && strings.ContainsRune(names, x[0]) {
				return time.Weekday(i), true
			}
		}
	}
	return 0, false
}

// numeralZH reads 1 to 31 in digits or in Chinese; 0 for anything else.
//
//nolint:cyclop // a list of forms, read from the top
func numeralZH(w string) int {
	if n := numberIn(w); n > 0 && n < 60 {
		return n
	}
	digit := func(r rune) int {
		for i, names := range []string{"", "一", "二两", "三", "四", "五", "六", "七", "八", "九"} {
			if strings.ContainsRune(names, r) {
				return i
			}
		}
		return 0
	}
	r := []rune(w)
	switch {
	case len(r) == 1 && r[0] == '十':
		return 10
	case len(r) == 1:
		return digit(r[0])
	case len(r) == 2 && r[0] == '十' && digit(r[1]) > 0:
		return 10 + digit(r[1])
	case len(r) == 2 && r[1] == '十' && digit(r[0]) > 0:
		return 10 * digit(r[0])
	case len(r) == 3 && r[1] == '十' && digit(r[0]) > 0 && digit(r[2]) > 0:
		return 10*digit(r[0]) + digit(r[2])
	}
	return 0
}

// leading takes a number off the front.
func leading(text string) (n int, rest string) {
	r := []rune(text)
	for k := min(3, len(r)); k > 0; k-- {
		if n := numeralZH(string(r[:k])); n > 0 {
			return n, string(r[k:])
		}
	}
	return 0, text
}

// dateZH reads 12月1号, 12月1, 12/1, 12.1 and 30号. 2号 alone may be the second
// of the slots.
//
//nolint:cyclop // a list of forms, read from the top
func dateZH(text, before string) (d date, ok bool) {
	n, rest := leading(text)
	if n == 0 {
		return d, false
	}
	for _, sep := range []string{"月", "/", "."} {
		tail, found := strings.CutPrefix(rest, sep)
		day, end := leading(tail)
		if !found || day == 0 || n > 12 {
			continue
		}
		if sep != "月" && (strings.HasPrefix(end, "点") || n != 12 && n != 11) {
			continue
		}
		return date{n, day}, day <= 31
	}
	tail, found := strings.CutPrefix(rest, "号")
	if !found {
		tail, found = strings.CutPrefix(rest, "日")
	}
	if !found || n > 31 || strings.HasSuffix(before, "月") ||
		strings.HasPrefix(tail, "时段") || strings.HasPrefix(tail, "门") {
		return d, false
	}
	return date{day: n}, n > 3 || starts(tail, "of-a-day-zh")
}

// hourZH reads 9点, 下午两点半, 14:00, 10:30.
//
//nolint:cyclop // a list of forms, read from the top
func hourZH(text, before string) (h hour, ok bool) {
	clock := text
	if i := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsDigit(r) && r != ':' }); i >= 0 {
		clock = text[:i]
	}
	if h, ok = clockTime(clock); ok && strings.Contains(clock, ":") {
		return h, true
	}
	n, rest := leading(text)
	tail, found := strings.CutPrefix(rest, "点")
	if n == 0 || n > 24 || !found || strings.HasPrefix(tail, "多") {
		return hour{}, false
	}
	h = hour{hour: n, exact: n > 12}
	if strings.HasPrefix(tail, "半") {
		h.minute = 30
	} else if m, _ := leading(tail); m > 0 {
		h.minute = m
	}
	switch {
	case n > 12:
	case holds(before, "afternoon-zh", "evening-zh"):
		h = twelve(h, true)
	case holds(before, "morning-zh"):
		h = twelve(h, false)
	}
	return h, true
}
