package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"presage"
)

// policyGroup is a part of a policy in words.
type policyGroup struct {
	Key   string
	Lines []policyLine
}

type policyLine struct{ Path, Label, Value string }

// policyChange is one field of two versions, each in words.
type policyChange struct{ Label, Before, After string }

// policyParts are the groups of a policy and what the fields' paths in each begin with, in
// the order in which they are read.
func policyParts() []struct {
	key   string
	begin []string
} {
	return []struct {
		key   string
		begin []string
	}{
		{"quiet", []string{"quiet_hours."}},
		{"costs", []string{"costs."}},
		{"caps", []string{"cap.", "cool_down.", "answers_per_day"}},
		{"route", []string{"route."}},
		{"offer", []string{"offer."}},
		{"sla", []string{"sla.", "calls.", "survey."}},
		{"rescue", []string{"rescue."}},
		{"coupons", []string{"coupons", "goodwill."}},
		{"hold_out", []string{"hold_out."}},
		{"pilot", []string{"pilot."}},
	}
}

// policyGroups says a document in words. A field that has no words, because a
// newer program put it, is shown by its path.
func (p speaker) policyGroups(document []byte) ([]policyGroup, error) {
	lines, err := p.policyLines(document)
	if err != nil {
		return nil, err
	}
	groups, told := []policyGroup{}, map[string]bool{"format": true}
	for _, part := range policyParts() {
		g := policyGroup{Key: part.key}
		for _, x := range lines {
			if slices.ContainsFunc(part.begin, func(b string) bool { return strings.HasPrefix(x.Path, b) }) {
				g.Lines, told[x.Path] = append(g.Lines, x), true
			}
		}
		if len(g.Lines) > 0 {
			groups = append(groups, g)
		}
	}
	rest := slices.DeleteFunc(lines, func(x policyLine) bool { return told[x.Path] })
	if len(rest) > 0 {
		groups = append(groups, policyGroup{Key: "more", Lines: rest})
	}
	return groups, nil
}

// policyChanges names the fields that differ.
func (p speaker) policyChanges(before, after []byte) ([]policyChange, error) {
	old, err := p.policyLines(before)
	if err != nil {
		return nil, err
	}
	now, err := p.policyLines(after)
	if err != nil {
		return nil, err
	}
	said := map[string]string{}
	for _, x := range old {
		said[x.Path] = x.Value
	}
	var changes []policyChange
	for _, x := range now {
		if was, known := said[x.Path]; !known || was != x.Value {
			changes = append(changes, policyChange{x.Label, was, x.Value})
		}
		delete(said, x.Path)
	}
	for _, x := range old {
		if was, left := said[x.Path]; left {
			changes = append(changes, policyChange{x.Label, was, ""})
		}
	}
	return changes, nil
}

// policyLines are the fields of a document, as it orders them.
func (p speaker) policyLines(document []byte) ([]policyLine, error) {
	lines, err := p.policyFields(nil, document, "")
	if err != nil {
		return nil, fmt.Errorf("policy: %w", err)
	}
	return lines, nil
}

func (p speaker) policyFields(lines []policyLine, object []byte, path string) ([]policyLine, error) {
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, err
		}
		at := path + fmt.Sprint(key)
		if raw[0] == '{' && !isMoney(raw) {
			if lines, err = p.policyFields(lines, raw, at+"."); err != nil {
				return nil, err
			}
			continue
		}
		value, err := p.policyValue(at, raw)
		if err != nil {
			return nil, err
		}
		lines = append(lines, policyLine{at, p.policyLabel(at), value})
	}
	return lines, nil
}

func isMoney(object json.RawMessage) bool {
	var m presage.Money
	return json.Unmarshal(object, &m) == nil && m.Currency != ""
}

// policyLabel is the field's name in words, else its path.
func (p speaker) policyLabel(path string) string {
	if key := "policy.field." + path; p.site.wording.Has(key) {
		return p.text(key)
	}
	return path
}

var policySpan = regexp.MustCompile(`^([0-9]+)([dhm])$`)

// policyValue says a value in words, by its kind and the end of its field's path.
func (p speaker) policyValue(path string, raw json.RawMessage) (string, error) {
	switch raw[0] {
	case '{':
		var m presage.Money
		err := json.Unmarshal(raw, &m)
		return p.money(m), err
	case '[':
		if path == "coupons" && bytes.Contains(raw, []byte("{")) {
			return p.policyCoupons(raw)
		}
		var list []string
		err := json.Unmarshal(raw, &list)
		if len(list) == 0 {
			return p.text("policy.none." + path), err
		}
		return strings.Join(list, p.text("list.comma")), err
	case '"':
		var x string
		err := json.Unmarshal(raw, &x)
		if m := policySpan.FindStringSubmatch(x); m != nil && path != "hold_out.experiment" {
			return p.policyUnit(m[2], m[1]), err
		}
		return x, err
	case 't', 'f':
		return p.text("policy." + string(raw)), nil
	}
	return p.policyNumber(path, string(raw)), nil
}

// policyCoupons says each rule by its name, what it takes off and how long.
func (p speaker) policyCoupons(raw json.RawMessage) (string, error) {
	var rules []struct {
		Name    string        `json:"name"`
		Percent int           `json:"percent"`
		Amount  presage.Money `json:"amount"`
		Days    int           `json:"days"`
	}
	err := json.Unmarshal(raw, &rules)
	said := make([]string, 0, len(rules))
	for _, r := range rules {
		off := fmt.Sprintf("%d%%", r.Percent)
		if r.Percent == 0 {
			off = p.money(r.Amount)
		}
		said = append(said, p.text("policy.coupon", r.Name, off, p.policyUnit("d", strconv.Itoa(r.Days))))
	}
	return strings.Join(said, p.text("list.comma")), err
}

func (p speaker) policyUnit(unit, n string) string {
	if n == "1" {
		return p.text("policy.one." + unit)
	}
	return p.text("policy.unit."+unit, n)
}

func (p speaker) policyNumber(path, n string) string {
	share, err := strconv.ParseFloat(n, 64)
	switch end := path[strings.LastIndexAny(path, "._")+1:]; {
	case end == "share" && err == nil:
		return fmt.Sprintf("%.4g%%", 100*share)
	case path == "quiet_hours.from" || path == "quiet_hours.to":
		return p.text("policy.clock", n)
	case end == "days":
		return p.policyUnit("d", n)
	}
	return n
}
