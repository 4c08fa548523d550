package converse

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"presage"
	"presage/internal/wording"
	"presage/outreach/reply"
)

// named keeps the cars that a text names, by make and model, else by the model
// or the make alone, and of two alike by the end of their VIN; all of them when
// it names none. rest is the text without those names: a car called One is not
// the first slot. A model alone is a name in a short text or after we asked, not
// in a sentence: "fit me in" is not about a Fit.
func named(talks []talk, text string, asked bool) (said []talk, rest string) {
	text = folded(text)
	for i, name := range []func(presage.Vehicle) string{fullName, modelOf, makeOf, tail} {
		of := mentioned(talks, text, name)
		if len(of) == 0 {
			continue
		}
		if ends := mentioned(of, text, tail); len(ends) > 0 {
			of = ends
		}
		rest = text
		for _, t := range of {
			rest = without(without(rest, name(t.file.Vehicle)), tail(t.file.Vehicle))
		}
		if i == 0 || asked || brief(rest) {
			return of, rest
		}
	}
	return talks, text
}

func mentioned(talks []talk, text string, name func(presage.Vehicle) string) []talk {
	return slices.DeleteFunc(slices.Clone(talks), func(t talk) bool { return place(text, name(t.file.Vehicle)) < 0 })
}

// brief tells that little is said.
func brief(text string) bool {
	return len(strings.Fields(text)) <= 3 && utf8.RuneCountInString(text) <= 20
}

// folded makes texts comparable.
func folded(text string) string { return strings.ToLower(norm.NFKC.String(strings.TrimSpace(text))) }

func fullName(v presage.Vehicle) string {
	return strings.ToLower(strings.TrimSpace(v.Make + " " + v.Model))
}

func makeOf(v presage.Vehicle) string { return folded(v.Make) }

// modelOf is a model that can be nothing else: not a number, nor a word that answers.
func modelOf(v presage.Vehicle) string {
	name := folded(v.Model)
	if reply.ByRule(name, reply.Context{Slots: 3}).Kind != reply.Unknown {
		return ""
	}
	return name
}

// tail is the end of a VIN, by which an owner tells two cars of one model apart.
func tail(v presage.Vehicle) string { return folded(string(v.VIN[max(0, len(v.VIN)-4):])) }

// place is where text holds a name, -1 for nowhere. Latin letters and digits on
// both sides of an end belong to one word; Chinese characters divide.
func place(text, name string) int {
	if len(name) < 2 {
		return -1
	}
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return -1
		}
		i += from
		before, _ := utf8.DecodeLastRuneInString(text[:i])
		behind, _ := utf8.DecodeRuneInString(text[i+len(name):])
		first, _ := utf8.DecodeRuneInString(name)
		last, _ := utf8.DecodeLastRuneInString(name)
		if !joined(before, first) && !joined(last, behind) {
			return i
		}
		from = i + utf8.RuneLen(first)
	}
}

// joined tells whether two neighbours belong to one word.
func joined(a, b rune) bool {
	letter := func(r rune) bool { return r < unicode.MaxLatin1 && (unicode.IsLetter(r) || unicode.IsDigit(r)) }
	return letter(a) && letter(b)
}

func without(text, name string) string {
	if i := place(text, name); i >= 0 {
		return strings.TrimSpace(text[:i] + " " + text[i+len(name):])
	}
	return text
}

// names lists the cars as their owner calls them; two of one name by the end of
// their VIN.
func names(talks []talk, l presage.Lang) []string {
	var out []string
	for _, t := range talks {
		name := wording.Car(t.file.Vehicle, l)
		for _, other := range talks {
			if other.file.Vehicle.VIN != t.file.Vehicle.VIN && wording.Car(other.file.Vehicle, l) == name {
				name += " " + strings.ToUpper(tail(t.file.Vehicle))
				break
			}
		}
		out = append(out, name)
	}
	return out
}
