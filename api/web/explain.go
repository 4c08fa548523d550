package web

import (
	"fmt"
	"strings"

	"presage"
)

// maxTerms keeps an explanation to what a person reads at a glance.
const maxTerms = 4

// explain says in one sentence what a prognosis rests on. A term without a
// wording of its own is shown by its name and value.
func (p speaker) explain(x presage.Prognosis) string {
	if len(x.Terms) == 0 {
		return p.text("explain.basis." + string(x.Basis))
	}
	var parts []string
	for _, t := range x.Terms[:min(maxTerms, len(x.Terms))] {
		parts = append(parts, p.term(t))
	}
	return p.text("explain.sentence", strings.Join(parts, p.text("explain.join")))
}

func (p speaker) term(t presage.Term) string {
	key := "term." + t.Name
	if each := fmt.Sprintf("%s.%.0f", key, t.Value); p.site.wording.Has(each) {
		return p.text(each) // a value that is a name: a wheel
	}
	if p.site.wording.Has(key) && !strings.Contains(p.text(key), "%s") {
		return p.text(key) // a fact without a number
	}
	if p.site.wording.Has(key) {
		return p.text(key, p.number(t.Value))
	}
	unit := t.Unit
	if unit != "" && unit != "%" {
		unit = " " + unit
	}
	return strings.ReplaceAll(t.Name, "_", " ") + " " + p.number(t.Value) + unit
}
