package wording

import (
	"fmt"
	"math"
	"strings"
	"time"

	"presage"
)

// Line is one component of a visit with what is known about it.
type Line struct {
	Component presage.Component
	Prognosis presage.Prognosis
	Alert     *presage.Alert // of a watch rule that fires; nil for none
}

// farDays is a median remaining life past which a date would pretend to know
// more than the model does; the text then speaks of the risk instead.
const farDays = 365

// Short says in a few words what was found: "front brake pads 87% worn".
func Short(l presage.Lang, x Line) string {
	name, zh := x.name(l), l == presage.Chinese
	m := x.Prognosis.Measured
	switch {
	case x.Alert != nil:
		return name
	case x.Component.IsRecall():
		return recallOf(l, x.Component) + x.Component.Name.In(l)
	case x.byInterval():
		return join(l, name, Due(l, x.Component, x.Prognosis))
	case m == nil || x.Component.Model != "wear":
		return join(l, name, risk(l, x.Prognosis, true))
	case zh:
		return fmt.Sprintf("%s已磨损%s%%", name, number(m.Value, 0))
	}
	return fmt.Sprintf("%s %s%% worn", name, number(m.Value, 0))
}

// name is what a line is about, as it stands inside a sentence.
func (x Line) name(l presage.Lang) string {
	name := x.Component.Name.In(l)
	if x.Alert != nil {
		name = x.Alert.Name.In(l)
	}
	if l == presage.Chinese {
		return name
	}
	return lower(name)
}

// Sentence explains one component to its owner: what was measured, how fast it
// changes and when it will probably reach its limit.
func Sentence(l presage.Lang, x Line, zone *time.Location) string {
	if x.Alert != nil {
		return x.Alert.Tell.In(l)
	}
	if x.Component.IsRecall() {
		return recallSentence(l, x.Component)
	}
	if x.byInterval() {
		return intervalSentence(l, x, zone)
	}
	var parts []string
	for _, p := range []string{measured(l, x), rate(l, x.Prognosis), window(l, x.Prognosis, zone)} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	name := x.Component.Name.In(l)
	if l == presage.Chinese {
		return name + "：" + strings.Join(parts, "，") + "。"
	}
	return capital(name) + ": " + strings.Join(parts, ", ") + "."
}

// Reason explains the whole visit, one sentence a component.
func Reason(l presage.Lang, lines []Line, zone *time.Location) string {
	sentences := make([]string, 0, len(lines))
	for _, x := range lines {
		sentences = append(sentences, Sentence(l, x, zone))
	}
	if l == presage.Chinese {
		return strings.Join(sentences, "")
	}
	return strings.Join(sentences, " ")
}

func measured(l presage.Lang, x Line) string {
	m, zh := x.Prognosis.Measured, l == presage.Chinese
	if m == nil && x.Prognosis.Basis == presage.BasisLearned {
		return presage.Text{EN: "judged by what became of vehicles like it", ZH: "按同类车辆的历史数据估算"}.In(l)
	}
	if m == nil {
		if zh {
			return "按使用时间和里程估算"
		}
		return "judged by age and distance"
	}
	unit := strings.TrimPrefix(" "+m.Unit, " %")
	if m.Unit == "%" {
		unit = " %"
	}
	value, limit := number(m.Value, 1)+unit, number(m.Limit, 1)+unit
	format := [2]string{"measured %[1]s, limit %[2]s", "实测%[1]s，限值%[2]s"}
	switch x.Component.Model {
	case "wear":
		value = number(m.Value, 0) + unit
		format = [2]string{"measured %[1]s worn", "实测已磨损%[1]s"}
	case "lead_acid":
		value = number(m.Value, 2) + unit
		format = [2]string{"measured %[1]s (limit %[2]s)", "实测%[1]s（限值%[2]s）"}
	case "hv_capacity":
		format = [2]string{"measured %[1]s (limit %[2]s)", "实测%[1]s（限值%[2]s）"}
	}
	if zh {
		return fmt.Sprintf(format[1], strings.ReplaceAll(value, " %", "%"), strings.ReplaceAll(limit, " %", "%"))
	}
	return fmt.Sprintf(format[0], value, limit)
}

// told are the terms that a reader can use, with the sign that is worth telling.
func told() map[string]struct {
	sign     float64
	decimals int
	text     presage.Text
} {
	type row = struct {
		sign     float64
		decimals int
		text     presage.Text
	}
	return map[string]row{
		"wear_per_1000km":    {1, 1, presage.Text{EN: "%s %% per 1,000 km", ZH: "每千公里%s%%"}},
		"rest_voltage_trend": {-1, 0, presage.Text{EN: "falling by %s mV a month", ZH: "每月下降%s毫伏"}},
		"crank_trend":        {-1, 0, presage.Text{EN: "falling by %s mV a month at the start", ZH: "启动时每月下降%s毫伏"}},
		"fade_per_year":      {-1, 1, presage.Text{EN: "losing %s %% a year", ZH: "每年衰减%s%%"}},
		"leak_rate":          {-1, 0, presage.Text{EN: "losing %s kPa a month", ZH: "每月漏气%s千帕"}},
		"cell_deviation":     {-1, 0, presage.Text{EN: "one cell is %s mV below the others", ZH: "一个电芯比其余低%s毫伏"}},
	}
}

// rate tells the first two terms that say how fast or how far it has gone.
func rate(l presage.Lang, p presage.Prognosis) string {
	rows := told()
	var parts []string
	for _, t := range p.Terms {
		row, known := rows[t.Name]
		if value := number(row.sign*t.Value, row.decimals); known && row.sign*t.Value > 0 && value != "0" && len(parts) < 2 {
			parts = append(parts, fmt.Sprintf(row.text.In(l), value))
		}
	}
	if l == presage.Chinese {
		return strings.Join(parts, "，")
	}
	return strings.Join(parts, ", ")
}

func window(l presage.Lang, p presage.Prognosis, zone *time.Location) string {
	d := p.RemainingLife.Days
	if d.P50 > farDays || d.P90 <= 0 {
		return risk(l, p, false)
	}
	at := func(days float64) string {
		return Date(l, p.AsOf.Add(time.Duration(days*24*float64(time.Hour))), p.AsOf, zone)
	}
	from, to := at(d.P10), at(d.P90)
	zh := l == presage.Chinese
	switch {
	case d.P10 < 1 || from == to:
		if zh {
			return to + "前随时可能到限"
		}
		return "likely to reach its limit any day until " + to
	case zh:
		return fmt.Sprintf("预计%s至%s到限", from, to)
	}
	return fmt.Sprintf("likely at the limit between %s and %s", from, to)
}

// risk speaks of the probability of failing within 30 days, in whole percent.
func risk(l presage.Lang, p presage.Prognosis, brief bool) string {
	percent := math.Round(100 * p.FailWithin.D30)
	if percent < 1 {
		if l == presage.Chinese {
			return "建议检查"
		}
		return "should be checked"
	}
	percent = math.Min(percent, 99)
	switch {
	case l == presage.Chinese:
		return fmt.Sprintf("30天内失效风险%s%%", number(percent, 0))
	case brief:
		return number(percent, 0) + "% risk of failing within 30 days"
	}
	return fmt.Sprintf("the risk of failing within 30 days is %s %%", number(percent, 0))
}

// join puts what was found behind the name of what it was found on.
func join(l presage.Lang, name, found string) string {
	if l == presage.Chinese || found == "" {
		return name + found
	}
	return name + ", " + found
}
