package wording_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/internal/wording"
)

// names knows one component and one rule, and the time of Shanghai, which is 8 hours ahead.
func names() wording.Names {
	return wording.Names{
		Zone: time.FixedZone("CST", 8*3600),
		Catalogue: &presage.Catalogue{
			Components: []presage.Component{{ID: "pads", Name: presage.Text{ZH: "前制动摩擦片", EN: "Front brake pads"}}},
			Watch:      []presage.WatchRule{{ID: "cells", Name: presage.Text{ZH: "电芯压差大", EN: "Cells drift apart"}}},
		},
	}
}

// TestEveryReasonIsTold reads the reasons, and what their comments name as arguments, from where they are.
func TestEveryReasonIsTold(t *testing.T) {
	t.Parallel()
	b, all := load(t), whyConstants(t)
	for code, comment := range all {
		if !b.Has("why." + code) {
			t.Errorf("%s has no phrase in why.yaml", code)
			continue
		}
		for _, l := range []presage.Lang{presage.Chinese, presage.English} {
			text := b.Why(l, presage.Because(code), names())
			if strings.Contains(text, "<no value>") || strings.Contains(text, "{{") || text == "" && code != presage.WhyNote {
				t.Errorf("%s %s without arguments: %q", l, code, text)
			}
			for _, field := range fields(b.In(l, "why."+code)) {
				if !regexp.MustCompile(`\b` + field + `\b`).MatchString(comment) {
					t.Errorf("%s %s tells %s, which its comment does not name: %q", l, code, field, comment)
				}
			}
		}
	}
	for _, key := range b.Keys() {
		code, ok := strings.CutPrefix(key, "why.")
		if _, known := all[code]; ok && !known && code != "and" {
			t.Errorf("%s: the root package has no such reason", key)
		}
	}
}

// whyConstants are the codes that the root package names, with their comments.
func whyConstants(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../*.go")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, file := range files {
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(n ast.Node) bool {
			spec, is := n.(*ast.ValueSpec)
			if !is {
				return true
			}
			for i, name := range spec.Names {
				if value, given := nth(spec.Values, i).(*ast.BasicLit); given && whyName.MatchString(name.Name) {
					all[strings.Trim(value.Value, `"`)] = spec.Comment.Text()
				}
			}
			return false
		})
	}
	if len(all) < 40 {
		t.Fatalf("found %d reasons: the pattern misses them", len(all))
	}
	return all
}

var whyName = regexp.MustCompile(`^Why[A-Z]`)

func nth(values []ast.Expr, i int) ast.Expr {
	if i < len(values) {
		return values[i]
	}
	return nil
}

// fields are what a template names, each once and sorted.
func fields(text string) []string {
	var names []string
	for _, action := range regexp.MustCompile(`\{\{.*?\}\}`).FindAllString(text, -1) {
		for _, found := range regexp.MustCompile(`\.(\w+)`).FindAllStringSubmatch(action, -1) {
			names = append(names, found[1])
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestWhy(t *testing.T) {
	t.Parallel()
	b := load(t)
	for name, tc := range map[string]struct {
		reason presage.Reason
		en, zh string
	}{
		"nothing": {presage.Reason{}, "", ""},
		"due": {
			presage.Because(presage.WhyDue, "component", "pads", "days", "12"),
			"Front brake pads: due; a visit costs least in 12 days", "前制动摩擦片到期，12 天后到店成本最低",
		},
		"due today": {
			presage.Because(presage.WhyDue, "component", "pads", "days", "0"),
			"Front brake pads: due; a visit costs least today", "前制动摩擦片到期，今天到店成本最低",
		},
		"a component that left the catalogue keeps its key": {
			presage.Because(presage.WhyNowDue, "component", "flux"), "Due now as well: flux", "flux也已到期",
		},
		"an alert, and what else": {
			presage.Because(presage.WhyAlert, "rule", "cells", "value", "45", "unit", "mV", "since", "2026-12-09T01:00:00Z").
				With(presage.Because(presage.WhyNoChannel), presage.Because(presage.WhyCall)),
			"Cells drift apart (45 mV), since Wed 9 Dec 09:00. There is no channel with the customer's consent. Call the customer",
			"电芯压差大（45 mV），12月9日周三09:00开始；没有获得客户同意的联系渠道；请致电客户",
		},
		"an alert of a code": {
			presage.Because(presage.WhyAlert, "rule", "cells", "code", "P0AA6", "since", "2026-12-09T01:00:00Z"),
			"Cells drift apart P0AA6, since Wed 9 Dec 09:00", "电芯压差大 P0AA6，12月9日周三09:00开始",
		},
		"an alert of a sign of ours": {
			presage.Because(presage.WhyAlert, "rule", "cells", "code", "no_start", "since", "2026-12-09T01:00:00Z"),
			"Cells drift apart, since Wed 9 Dec 09:00", "电芯压差大，12月9日周三09:00开始",
		},
		"booked": {
			presage.Because(presage.WhyBooked, "start", "2026-12-08T01:00:00Z", "via", "reply"),
			"For Tue 8 Dec 09:00, booked by: Customer (reply)", "约定 12月8日周二09:00（客户（回复））",
		},
		"moved": {
			presage.Because(presage.WhyMoved, "from", "2026-12-08T01:00:00Z", "to", "2026-12-09T01:00:00Z"),
			"Moved from Tue 8 Dec 09:00 to Wed 9 Dec 09:00", "由 12月8日周二09:00 改约至 12月9日周三09:00",
		},
		"one of the choices of the page": {
			presage.Because(presage.WhyDeclined, "text", "sold"),
			"The customer declined: I sold the car", "客户谢绝：车已转让",
		},
		"words of the customer's own": {
			presage.Because(presage.WhyDeclined, "text", "100% no {{.x}}"),
			"The customer declined: 100% no {{.x}}", "客户谢绝：100% no {{.x}}",
		},
		"findings": {
			presage.Because(presage.WhyFinding, "component", "pads", "outcome", "confirmed").
				With(presage.Because(presage.WhyFinding, "component", "pads", "outcome", "failed")),
			"Front brake pads: As predicted. Front brake pads: Failed before the visit",
			"前制动摩擦片：与预测一致；前制动摩擦片：到店前已失效",
		},
		"the case went on": {
			presage.Because(presage.WhyCaseIs, "state", "booked"),
			"The case has gone on meanwhile: Booked", "个案状态已变为：已预约",
		},
		"a note is told as it was written": {
			presage.Because(presage.WhyNote, "text", "sold"), "sold", "sold",
		},
		"a code of a newer program": {
			presage.Because("solar_flare", "class", "X9", "since", "2026-12-09T01:00:00Z"),
			"solar flare, class X9, since Wed 9 Dec 09:00", "solar flare, class X9, since 12月9日周三09:00",
		},
	} {
		if got := b.Why(presage.English, tc.reason, names()); got != tc.en {
			t.Errorf("%s, en:\n got %q\nwant %q", name, got, tc.en)
		}
		if got := b.Why(presage.Chinese, tc.reason, names()); got != tc.zh {
			t.Errorf("%s, zh:\n got %q\nwant %q", name, got, tc.zh)
		}
	}
}
