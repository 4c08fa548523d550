package reply

import "strings"

// clauseZH looks for 退订, 不要再发, 别联系我, 把我号码删了, 再发就投诉 and the like.
func clauseZH(c string, booked bool) bool {
	if holds(c, "optout-zh") {
		return !holds(c, "kept-zh") || holds(c, "still-sent-zh")
	}
	if rest, ok := after(c, "again-zh"); ok && holds(rest, "threat-zh") {
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
