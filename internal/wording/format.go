package wording

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"presage"
)

// Moment writes a time of day in the zone: "Tue 9 Dec 09:00", "12月9日周二09:00".
func Moment(l presage.Lang, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	if l == presage.Chinese {
		return fmt.Sprintf("%d月%d日%s%s", t.Month(), t.Day(), weekday(l, t.Weekday()), t.Format("15:04"))
	}
	return t.Format("Mon 2 Jan 15:04")
}

// VisitTime writes a time at the workshop as its clocks show it, and says so
// where the reader's clocks show another: "Tue 9 Dec 09:00 (Shanghai time)",
// "12月9日周二09:00（门店当地时间）".
func VisitTime(l presage.Lang, t time.Time, workshop, reader *time.Location) string {
	return Moment(l, t, workshop) + bracketed(l, ZoneNote(l, t, workshop, reader))
}

// bracketed is a note behind a time; "" for none.
func bracketed(l presage.Lang, note string) string {
	switch {
	case note == "":
		return ""
	case l == presage.Chinese:
		return "（" + note + "）"
	}
	return " (" + note + ")"
}

// withoutWeekday is Moment for a text that has to be short.
func withoutWeekday(l presage.Lang, t time.Time, zone *time.Location) string {
	t = t.In(zone)
	if l == presage.Chinese {
		return fmt.Sprintf("%d月%d日%s", t.Month(), t.Day(), t.Format("15:04"))
	}
	return t.Format("2 Jan 15:04")
}

// ZoneNote says whose time the workshop's is, where the reader's clocks show
// another at t: "Shanghai time", "门店当地时间"; else "".
func ZoneNote(l presage.Lang, t time.Time, workshop, reader *time.Location) string {
	_, there := t.In(workshop).Zone()
	_, here := t.In(reader).Zone()
	switch {
	case there == here:
		return ""
	case l == presage.Chinese:
		return "门店当地时间"
	}
	name := workshop.String()
	return strings.ReplaceAll(name[strings.LastIndexByte(name, '/')+1:], "_", " ") + " time"
}

// Date writes a day in the zone: "9 Dec", "12月9日"; with the year when it is
// more than 300 days from the day it is read.
func Date(l presage.Lang, t, read time.Time, zone *time.Location) string {
	t = t.In(zone)
	far := t.Sub(read) > 300*24*time.Hour
	switch {
	case l == presage.Chinese && far:
		return fmt.Sprintf("%d年%d月%d日", t.Year(), t.Month(), t.Day())
	case l == presage.Chinese:
		return fmt.Sprintf("%d月%d日", t.Month(), t.Day())
	case far:
		return t.Format("2 Jan 2006")
	}
	return t.Format("2 Jan")
}

// weekday writes a day of the week: "Mon", "周一".
func weekday(l presage.Lang, d time.Weekday) string {
	return presage.Text{ZH: "周" + string([]rune("日一二三四五六")[d]), EN: d.String()[:3]}.In(l)
}

// Price writes money without cents that are zero: "CNY 698", "698元".
func Price(l presage.Lang, m presage.Money) string {
	amount := strconv.FormatFloat(float64(m.Minor)/100, 'f', 2, 64)
	amount = strings.TrimSuffix(amount, ".00")
	if l == presage.Chinese && m.Currency == "CNY" {
		return amount + "元"
	}
	return m.Currency + " " + amount
}

// Duration writes a visit's length: "60 min", "2 h 30 min", "60分钟".
func Duration(l presage.Lang, d time.Duration) string {
	minutes := int(math.Round(d.Minutes()))
	h, m := minutes/60, minutes%60
	hour, minute := " h", " min"
	if l == presage.Chinese {
		hour, minute = "小时", "分钟"
	}
	switch {
	case h < 2:
		return strconv.Itoa(minutes) + minute
	case m == 0:
		return strconv.Itoa(h) + hour
	case l == presage.Chinese:
		return fmt.Sprintf("%d%s%d%s", h, hour, m, minute)
	}
	return fmt.Sprintf("%d%s %d%s", h, hour, m, minute)
}

// number writes x with at most the given decimals and no trailing zeros.
func number(x float64, decimals int) string {
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// capital raises the first letter of an English text.
func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// lower puts a name inside a sentence: "Front brake pads" becomes "front brake
// pads", "12 V battery" and "HV battery" stay.
func lower(s string) string {
	if len(s) > 1 && (s[1] >= 'a' && s[1] <= 'z' || strings.HasPrefix(s, "A ")) {
		return strings.ToLower(s[:1]) + s[1:]
	}
	return s
}
