package wording

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// weekHours are opening hours that differ from day to day: "Mon-Fri 8:00-12:00,
// 13:00-18:00; Sat 9:00-13:00", from Monday on; "" where they cannot be read.
func weekHours(w presage.Workshop, lang presage.Lang) string {
	week, err := w.Opening()
	if err != nil {
		return ""
	}
	monday := [7]time.Weekday{1, 2, 3, 4, 5, 6, 0}
	var parts []string
	for i := 0; i < len(monday); {
		hours, next := week[monday[i]], i+1
		for next < len(monday) && slices.Equal(week[monday[next]], hours) {
			next++
		}
		if len(hours) > 0 {
			parts = append(parts, dayRange(lang, monday[i], monday[next-1])+stretches(lang, hours))
		}
		i = next
	}
	return strings.Join(parts, presage.Text{ZH: "；", EN: "; "}.In(lang))
}

func dayRange(lang presage.Lang, first, last time.Weekday) string {
	text := weekday(lang, first)
	if first != last {
		text += presage.Text{ZH: "至", EN: "-"}.In(lang) + weekday(lang, last)
	}
	return text + presage.Text{EN: " "}.In(lang)
}

func stretches(lang presage.Lang, hours []presage.DayHours) string {
	var list []string
	for _, h := range hours {
		list = append(list, wall(h.From)+"-"+wall(h.To))
	}
	return strings.Join(list, presage.Text{ZH: "、", EN: ", "}.In(lang))
}

func wall(d time.Duration) string { return fmt.Sprintf("%d:%02d", int(d.Hours()), int(d.Minutes())%60) }
