package wording

import (
	"maps"
	"slices"
	"strings"
	"time"

	"presage"
)

// whyOf begins the keys of reasons in the book; their code ends them.
const whyOf = "why."

// Names is what a reason is told with beside the book.
type Names struct {
	Catalogue *presage.Catalogue
	Zone      *time.Location // of the times
}

// Why tells a reason and what else was said with it. A code without a phrase
// is told by its own words and arguments. "" for no reason.
func (b *Book) Why(l presage.Lang, r presage.Reason, names Names) string {
	if r.IsZero() {
		return ""
	}
	sentences := []string{b.phrase(l, r, names)}
	for _, also := range r.And {
		sentences = append(sentences, b.Why(l, also, names))
	}
	return strings.Join(slices.DeleteFunc(sentences, func(s string) bool { return s == "" }), b.In(l, "why.and"))
}

func (b *Book) phrase(l presage.Lang, r presage.Reason, names Names) string {
	words := make(map[string]string, len(r.Args))
	for name, value := range r.Args {
		words[name] = b.argument(l, r.Code, name, value, names)
	}
	if text, err := b.fill(l, whyOf+r.Code, words); err == nil {
		return text
	}
	said := []string{b.In(l, whyOf+r.Code)}
	for _, name := range slices.Sorted(maps.Keys(words)) {
		said = append(said, name+" "+words[name])
	}
	return strings.Join(said, ", ")
}

// argument tells one argument of a reason; what has no words of ours stays as it is.
func (b *Book) argument(l presage.Lang, code, name, value string, names Names) string {
	switch name {
	case "component", "job", "rule":
		return names.of(l, name, value)
	case "rescue":
		return b.word(l, "rescue.state."+value, value)
	case "next":
		return b.word(l, "route."+value, value)
	case "call", "owner", "channel", "via", "outcome", "lang", "field":
		return b.word(l, name+"."+value, value)
	case "since", "start", "from", "to", "until":
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			return Moment(l, t, names.Zone)
		}
	case "code":
		if strings.ToUpper(value) != value { // a sign of ours, such as no_start, which the rule's name tells
			return ""
		}
	case "text":
		if code == presage.WhyDeclined { // one of the choices of the customer's page, or words of their own
			return b.word(l, "decline."+value, value)
		}
	case "state":
		of := strings.TrimSuffix(code, "_is") // case_is, booking_is
		return b.word(l, of+".state."+value, value)
	}
	return value
}

// of is what the catalogue calls a component, a job or a rule; unknown: its code.
func (n Names) of(l presage.Lang, what, code string) string {
	switch what {
	case "component":
		if c, err := n.Catalogue.Component(presage.ComponentID(code)); err == nil {
			return c.Name.In(l)
		}
	case "job":
		if j, err := n.Catalogue.Job(code); err == nil {
			return j.Name.In(l)
		}
	case "rule":
		i := slices.IndexFunc(n.Catalogue.Watch, func(r presage.WatchRule) bool { return r.ID == code })
		if i >= 0 {
			return n.Catalogue.Watch[i].Name.In(l)
		}
	}
	return code
}

// word is the text for a key, else what is given.
func (b *Book) word(l presage.Lang, key, otherwise string) string {
	if b.Has(key) {
		return b.In(l, key)
	}
	return otherwise
}
