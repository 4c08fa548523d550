package wording

import (
	"fmt"
	"math"
	"strings"
	"time"

	"presage"
)

// byInterval tells that a calendar or an odometer makes a component due. Nobody
// has looked at its state then, so no text speaks of a probability.
func (x Line) byInterval() bool {
	return x.Alert == nil && (x.Prognosis.ByInterval() || x.Component.IsService())
}

// interval is how far a service interval is used up.
type interval struct {
	days, km         float64 // since the last service
	everyDays, every float64 // the interval in days and km; 0 for none
	known            bool    // days and km are
	assumed          bool    // nobody recorded the last service
	due              bool
	reached          bool // the interval is over
}

func intervalOf(c presage.Component, p presage.Prognosis) interval {
	every := c.Interval("")
	v := interval{everyDays: every.Days, every: float64(every.Km), due: p.Status == presage.StatusDue}
	for _, t := range p.Terms {
		switch t.Name {
		case "days_since_service":
			v.days, v.known = t.Value, true
		case "km_since_service":
			v.km = t.Value
		case "interval_days": // of the car's powertrain
			v.everyDays = t.Value
		case "interval_km":
			v.every = t.Value
		case "service_assumed":
			v.assumed = true
		case "interval_used":
			v.reached = t.Value >= 100
		}
	}
	days, km := v.over()
	v.reached = v.reached || days > 0 || km > 0
	v.due = v.due || v.reached
	return v
}

// ahead is after how many days it is over, for one that is not yet; 0: unknown.
func (v interval) ahead(p presage.Prognosis) float64 {
	sure := !v.reached && !v.assumed && (v.known || !v.due)
	if days := p.RemainingLife.Days.P50; sure && days >= 1 && days <= farDays {
		return days
	}
	return 0
}

// over is by how many whole days or km an interval is exceeded: by those of
// which the larger share of the interval is over, the other is 0.
func (v interval) over() (days, km int) {
	share := func(since, every float64) float64 {
		if !v.known || every <= 0 {
			return 0
		}
		return since/every - 1
	}
	if share(v.days, v.everyDays) >= share(v.km, v.every) {
		return max(0, int(share(v.days, v.everyDays)*v.everyDays+1e-6)), 0
	}
	return 0, max(0, int(share(v.km, v.every)*v.every+1e-6))
}

// Due says how an interval stands: "due for 12 days", "due in about 20 days", "due
// soon"; "" for not yet.
func Due(l presage.Lang, c presage.Component, p presage.Prognosis) string {
	v, zh := intervalOf(c, p), l == presage.Chinese
	days, km := v.over()
	say := func(chinese, english string) string { return presage.Text{ZH: chinese, EN: english}.In(l) }
	switch {
	case v.assumed && v.due:
		return say("按周期推算已到保养期", "due by its schedule")
	case v.assumed:
		return ""
	case days > 0 && zh:
		return fmt.Sprintf("保养已到期%d天", days)
	case days == 1:
		return "due for 1 day"
	case days > 0:
		return fmt.Sprintf("due for %d days", days)
	case km > 0:
		return fmt.Sprintf(say("已超保养里程%s公里", "%s km over its interval"), count(l, float64(km)))
	case v.due:
		return dueIn(l, v.ahead(p))
	case p.Status == presage.StatusWatch:
		return say("保养即将到期", "due soon")
	}
	return ""
}

// dueIn says after how many days a service is due; 0: it is.
func dueIn(l presage.Lang, days float64) string {
	if days == 0 {
		return presage.Text{ZH: "保养已到期", EN: "due now"}.In(l)
	}
	return fmt.Sprintf(presage.Text{ZH: "约%d天后到期", EN: "due in about %d days"}.In(l), int(math.Round(days)))
}

// intervalSentence tells the last service, the interval and what follows.
func intervalSentence(l presage.Lang, x Line, zone *time.Location) string {
	v := intervalOf(x.Component, x.Prognosis)
	var parts []string
	add := func(text string) {
		if text != "" {
			parts = append(parts, text)
		}
	}
	zh := l == presage.Chinese
	switch {
	case v.assumed:
		add(presage.Text{ZH: "无保养记录", EN: "no service on record"}.In(l))
	case v.known:
		format := presage.Text{ZH: "距上次保养%s", EN: "%s since the last service"}
		add(fmt.Sprintf(format.In(l), daysAndKm(l, v.days, v.km, " and ")))
	}
	if every := daysAndKm(l, v.everyDays, v.every, " or "); every != "" {
		add(fmt.Sprintf(presage.Text{ZH: "保养周期%s", EN: "due every %s"}.In(l), every))
	}
	if days := v.ahead(x.Prognosis); days > 0 {
		day := Date(l, x.Prognosis.AsOf.Add(time.Duration(days*24*float64(time.Hour))), x.Prognosis.AsOf, zone)
		add(fmt.Sprintf(presage.Text{ZH: "预计%s前后到期", EN: "due about %s"}.In(l), day))
	} else {
		add(Due(l, x.Component, x.Prognosis))
	}
	if len(parts) == 0 {
		add(presage.Text{ZH: "按保养周期安排", EN: "serviced at intervals"}.In(l))
	}
	if zh {
		return x.Component.Name.ZH + "：" + strings.Join(parts, "，") + "。"
	}
	return capital(x.Component.Name.EN) + ": " + strings.Join(parts, ", ") + "."
}

// daysAndKm names what is more than nothing: "365 days or 20,000 km".
func daysAndKm(l presage.Lang, days, km float64, join string) string {
	unit, distance := " days", " km"
	if l == presage.Chinese {
		unit, distance, join = "天", "公里", map[string]string{" or ": "或", " and ": "、"}[join]
	}
	var parts []string
	if d := math.Floor(days); d > 0 {
		parts = append(parts, count(l, d)+unit)
	}
	if k := math.Floor(km); k > 0 {
		parts = append(parts, count(l, k)+distance)
	}
	return strings.Join(parts, join)
}

// count writes a whole number, in English with commas between the thousands.
func count(l presage.Lang, x float64) string {
	digits := number(x, 0)
	if l == presage.Chinese {
		return digits
	}
	for i := len(digits) - 3; i > 0; i -= 3 {
		digits = digits[:i] + "," + digits[i:]
	}
	return digits
}
