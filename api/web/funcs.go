package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"time"

	"presage"
)

// funcs is everything a template may call.
func (p speaker) funcs() template.FuncMap {
	icons := parseIcons()
	all := template.FuncMap{
		"t":         p.text,
		"named":     p.named,
		"tx":        func(x presage.Text) string { return x.In(p.lang) },
		"lang":      func() string { return string(p.lang) },
		"asset":     p.site.assets.URL,
		"icon":      func(name string) template.HTML { return icons[name] },
		"args":      args,
		"json":      asJSON,
		"date":      p.date,
		"dateIn":    p.dateIn,
		"dayIn":     p.dayIn,
		"timeIn":    p.timeIn,
		"localDay":  func(t time.Time, zone string) string { return t.In(p.zone(zone)).Format(time.DateOnly) },
		"dateTime":  p.dateTime,
		"shortTime": p.shortTime,
		"ago":       p.ago,
		"left":      p.left,
		"took":      p.span,
		"minutes":   p.minutes,
		"component": p.componentName,
		"job":       p.jobName,
		"part":      p.partName,
		"sourcing":  p.site.reasons.Sourcing,
		"explain":   p.explain,
		"evidence":  p.evidence,
		"interval":  presage.Prognosis.ByInterval,
		"intervals": byInterval,
		"due":       p.due,
		"why":       p.why,
		"meaning":   p.meaning,
		"shortLink": shortLink,
		"bay":       bay,
		"over":      over,
		"finding":   p.finding,
		"mask":      func(v presage.VIN) string { return v.Masked() },
		"tail":      tail,
		"topic":     presage.MaskTopic,
		"overdue":   p.overdue,
		"bar":       bar,
		"score":     p.score,
		"others":    others,
		"bias":      p.bias,
		"supply":    p.supply,
		"partURL":   partURL,
		"orderURL":  orderURL,
		"region":    p.region,
		"scale":     scale,
		"checkItem": presage.CheckItem,
		"photoURL":  photoURL,
		"list":      func(names ...string) []string { return names },
		"nth":       func(i int) int { return i + 1 },
		"dayOf":     func(d presage.Day) string { return p.dateIn(d.Start(), "UTC") },
	}
	maps.Copy(all, p.numberFuncs())
	maps.Copy(all, p.offerFuncs())
	return all
}

// numberFuncs write amounts.
func (p speaker) numberFuncs() template.FuncMap {
	return template.FuncMap{
		"pct":       p.pct,
		"share":     p.share,
		"tenthPct":  p.tenthPct,
		"percent":   func(x float64) float64 { return x * 100 },
		"num":       p.number,
		"num1":      p.tenths,
		"whole":     p.whole,
		"lifeDays":  p.lifeDays,
		"lifeKm":    p.lifeKm,
		"lifeRange": p.lifeRange,
		"kmRange":   p.kmRange,
		"odometer":  p.odometer,
		"money":     p.money,
		"pieces":    p.pieces,
		"moneys":    p.moneys,
	}
}

// offerFuncs are those of the customer's page.
func (p speaker) offerFuncs() template.FuncMap {
	return template.FuncMap{
		"brand":    brandOf,
		"picture":  pictures(),
		"mapURL":   p.mapURL,
		"km":       func(x presage.Kilometre) string { return p.text("offer.km", p.tenths(float64(x))) },
		"monthOf":  p.monthOf,
		"weekdays": p.weekdays,
		"slotID":   slotOf,
		"siteURL":  p.siteURL,
		"leaves":   leaves,
		"back":     back,
	}
}

// args makes a map of name, value pairs: how a template hands several things to another.
func args(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("args: want name, value pairs")
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, ok := pairs[i].(string)
		if !ok {
			return nil, fmt.Errorf("args: name %v is not a string", pairs[i])
		}
		m[name] = pairs[i+1]
	}
	return m, nil
}

// asJSON writes v for a data attribute; the template escapes it.
func asJSON(v any) (string, error) {
	b, err := json.Marshal(v)
	return string(b), err
}

// tail is the end of a VIN that people recognise a car by.
func tail(v presage.VIN) string {
	if len(v) < 6 {
		return string(v)
	}
	return "…" + string(v[len(v)-6:])
}

func (p speaker) overdue(c presage.Case) bool {
	return !c.DueAt.IsZero() && !c.State.Ended() && c.DueAt.Before(p.site.Now())
}

func (p speaker) componentName(id presage.ComponentID) string {
	c, err := p.site.Catalogue.Component(id)
	if err != nil {
		return string(id) // a component that left the catalogue keeps its key
	}
	return c.Name.In(p.lang)
}

func (p speaker) jobName(code string) string {
	j, err := p.site.Catalogue.Job(code)
	if err != nil {
		return code
	}
	return j.Name.In(p.lang)
}

func (p speaker) partName(number string) string {
	x, err := p.site.Catalogue.Part(number)
	if err != nil {
		return number
	}
	return x.Name.In(p.lang)
}

// finding names a workshop's finding. A replacement without a booked visit of
// ours confirms no prediction.
func (p speaker) finding(l presage.Label) string {
	if l.BookingID == "" && l.Outcome == presage.OutcomeConfirmed {
		return p.text("outcome.renewed")
	}
	return p.text("outcome." + string(l.Outcome))
}

// bar scales x in [0, most] to a length in [0, full], never invisible when x is not zero.
func bar(x, most, full float64) float64 {
	if x <= 0 || most <= 0 {
		return 0
	}
	return max(full/100, min(full, x/most*full))
}
