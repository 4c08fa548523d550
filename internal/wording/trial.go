package wording

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"presage"
)

// Variable is one that a message's template may name.
type Variable struct{ Name, Doc string }

// Variables lists those of messages, as docs/texts.md does.
func Variables() []Variable {
	of := reflect.TypeFor[page]()
	all := make([]Variable, of.NumField())
	for i := range all {
		all[i] = Variable{Name: of.Field(i).Name, Doc: of.Field(i).Tag.Get("doc")}
	}
	return all
}

// unknownVariables are the fields that a template names and nobody fills.
func unknownVariables(text string) (names []string) {
	action, quoted := regexp.MustCompile(`\{\{.*?\}\}`), regexp.MustCompile("\"[^\"]*\"|`[^`]*`")
	for _, a := range action.FindAllString(text, -1) {
		for _, m := range regexp.MustCompile(`\.([A-Za-z]\w*)`).FindAllStringSubmatch(quoted.ReplaceAllString(a, ""), -1) {
			known := func(v Variable) bool { return v.Name == m[1] }
			if m[1] != "Number" && !slices.ContainsFunc(Variables(), known) && !slices.Contains(names, m[1]) {
				names = append(names, m[1])
			}
		}
	}
	return names
}

// try writes an operator's text about all samples. Of each language the first
// fault of each sort is told.
func (b *Book) try(o own, samples []Sample) (faults []Fault) {
	told := map[string]bool{}
	all := slices.Clone(samples)
	for _, s := range samples {
		all = append(all, s.bare())
	}
	for _, s := range all {
		l := s.Facts.Customer.Lang
		tell := func(sort, what string) {
			if key := string(l) + sort; !told[key] {
				told[key] = true
				faults = append(faults, o.fault(l, what))
			}
		}
		kind := Kind(o.key[strings.LastIndexByte(o.key, '.')+1:])
		text, err := b.Write(kind, s.Facts)
		if err != nil {
			_, what, _ := strings.Cut(err.Error(), "at <")
			tell("fails", "cannot be filled: at <"+what)
			continue
		}
		for _, w := range wrongs(o.key, kind, text, s) {
			tell(w.sort, w.what)
		}
	}
	return faults
}

type wrong struct{ sort, what string }

// wrongs are the faults of a text that was written.
func wrongs(key string, kind Kind, text Text, s Sample) (all []wrong) {
	said, sms := text.Title, strings.HasPrefix(key, bodyOf)
	switch {
	case sms:
		said = text.Body
	case strings.HasPrefix(key, pushOf):
		said = text.Push
	case strings.HasPrefix(key, emailOf):
		said = text.Email
	}
	if said == "" {
		all = append(all, wrong{"empty", "nothing is left of it about " + s.Name})
	}
	for _, m := range mandatory(key, kind, s.Facts) {
		if !strings.Contains(said, m.value) {
			all = append(all, wrong{m.name, "must hold {{." + m.name + "}}: " + m.why})
		}
	}
	if sms && text.Segments > MaxSegments {
		all = append(all, wrong{"long", fmt.Sprintf("%d SMS parts about %s, want at most %d: %d characters in %s",
			text.Segments, s.Name, MaxSegments, len([]rune(text.SMS)), text.Encoding)})
	}
	if sms && kind == Offer && !stops(s.Facts.Customer.Lang, said) {
		all = append(all, wrong{"stop", "must say how to stop: STOP in English, 拒收请回复R or 退订 in Chinese"})
	}
	return append(all, signature(key, s, said)...)
}

// stops tells whether a text says how to get no more of them.
func stops(l presage.Lang, text string) bool {
	if l == presage.Chinese {
		return strings.Contains(text, "拒收") || strings.Contains(text, "退订")
	}
	return strings.Contains(text, "STOP")
}

// signature checks who signs: Chinese carriers want 【name】 once, at the
// beginning or the end of an SMS, and take any other 【】 for a second one.
func signature(key string, s Sample, said string) []wrong {
	sms, email := strings.HasPrefix(key, bodyOf), strings.HasPrefix(key, emailOf)
	brackets, name := strings.Count(said, "【")+strings.Count(said, "】"), s.Facts.Sender.In(s.Facts.Customer.Lang)
	signed := "【" + name + "】"
	switch {
	case sms && s.Facts.Customer.Lang == presage.Chinese:
		if brackets != 2 || !strings.HasPrefix(said, signed) && !strings.HasSuffix(said, signed) {
			return []wrong{{"signature", "must begin or end with 【{{.Sender}}】, and hold no other 【】"}}
		}
	case brackets > 0:
		return []wrong{{"signature", "must not hold 【】: they belong to the signature of a Chinese SMS"}}
	case (sms || email) && !strings.Contains(said, name):
		return []wrong{{"signature", "must hold {{.Sender}}: a customer has to know who writes"}}
	}
	return nil
}

// must is a variable whose value a text has to hold.
type must struct{ name, value, why string }

// asked is what an answer has to hold.
func asked(kind Kind, p page) must {
	if kind == Hours {
		return must{"Hours", p.Hours, "it is what was asked"}
	}
	return must{"Stays", p.Stays, "it is what was asked"}
}

func mandatory(key string, kind Kind, f Facts) []must {
	if strings.HasPrefix(key, titleOf) {
		return nil
	}
	v, err := viewOf(f)
	if err != nil {
		return nil
	}
	p := v.page()
	at := must{"Time", p.Time, "when the customer is expected"}
	where := must{"Workshop", p.Workshop, "where the customer is expected"}
	link := must{"Link", p.Link, "it is how the customer answers"}
	var all []must
	switch kind {
	case Confirmation, Reminder:
		all = []must{at, where, link}
	case Joined, Cancellation, Needless, Standing, Away:
		all = []must{at, link}
	case Offer, Choose, Gone, Help, Survey, Unclear, Earlier:
		all = []must{link}
	case Which:
		all = []must{{"Cars", p.Cars, "it asks which car is meant"}}
	case Warning:
		all = []must{{"Told", p.Told, "it says what the alert means"}}
	case Hours, Stay:
		all = []must{asked(kind, p)}
	case RescueAsked, RescueComes, RescueTowed, RescueOff, RescueCall, RescueCallOff, RescuePlace:
		all = []must{link, {"Workshop", p.Workshop, "who comes"}}
	case Adviser, Cost, Where, Danger, FaultTold, Lasts, Source, Later, Times, Repaired, Closed, Remote:
	}
	if strings.HasPrefix(key, pushOf) { // a tap opens the page
		all = slices.DeleteFunc(all, func(m must) bool { return m.name == "Link" })
	}
	return all
}
