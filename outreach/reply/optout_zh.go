package reply

import (
	"slices"
	"strings"
)

// clauseZH looks for 退订, 不要再发, 别联系我, 把我号码删了, 再发就投诉 and the like.
func clauseZH(c string, booked bool) bool {
	if acknowledgesZH(c) {
		return false
	}
	if holds(c, "optout-zh") {
		return !holds(c, "kept-zh") || holds(c, "still-sent-zh")
	}
	if threatensZH(c) || holds(c, "last-zh") || endedZH(c) && (!booked || !holds(c, "mild-zh")) {
		return true
	}
	if holds(c, "removing-zh") && holds(c, "details-zh") {
		return !strings.Contains(c, "别删") && !strings.Contains(c, "不要删")
	}
	return refusesZH(c, booked)
}

// refusesZH is a negation with a word for a message behind it.
func refusesZH(c string, booked bool) bool {
	// What only looks like a negation is left out, and what ends a wish of its own.
	if c = less(c, "lookalike-zh"); holds(c, "meant-zh") {
		return false
	}
	rest, found := after(c, "negation-zh")
	if !booked && !found {
		_, rest, found = strings.Cut(c, "取消")
	}
	if !found || strings.HasPrefix(rest, "谢") {
		return holds(c, "stopped-zh") && !strings.Contains(c, "停车")
	}
	if _, what, ok := strings.Cut(rest, "发"); ok && starts(what, "sent-zh") {
		return false
	}
	if r := []rune(rest); len(r) > 12 {
		rest = string(r[:12])
	}
	return holds(rest, "messaging-zh")
}

// threatensZH is for 再发就投诉 and 我要投诉你们骚扰.
func threatensZH(c string) bool {
	rest, again := after(c, "again-zh")
	return again && holds(rest, "threat-zh") || strings.Contains(c, "骚扰") && holds(c, "threat-zh")
}

// acknowledgesZH is for 收到短信不用了: a message is told to have come, and nothing is said
// of others.
func acknowledgesZH(text string) bool {
	return slices.ContainsFunc(class("received-zh"), func(p string) bool {
		before, behind, found := strings.Cut(text, p)
		return found && !strings.ContainsAny(before, "不别勿莫没拒") && !holds(behind, "silence-zh")
	})
}

// endedZH is for 短信就免了 and 通知一律不要: the messages come first.
func endedZH(c string) bool {
	rest, found := after(c, "message-zh")
	if !found || strings.HasPrefix(rest, "我") || holds(c, "ended-not-zh", "kept-zh", "meant-zh", "visit-zh") {
		return false
	}
	if r := []rune(rest); len(r) > 8 {
		rest = string(r[:8])
	}
	return holds(rest, "ended-zh")
}
