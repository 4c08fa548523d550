package wording

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"presage"
)

// page is what the templates of messages see: finished strings, "" where there
// is nothing to say. Its tags are the list of variables in docs/texts.md.
type page struct {
	Sender   string   `doc:"the name that signs, of the brand of the car"`
	Greeting string   `doc:"\"Hello Anna, \", \"王伟您好，\"; empty in an SMS that would be too long with it"`
	Car      string   `doc:"make and model"`
	Headline string   `doc:"what it is about: components, or the names of alerts"`
	Short    string   `doc:"what was found, in a few words each: \"front brake pads 87% worn\""`
	Why      string   `doc:"what follows if nothing is done; of an alert, what to do now; may be empty like Greeting"`
	Jobs     string   `doc:"what the workshop does; their number alone in an SMS that would be too long with the names"`
	Told     string   `doc:"what alerts mean and what to do, one sentence each"`
	Price    string   `doc:"what the visit costs before any discount; empty for nothing"`
	Warranty string   `doc:"that the maker pays for all or a part of it, or goodwill; empty when the customer does"`
	Coupon   string   `doc:"the code of a coupon that belongs to the offer"`
	Discount string   `doc:"what the coupon takes off the price"`
	Duration string   `doc:"how long the visit takes"`
	Workshop string   `doc:"its name; where a van comes to the car it says so"`
	Address  string   `doc:"of the workshop; empty where a van comes to the car"`
	Phone    string   `doc:"of the workshop; empty if not known"`
	Hours    string   `doc:"when the workshop is open: \"8:00-18:00, not on Sun\"; empty if not known"`
	Stays    string   `doc:"what one may do meanwhile: \"wait there or have a loan car\"; empty if not known"`
	Ending   string   `doc:"the last four characters of the VIN; empty if not known"`
	Time     string   `doc:"of the visit, as the workshop's clocks show it"`
	Link     string   `doc:"the customer's page"`
	Done     string   `doc:"when a repair elsewhere was done: \"on 12 November\", \"around 12 November\"; may be empty"`
	Again    string   `doc:"when we ask again: \"on 12 November\", \"on 7 November at the latest\"; empty where we do not"`
	AskWhen  bool     `doc:"we want to know when to ask again"`
	Cars     string   `doc:"the names of the customer's cars"`
	Safety   bool     `doc:"it is a matter of safety"`
	Alert    bool     `doc:"the car itself has reported something"`
	Recall   bool     `doc:"the maker asks for it: a recall or a campaign"`
	Interval bool     `doc:"a service interval alone makes it due"`
	Van      bool     `doc:"a van of the workshop comes to the car"`
	Slots    []choice `doc:"the times that are offered: {{range .Slots}}{{.Number}}={{.Time}}{{end}}"`
}

type choice struct {
	Number int
	Time   string
}

// brevity is how much is left out of a text for its length.
type brevity int

const (
	whole     brevity = iota
	noWhy             // what follows if nothing is done
	noteOnce          // whose time it is, but for the last slot
	noName            // the greeting
	jobsCount         // the names of jobs, where there are several
	firstOnly         // all but the first finding
	noWeekday         // the days of the week
	twoSlots          // the third time and those after it
	oneSlot           // the second
	noSlots           // all times: the customer's page has them
	shortest  = noSlots
)

// view is what a text is made from, in one language.
type view struct {
	Facts
	lang     presage.Lang
	reader   *time.Location
	workshop *time.Location
	brief    brevity
}

func (v view) page() page {
	l, f := v.lang, v.Facts
	p := page{
		Sender: f.Sender.In(l), Car: Car(f.Vehicle, l), Price: priceOf(l, f.Price), Coupon: f.Coupon,
		Warranty: v.warranty(),
		Discount: priceOf(l, f.Discount), Duration: Duration(l, f.Duration), Workshop: v.repairer(),
		Address: v.address(), Phone: string(f.Workshop.Phone), Link: f.Link, Van: f.Van, Cars: strings.Join(f.Cars, comma(l)),
		Headline: v.headline(), Short: v.short(), Why: v.why(), Jobs: v.jobs(), Told: v.told(), Slots: v.slots(),
		Alert:    slices.ContainsFunc(f.Lines, func(x Line) bool { return x.Alert != nil }),
		Safety:   slices.ContainsFunc(f.Lines, func(x Line) bool { return x.severity() == presage.Safety }),
		Recall:   len(f.Lines) > 0 && !slices.ContainsFunc(f.Lines, func(x Line) bool { return !x.Component.IsRecall() }),
		Interval: len(f.Lines) > 0 && !slices.ContainsFunc(f.Lines, func(x Line) bool { return !x.byInterval() }),
	}
	if v.brief < noName {
		p.Greeting = greeting(l, f.Customer.Name)
	}
	if !f.Start.IsZero() {
		p.Time = VisitTime(l, f.Start, v.workshop, v.reader)
	}
	p.Stays, p.Ending = v.stays(), v.ending()
	p.Done, p.Hours, p.Again, p.AskWhen = v.done(), v.hours(), v.again(), v.AskWhen
	return p
}

// repairer is the workshop, or its van.
func (v view) repairer() string {
	name := v.Workshop.Name
	if v.Van {
		name = presage.Text{ZH: name.ZH + "（上门服务）", EN: name.EN + " (our van comes to you)"}
	}
	return name.In(v.lang)
}

// address is where the customer goes; "" where a van comes.
func (v view) address() string {
	if v.Van {
		return ""
	}
	return v.Workshop.Address.In(v.lang)
}

// stays is what the customer may do at the workshop meanwhile; "" where a van comes.
func (v view) stays() string {
	words := map[presage.Stay]presage.Text{
		presage.StayWait:   {ZH: "在店等候", EN: "wait there"},
		presage.StayDrop:   {ZH: "留车后再来取", EN: "leave the car and fetch it later"},
		presage.StayLoaner: {ZH: "使用代步车", EN: "have a loan car"},
	}
	var all []string
	for _, s := range v.Workshop.Stays {
		all = append(all, words[s].In(v.lang))
	}
	if v.Van || len(all) == 0 {
		return ""
	}
	if v.lang == presage.Chinese {
		return strings.Join(all, "或")
	}
	return strings.Join(all, " or ")
}

// ending is how the VIN ends, by which an owner knows the car and nobody else.
func (v view) ending() string {
	vin := string(v.Vehicle.VIN)
	return vin[max(0, len(vin)-4):]
}

// hours are the workshop's opening hours, and the days of the week without them.
func (v view) hours() string {
	w := v.Workshop
	if len(w.Week) > 0 {
		return weekHours(w, v.lang)
	}
	if w.CloseHour <= w.OpenHour {
		return ""
	}
	text := fmt.Sprintf("%d:00-%d:00", w.OpenHour, w.CloseHour)
	if len(w.ClosedOn) == 0 {
		return text
	}
	var days []string
	for _, d := range w.ClosedOn {
		days = append(days, weekday(v.lang, d))
	}
	if v.lang == presage.Chinese {
		return text + "，" + strings.Join(days, "、") + "休息"
	}
	return text + ", not on " + strings.Join(days, ", ")
}

// done is "on 12 November", or "around" it.
func (v view) done() string {
	if v.Done.IsZero() {
		return ""
	}
	day := longDay(v.Done.In(v.workshop))
	if v.Around {
		return presage.Text{ZH: day.ZH + "前后", EN: "around " + day.EN}.In(v.lang)
	}
	return presage.Text{ZH: day.ZH, EN: "on " + day.EN}.In(v.lang)
}

// longDay is a day with its month in full: "12 November", "11月12日".
func longDay(t time.Time) presage.Text {
	return presage.Text{ZH: fmt.Sprintf("%d月%d日", t.Month(), t.Day()), EN: t.Format("2 January")}
}

// again is the day on which we ask again, or the last one on which we may.
func (v view) again() string {
	if v.Again.IsZero() {
		return ""
	}
	day := longDay(v.Again.In(v.workshop))
	if v.Sooner {
		return presage.Text{ZH: "最迟" + day.ZH, EN: "on " + day.EN + " at the latest"}.In(v.lang)
	}
	return presage.Text{ZH: day.ZH, EN: "on " + day.EN}.In(v.lang)
}

func (v view) warranty() string {
	paid, off := v.makerPays(), GoodwillOff(v.lang, v.Goodwill)
	if paid == "" || off == "" || v.Price.Minor == 0 && v.Covered {
		return cmp.Or(paid, off)
	}
	return paid + comma(v.lang) + off
}

// GoodwillOff says what was let off; "" for nothing.
func GoodwillOff(l presage.Lang, g *presage.Goodwill) string {
	if g == nil || g.Percent == 0 {
		return ""
	}
	return fmt.Sprintf(presage.Text{ZH: "已含善意减免%d%%", EN: "%d%% off as goodwill"}.In(l), g.Percent)
}

// makerPays says what a warranty or a recall pays for; "" for nothing.
func (v view) makerPays() string {
	switch {
	case !v.Covered:
		return ""
	case v.recalled() && v.Price.Minor == 0:
		return RecallPays().In(v.lang)
	case v.recalled():
		return presage.Text{ZH: "其余免费", EN: "the rest is free"}.In(v.lang)
	case v.Price.Minor > 0:
		return presage.Text{ZH: "其余保修免费", EN: "the rest is free under warranty"}.In(v.lang)
	}
	return presage.Text{ZH: "保修期内免费", EN: "free under warranty"}.In(v.lang)
}

// severity is the alert's where one speaks, else the component's.
func (x Line) severity() presage.Severity {
	if x.Alert != nil {
		return x.Alert.Severity
	}
	return x.Component.Severity
}

func (v view) headline() string {
	var names []string
	for _, x := range v.Lines {
		name := x.Component.Name.In(v.lang)
		if x.Alert != nil {
			name = x.Alert.Name.In(v.lang)
		}
		names = append(names, name)
	}
	return strings.Join(names, comma(v.lang))
}

func (v view) short() string {
	var found []string
	for _, x := range v.Lines {
		found = append(found, Short(v.lang, x))
	}
	if more := len(found) - 1; v.brief >= firstOnly && more > 0 {
		format := presage.Text{ZH: "%s，另有%d项", EN: "%s and %d more"}
		return fmt.Sprintf(format.In(v.lang), found[0], more)
	}
	if v.lang == presage.Chinese {
		return strings.Join(found, "，")
	}
	return strings.Join(found, "; ")
}

// why is of the gravest line: what its alert means, else what its component is for.
func (v view) why() string {
	var of *Line
	for i, x := range v.Lines {
		if of == nil || x.Alert != nil && of.Alert == nil ||
			(x.Alert != nil) == (of.Alert != nil) && rank(x.severity()) > rank(of.severity()) {
			of = &v.Lines[i]
		}
	}
	switch {
	case of == nil:
		return ""
	case of.Alert != nil:
		return of.Alert.Tell.In(v.lang)
	case v.brief >= noWhy:
		return ""
	}
	return of.Component.Why.In(v.lang)
}

func rank(s presage.Severity) int {
	return slices.Index([]presage.Severity{presage.Comfort, presage.Mobility, presage.Safety}, s)
}

func (v view) jobs() string {
	if n := len(v.Jobs); n > 1 && v.brief >= jobsCount {
		return fmt.Sprintf(presage.Text{ZH: "共%d个项目", EN: "%d jobs"}.In(v.lang), n)
	}
	var names []string
	for _, j := range v.Jobs {
		name := j.Name.In(v.lang)
		if v.lang != presage.Chinese {
			name = lower(name)
		}
		names = append(names, name)
	}
	if v.lang == presage.Chinese {
		return strings.Join(names, "、")
	}
	return strings.Join(names, " + ")
}

func (v view) told() string {
	var told []string
	for _, x := range v.Lines {
		if x.Alert != nil {
			told = append(told, x.Alert.Tell.In(v.lang))
		}
	}
	if v.lang == presage.Chinese {
		return strings.Join(told, "")
	}
	return strings.Join(told, " ")
}

func (v view) slots() []choice {
	shown := v.Slots
	switch {
	case v.brief >= noSlots:
		shown = nil
	case v.brief >= oneSlot:
		shown = shown[:min(1, len(shown))]
	case v.brief >= twoSlots:
		shown = shown[:min(2, len(shown))]
	}
	var all []choice
	for i, s := range shown {
		text := Moment(v.lang, s.Start, v.workshop)
		if v.brief >= noWeekday {
			text = withoutWeekday(v.lang, s.Start, v.workshop)
		}
		if v.brief < noteOnce || i == len(shown)-1 {
			text += bracketed(v.lang, ZoneNote(v.lang, s.Start, v.workshop, v.reader))
		}
		all = append(all, choice{Number: i + 1, Time: text})
	}
	return all
}
