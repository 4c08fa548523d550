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
	case "component":
		if c, err := names.Catalogue.Component(presage.ComponentID(value)); err == nil {
			return c.Name.In(l)
		}
	case "call", "owner":
		return b.word(l, name+"."+value, value)
	case "job":
		if j, err := names.Catalogue.Job(value); err == nil {
			return j.Name.In(l)
		}
	case "rule":
		i := slices.IndexFunc(names.Catalogue.Watch, func(r presage.WatchRule) bool { return r.ID == value })
		if i >= 0 {
			return names.Catalogue.Watch[i].Name.In(l)
		}
	case "since", "start", "from", "to", "until":
		if t, err := time.Parse(time.RFC3339, value); err == nil {
			return Moment(l, t, names.Zone)
		}
	case "text":
		if code == presage.WhyDeclined { // one of the choices of the customer's page, or words of their own
			return b.word(l, "decline."+value, value)
		}
	case "channel", "via", "outcome":
		return b.word(l, name+"."+value, value)
	case "state":
		of := strings.TrimSuffix(code, "_is") // case_is, booking_is
		return b.word(l, of+".state."+value, value)
	}
	return value
}

// word is the text for a key, else what is given.
func (b *Book) word(l presage.Lang, key, otherwise string) string {
	if b.Has(key) {
		return b.In(l, key)
	}
	return otherwise
}
