package web

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"presage"
	"presage/internal/wording"
)

// maxTerms keeps an explanation to what a person reads at a glance.
const maxTerms = 4

// lineRunes is what fits a list's line; more is left to the vehicle's own page.
const lineRunes = 26

// freshDays is how old data may be before an explanation speaks of it.
const freshDays = 2

// explain says in one sentence what a prognosis rests on. A term without a
// wording of its own is shown by its name and value. Of a service interval all
// count: whichever of its limits comes first makes it due.
func (p speaker) explain(x presage.Prognosis) string {
	most := maxTerms
	if x.ByInterval() {
		most = len(x.Terms)
	}
	said := p.terms(x, most)
	if said == "" {
		return p.text("explain.basis." + string(x.Basis))
	}
	return p.text("explain.sentence", said)
}

// evidence is the shortest explanation, for a line of a list; "" when there is
// nothing to say. Of a service interval its used share says the most.
func (p speaker) evidence(x presage.Prognosis) string {
	if i := slices.IndexFunc(x.Terms, func(t presage.Term) bool { return t.Name == "interval_used" }); i >= 0 {
		x.Terms = append([]presage.Term{x.Terms[i]}, slices.Delete(slices.Clone(x.Terms), i, i+1)...)
	}
	if two := p.terms(x, 2); utf8.RuneCountInString(two) <= lineRunes {
		return two
	}
	return p.terms(x, 1)
}

// due says how a service interval stands, of which nobody tells a probability.
func (p speaker) due(x presage.Prognosis) string {
	c, err := p.site.Catalogue.Component(x.Component)
	if err != nil {
		c = presage.Component{ID: x.Component}
	}
	if said := wording.Due(p.lang, c, x); said != "" {
		return said
	}
	return p.text("interval.open")
}

// byInterval tells that service intervals alone made all of them due.
func byInterval(cards []componentCard) bool {
	other := func(c componentCard) bool { return !c.ByInterval() }
	return len(cards) > 0 && !slices.ContainsFunc(cards, other)
}

func (p speaker) terms(x presage.Prognosis, most int) string {
	var parts []string
	for _, t := range x.Terms {
		if len(parts) == most || t.Name == "data_age_days" && t.Value < freshDays {
			continue
		}
		parts = append(parts, p.term(t))
	}
	said := []rune(strings.Join(parts, p.text("explain.join")))
	if len(said) > 0 {
		said[0] = unicode.ToUpper(said[0])
	}
	return string(said)
}

func (p speaker) term(t presage.Term) string {
	key := "term." + t.Name
	if each := fmt.Sprintf("%s.%.0f", key, t.Value); p.site.wording.Has(each) {
		return p.text(each) // a value that is a name: a wheel
	}
	if way := key + direction(t.Value); p.site.wording.Has(way) {
		return p.text(way, p.reading(math.Abs(t.Value), t.Unit)) // a trend
	}
	if p.site.wording.Has(key) && !strings.Contains(p.text(key), "%s") {
		return p.text(key) // a fact without a number
	}
	if p.site.wording.Has(key) {
		return p.text(key, p.reading(t.Value, t.Unit))
	}
	unit := t.Unit
	if unit != "" && unit != "%" {
		unit = " " + unit
	}
	return strings.ReplaceAll(t.Name, "_", " ") + " " + p.number(t.Value) + unit
}

func direction(x float64) string {
	if x < 0 {
		return ".down"
	}
	return ".up"
}

// reading writes a value as precisely as its instrument deserves: volts to the
// hundredth, small numbers to two figures, anything else whole.
func (p speaker) reading(x float64, unit string) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return "–"
	case unit == "V":
		return p.nums.Sprintf("%.2f", x)
	case a >= 10 || x == math.Trunc(x):
		return p.nums.Sprintf("%.0f", x)
	case a >= 1:
		return p.nums.Sprintf("%.1f", x)
	}
	return p.nums.Sprintf("%.2f", x)
}
