package web

import (
	"fmt"
	"math"
	"time"

	"golang.org/x/text/message"

	"presage"
)

// speaker writes numbers, times and texts the way a reader of one language
// expects them. It is made once for each language.
type speaker struct {
	site *Site
	lang presage.Lang
	nums *message.Printer
}

func (p speaker) text(key string, args ...any) string { return p.site.wording.In(p.lang, key, args...) }

// pct writes a probability. Certainties are not ours to give: "<1 %", ">99 %".
func (p speaker) pct(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case x < 0.005:
		return "<1%"
	case x >= 0.995:
		return ">99%"
	}
	return fmt.Sprintf("%.0f%%", x*100)
}

// share writes a counted part of a whole, rounded down so that only all is 100 %.
func (p speaker) share(x float64) string { return fmt.Sprintf("%d%%", int(x*100+1e-9)) }

// tenthPct is share to the tenth of a percent.
func (p speaker) tenthPct(x float64) string { return p.tenths(math.Floor(x*1000+1e-9)/10) + "%" }

func (p speaker) whole(n any) string { return p.nums.Sprintf("%d", n) }

func (p speaker) tenths(x float64) string { return p.nums.Sprintf("%.1f", x) }

// number writes x with about three digits that matter.
func (p speaker) number(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "–"
	case x == math.Trunc(x) && a < 1e15, a >= 100:
		return p.nums.Sprintf("%.0f", x)
	case a >= 10:
		return p.nums.Sprintf("%.1f", x)
	}
	return p.nums.Sprintf("%.2f", x)
}

func (p speaker) money(m presage.Money) string {
	if m.Minor < 0 {
		return "−" + p.money(presage.Money{Minor: -m.Minor, Currency: m.Currency})
	}
	sign := m.Currency + " "
	if m.Currency == "CNY" {
		sign = "¥"
	}
	if m.Minor%100 == 0 {
		return sign + p.nums.Sprintf("%d", m.Minor/100)
	}
	return sign + p.nums.Sprintf("%.2f", float64(m.Minor)/100)
}

// zone is the place of a time shown to somebody: theirs, else the console's.
func (p speaker) zone(name string) *time.Location {
	if name != "" {
		if z, err := time.LoadLocation(name); err == nil {
			return z
		}
	}
	return p.site.conf.Zone
}

func (p speaker) date(t time.Time) string { return p.dateIn(t, "") }

func (p speaker) dateIn(t time.Time, zone string) string {
	if t.IsZero() {
		return "–"
	}
	t = t.In(p.zone(zone))
	if p.lang == presage.Chinese {
		return t.Format("2006年1月2日")
	}
	return t.Format("2 Jan 2006")
}

// dayIn writes a near day with its weekday and without the year.
func (p speaker) dayIn(t time.Time, zone string) string {
	t = t.In(p.zone(zone))
	week := p.text(fmt.Sprintf("weekday.%d", t.Weekday()))
	if p.lang == presage.Chinese {
		return t.Format("1月2日") + " " + week
	}
	return week + " " + t.Format("2 Jan")
}

// weekdays are the short names, Monday first.
func (p speaker) weekdays() []string {
	names := make([]string, 7)
	for i := range names {
		names[i] = p.text(fmt.Sprintf("weekday.%d", (i+1)%7))
	}
	return names
}

// monthOf writes a month with its year.
func (p speaker) monthOf(t time.Time) string {
	if p.lang == presage.Chinese {
		return t.Format("2006年1月")
	}
	return t.Format("January 2006")
}

func (p speaker) timeIn(t time.Time, zone string) string { return t.In(p.zone(zone)).Format("15:04") }

func (p speaker) dateTime(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return p.date(t) + " " + p.timeIn(t, "")
}

// shortTime leaves out the year.
func (p speaker) shortTime(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	t = t.In(p.zone(""))
	if p.lang == presage.Chinese {
		return t.Format("1月2日 15:04")
	}
	return t.Format("2 Jan 15:04")
}

// ago writes how long before the service's now t was; "never" for zero.
func (p speaker) ago(t time.Time) string {
	if t.IsZero() {
		return p.text("time.never")
	}
	d := p.site.Now().Sub(t)
	if d < time.Minute {
		return p.text("time.now")
	}
	return p.text("time.ago", p.span(d))
}

// left writes how long a deadline is ahead or past.
func (p speaker) left(t time.Time) string {
	d := t.Sub(p.site.Now())
	if d < 0 {
		return p.text("time.overdue", p.span(-d))
	}
	return p.text("time.left", p.span(d))
}

func (p speaker) span(d time.Duration) string {
	switch {
	case d < time.Hour:
		return p.text("time.minutes", int(d.Minutes()))
	case d < 48*time.Hour:
		return p.text("time.hours", int(d.Hours()))
	}
	return p.text("time.days", int(d.Hours()/24))
}

// minutes writes the duration of a job.
func (p speaker) minutes(d time.Duration) string {
	m := int(d.Minutes())
	switch {
	case m <= 90:
		return p.text("time.min", m)
	case m%60 == 0:
		return p.text("time.h", m/60)
	}
	return p.text("time.hmin", m/60, m%60)
}
